"""What a long-running process writes to its log: no secret, even of what nobody caught; and no storm."""

import logging
import subprocess
import sys

from config.errors import StoreError
from desk.runner import Alongside
from tests.desk.test_commands import Place

PASSWORD, KEY = "hush-hush-7", "a signing key"
RAISES = """
import logging, pathlib, sys, threading
from config.load import environment, load
from desk.commands import log_to_stderr
settings = load(pathlib.Path(sys.argv[1]), environment(), pathlib.Path.cwd())
log_to_stderr()
log_to_stderr(settings)
said = environment()["GOLDENHOUR_STORE_URL"] + " " + environment()["GOLDENHOUR_SECRET"]
logging.getLogger("goldenhour.runner").error("job failed: %s", said)
logging.getLogger().setLevel(logging.DEBUG)
logging.getLogger("httpx").info("POST %s", said)
thread = threading.Thread(target=lambda: [][int(said)])
thread.start()
thread.join()
raise OSError(said)
"""


def test_no_secret_is_in_a_line_or_a_trace_not_even_of_what_nobody_caught(tmp_path, monkeypatch, capsys):
    place = Place(tmp_path, monkeypatch, capsys)
    place.env |= {"GOLDENHOUR_STORE_URL": f"postgresql://gh:{PASSWORD}@127.0.0.1:9/gh", "GOLDENHOUR_SECRET": KEY}
    (tmp_path / "raises.py").write_text(RAISES, encoding="utf-8")
    words = [sys.executable, "raises.py", str(place.config)]
    complained = subprocess.run(words, cwd=tmp_path, env=place.env, capture_output=True, encoding="utf-8").stderr
    assert PASSWORD not in complained
    assert KEY not in complained
    assert "httpx" not in complained
    assert complained.count("postgresql://gh:***@127.0.0.1:9/gh ***") == 3
    assert complained.count("ended by what nobody caught") == 2


def test_what_the_command_line_repeats_is_veiled(tmp_path, monkeypatch, capsys):
    place = Place(tmp_path, monkeypatch, capsys)
    monkeypatch.setenv("GOLDENHOUR_SECRET", "typed-by-mistake")
    found = place.inside("page-test", "--person", "typed-by-mistake")
    assert (found.code, len(found.complained)) == (2, 1)
    assert found.complained[0].startswith("goldenhour: team.toml: nobody is called '***'; allowed: li, ")


def test_a_long_outage_is_a_line_a_minute(caplog):
    caplog.set_level(logging.WARNING)
    told = Alongside()
    for _ in range(600):
        assert told.missed(StoreError("store: away")) == 0
    told.looked()
    told.looked()
    assert [record.getMessage() for record in caplog.records] == [
        *(5 * ["the beat missed a turn: store: away"]),
        "the store answers again; the beat missed 600 turn(s)",
    ]
