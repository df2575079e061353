"""Reads a feed: what is asked, what an answer or an error of it means, and what to remember for the next time."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NotRequired, TypedDict, Unpack
from zoneinfo import ZoneInfo

from config.errors import SourceError
from config.sources import FeedSource
from monitor.health import address
from monitor.sources.feeds.decode import decode
from monitor.sources.feeds.feed import parse_feed
from monitor.sources.feeds.walls import rsshub_error
from monitor.sources.tools import Tools
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.wire.fetch import Fetcher
from monitor.sources.wire.resets import reset_of
from store.nouns import Outcome, Reading, SourceState

# A server may lie about "unchanged": once a day everything is read without asking.
_WHOLE_EVERY: Final = timedelta(hours=24)
# A crisis does not wait for the hour a server would like.
_LONGEST_ASKED: Final = timedelta(minutes=5)


class Shape(TypedDict):
    """What parse_feed is told about a feed."""

    zone: ZoneInfo
    now: datetime
    platform: str
    max_entries: NotRequired[int]
    klass: NotRequired[str]


def read_feed(url: str, *, etag: str, last_modified: str, fetch: Fetcher, **shape: Unpack[Shape]) -> Reading:
    """One read of a feed: ok, empty or not_modified; SourceError for everything else.

    `etag` and `last_modified` are those of the last Reading of exactly this URL, "" for a full read.
    """
    try:
        fetched = fetch.fetch(url, etag=etag, last_modified=last_modified)
    except ErrorAnswer as error:
        return replace(_error_reading(error), etag=etag, last_modified=last_modified)
    if fetched.not_modified:
        return Reading(
            Outcome.NOT_MODIFIED, etag=fetched.etag, last_modified=fetched.last_modified, moved=fetched.moved
        )
    try:
        reading = parse_feed(fetched.body, fetched.content_type, url=fetched.final_url, **shape)
    except SourceError as error:
        raise SourceError(f"{fetched.host}: {error}", outcome=error.outcome, permanent=error.permanent) from error
    reading = replace(reading, moved=fetched.moved)
    if reading.degraded:
        # After a broken answer nothing is remembered: a 304 next time would make its lost entries lost for good.
        return reading
    return replace(reading, etag=fetched.etag, last_modified=fetched.last_modified)


def _error_reading(error: ErrorAnswer) -> Reading:
    """RSSHub answers 503 for an empty search too; every other of its errors keeps its own meaning."""
    said = rsshub_error(decode(error.body, None)) if error.status >= 500 else None
    if said is None:
        raise error
    outcome, message = said
    if outcome is Outcome.EMPTY:
        return Reading(Outcome.EMPTY, note=message)
    raise ErrorAnswer(
        f"{error}: {message}", outcome=outcome, permanent=False, status=error.status, body=error.body, wait=error.wait
    ) from error


def read_feed_source(source: FeedSource, before: SourceState, tools: Tools) -> Reading:
    """The reader of kind `feed`: its address as it is now, whole once a day, no longer silent than a crisis allows."""
    stale = before.full_read_at is None or tools.now - before.full_read_at >= _WHOLE_EVERY
    try:
        return read_feed(
            address(before, source.url),
            etag="" if stale else before.etag,
            last_modified="" if stale else before.last_modified,
            platform=source.platform,
            zone=ZoneInfo(source.zone),
            fetch=tools.fetch,
            now=tools.now,
            max_entries=tools.max_entries,
            klass=source.klass,
        )
    except ErrorAnswer as error:
        asked = reset_of(error.headers, tools.now)
        error.until = min(asked, tools.now + _LONGEST_ASKED) if asked and error.status in (429, 503) else None
        raise
