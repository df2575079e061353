"""The parse path, bytes to mentions with decoding, plain text, dates and identity, beside feedparser and raw lxml."""

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

import fastfeedparser
import feedparser
from lxml import etree

from bench.feeds import feeds
from bench.figures import Figure
from bench.made import START
from config.clock import stopwatch
from monitor.sources import parse_feed
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
    "gbk": ("item", "title", "pubDate"),
    "rdf": (f"{_RSS1}item", f"{_RSS1}title", f"{_DC}date"),
    "atom": (f"{_ATOM}entry", f"{_ATOM}title", f"{_ATOM}published"),
}


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Feeds per second over all shapes and each alone, and how many titles, links and dates were compared and equal."""
    ours, theirs, raw = [], [], []
    figures, compared, equal = [], 0, 0
    for shape, body in feeds().items():
        tick(f"parsing: {shape}, {len(body):,} bytes, {ROUNDS} rounds")
        took = _rounds(shape, body)
        for seconds, all_ in zip(took, (ours, theirs, raw), strict=True):
            all_.append(seconds)
        figures.append(Figure(f"parse {shape} against feedparser", 1 / took[0], "feeds/s", 1 / took[1], None))
        figures.append(Figure(f"parse {shape} against raw lxml", 1 / took[0], "feeds/s", 1 / took[2], None))
        same, count = agreement(body)
        compared, equal = compared + count, equal + same
    speed = len(ours) / sum(ours)
    tick(f"parsing: {compared} titles, links and dates compared with feedparser's, {equal} equal")
    return [
        Figure("parse path against feedparser", speed, "feeds/s", len(theirs) / sum(theirs), 20),
        Figure("parse path against raw lxml", speed, "feeds/s", len(raw) / sum(raw), 0.4),
        Figure("parse path equal to feedparser", equal, "titles, links and dates", compared, 1.0),
        *figures,
    ]
