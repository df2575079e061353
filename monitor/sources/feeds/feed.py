"""Reads the bytes of a feed, whatever their state, into a Reading; refuses what is no feed and says what it is."""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from config.errors import SourceError
from monitor.sources.clocktimes import is_chinese
from monitor.sources.feeds.decode import decode, needs_no_look
from monitor.sources.feeds.entries import Rough, mentions_of
from monitor.sources.feeds.hotlist import articles, hot_words
from monitor.sources.feeds.jsonfeed import parse_jsonfeed
from monitor.sources.feeds.prolog import read_prolog
from monitor.sources.feeds.walls import rsshub_error, title_of, wall_of
from monitor.sources.feeds.xmlfeed import parse_xmlfeed, read_quickly
from monitor.sources.plain import LONGEST_NAME, plain
from store.nouns import Klass, Outcome, Reading

# Decoded; more than this no honest feed has, and reading it would cost seconds and memory.
_LONGEST_BODY: Final = 5_000_000
_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel"})
# A root element after a line of PHP warnings: the feed behind it is still a feed.
_LATE_ROOT: Final = re.compile(r"<(?:\?xml|!DOCTYPE|rss|feed|rdf:RDF)\b")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LONGEST_LEAD: Final = 4_000
_HTML: Final = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)


def parse_feed(
    body: bytes,
    content_type: str = "",
    *,
    zone: ZoneInfo,
    now: datetime,
    platform: str = "",
    url: str = "",
    max_entries: int = 1000,
    klass: str = "",
) -> Reading:
    """What `body` holds: RSS, RDF, Atom or JSON Feed, in any charset. Outcome ok, or empty for a feed without mentions.

    `content_type` is the header as sent, `zone` the source's own zone, `now` aware; mentions without a platform of
    their own get `platform`, and all get `klass` when it is given; relative links start from `url`. Of a hot list
    (`klass` hotlist) the mentions are its keywords, see `hot_words`. `degraded` when it was broken and entries may be
    missing.
    SourceError: malformed (empty, a web screen, other JSON, no feed, entity declarations), blocked (captcha or login
    instead of a feed), too_large.
    """
    if len(body) > _LONGEST_BODY:
        raise SourceError(
            f"the document has {len(body):,} bytes; allowed are {_LONGEST_BODY:,}", outcome=Outcome.TOO_LARGE
        )
    rough = _at_once(body, is_chinese(zone), url, max_entries)
    if rough is None:
        charset = _CHARSET.search(content_type)
        text = decode(body, charset[1] if charset else None, zh=is_chinese(zone)).strip("\ufeff\x00 \t\r\n")
        if not text:
            raise _malformed("an empty answer; allowed are RSS, Atom and JSON Feed")
        try:
            rough = _read(text, content_type, url, max_entries)
        except SourceError:
            said = rsshub_error(text)
            if said is None:
                raise
            return _told(*said)
    mentions = mentions_of(rough.entries, now=now, zone=zone, platform=platform, klass=klass)
    hot = klass == Klass.HOTLIST
    mentions = hot_words(mentions, url=url) if hot else articles(mentions, plain(rough.title, limit=LONGEST_NAME))
    notes = [rough.fault, f"{rough.skipped} entries beyond {max_entries} were left out" if rough.skipped else ""]
    return Reading(
        Outcome.OK if mentions else Outcome.EMPTY,
        mentions,
        note="; ".join(filter(None, notes)),
        degraded=bool(rough.fault),
    )


def _at_once(body: bytes, zh: bool, url: str, max_entries: int) -> Rough | None:
    """The entries of an ordinary feed in UTF-8, which expat decodes itself; None for everything else."""
    prolog = read_prolog(body[:_LONGEST_LEAD].decode("latin-1"))
    if prolog.doctype or _local(prolog.root) not in _ROOTS or not needs_no_look(body, zh=zh):
        return None
    return read_quickly(body[prolog.start :], url=url, max_entries=max_entries)


def _told(outcome: Outcome, message: str) -> Reading:
    """RSSHub's own words instead of a feed: only "nothing found" is an answer, everything else is an error."""
    if outcome is not Outcome.EMPTY:
        raise SourceError(f"an error answer instead of a feed: {message}", outcome=outcome)
    return Reading(Outcome.EMPTY, note=message)


def _read(text: str, content_type: str, url: str, max_entries: int) -> Rough:
    if text[0] in "{[":
        return parse_jsonfeed(text, url=url, max_entries=max_entries)
    prolog = read_prolog(text)
    if prolog.is_html:
        raise _screen(text)
    if prolog.defines:
        raise _malformed("a document that defines entities of its own, which no feed needs; refused")
    if _local(prolog.root) in _ROOTS:
        return _xml(text[prolog.start :], text, content_type, url, max_entries)
    return _behind_lead(text, content_type, url, max_entries)


def _behind_lead(text: str, content_type: str, url: str, max_entries: int) -> Rough:
    """The feed behind a few lines that do not belong to it, as a broken one; SourceError when there is none."""
    # A feed in a comment is none; blanks keep what follows at its place.
    found = _LATE_ROOT.search(_COMMENT.sub(lambda match: " " * len(match[0]), text[:_LONGEST_LEAD]))
    behind = text[found.start() :] if found and found.start() else ""
    prolog = read_prolog(behind)
    if prolog.defines or _local(prolog.root) not in _ROOTS:
        raise _no_feed(text, content_type)
    rough = _xml(behind[prolog.start :], text, content_type, url, max_entries)
    lead = f"{len(text) - len(behind)} characters before the feed"
    return rough._replace(fault="; ".join(filter(None, (lead, rough.fault))))


def _xml(document: str, text: str, content_type: str, url: str, max_entries: int) -> Rough:
    rough = parse_xmlfeed(document, url=url, max_entries=max_entries)
    if not rough.version and not rough.entries:
        raise _no_feed(text, content_type)
    return rough


def _local(name: str) -> str:
    return name.rpartition(":")[2]


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
