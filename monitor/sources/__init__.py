"""Room: the sources we hear through; each kind has one reader that turns a place into a Reading."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from config.errors import SourceError
from monitor.sources.answers import ErrorAnswer
from monitor.sources.decode import decode
from monitor.sources.feed import parse_feed
from monitor.sources.fetch import Fetcher
from monitor.sources.walls import rsshub_error
from store.nouns import Outcome, Reading


def read_feed(
    url: str,
    *,
    etag: str,
    last_modified: str,
    platform: str,
    zone: ZoneInfo,
    fetch: Fetcher,
    now: datetime,
    max_entries: int = 1000,
) -> Reading:
    """One read of a feed: ok, empty or not_modified; SourceError for everything else.

    `etag` and `last_modified` are those of the last Reading of exactly this URL, "" for a full read. Mentions without
    a platform of their own get `platform`.
    """
    try:
        fetched = fetch.fetch(url, etag=etag, last_modified=last_modified)
    except ErrorAnswer as error:
        return replace(_error_reading(error), etag=etag, last_modified=last_modified)
    if fetched.not_modified:
        return Reading(Outcome.NOT_MODIFIED, etag=fetched.etag, last_modified=fetched.last_modified)
    try:
        reading = parse_feed(
            fetched.body,
            fetched.content_type,
            zone=zone,
            now=now,
            platform=platform,
            url=fetched.final_url,
            max_entries=max_entries,
        )
    except SourceError as error:
        raise SourceError(f"{fetched.host}: {error}", outcome=error.outcome, permanent=error.permanent) from error
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


READERS: Final[dict[str, Callable[..., Reading]]] = {"feed": read_feed}

__all__ = ["READERS", "parse_feed", "read_feed"]
