"""The WATCH job: is this hour unlike others, and what would a person call it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.clock import Clock, Ids
from config.taxonomy import Taxonomy
from config.watch import Brand, Thresholds
from monitor import campaigns, severity, story
from monitor.rarity import Rarity
from monitor.rarity import Reading as Rare
from monitor.spikes import HOUR, WINDOW, Finding, decide, negative_share
from store import agenda, mentions, spells, volumes
from store.agenda import Job
from store.database import Store, Tx
from store.nouns import Judged, Level, Spike, Window

BUCKET = timedelta(minutes=volumes.FINE)


@dataclass(frozen=True, slots=True)
class Watching:
    """The WATCH job: is this hour unlike others, and what would a person call it?"""

    store: Store
    clock: Clock
    ids: Ids
    brands: Mapping[str, Brand]
    thresholds: Thresholds
    taxonomy: Taxonomy

    def watch(self, brand_id: str) -> datetime | None:
        """Learn the buckets that are over, decide about now, and hand a spike to the alerts wing."""
        brand = self.brands.get(brand_id)
        if brand is None:
            return None
        now = self.clock()
        with self.store.transaction() as tx:
            rare = self._learn(tx, brand_id, now)
            recent = self._recent(tx, brand_id, now)
            before = volumes.total(tx, brand_id, now - self.thresholds.look_back, now - HOUR)
            planned = campaigns.running(spells.at(tx, Window.CAMPAIGN, now), brand_id)
            for found in decide(brand.name, now, recent, rare, self.thresholds, before, planned):
                self._report(tx, brand, found, recent, now)
        return None

    def _recent(self, tx: Tx, brand: str, now: datetime) -> list[Judged]:
        """All of the last hour, and of the look-back what tells of a crisis: a busy brand has too much else."""
        hour_ago = now - HOUR
        crisis = mentions.between(tx, brand, now - self.thresholds.look_back, hour_ago, crisis_only=True)
        return [*crisis, *mentions.between(tx, brand, hour_ago, now + BUCKET)]

    def _learn(self, tx: Tx, brand: str, now: datetime) -> Rare:
        """Advance the detector through every finished bucket, then look at the present one without learning it."""
        kept = volumes.baseline(tx, brand)
        present = volumes.bucket_of(now)
        if kept:
            upto, rarity = kept[0], Rarity.from_state(kept[1])
        else:
            upto, rarity = volumes.first_at(tx, brand) or present, Rarity()
        # Publish times run late: the last two finished buckets are looked at again before they are learned.
        learn_until = max(upto, present - 2 * BUCKET)
        counts = {bucket.at: bucket.mentions for bucket in volumes.between(tx, brand, upto, present + BUCKET)}
        at = upto
        while at < learn_until:
            rarity.update(at, counts.get(at, 0))
            at += BUCKET
        if at != upto or not kept:
            volumes.keep_baseline(tx, brand, at, rarity.to_state())
        # The rest is judged on a copy, so that looking never changes what is remembered.
        glance = Rarity.from_state(rarity.to_state())
        rare = glance.update(at, counts.get(at, 0))
        while at < present:
            at += BUCKET
            rare = glance.update(at, counts.get(at, 0))
        return rare

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
        level = proposal.level if found.page else min(proposal.level, Level.YELLOW, key=lambda one: one.rank)
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
        """During the cooldown only a worse level, an earlier first post or a 1.5 times bigger volume is news."""
        same = [one for one in former if one.category == spike.category]
        if not same:
            return True
        worst = max(one.level.rank for one in same)
        biggest = max(max(one.count, len(one.mention_ids)) for one in same)
        earliest = min(one.t0 for one in same)
        size = max(spike.count, len(spike.mention_ids))
        return spike.level.rank > worst or spike.t0 < earliest or size >= self.thresholds.rerise * biggest
