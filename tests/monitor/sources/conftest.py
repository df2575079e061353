"""The loopback web these tests read, a fetcher that may reach it, and one way to read."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.errors import SourceError
from monitor.sources.feeds.reader import read_feed
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Outcome, Reading
from tests.worlds.feeds import FeedWorld

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def web() -> Iterator[FeedWorld]:
    with FeedWorld() as world:
        yield world


@pytest.fixture
def fetch(web: FeedWorld) -> Iterator[Fetcher]:
    allow = [f"127.0.0.1:{web.port}"]
    with Fetcher(allow=allow, max_bytes=1_000_000, deadline=timedelta(seconds=20)) as fetcher:
        yield fetcher


@pytest.fixture
def read(fetch: Fetcher) -> Callable[..., Reading]:
    def reading(url: str, etag: str = "", last_modified: str = "", by: Fetcher = fetch, max_entries: int = 1000):
        return read_feed(
            url, etag=etag, last_modified=last_modified, platform="web", zone=ZoneInfo("Asia/Shanghai"), fetch=by,
            now=NOW, max_entries=max_entries,
        )  # fmt: skip

    return reading


@pytest.fixture
def refused(read: Callable[..., Reading]) -> Callable[..., tuple[Outcome, str]]:
    """Outcome and message of a read that must fail."""

    def refusal(url: str, **more) -> tuple[Outcome, str]:
        with pytest.raises(SourceError) as caught:
            read(url, **more)
        return Outcome(caught.value.outcome), str(caught.value)

    return refusal
