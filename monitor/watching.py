"""The WATCH job: is this hour unlike others, and what would a person call it?"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from config.clock import Clock, Ids
from config.taxonomy import Taxonomy
from config.watch import Brand, Thresholds
from monitor import campaigns, severity, story
from monitor.campaigns import Campaign
from monitor.counted import ALWAYS, Heard, rows
from monitor.series import CHINA, Detector, Reading
from monitor.signals import Evidence, rising
from monitor.spikes import HOUR, WINDOW, Finding, decide, negative_share
from store import agenda, mentions, spells, trends, volumes
from store.agenda import Job
from store.database import Store, Tx
from store.nouns import Judged, Level, Spike, Window

BUCKET = timedelta(minutes=volumes.FINE)
# A series is built anew from so much of the past, and complaints are compared over so many days.
PAST = timedelta(days=60)
TREND_DAYS = 14
# Publish times run late: so many finished buckets are looked at again before they are learned.
UNSETTLED = 2


def nobody(_tx: Tx) -> Collection[str]:
    """No source is polled: what is silent was silent."""
    return ()


@dataclass(frozen=True, slots=True)
class Watching:
    """The WATCH job: is this hour unlike others, and what would a person call it?

    `zone`: by whose clock days and nights are told; `polled`: the sources that are asked, and so may have been deaf.
    """

    store: Store
    clock: Clock
    ids: Ids
    brands: Mapping[str, Brand]
    thresholds: Thresholds
    taxonomy: Taxonomy
    zone: tzinfo = CHINA
    polled: Callable[[Tx], Collection[str]] = nobody

    def watch(self, brand_id: str) -> datetime | None:
        """Learn the buckets that are over, decide about now, and hand a spike to the alerts wing."""
        brand = self.brands.get(brand_id)
        if brand is None:
            return None
        now = self.clock()
        with self.store.transaction() as tx:
            planned = campaigns.running(spells.at(tx, Window.CAMPAIGN, now), brand_id)
            reading, learned = self._read(tx, brand_id, now, planned)
            recent = self._recent(tx, brand_id, now, ranked=learned > timedelta(0))
            # Once an hour: a trend of days does not hurry.
            trend = self._trend(tx, brand_id, now) if _turned(now, learned) else None
            for found in decide(brand.name, now, recent, reading, self.thresholds, planned, trend):
                self._report(tx, brand, found, recent, now)
        return None

    def _recent(self, tx: Tx, brand: str, now: datetime, *, ranked: bool) -> list[Judged]:
        """All of the last hour, and of the look-back what tells of a crisis or stands high on a hot list: a busy brand
        has too much else. `ranked`: look at the hot lists too."""
        hour_ago, look_back = now - HOUR, now - self.thresholds.look_back
        crisis = mentions.between(tx, brand, look_back, hour_ago, crisis_only=True)
        recent = [*crisis, *mentions.between(tx, brand, hour_ago, now + BUCKET)]
        if not ranked or not self.thresholds.hot_rank:
            return recent
        known = {item.mention.id for item in recent}
        high = trends.ranked(tx, brand, look_back, self.thresholds.hot_rank)
        more = [item for item in high if item.mention.id not in known]
        return sorted([*recent, *more], key=lambda item: item.mention.event_at) if more else recent

    def _read(self, tx: Tx, brand: str, now: datetime, planned: Campaign) -> tuple[Reading, timedelta]:
        """Advance the detector through every settled bucket, then look at the rest without learning it.

        Returns what now is worth, and how much time was learned.
        """
        present = volumes.bucket_of(now)
        upto, detector, fresh = self._detector(tx, brand, present)
        learn_until = max(upto, present - UNSETTLED * BUCKET)
        counts = {bucket.at: bucket for bucket in volumes.between(tx, brand, upto, present + BUCKET)}
        heard = self._heard(tx, upto)
        for row in rows(counts, upto, learn_until, heard):
            detector.update(row)
        if fresh or learn_until != upto:
            volumes.keep_baseline(tx, brand, learn_until, detector.to_state())
        # The rest is judged on a copy, so that looking never changes what is remembered.
        glance = Detector.from_state(detector.to_state(), self.thresholds, self.zone)
        last = rows(counts, learn_until, present + BUCKET, planned=planned.planned)
        readings = [glance.update(row) for row in last]
        # What came late belongs to a bucket that is over; the gravest of the unsettled ones speaks.
        gravest = max(readings, key=lambda one: (one.level, one.at), default=Reading(present))
        return gravest, learn_until - upto

    def _detector(self, tx: Tx, brand: str, present: datetime) -> tuple[datetime, Detector, bool]:
        """The brand's series, the moment up to which it has learned, and whether it begins anew because it cannot be
        gone on with."""
        kept = volumes.baseline(tx, brand)
        if kept and kept[0] >= present - PAST:
            try:
                return kept[0], Detector.from_state(kept[1], self.thresholds, self.zone), False
            except ValueError:
                # Kept by an older version: the counts are still there.
                kept = None
        first = volumes.first_at(tx, brand) or present
        return min(max(first, present - PAST), present), Detector(self.thresholds, self.zone), True

    def _heard(self, tx: Tx, since: datetime) -> Heard:
        polled = self.polled(tx)
        first = trends.first_heard(tx, polled) if polled else None
        return Heard(first, trends.heard_hours(tx, polled, since - HOUR)) if first else ALWAYS

    def _trend(self, tx: Tx, brand: str, now: datetime) -> Evidence | None:
        return rising(trends.complaints_by_day(tx, brand, now, TREND_DAYS))

    def _report(self, tx: Tx, brand: Brand, found: Finding, recent: list[Judged], now: datetime) -> None:
        own = story.own_mentions(recent, found.category, now, self.thresholds.look_back) or [
            item for item in recent if item.mention.id in set(found.mention_ids)
        ]
        category = self.taxonomy.category(found.category)
        setting = severity.Setting(
            scct=category.scct if category else "",
            clocks=bool(category and category.clocks),
            count=found.count,
            usual=found.usual,
            negative_share=negative_share([item for item in recent if item.mention.event_at > now - WINDOW]),
        )
        proposal = severity.propose(*severity.factors(own, setting))
        level = proposal.level if found.page else min(proposal.level, _highest(own), key=lambda one: one.rank)
        spike = Spike(
            id=self.ids(),
            brand=brand.id,
            at=now,
            kind=found.kind,
            count=found.count,
            usual=found.usual,
            window_minutes=found.window_minutes,
            score=found.score,
            why=found.why,
            level=level,
            level_why=proposal.why,
            category=found.category,
            title=story.title_for(own, self.taxonomy.name(found.category, "zh"), brand.name),
            t0=story.t0(own) or now,
            mention_ids=tuple(item.mention.id for item in own),
            page=found.page,
        )
        former = volumes.spikes_since(tx, brand.id, now - self.thresholds.cooldown)
        if self._says_something_new(spike, former):
            volumes.save_spike(tx, spike)
            agenda.promise(tx, Job.OPEN, spike.id, now, urgent=spike.level.rank >= Level.ORANGE.rank)

    def _says_something_new(self, spike: Spike, former: list[Spike]) -> bool:
        """During the cooldown only a call after notices, a worse level, an earlier first post, another kind of notice
        or a 1.5 times bigger volume is news."""
        same = [one for one in former if one.category == spike.category]
        if not same or (spike.page and not any(one.page for one in same)):
            return True
        if not spike.page and not any(one.page or one.kind == spike.kind for one in same):
            return True
        worst = max(one.level.rank for one in same)
        biggest = max(max(one.count, len(one.mention_ids)) for one in same)
        earliest = min(one.t0 for one in same)
        size = max(spike.count, len(spike.mention_ids))
        return spike.level.rank > worst or spike.t0 < earliest or size >= self.thresholds.rerise * biggest


def _turned(now: datetime, learned: timedelta) -> bool:
    """True when an hour ended in what was just learned."""
    upto = volumes.bucket_of(now) - UNSETTLED * BUCKET
    return volumes.bucket_of(upto, volumes.HOUR) > upto - learned


def _highest(own: list[Judged]) -> Level:
    """A notice is yellow at most, and blue where nobody tells of a crisis: praise is no crisis."""
    return Level.YELLOW if any(item.score.crisis for item in own) else Level.BLUE
