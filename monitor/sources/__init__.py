"""Room: the sources we hear through; each kind has one reader that turns a place into a Reading."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from config.errors import SourceError
from monitor.sources.answers import ErrorAnswer
from monitor.sources.feed import Parsed, parse_feed
from monitor.sources.fetch import Fetched, Fetcher
from monitor.sources.walls import classify_rsshub_error, rsshub_message
from store.nouns import Outcome, RawMention, Reading


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
        return _error_reading(error, etag, last_modified)
    if fetched.not_modified:
        return Reading(
            Outcome.NOT_MODIFIED, etag=fetched.etag or etag, last_modified=fetched.last_modified or last_modified
        )
    try:
        parsed = parse_feed(
            fetched.body,
            content_type=fetched.content_type,
            charset=fetched.charset,
            url=fetched.final_url,
            now=now,
            zone=zone,
            max_entries=max_entries,
        )
    except SourceError as error:
        if error.outcome == Outcome.EMPTY:
            return Reading(Outcome.EMPTY, etag=etag, last_modified=last_modified, note=str(error))
        raise SourceError(f"{_host(fetched)}: {error}", outcome=error.outcome, permanent=error.permanent) from error
    return _reading(fetched, parsed, platform)


def _reading(fetched: Fetched, parsed: Parsed, platform: str) -> Reading:
    mentions = tuple(_placed(mention, platform) for mention in parsed.mentions)
    # After a cut or broken read nothing is remembered: a 304 next time would make the lost entries lost for good.
    kept = ("", "") if parsed.degraded else (fetched.etag, fetched.last_modified)
    return Reading(
        Outcome.OK if mentions else Outcome.EMPTY,
        mentions,
        etag=kept[0],
        last_modified=kept[1],
        note=parsed.note,
        degraded=parsed.degraded,
    )


def _placed(mention: RawMention, platform: str) -> RawMention:
    return mention if mention.platform else replace(mention, platform=platform)


def _error_reading(error: ErrorAnswer, etag: str, last_modified: str) -> Reading:
    """RSSHub answers 503 for an empty search too; every other of its errors keeps its own meaning."""
    outcome = classify_rsshub_error(error.body) if error.status >= 500 else None
    if outcome is None:
        raise error
    message = rsshub_message(error.body)
    if outcome is Outcome.EMPTY:
        return Reading(Outcome.EMPTY, etag=etag, last_modified=last_modified, note=message)
    raise ErrorAnswer(
        f"{error}: {message}", outcome=outcome, permanent=False, status=error.status, body=error.body, wait=error.wait
    ) from error


def _host(fetched: Fetched) -> str:
    return fetched.final_url.partition("://")[2].partition("/")[0]


READERS: Final[dict[str, Callable[..., Reading]]] = {"feed": read_feed}

__all__ = ["READERS", "read_feed"]
