"""What a long-running process writes to its log: no secret, even of what nobody caught; no storm; no forged line."""

import io
import logging
import re
import subprocess
import sys
import unicodedata

import pytest

from config.errors import StoreError, TemplateError
from config.veil import VeiledFormatter
from config.watch import Watch
from desk.commands import FORM
from desk.runner import Alongside, perform
from monitor import sourcebook
from store import sources
from store.nouns import SavedSource
from tests.desk.test_commands import Place
from tests.desk.test_hostile_text_everywhere import ACTS, HOSTILE
from tests.desk.test_runner import Bench
from tests.worlds.gateways import dingtalk

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


FORGED = "2026-03-12 14:00:00,000 ERROR goldenhour.runner the store was wiped (zqx)"
# What a stranger, a provider or a colleague may have written, as it comes into an error's words.
WORDS = (
    *HOSTILE, *dingtalk.HOSTILE, f"zqx\n{FORGED}", f"zqx\r{FORGED}", f"zqx\x85{FORGED}", f"zqx\u2028{FORGED}",
    "\x1b[2J\x1b]0;zqx\x07", "\x9b31mzqx", "\u202egnp.zqx\u2069", "zqx\x00\x08\x7f", "zqx\ud83d", "%s %(zqx)s {zqx}",
)  # fmt: skip


@pytest.fixture
def written():
    """What the service's own handler writes, record by record."""
    stream, log = io.StringIO(), logging.getLogger("goldenhour")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(VeiledFormatter(FORM, set))
    log.addHandler(handler)
    yield stream
    log.removeHandler(handler)


def test_a_strangers_words_in_a_log_are_words(store, clock, ids, written):
    bench = Bench(store, clock, ids)

    def fails(words):
        raise TemplateError(f"{words} stands in the way") from ValueError(words)

    for n, words in enumerate(WORDS):
        bench.work = lambda _, words=words: fails(words)
        bench.promise(str(n))
        (task,) = bench.claim()
        perform(bench.desk(), task)
        # No driver hands half characters on, nor would the test runner's own log.
        name = words.encode("utf-8", "replace").decode()
        Alongside().missed(StoreError(f"store: {name}"))
        with store.transaction() as tx:
            sources.save(tx, SavedSource(name, {"kind": "zqx"}, True, "li", clock()))
            sourcebook.listed(tx, Watch())
            sources.remove(tx, name)
        lines = written.getvalue().removesuffix("\n").split("\n")
        ours = [line for line in lines if not line.startswith("  ")]
        stamped = r"\d{4}-\d\d-\d\d [\d:,]{12} (ERROR|WARNING) goldenhour\.(\w+) \w"
        assert [re.match(stamped, line)[2] for line in ours] == ["runner", "runner", "sources"]
        assert "stands in the way" in ours[0]
        for line in lines:
            assert line.splitlines() == [line]
            assert not {unicodedata.category(c) for c in line} & ACTS
        written.seek(0)
        written.truncate()
