"""Parses RSS 0.9x, 1.0, 2.0 and Atom: the ordinary ones fast, the others with feedparser, broken ones mended first."""

import html.entities
import io
import re
from collections.abc import Mapping
from typing import Any, Final
from xml.parsers.expat import ExpatError

import feedparser

from monitor.sources.feeds.entries import NAMESPACE, Entry, Rough
from monitor.sources.feeds.fastcut import mendable, shortened
from monitor.sources.feeds.fastfeed import read_fast
from monitor.sources.plain import web_url

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# CDATA is matched to be stepped over. XML's own five names are left alone; what follows is every other "&".
_AMPERSAND: Final = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|&(?!(?:amp|lt|gt|quot|apos);)(?:(?P<name>[A-Za-z][A-Za-z0-9]{1,31});|#(?P<code>[0-9]{1,7}|x[0-9A-Fa-f]{1,6});)?",
    re.DOTALL,
)


def parse_xmlfeed(document: str, *, url: str, max_entries: int) -> Rough:
    """The entries of an XML feed without its XML declaration; `version` is "" when feedparser finds no feed in it.

    Ordinary feeds are read by `read_fast`, all others by feedparser, which decides what is right.
    """
    rough = read_quickly(document.encode("utf-8", "surrogatepass"), url=url, max_entries=max_entries)
    if rough is not None:
        return rough
    document, left = mendable(document)
    clean, bare = _CONTROL.subn("", document)
    clean = _AMPERSAND.sub(_mended, clean)
    rough = read_quickly(clean.encode(), url=url, max_entries=max_entries) if clean != document else None
    if rough is None:
        short, skipped, cut = shortened(clean, max_entries)
        rough = read_slowly(short.encode(), url=url, max_entries=max_entries)
        rough = rough._replace(
            skipped=rough.skipped + skipped, fault="; ".join(filter(None, (left or cut, rough.fault)))
        )
    return rough._replace(fault=f"{bare} control characters were dropped") if bare and not rough.fault else rough


def read_quickly(raw: bytes, *, url: str, max_entries: int) -> Rough | None:
    """What `read_fast` finds in UTF-8; None also when that is nothing or `raw` is not well-formed."""
    try:
        rough = read_fast(raw, url=url, max_entries=max_entries)
    except ExpatError:
        return None
    return rough if rough is not None and rough.entries else None


def read_slowly(raw: bytes, *, url: str, max_entries: int) -> Rough:
    """The entries of the UTF-8 document `raw` as feedparser gives them.

    feedparser is handed a stream, never a string: it would fetch a string that looks like a URL and open one that
    looks like a file name. Its own sanitising, link resolving and dates are not used.
    """
    parsed = feedparser.parse(
        io.BytesIO(raw),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    # Without our namespace no prefix is ours, not even one that is spelled the same.
    prefix = next((name.lower() for name, uri in parsed.namespaces.items() if uri == NAMESPACE), "")
    feed = parsed.feed
    base = web_url(_get(feed, "link"), url) or url
    # RSSHub fills a missing date with the moment of the read; such an `updated` moves with every poll.
    invented = _get(feed, "generator").strip().lower() == "rsshub"
    entries = tuple(_entry(entry, prefix, base, invented) for entry in parsed.entries[:max_entries])
    skipped = max(0, len(parsed.entries) - max_entries)
    return Rough(entries, parsed.version or "", _fault(parsed), skipped=skipped, title=_get(feed, "title"))


def _mended(match: re.Match[str]) -> str:
    """A number for every name of HTML, U+FFFD for a character XML forbids, and `&amp;` for an "&" that is only that."""
    if match["name"] and (letters := html.entities.html5.get(match["name"] + ";")):
        return "".join(f"&#{ord(letter)};" for letter in letters)
    if match["code"]:
        number = int(match["code"][1:], 16) if match["code"][0] == "x" else int(match["code"])
        fine = number < 0x110000 and not _CONTROL.match(chr(number))
        return match[0] if fine else "\ufffd"
    return match[0] if match[0].startswith("<") else "&amp;" + match[0][1:]


def _entry(entry: Mapping[str, Any], prefix: str, base: str, invented: bool) -> Entry:
    def extra(name: str, *also: str) -> str:
        own = _get(entry, f"{prefix}_{name}") if prefix else ""
        return own or next(filter(None, (_get(entry, key) for key in also)), "")

    return Entry(
        id=_get(entry, "id"),
        link=_link(entry),
        base=base,
        title=_get(entry, "title"),
        body=max(_bodies(entry), key=len, default=""),
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
    raw = _get(entry, "author")
    if "@" in raw.partition(" ")[0]:
        # `mail (name)`: feedparser believes no top-level domain has more than four letters.
        return raw
    detail = dict.get(entry, "author_detail") if isinstance(entry, dict) else None
    return (_get(detail, "name") if detail else "") or raw


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
