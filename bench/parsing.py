"""The parse path, bytes to mentions with decoding, plain text, dates and identity, beside feedparser and raw lxml."""

import io
import time
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

import feedparser
from lxml import etree

from bench.feeds import COUNT, feeds
from bench.figures import Figure
from bench.made import START
from monitor.sources.feeds.feed import parse_feed
from store.nouns import RawMention

ROUNDS: Final = 15
# Ours and lxml are read several times per round: one reading is too short for a clock.
AT_ONCE: Final = 6
NOW: Final = START + timedelta(days=7)
ZONE: Final = ZoneInfo("Asia/Shanghai")
_ATOM, _RSS1, _DC = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/}", "{http://purl.org/dc/elements/1.1/}"
# Shape -> entry, title, date; the link of Atom is an attribute.
_FIELDS: Final = {
    "rss": ("item", "title", "pubDate"),
    "blog": ("item", "title", "pubDate"),
    "gbk": ("item", "title", "pubDate"),
    "rdf": (f"{_RSS1}item", f"{_RSS1}title", f"{_DC}date"),
    "atom": (f"{_ATOM}entry", f"{_ATOM}title", f"{_ATOM}published"),
}


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Feeds per CPU second over all shapes and of each alone; and titles, links and dates that are feedparser's."""
    took: list[tuple[float, float, float]] = []
    figures: list[Figure] = []
    compared = equal = 0
    for shape, body in feeds().items():
        tick(f"parsing: {shape}, {len(body):,} bytes, {COUNT} entries, {ROUNDS} rounds")
        took.append(_rounds(shape, body))
        ours, theirs, raw = (1 / seconds for seconds in took[-1])
        figures.append(Figure(f"parse {shape} against feedparser", ours, "feeds/s", theirs, None))
        figures.append(Figure(f"parse {shape} against raw lxml", ours, "feeds/s", raw, None))
        same, count = agreement(body)
        compared, equal = compared + count, equal + same
    tick(f"parsing: {compared} titles, links and dates compared with feedparser's, {equal} equal")
    ours, theirs, raw = (len(took) / sum(column) for column in zip(*took, strict=True))
    return [
        Figure("parse path against feedparser", ours, "feeds/s", theirs, 20),
        Figure("parse path against raw lxml", ours, "feeds/s", raw, 0.4),
        Figure("parsed as feedparser does", equal, "titles, links and dates", compared, 1.0),
        *figures,
    ]


def agreement(body: bytes) -> tuple[int, int]:
    """How many titles, links and dates of this feed are those of feedparser, of how many.

    feedparser is right about all of them: these feeds hold no date without a zone. Only the author that a bridge puts
    in front of a title is no part of ours.
    """
    reference = feedparser.parse(io.BytesIO(body)).entries
    mentions = parse_feed(body, zone=ZONE, now=NOW).mentions
    pairs = [
        pair
        for entry, mention in zip(reference, mentions, strict=True)
        for pair in zip(_told(entry), _kept(mention), strict=True)
    ]
    return sum(1 for told, kept in pairs if told == kept), len(pairs)


def _told(entry: Any) -> tuple[object, ...]:
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    title = entry.title.removeprefix(f"{entry.get('author')}: ")
    return title, entry.link, datetime.fromtimestamp(timegm(stamp), UTC)


def _kept(mention: RawMention) -> tuple[object, ...]:
    return mention.title, mention.url, mention.published_at


def _rounds(shape: str, body: bytes) -> tuple[float, float, float]:
    """Seconds per feed of ours, feedparser and lxml: the median of rounds in which all three take turns."""
    readers: tuple[tuple[Callable[[], object], int], ...] = (
        (lambda: parse_feed(body, zone=ZONE, now=NOW), AT_ONCE),
        (lambda: feedparser.parse(io.BytesIO(body)), 1),
        (lambda: _raw(shape, body), AT_ONCE),
    )
    took = [[_seconds(read, times) for read, times in readers] for _ in range(ROUNDS)]
    ours, theirs, raw = (median(column) for column in zip(*took, strict=True))
    return ours, theirs, raw


def _seconds(read: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        read()
    return (time.process_time() - began) / times


def _raw(shape: str, body: bytes) -> list[tuple[str | None, ...]]:
    """The least that reading a feed can be: lxml's tree, and of every entry title, link and date as they stand."""
    entry, title, date = _FIELDS[shape]
    return [(one.findtext(title), _link(one, title), one.findtext(date)) for one in etree.fromstring(body).iter(entry)]


def _link(entry: Any, title: str) -> str | None:
    if title.startswith(_ATOM):
        found: str | None = entry.find(f"{_ATOM}link").get("href")
        return found
    said: str | None = entry.findtext(title.replace("title", "link"))
    return said
