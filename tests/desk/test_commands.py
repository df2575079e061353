"""The command line as a person or a script meets it: exit codes, one clear line per fault, and a service that stops."""

import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from config.clock import rest, utc_now
from desk.access import verify
from desk.cli import main
from store import incidents, migrations, pages, people
from store.database import Store
from store.nouns import IncidentStatus
from tests.alerts.crew import incident, page
from tests.worlds.servers import free_port

ROOT = Path(__file__).parents[2]
FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>t</title>{}</channel></rss>"""
ITEM = """<item><guid>a1</guid><link>https://weibo.example/1</link><title>避雷星禾</title>
<description>喝出金属丝</description><pubDate>Thu, 12 Mar 2026 14:05:00 +0800</pubDate></item>"""


@dataclass(frozen=True)
class Ran:
    """How a command ended; `said` and `complained` are its lines."""

    code: int
    said: list[str]
    complained: list[str]


class Place:
    """A folder of its own with the shipped settings, and the command line at work in it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture) -> None:
        self.patch, self.capture = patch, capture
        self.root, self.config = folder, folder / "settings"
        shutil.copytree(ROOT / "config", self.config, ignore=shutil.ignore_patterns("*.py", "__pycache__", "*.yaml"))
        given = {name: value for name, value in os.environ.items() if not name.startswith("GOLDENHOUR_")}
        self.env = given | {"GOLDENHOUR_ROOT": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.config / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def start(self, word: str, *words: str, config: bool = True) -> subprocess.Popen:
        given = [sys.executable, "-m", "desk", word, *(("--config", str(self.config)) if config else ()), *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            given, cwd=self.root, env=self.env, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8"
        )

    def run(self, *words: str, typed: str = "", config: bool = True) -> Ran:
        process = self.start(*words, config=config)
        said, complained = process.communicate(typed, timeout=60)
        assert "Traceback" not in complained
        return Ran(process.returncode, said.splitlines(), complained.splitlines())

    def inside(self, *words: str, typed: str = "", config: bool = True) -> Ran:
        """The same in this process, which is much quicker."""
        self.patch.setattr("sys.stdin", io.StringIO(typed))
        self.patch.setenv("GOLDENHOUR_ROOT", str(self.root))
        code = main([words[0], *(("--config", str(self.config)) if config else ()), *words[1:]])
        found = self.capture.readouterr()
        return Ran(code, found.out.splitlines(), found.err.splitlines())

    def file(self, name: str, text: str) -> str:
        (self.root / name).write_text(text, encoding="utf-8")
        return str(self.root / name)

    @property
    def database(self) -> Path:
        return self.root / "data" / "goldenhour.db"


@pytest.fixture
def place(tmp_path, monkeypatch, capsys):
    return Place(tmp_path, monkeypatch, capsys)


def test_check_is_content_with_what_is_shipped_and_warns_of_what_is_unwise(place):
    found = place.run("check")
    assert (found.code, found.complained) == (0, [])
    assert found.said[-1] == "settings are right: 1 brand(s), 0 source(s), 6 people"
    assert "warning: service.toml: mail.host: is empty, so no mail page can be sent" in found.said


def test_check_says_every_fault_of_every_file_at_once_one_line_each(place):
    place.edit("service.toml", "seats = 8", "seats = 0")
    place.edit("watch.toml", "rarity = 2.8", "rarety = 2.8")
    place.edit("team.toml", 'hand_over = "09:00"', 'hand_over = "9 Uhr"')
    found = place.run("check")
    assert (found.code, found.said) == (2, [])
    assert found.complained == [
        "service.toml: runner.seats: input should be greater than or equal to 1 (found '0')",
        "watch.toml: thresholds.rarety: no such key",
        "team.toml: rota.1.hand_over: a quoted time such as \"09:00\" (found '9 Uhr')",
    ]


def test_check_without_a_folder_says_which_files_are_missing(place):
    found = place.inside("check", "--config", str(place.root / "nowhere"), config=False)
    assert found.code == 2
    assert [line.split(":")[0] for line in found.complained] == ["service.toml", "watch.toml", "team.toml"]


def test_a_word_that_is_no_command_is_refused_with_the_ones_there_are(place):
    found = place.run("fly")
    assert (found.code, found.said) == (2, [])
    assert found.complained[0].startswith("usage: goldenhour")
    assert all(word in found.complained[-1] for word in ("fly", "serve", "check", "read"))


@pytest.mark.parametrize("words", [[], ["check", "--colour"], ["--config", "check"]])
def test_words_that_make_no_sense_are_a_usage_and_exit_2(words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: goldenhour")


def test_migrate_makes_the_store_once(place):
    assert place.run("migrate") == Ran(0, [f"store: empty -> {migrations.newest()}"], [])
    assert place.inside("migrate") == Ran(0, [f"store: already at {migrations.newest()}"], [])
    assert place.database.is_file()


@pytest.mark.parametrize("word", ["migrate", "serve"])
def test_a_store_of_a_newer_version_is_refused_and_left_alone(place, word):
    store = Store(f"sqlite:///{place.database}")
    migrations.migrate(store)
    store.close()
    with closing(sqlite3.connect(place.database)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    said = "goldenhour: store: schema 9999 was written by a newer version of Golden Hour; use that version"
    assert place.inside(word) == Ran(2, [], [said])
    with closing(sqlite3.connect(place.database)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_a_password_comes_in_by_standard_input_and_is_kept_hashed(place):
    found = place.run("password", "li", typed="correct horse battery\n")
    assert found == Ran(0, ["password of li is set; other sign-ins of theirs have ended"], [])
    store = Store(f"sqlite:///{place.database}")
    with store.reading() as tx:
        kept = people.password_hash(tx, "li")
    store.close()
    assert verify(kept, "correct horse battery")
    assert not verify(kept, "correct horse battery\n")
    assert b"horse" not in place.database.read_bytes()


@pytest.mark.parametrize(
    ("person", "typed", "said"),
    [
        ("li", "short\n", "the password has 5 characters; at least 10 are needed"),
        ("li", "", "the password has 0 characters; at least 10 are needed"),
        ("nobody", "correct horse\n", "team.toml: nobody is called 'nobody'; allowed: li, chen, wang, zhao, zhou, ops"),
    ],
)
def test_a_password_that_cannot_be_set_is_refused_in_one_line(place, person, typed, said):
    assert place.inside("password", person, typed=typed) == Ran(2, [], [f"goldenhour: {said}"])
    assert not place.database.exists()


def test_read_prints_a_feed_file_as_json_lines(place):
    found = place.run("read", place.file("feed.xml", FEED.format(ITEM + ITEM.replace("a1", "a2"))))
    assert (found.code, found.complained) == (0, [])
    first, second = (json.loads(line) for line in found.said)
    assert (first["ext_id"], second["ext_id"]) == ("weibo.example#a1", "weibo.example#a2")
    assert (first["title"], first["text"], first["followers"]) == ("避雷星禾", "喝出金属丝", None)
    assert first["published_at"] == "2026-03-12T06:05:00+00:00"
    assert "避雷星禾" in found.said[0]


def test_read_of_a_feed_without_mentions_is_a_finding(place):
    said = ["goldenhour: it was read and is right, but holds no mention now"]
    assert place.inside("read", place.file("feed.xml", FEED.format(""))) == Ran(1, [], said)


@pytest.mark.parametrize(
    ("text", "word"),
    [("<!doctype html><html><body>Sign in</body></html>", "HTML page"), ("", "empty"), ("a,b\n1,2", "feed")],
)
def test_read_of_what_is_no_feed_says_what_it_is_in_one_line(place, text, word):
    found = (place.run if "html" in text else place.inside)("read", place.file("page.html", text))
    assert (found.code, found.said, len(found.complained)) == (2, [], 1)
    assert found.complained[0].startswith("goldenhour: ")
    assert word in found.complained[0]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("gone.xml", "gone.xml: cannot be read (No such file or directory)"),
        ("http://127.0.0.1:9/feed", "127.0.0.1: port 9 leads to an inside address"),
    ],
)
def test_read_of_what_is_not_there_or_inside_is_refused_in_one_line(place, where, said):
    found = place.inside("read", where)
    assert (found.code, found.said, len(found.complained)) == (2, [], 1)
    assert found.complained[0].startswith(f"goldenhour: {said}")


def test_work_without_redis_in_the_settings_says_who_does_the_jobs(place):
    found = place.inside("work")
    assert (found.code, found.said) == (2, [])
    assert found.complained == ['service.toml: runner.kind: `work` needs "redis"; with "threads" `serve` does the jobs']


@pytest.fixture
def silent():
    """A server that takes every call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_serve_answers_is_alone_on_its_store_and_stops_within_ten_seconds_even_when_busy(place, silent):
    port = free_port()
    place.edit("service.toml", "port = 8080", f"port = {port}")
    place.edit("service.toml", "allow = []", f'allow = ["127.0.0.1:{silent}"]')
    place.edit("service.toml", 'host = ""', 'host = "127.0.0.1"')
    place.edit("service.toml", "port = 587", f"port = {silent}")
    place.edit("service.toml", 'security = "starttls"', 'security = "none"')
    calls_somebody(place)
    source = f'[[source]]\nid = "mute"\nplatform = "weibo"\nurl = "http://127.0.0.1:{silent}/feed"\n[thresholds]'
    place.edit("watch.toml", "[thresholds]", source)
    process = place.start("serve")
    try:
        health = answer_of(f"http://127.0.0.1:{port}/health", process)
        assert (health["store"], health["dead"], health["sources"]) == ("ok", 0, {"mute": "unknown"})
        assert soon_claimed(place) >= {("poll", "mute"), ("page", "p" * 32)}
        second = place.run("serve")
        assert (second.code, second.said) == (2, [])
        assert second.complained == [
            "goldenhour: store: goldenhour.db is already served by another process; SQLite allows one. "
            "Stop it first, or use store.url = postgresql://… for many processes"
        ]
        assert place.inside("migrate").complained == second.complained
        began = utc_now()
        process.send_signal(signal.SIGTERM)
        said, complained = process.communicate(timeout=30)
        assert utc_now() - began < timedelta(seconds=10)
        assert (process.returncode, complained) == (0, "")
        assert said.startswith("Golden Hour 黄金一小时: http://")
    finally:
        process.kill()
        process.communicate()
    with closing(sqlite3.connect(place.database)) as raw:
        assert raw.execute("SELECT job, key FROM agenda WHERE claim IS NOT NULL").fetchall() == []
        assert {("poll", "mute"), ("page", "p" * 32)} <= set(raw.execute("SELECT job, key FROM agenda").fetchall())
    assert oct((place.root / "data" / "secret.key").stat().st_mode)[-3:] == "600"


def test_serve_on_a_port_that_is_taken_says_so_and_ends(place, silent):
    place.edit("service.toml", "port = 8080", f"port = {silent}")
    found = place.run("serve")
    assert (found.code, found.said, len(found.complained)) == (2, [], 1)
    assert f"127.0.0.1:{silent} cannot be listened on (Address already in use" in found.complained[0]


def calls_somebody(place: Place) -> None:
    """A page waits in the store for a mail server that will never answer."""
    store = Store(f"sqlite:///{place.database}")
    migrations.migrate(store)
    with store.transaction() as tx:
        incidents.add(tx, incident(status=IncidentStatus.CONTAINED))
        pages.add(tx, page())
    store.close()


def soon_claimed(place: Place) -> set[tuple[str, str]]:
    """What the service is working on, once it is at least two jobs."""
    for _ in range(200):
        with closing(sqlite3.connect(place.database)) as raw:
            found = set(raw.execute("SELECT job, key FROM agenda WHERE claim IS NOT NULL").fetchall())
        if len(found) >= 2:
            return found
        rest(timedelta(milliseconds=50), threading.Event())
    return found


def answer_of(url: str, process: subprocess.Popen) -> dict:
    """The JSON that stands at `url`, once the process is up."""
    for _ in range(600):
        assert process.poll() is None, process.communicate()
        try:
            return httpx.get(url, timeout=5).json()
        except httpx.ConnectError:
            rest(timedelta(milliseconds=50), threading.Event())
    raise AssertionError("the service did not come up within 30 s")
