"""Reads the bytes of a feed, whatever their state, into mentions; refuses what is no feed and says what it is."""

import html.entities
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from config.errors import SourceError
from monitor.sources.clocktimes import is_chinese
from monitor.sources.decode import decode
from monitor.sources.entries import Rough, mentions_of
from monitor.sources.jsonfeed import parse_jsonfeed
from monitor.sources.prolog import read_prolog
from monitor.sources.reference import parse_with_feedparser
from monitor.sources.walls import classify_rsshub_error, rsshub_message, title_of, wall_of
from store.nouns import Outcome, RawMention

# text, url=, max_entries= -> entries. A parser that is not sure raises ParserGaveUp; the last one is the reference.
XmlParser = Callable[..., Rough]
PARSERS: Final[tuple[XmlParser, ...]] = (parse_with_feedparser,)

_LONGEST_BODY: Final = 20_000_000
_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel"})
# A root element after a line of PHP warnings: the feed behind it is still a feed.
_LATE_ROOT: Final = re.compile(r"<(?:\?xml|rss|feed|rdf:RDF)\b")
_LONGEST_LEAD: Final = 4_000
_HTML: Final = re.compile(r"<(?:html|body|head)\b", re.IGNORECASE)
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
    prolog = read_prolog(text)
    if prolog.is_html:
        _refuse_rsshub_error(text)
        raise _screen(text)
    if prolog.defines:
        raise _malformed("a document that defines entities of its own, which no feed needs; refused")
    if _local(prolog.root) in _ROOTS:
        return _parse_xml(text[prolog.start :], content_type, url, max_entries)
    return _behind_lead(text, content_type, url, max_entries)


def _behind_lead(text: str, content_type: str, url: str, max_entries: int) -> Rough:
    """The feed behind a few lines that do not belong to it, as a broken one; SourceError when there is none."""
    found = _LATE_ROOT.search(text[:_LONGEST_LEAD])
    behind = text[found.start() :] if found and found.start() else ""
    prolog = read_prolog(behind)
    if prolog.defines or _local(prolog.root) not in _ROOTS:
        raise _no_feed(text, content_type)
    rough = _parse_xml(behind[prolog.start :], content_type, url, max_entries)
    lead = f"{len(text) - len(behind)} characters before the feed"
    return replace(rough, fault="; ".join(filter(None, (lead, rough.fault))))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse_xml(text: str, content_type: str, url: str, max_entries: int) -> Rough:
    """Parses a document whose XML declaration is already off: the text is decoded, so what it declared is void."""
    clean, bare = _CONTROL.subn("", text)
    clean = _NAMED.sub(_numbered, clean)
    rough = _first_sure('<?xml version="1.0" encoding="utf-8"?>' + clean, url, max_entries)
    if not rough.version and not rough.entries:
        raise _no_feed(text, content_type)
    return replace(rough, fault=rough.fault or (f"{bare} control characters were dropped" if bare else ""))


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


def _refuse_rsshub_error(text: str) -> None:
    body = text.encode("utf-8", "replace")
    outcome = classify_rsshub_error(body)
    if outcome is not None:
        raise SourceError(f"an error answer: {rsshub_message(body)}", outcome=outcome)


def _screen(text: str) -> SourceError:
    title = title_of(text)
    what = f"an HTML page titled “{title}”, not a feed" if title else "an HTML page without a title, not a feed"
    wall = wall_of(text)
    if wall:
        return SourceError(f"{what}: a {wall} wall", outcome=Outcome.BLOCKED)
    return _malformed(what)


def _no_feed(text: str, content_type: str) -> SourceError:
    if _HTML.search(text[:_LONGEST_LEAD]):
        return _screen(text)
    said = f" (served as {content_type[:60]})" if content_type else ""
    begins = " ".join(text[:40].split())
    return _malformed(f"a document that begins with {begins!r}{said}, not a feed")


def _malformed(what: str) -> SourceError:
    return SourceError(what, outcome=Outcome.MALFORMED)
