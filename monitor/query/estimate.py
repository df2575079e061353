"""How much a query would bring in: counted over what is stored already, with examples, before anybody saves it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import tee
from statistics import median
from zoneinfo import ZoneInfo

from monitor.matching import Matcher, Query, compile_query, seen
from monitor.query.found import Found, found_in
from monitor.query.names import names
from store import lookup, source_story
from store.database import Tx
from store.nouns import Mention

SAMPLES = 5
MOST = 50_000
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Sample:
    """One stored mention and why it is a hit or a miss."""

    mention: Mention
    why: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """`days`: (day, hits) oldest first, today last; `usual`: the median of the complete days before today.

    `looked`: how many mentions were read. Days before `complete_since` are counted in part: there were too many.
    `misses` hold a word of the query and do not match.
    """

    days: tuple[tuple[date, int], ...]
    total: int
    muted: int
    usual: float
    looked: int
    complete_since: date
    hits: tuple[Sample, ...] = ()
    misses: tuple[Sample, ...] = ()


def estimate(tx: Tx, query: Query, days: int, *, now: datetime, zone: ZoneInfo = ZONE, most: int = MOST) -> Estimate:
    """What `query` would have matched today and on the days before, `days` in all, among at most `most` mentions.

    QueryError when the query cannot be read. Reads the store, writes nothing; some 50,000 mentions a second.
    """
    matcher = compile_query(query)
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    since = datetime.combine(first, time(), zone)
    stored = _Stored(tx, matcher, since, now, most)
    found = tally(matcher, stored, [first + timedelta(days=day) for day in range(days)], zone)
    full = stored.full_since.astimezone(zone).date()
    complete = first if full < first else full + timedelta(days=1)
    settled = [count for day, count in found.days[:-1] if day >= complete]
    return replace(found, complete_since=complete, usual=float(median(settled)) if settled else 0.0)


def tally(
    matcher: Matcher, stored: Iterable[tuple[Mention, Mapping[str, str]]], days: list[date], zone: ZoneInfo
) -> Estimate:
    """Count hits by day (pure); `days` are the days asked for, in order; with each mention the names of authors."""
    counts = Counter(dict.fromkeys(days, 0))
    hits: list[Sample] = []
    misses: list[Sample] = []
    looked = muted = 0
    stored, told = tee(stored)
    for (mention, _), found in zip(stored, found_in(matcher.finder, (seen(*one) for one in told)), strict=True):
        looked += 1
        if matcher.holds(found):
            counts[mention.event_at.astimezone(zone).date()] += 1
            muted += matcher.hides(found)
            _keep(hits, mention, matcher, found)
        elif found.words:
            _keep(misses, mention, matcher, found)
    listed = tuple((day, counts[day]) for day in days)
    total = sum(count for _, count in listed)
    return Estimate(listed, total, muted, 0.0, looked, days[0], tuple(hits), tuple(misses))


def _keep(samples: list[Sample], mention: Mention, matcher: Matcher, found: Found) -> None:
    if len(samples) < SAMPLES:
        samples.append(Sample(mention, matcher.judge(found).why))


class _Stored:
    """The newest mentions of every source, each source its share; remembers from when on nothing was left out."""

    def __init__(self, tx: Tx, matcher: Matcher, since: datetime, until: datetime, most: int) -> None:
        self.tx, self.matcher, self.since, self.until, self.most = tx, matcher, since, until, most
        self.full_since = since - timedelta(days=1)

    def __iter__(self) -> Iterator[tuple[Mention, Mapping[str, str]]]:
        sources = lookup.sources(self.tx)
        for left, source in zip(range(len(sources), 0, -1), sources, strict=True):
            share = self.most // left
            found = source_story.newest_mentions(self.tx, source, share)
            self.most -= len(found)
            if found and len(found) == share:
                self.full_since = max(self.full_since, found[-1].first_seen_at)
            wanted = [one for one in found if self.since <= one.event_at <= self.until]
            who = names(self.tx, [self.matcher], wanted)
            yield from ((one, who) for one in wanted)
