"""Parses JSON Feed 1.0 and 1.1, which feedparser does not know."""

import json
from typing import Any, Final

from config.errors import SourceError
from monitor.sources.feeds.entries import Entry, Rough
from store.nouns import Outcome

_VERSION: Final = "https://jsonfeed.org/version/"
# Small parts take many times their length in memory.
_MOST_PARTS: Final = 200_000
_MOST_QUOTES: Final = 800_000
_EXTRAS: Final = "_golden_hour"


def parse_jsonfeed(text: str, *, url: str, max_entries: int) -> Rough:
    """The entries of a JSON Feed; SourceError (malformed) when the text is broken JSON or JSON of another kind."""
    if text.count("{") + text.count("[") > _MOST_PARTS or text.count('"') > _MOST_QUOTES:
        raise SourceError("JSON of more parts than any feed has; refused", outcome=Outcome.TOO_LARGE)
    try:
        # strict=False: raw control characters inside strings are common and harmless here.
        document = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise _malformed("broken JSON, not a feed") from error
    if not isinstance(document, dict):
        raise _malformed(f"a JSON {'list' if isinstance(document, list) else 'value'}, not a feed")
    version, items = document.get("version"), document.get("items")
    if not _is_version(version) or not isinstance(items, list):
        keys = ", ".join(str(key)[:20] for key in list(document)[:5]) or "none"
        raise _malformed(f"a JSON object with the keys {keys}, not a feed")
    usable = [item for item in items if isinstance(item, dict)]
    fault = f"{len(items) - len(usable)} items are no objects" if len(usable) < len(items) else ""
    base = _text(document.get("home_page_url")) or url
    entries = tuple(_entry(item, base) for item in usable[:max_entries])
    skipped = max(0, len(usable) - max_entries)
    return Rough(entries, "json", fault, skipped=skipped, title=_text(document.get("title")))


def _is_version(version: object) -> bool:
    return isinstance(version, str) and version.replace("http://", "https://", 1).startswith(_VERSION)


def _entry(item: dict[str, Any], base: str) -> Entry:
    found = item.get(_EXTRAS)
    extras: dict[str, Any] = found if isinstance(found, dict) else {}
    return Entry(
        id=_text(item.get("id")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        base=base,
        title=_text(item.get("title")),
        body=_body(item),
        author=_author(item) or _text(extras.get("author")),
        dates=(_text(item.get("date_published")), _text(item.get("date_modified"))),
        platform=_text(extras.get("platform")),
        followers=_text(extras.get("followers")),
        likes=_text(extras.get("likes")),
        comments=_text(extras.get("comments")),
        reposts=_text(extras.get("reposts")),
    )


def _body(item: dict[str, Any]) -> str:
    # Text before markup: where both are given they say the same, and text needs no stripping.
    said = (_text(item.get(key)) for key in ("content_text", "content_html", "summary"))
    return next(filter(None, said), "")


def _author(item: dict[str, Any]) -> str:
    """The first author that has a name; 1.1 lists `authors`, 1.0 has one `author`."""
    authors = item.get("authors")
    candidates = authors if isinstance(authors, list) else []
    for author in (*candidates, item.get("author")):
        name = _text(author.get("name")) if isinstance(author, dict) else _text(author)
        if name:
            return name
    return ""


def _text(value: object) -> str:
    """A string or number as text; everything else, true and false too, is absent."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _malformed(what: str) -> SourceError:
    return SourceError(what, outcome=Outcome.MALFORMED)
