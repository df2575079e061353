"""The past once more under other thresholds (pure): what the WATCH job would have told, and when.

The same detector, decide() and rule of news as the WATCH job. A step is a five-minute bucket in which something
became known; its moment is that of the last thing. Several thresholds are replayed in one pass.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from config.taxonomy import Taxonomy
from config.watch import Thresholds
from monitor import campaigns
from monitor.counted import ALWAYS, Heard, rows
from monitor.options import Moment, Options, Would
from monitor.rarity import BUCKET
from monitor.recalling import Counts, Recent, batches
from monitor.series import CHINA, Detector, Row
from monitor.signals import Evidence, rising
from monitor.steps import PAST, TREND_DAYS, UNSETTLED, turned
from store.nouns import Bucket, Known, Spell, Spike
from store.volumes import HOUR, bucket_of

DAY = timedelta(days=1)
Tick = Callable[[datetime], None]


def silent(_at: datetime) -> None:
    """Nobody waits for progress."""


@dataclass(frozen=True, slots=True)
class Past:
    """One brand's time from `since` to `until`, and what came before it.

    `before`: counted buckets from as long ago as a series remembers; `known`: in the order it became known, from a
    look-back before `since`; `complaints`: (known, published) of complaint platforms; `told`: spikes from before.
    """

    brand: str
    name: str
    since: datetime
    until: datetime
    before: Mapping[datetime, Bucket]
    known: Iterable[Known]
    campaigns: Sequence[Spell] = ()
    complaints: Sequence[tuple[datetime, datetime]] = ()
    told: Sequence[Spike] = ()
    heard: Heard = ALWAYS


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the replayed time: mentions, and how many were expected of it."""

    at: datetime
    mentions: int
    usual: float


@dataclass(frozen=True, slots=True)
class Replayed:
    """What each of the thresholds would have told, in their order; the hours for a chart; steps and mentions seen."""

    told: tuple[tuple[Would, ...], ...]
    hours: tuple[Hour, ...]
    steps: int
    mentions: int


def replay(
    past: Past, options: Sequence[Thresholds], taxonomy: Taxonomy, zone: tzinfo = CHINA, tick: Tick = silent
) -> Replayed:
    """Live through the past once and decide at each step under each of the options. `tick` hears of every new day."""
    return _Replay(past, Options(past.name, options, taxonomy, past.told, zone), zone).run(tick)


class _Replay:
    """A series that learns as it goes, what was known of late, and everybody who decides by it."""

    def __init__(self, past: Past, options: Options, zone: tzinfo) -> None:
        self.past, self.options = past, options
        # Nothing that a series remembers hangs on thresholds but its own cooldown, which WATCH does not ask.
        self.detector = Detector(options.any, zone)
        self.recent, self.counts = Recent(), Counts()
        # Learned up to here (None: nothing yet); what is older than `counted` was counted before.
        self.upto: datetime | None = None
        self.counted = bucket_of(past.since) - UNSETTLED * BUCKET
        self.hours: dict[datetime, list[float]] = {}

    def run(self, tick: Tick) -> Replayed:
        self._warm_up()
        day, steps, mentions = self.past.since, 0, 0
        for bucket, group in groupby(self.past.known, key=lambda one: bucket_of(one.at)):
            known = list(group)
            self._hear([one for one in known if one.at <= self.past.since])
            fresh = [one for one in known if self.past.since < one.at <= self.past.until]
            if not fresh:
                continue
            if bucket - day >= DAY:
                day = bucket
                tick(bucket)
            self._hear(fresh)
            self._step(max(one.at for one in fresh))
            steps, mentions = steps + 1, mentions + len(fresh)
        hours = tuple(Hour(at, int(count), usual) for at, (count, usual) in sorted(self.hours.items()))
        return Replayed(self.options.told(), hours, steps, mentions)

    def _warm_up(self) -> None:
        """What the series had learned when the time begins, from the counts kept of it."""
        if self.past.before:
            first = max(min(self.past.before), bucket_of(self.past.since) - PAST)
            self.upto = max(first, self.counted)
            for row in rows(self.past.before, first, self.counted, self.past.heard):
                self.detector.update(row)

    def _hear(self, known: Sequence[Known]) -> None:
        for one in known:
            self.recent.add(one.judged)
        for batch in batches((_batch(one), one.judged) for one in known):
            self.counts.add(batch, self.counted)

    def _step(self, now: datetime) -> None:
        planned = campaigns.running([one for one in self.past.campaigns if one.covers(now)], self.past.brand)
        unsettled, learned = self._learn(now, planned.planned)
        trend = self._trend(now) if turned(now, learned) else None
        self.recent.drop(now, now - self.options.longest)
        moment = Moment(now, self.recent, planned, trend, ranked=learned > timedelta(0))
        self.options.decide(moment, self.detector.to_state(), unsettled)

    def _learn(self, now: datetime, planned: float) -> tuple[list[Row], timedelta]:
        """Learn the buckets that are over; returns the rest as rows, and how much time was learned."""
        present = bucket_of(now)
        upto = self.upto
        if upto is None:
            upto = min(max(self.counts.first() or present, present - PAST), present)
        learn_until = max(upto, present - UNSETTLED * BUCKET)
        counts = self.counts.within(upto, present + BUCKET)
        for row in rows(counts, upto, learn_until, self.past.heard):
            usual = self.detector.update(row).usual
            sums = self.hours.setdefault(bucket_of(row.at, HOUR), [0, 0.0])
            # The usual of a reading is that of fifteen minutes.
            sums[0], sums[1] = sums[0] + row.value, sums[1] + usual / 3
        self.upto = learn_until
        self.counts.drop(learn_until)
        unsettled = list(rows(counts, learn_until, present + BUCKET, self.past.heard, planned))
        return unsettled, learn_until - upto

    def _trend(self, now: datetime) -> Evidence | None:
        since = now - TREND_DAYS * DAY
        days = [0] * TREND_DAYS
        for known_at, at in self.past.complaints:
            if known_at <= now and since < at <= now:
                days[min((at - since) // DAY, TREND_DAYS - 1)] += 1
        return rising(days)


def _batch(one: Known) -> datetime:
    """Authors are told apart among those that were judged together; what has no such moment, within its bucket."""
    return bucket_of(one.at) if one.at == one.judged.mention.event_at else one.at
