"""Parses RSS 0.9x, 1.0, 2.0 and Atom with feedparser: the reference every faster parser is held against."""

import io
from collections.abc import Mapping
from typing import Any

import feedparser

from monitor.sources.entries import NAMESPACE, Entry, Rough


def parse_with_feedparser(text: str, *, url: str, max_entries: int) -> Rough:
    """The entries of an XML feed; `version` is "" when feedparser finds no feed in it.

    feedparser is handed a stream, never a string: it would fetch a string that looks like a URL and open one that
    looks like a file name. Its own sanitising, link resolving and dates are not used.
    """
    parsed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    prefix = next((name for name, uri in parsed.namespaces.items() if uri == NAMESPACE), "gh")
    feed = parsed.feed
    base = _get(feed, "link") or url
    # RSSHub fills a missing date with the moment of the read; such an `updated` moves with every poll.
    invented = _get(feed, "generator").strip().lower() == "rsshub"
    entries = tuple(_entry(entry, prefix, base, invented) for entry in parsed.entries[:max_entries])
    return Rough(entries, parsed.version or "", _fault(parsed), skipped=max(0, len(parsed.entries) - max_entries))


def _entry(entry: Mapping[str, Any], prefix: str, base: str, invented: bool) -> Entry:
    def extra(name: str, *also: str) -> str:
        found = (_get(entry, key) for key in (f"{prefix}_{name}", *also))
        return next(filter(None, found), "")

    return Entry(
        id=_get(entry, "id"),
        link=_link(entry),
        base=base,
        title=_get(entry, "title"),
        bodies=_bodies(entry),
        author=_author(entry) or extra("author"),
        dates=_dates(entry, invented),
        platform=extra("platform"),
        followers=extra("followers"),
        likes=extra("likes"),
        comments=extra("comments", "slash_comments", "thr_total"),
        reposts=extra("reposts"),
    )


def _get(entry: Mapping[str, Any], key: str) -> str:
    # dict.get on purpose: feedparser's own lookup maps absent keys to other ones and warns about it.
    value = dict.get(entry, key) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""


def _link(entry: Mapping[str, Any]) -> str:
    """The entry's own link. A guid that feedparser passed off as one counts only when it is a whole URL."""
    link = _get(entry, "link")
    links = dict.get(entry, "links") if isinstance(entry, dict) else None
    if links:
        return link
    return link if link.lower().startswith(("http://", "https://")) else ""


def _bodies(entry: Mapping[str, Any]) -> tuple[str, ...]:
    contents = dict.get(entry, "content") if isinstance(entry, dict) else None
    values = [_get(content, "value") for content in contents or ()]
    return tuple(value for value in (*values, _get(entry, "summary")) if value)


def _author(entry: Mapping[str, Any]) -> str:
    detail = dict.get(entry, "author_detail") if isinstance(entry, dict) else None
    return (_get(detail, "name") if detail else "") or _get(entry, "author")


def _dates(entry: Mapping[str, Any], invented: bool) -> tuple[str, ...]:
    published = [_get(entry, key) for key in ("published", "created")]
    updated = "" if invented and not any(published) else _get(entry, "updated")
    return (published[0], updated, published[1])


def _fault(parsed: Any) -> str:
    if not parsed.bozo:
        return ""
    line = getattr(parsed.bozo_exception, "getLineNumber", lambda: None)()
    where = f" at line {line}" if line else ""
    message = getattr(parsed.bozo_exception, "getMessage", lambda: str(parsed.bozo_exception))()
    return f"broken XML{where}: {message}"[:200]
