"""Reads the bytes of a feed, whatever their state, into mentions; refuses what is no feed and says what it is."""

import html.entities
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from config.errors import SourceError
from monitor.sources.clocktimes import is_chinese
from monitor.sources.decode import decode
from monitor.sources.entries import Rough, mentions_of
from monitor.sources.jsonfeed import parse_jsonfeed
from monitor.sources.reference import parse_with_feedparser
from monitor.sources.walls import classify_rsshub_error, is_html, rsshub_message, title_of, wall_of
from store.nouns import Outcome, RawMention

# text, url=, max_entries= -> entries. A parser that is not sure raises ParserGaveUp; the last one is the reference.
XmlParser = Callable[..., Rough]
PARSERS: Final[tuple[XmlParser, ...]] = (parse_with_feedparser,)

_LONGEST_BODY: Final = 20_000_000
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]{0,500}\?>")
_ROOT: Final = re.compile(r"<(?:[A-Za-z0-9_]{1,20}:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_CLOSED: Final = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_DOCTYPE: Final = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_ENTITY: Final = re.compile(r"<!ENTITY", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMED: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_NAMES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})


class ParserGaveUp(Exception):
    """A fast parser met something it does not know; the next parser is asked."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The mentions of one document. `degraded`: it was broken or cut, entries may be missing; `note` says how."""

    mentions: tuple[RawMention, ...]
    degraded: bool
    note: str


def parse_feed(
    body: bytes,
    *,
    content_type: str = "",
    charset: str | None = None,
    url: str = "",
    now: datetime,
    zone: ZoneInfo,
    max_entries: int = 1000,
) -> Parsed:
    """The mentions in `body`: RSS, RDF, Atom or JSON Feed, in any charset.

    `url` is where it came from (base of relative links), `zone` the source's own zone, `now` aware.
    SourceError: malformed (empty, a web screen, other JSON, no feed, entity declarations), blocked (captcha or login
    instead of a feed), too_large.
    """
    if len(body) > _LONGEST_BODY:
        raise SourceError(f"the document has {len(body)} bytes; allowed are {_LONGEST_BODY}", outcome=Outcome.TOO_LARGE)
    text = decode(body, charset, zh=is_chinese(zone)).strip("\ufeff\x00 \t\r\n")
    if not text:
        raise _malformed("an empty answer, not a feed")
    rough = _read(text, content_type, url, max_entries)
    mentions = mentions_of(rough.entries, now=now, zone=zone)
    notes = [rough.fault, f"{rough.skipped} entries beyond {max_entries} were left out" if rough.skipped else ""]
    return Parsed(mentions, bool(rough.fault), "; ".join(filter(None, notes)))


def _read(text: str, content_type: str, url: str, max_entries: int) -> Rough:
    if text[0] in "{[":
        _refuse_rsshub_error(text)
        return parse_jsonfeed(text, url=url, max_entries=max_entries)
    if is_html(text):
        _refuse_rsshub_error(text)
        raise _not_a_feed(text)
    if not _ROOT.search(text):
        raise _no_feed(text, content_type)
    if _declares_entities(text):
        raise _malformed("a document that declares entities of its own (<!ENTITY), which no feed needs; refused")
    return _parse_xml(text, content_type, url, max_entries)


def _parse_xml(text: str, content_type: str, url: str, max_entries: int) -> Rough:
    clean, bare = _CONTROL.subn("", text)
    clean = '<?xml version="1.0" encoding="utf-8"?>' + _DECLARATION.sub("", clean, count=1)
    clean = _NAMED.sub(_numbered, clean)
    rough = _first_sure(clean, url, max_entries)
    if not rough.version and not rough.entries:
        raise _no_feed(text, content_type)
    fault = rough.fault or (f"{bare} control characters were dropped" if bare else "")
    return Rough(rough.entries, rough.version, fault, rough.skipped)


def _first_sure(text: str, url: str, max_entries: int) -> Rough:
    """The answer of the first parser that is sure of it: no fault, entries, and titles or texts in them."""
    for parser in PARSERS[:-1]:
        try:
            rough = parser(text, url=url, max_entries=max_entries)
        except ParserGaveUp:
            continue
        if rough.entries and not rough.fault and all(entry.title or entry.bodies for entry in rough.entries):
            return rough
    return PARSERS[-1](text, url=url, max_entries=max_entries)


def _numbered(match: re.Match[str]) -> str:
    """`&nbsp;` and its kin as numbers: XML knows five names, feeds use all of HTML's."""
    letters = html.entities.html5.get(match[1] + ";") if match[1] not in _XML_NAMES else None
    return "".join(f"&#{ord(ch)};" for ch in letters) if letters else match[0]


def _declares_entities(text: str) -> bool:
    if not (_DOCTYPE.search(text) and _ENTITY.search(text)):
        return False
    # An article about entities may quote them inside CDATA; only a declaration in the document itself counts.
    bare = _CLOSED.sub("", text)
    return bool(_DOCTYPE.search(bare) and _ENTITY.search(bare))


def _refuse_rsshub_error(text: str) -> None:
    body = text.encode("utf-8", "replace")
    outcome = classify_rsshub_error(body)
    if outcome is not None:
        raise SourceError(f"an error answer: {rsshub_message(body)}", outcome=outcome)


def _not_a_feed(text: str) -> SourceError:
    title = title_of(text)
    what = f"an HTML page titled “{title}”, not a feed" if title else "an HTML page without a title, not a feed"
    wall = wall_of(text)
    if wall:
        return SourceError(f"{what}: a {wall} wall", outcome=Outcome.BLOCKED)
    return _malformed(what)


def _no_feed(text: str, content_type: str) -> SourceError:
    said = f" (served as {content_type[:60]})" if content_type else ""
    if re.search(r"<html\b|<body\b", text[:20_000], re.IGNORECASE):
        return _not_a_feed(text)
    begins = " ".join(text[:40].split())
    return _malformed(f"a document that begins with {begins!r}{said}, not a feed")


def _malformed(what: str) -> SourceError:
    return SourceError(what, outcome=Outcome.MALFORMED)
