"""The real programs of these tests, each started once and gone with them."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import httpx
import pytest

from monitor.sources.feeds.reader import read_feed
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Reading
from tests.realpeer.peers import node, package, program, running
from tests.worlds.feeds import Answer, Asked, FeedWorld
from tests.worlds.servers import free_port

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
JSON = "application/json; charset=utf-8"


@dataclass
class Weibo:
    """What m.weibo.cn answers to RSSHub: per keyword the posts, or `cookies` when its cookies are dead."""

    posts: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)

    def answer(self, asked: Asked) -> Answer:
        found = re.search(r"&q=(.*)&t=0", unquote(unquote(asked.path)))
        keyword = found[1] if found else ""
        if keyword in self.dead:
            said: dict[str, object] = {"ok": -100, "url": "https://passport.weibo.cn/sign-in"}
        else:
            said = {"ok": 1, "data": {"cards": [{"mblog": post} for post in self.posts.get(keyword, [])]}}
        return Answer(json.dumps(said), JSON)


@dataclass(frozen=True)
class RssHub:
    """A running RSSHub: where it is, its upstream, and our own reader."""

    url: str
    weibo: Weibo
    read: Callable[..., Reading]


@pytest.fixture(scope="session")
def rsshub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RssHub]:
    found, runs, weibo, port = package("GOLDENHOUR_RSSHUB", "rsshub"), node(22, 24), Weibo(), free_port()
    script = Path(__file__).with_name("rsshub.mjs")
    # With a user agent of its own RSSHub makes up none; the cookie is never looked at by the played upstream.
    settings = {"NODE_ENV": "production", "NO_LOGFILES": "1", "UA": "Mozilla/5.0", "WEIBO_COOKIES": "SUB=none"}
    with FeedWorld() as upstream, Fetcher(allow=[f"127.0.0.1:{port}"], deadline=timedelta(seconds=8)) as fetcher:
        upstream.put("/api/container/getIndex", weibo.answer)
        url = f"http://127.0.0.1:{port}"

        def read(path: str, etag: str = "", by: Fetcher = fetcher) -> Reading:
            return read_feed(
                url + path,
                etag=etag,
                last_modified="",
                platform="weibo",
                zone=ZoneInfo("Asia/Shanghai"),
                fetch=by,
                now=NOW,
            )

        words: list[str | Path] = [runs, script, found.parents[1], str(port), upstream.url("")]
        with running(words, ready=f"{url}/healthz", folder=tmp_path_factory.mktemp("rsshub"), settings=settings):
            yield RssHub(url, weibo, read)


@dataclass(frozen=True)
class MailDev:
    """A running MailDev: its SMTP port, and its REST interface that shows what arrived."""

    smtp: int
    url: str

    def letters(self) -> list[dict[str, Any]]:
        with httpx.Client(trust_env=False, timeout=5) as client:
            return list(client.get(f"{self.url}/api/email").raise_for_status().json())


@pytest.fixture
def maildev(tmp_path: Path) -> Iterator[Callable[..., MailDev]]:
    """`maildev("--max-message-size", "900")` starts one with these words of its command line; it ends with the test."""
    script, runs = program(package("GOLDENHOUR_MAILDEV", "maildev"), "maildev"), node(20, 22, 24)
    with ExitStack() as started:

        def start(*more: str) -> MailDev:
            box = MailDev(free_port(), f"http://127.0.0.1:{free_port()}")
            ports = ["--smtp", str(box.smtp), "--web", box.url.rpartition(":")[2]]
            words: list[str | Path] = [runs, script, "--ip", "127.0.0.1", "--web-ip", "127.0.0.1", *ports]
            words += ["--mail-directory", tmp_path / "mails", *more]
            started.enter_context(running(words, ready=f"{box.url}/api/email", folder=tmp_path, settings={}))
            return box

        yield start
