"""A web of JSON places on loopback, and one way to read them as the service does."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from config.errors import SourceError
from config.mapping import Limits
from config.sources import JsonSource
from monitor.limiter import Limiter
from monitor.sources.described.reader import read_json
from monitor.sources.tools import Tools
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Health, Outcome, RawMention, Reading, SourceState
from tests.worlds.feeds import Answer, Asked, FeedWorld

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SECRET = "k3y-of-the-house"
JSON = "application/json"


@dataclass
class Counted:
    """A limiter that writes down what it is told, and refuses once `left` requests are made."""

    left: int = 10_000
    asked: list[str] = field(default_factory=list)
    stopped: list[tuple[str, datetime, str]] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)

    def ask(self, account: str, limits: Limits, requests: int = 1) -> None:
        if self.left < requests:
            raise SourceError("used up", outcome=Outcome.RATE_LIMITED, until=NOW + timedelta(minutes=7))
        self.left -= requests
        self.asked.append(account)

    def items(self, account: str, limits: Limits, count: int) -> None:
        self.counted.append(count)

    def stop(self, account: str, until: datetime, why: str) -> None:
        self.stopped.append((account, until, why))


def state(cursor: Mapping[str, Any] | None = None) -> SourceState:
    return SourceState(
        source="s", health=Health.UNKNOWN, outcome="", note="", last_read_at=None, last_success_at=None,
        last_item_at=None, failures=0, blind_since=None, etag="", last_modified="", read_count=0, mention_count=0,
        cursor=dict(cursor or {}),
    )  # fmt: skip


@dataclass
class Places:
    """`put` an answer (or what makes one), `source` to describe the place, `read` it, then see what was `asked`."""

    web: FeedWorld
    fetch: Fetcher
    limiter: Counted = field(default_factory=Counted)
    secrets: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    now: datetime = NOW
    max_entries: int = 1000
    hot: bool = False

    def put(self, path: str, body: Any, status: int = 200, headers: Any = None, content_type: str = JSON) -> str:
        made = body if isinstance(body, bytes | str) or callable(body) else json.dumps(body, ensure_ascii=False)
        return self.web.put(path, made, content_type, status, headers)

    def source(self, preset: str = "", spec: Any = None, **more: Any) -> JsonSource:
        given = {"id": "s", "platform": "somewhere", "preset": preset, "spec": spec or None, **more}
        return JsonSource.model_validate({key: value for key, value in given.items() if value is not None})

    def read(
        self, source: JsonSource, cursor: Mapping[str, Any] | None = None, limiter: Limiter | None = None
    ) -> Reading:
        tools = Tools(
            fetch=self.fetch,
            limiter=limiter or self.limiter,
            secret=lambda name: self.secrets.get(name, ""),
            now=self.now,
            words=self.words,
            hot=self.hot,
            max_entries=self.max_entries,
        )
        return read_json(source, state(cursor), tools)

    def refused(self, source: JsonSource, cursor: Mapping[str, Any] | None = None) -> SourceError:
        with pytest.raises(SourceError) as caught:
            self.read(source, cursor)
        return caught.value

    @property
    def asked(self) -> list[tuple[str, str, dict[str, str]]]:
        """Method, path and parameters of every request, in order."""
        found = []
        for one in self.web.requests:
            parts = urlsplit(one.path)
            found.append((one.method, parts.path, {key: value[0] for key, value in parse_qs(parts.query).items()}))
        return found

    def params(self, number: int = -1) -> dict[str, str]:
        return self.asked[number][2]


def heard(item: Any, **fields: Any) -> RawMention:
    """The mention an item must become, whole: what is not named here is unknown."""
    return RawMention(raw_excerpt=json.dumps(item, ensure_ascii=False)[:4000], **fields)


def in_turn(*answers: Any) -> Callable[[Asked], Any]:
    """Answers one after the other, the last one for ever; a (status, body) pair is an error."""
    left = list(answers)

    def answer(_: Asked) -> Any:
        one = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(one, Answer):
            return one
        status, body = one if isinstance(one, tuple) else (200, one)
        return Answer(body if isinstance(body, str) else json.dumps(body, ensure_ascii=False), JSON, status)

    return answer


@pytest.fixture
def places() -> Iterator[Places]:
    with FeedWorld() as web:
        allow = [f"127.0.0.1:{web.port}"]
        with Fetcher(allow=allow, max_bytes=5_000_000, deadline=timedelta(seconds=20)) as fetch:
            yield Places(web, fetch)
