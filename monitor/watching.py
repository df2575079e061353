"""The WATCH job: is this hour unlike others, and what would a person call it?"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from config.clock import Clock, Ids
from config.taxonomy import Taxonomy
from config.watch import Brand, Thresholds
from monitor import campaigns, story, tuning
from monitor.campaigns import Campaign
from monitor.counted import ALWAYS, Heard, rows
from monitor.news import News, Newsroom
from monitor.rarity import BUCKET
from monitor.seen import HOUR, see, with_ranked
from monitor.series import CHINA, Detector, Reading
from monitor.signals import Evidence, rising
from monitor.spikes import decide
from monitor.steps import PAST, TREND_DAYS, UNSETTLED, gravest, turned
from monitor.tuning import ThresholdsNow
from store import agenda, mentions, spells, trends, volumes
from store.agenda import Job
from store.database import Store, Tx
from store.nouns import Judged, Level, Spike, Window


def nobody(_tx: Tx) -> Collection[str]:
    """No source is polled: what is silent was silent."""
    return ()


@dataclass(frozen=True, slots=True)
class Watching:
    """The WATCH job: is this hour unlike others, and what would a person call it?

    `thresholds`: the file's, over which a saved version counts; `zone`: by whose clock days and nights are told;
    `polled`: the sources that are asked, and so may have been deaf.
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
            counted = tuning.in_force(tx, self.thresholds)
            tuning.tell_fault(tx, counted, now)
            limits = counted.thresholds
            planned = campaigns.running(spells.at(tx, Window.CAMPAIGN, now), brand_id)
            reading, learned = self._read(tx, brand_id, now, planned, limits)
            recent = self._recent(tx, brand_id, now, limits, ranked=learned > timedelta(0))
            # Once an hour: a trend of days does not hurry.
            trend = self._trend(tx, brand_id, now) if turned(now, learned) else None
            newsroom = Newsroom.of(self.taxonomy, limits)
            seen = see(recent, now)
            for found in decide(brand.name, seen, reading, limits, planned, trend):
                former = volumes.spikes_since(tx, brand_id, now - limits.cooldown)
                news = newsroom.judge(found, seen, former)
                if news:
                    self._report(tx, brand, news, counted, now)
        return None

    def _recent(self, tx: Tx, brand: str, now: datetime, limits: Thresholds, *, ranked: bool) -> list[Judged]:
        """All of the last hour, and of the look-back what tells of a crisis or stands high on a hot list: a busy brand
        has too much else. `ranked`: look at the hot lists too."""
        hour_ago, look_back = now - HOUR, now - limits.look_back
        crisis = mentions.between(tx, brand, look_back, hour_ago, crisis_only=True)
        recent = [*crisis, *mentions.between(tx, brand, hour_ago, now + BUCKET)]
        if not ranked or not limits.hot_rank:
            return recent
        return with_ranked(recent, trends.ranked(tx, brand, look_back, limits.hot_rank))

    def _read(
        self, tx: Tx, brand: str, now: datetime, planned: Campaign, limits: Thresholds
    ) -> tuple[Reading, timedelta]:
        """Advance the detector through every settled bucket, then look at the rest without learning it.

        Returns what now is worth, and how much time was learned.
        """
        present = volumes.bucket_of(now)
        upto, detector, fresh = self._detector(tx, brand, present, limits)
        learn_until = max(upto, present - UNSETTLED * BUCKET)
        counts = {bucket.at: bucket for bucket in volumes.between(tx, brand, upto, present + BUCKET)}
        heard = self._heard(tx, upto)
        for row in rows(counts, upto, learn_until, heard):
            detector.update(row)
        if fresh or learn_until != upto:
            volumes.keep_baseline(tx, brand, learn_until, detector.to_state())
        last = rows(counts, learn_until, present + BUCKET, planned=planned.planned)
        # The rest is judged on a copy, so that looking never changes what is remembered.
        glance = Detector.from_state(detector.to_state(), limits, self.zone)
        return gravest([glance.update(row) for row in last]) or Reading(present), learn_until - upto

    def _detector(self, tx: Tx, brand: str, present: datetime, limits: Thresholds) -> tuple[datetime, Detector, bool]:
        """The brand's series, the moment up to which it has learned, and whether it begins anew because it cannot be
        gone on with."""
        kept = volumes.baseline(tx, brand)
        # A memory of the future was kept by a clock that ran ahead; waiting for that time would be deafness.
        if kept and present - PAST <= kept[0] <= present:
            try:
                return kept[0], Detector.from_state(kept[1], limits, self.zone), False
            except ValueError:
                # Kept by an older version: the counts are still there.
                kept = None
        first = volumes.first_at(tx, brand) or present
        return min(max(first, present - PAST), present), Detector(limits, self.zone), True

    def _heard(self, tx: Tx, since: datetime) -> Heard:
        polled = self.polled(tx)
        first = trends.first_heard(tx, polled) if polled else None
        return Heard(first, trends.heard_hours(tx, polled, since - HOUR)) if first else ALWAYS

    def _trend(self, tx: Tx, brand: str, now: datetime) -> Evidence | None:
        return rising(trends.complaints_by_day(tx, brand, now, TREND_DAYS))

    def _report(self, tx: Tx, brand: Brand, news: News, counted: ThresholdsNow, now: datetime) -> None:
        found = news.found
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
            level=news.level,
            level_why=news.level_why,
            category=found.category,
            title=story.title_for(news.own, self.taxonomy.name(found.category, "zh"), brand.name),
            t0=news.t0,
            mention_ids=tuple(item.mention.id for item in news.own),
            page=found.page,
            thresholds=counted.name,
        )
        volumes.save_spike(tx, spike)
        agenda.promise(tx, Job.OPEN, spike.id, now, urgent=spike.level.rank >= Level.ORANGE.rank)
