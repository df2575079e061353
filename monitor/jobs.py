"""What the monitor wing does after hearing: judge what came in, then watch the brand's volume for a spike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.clock import Clock, Ids
from config.taxonomy import Taxonomy
from config.watch import Brand, Thresholds
from monitor import campaigns, severity, story
from monitor.judging import judge
from monitor.matching import Matcher
from monitor.rarity import Rarity
from monitor.rarity import Reading as Rare
from monitor.risk import RiskTerms
from monitor.scorer import Scorer
from monitor.spikes import HOUR, WINDOW, Finding, decide, negative_share
from store import agenda, mentions, spells, volumes
from store.agenda import Job
from store.database import Store, Tx
from store.nouns import Judged, Level, Mention, Spike, Window

BATCH = 500
BUCKET = timedelta(minutes=volumes.FINE)


@dataclass(frozen=True, slots=True)
class Judging:
    """The JUDGE job: whom is a mention about, and what does it say? `dedicated` is source → the one brand it is of."""

    store: Store
    clock: Clock
    matchers: Mapping[str, Matcher]
    dedicated: Callable[[Tx], Mapping[str, str]]
    scorer: Scorer
    risk: RiskTerms

    def judge(self, key: str) -> datetime | None:
        """Judge up to 500 pending mentions; returns now when more are waiting."""
        with self.store.reading() as tx:
            batch = mentions.pending(tx, BATCH)
            dedicated = self.dedicated(tx)
        if not batch:
            return None
        ours = self._match(batch, dedicated)
        wanted = list({mention.id: mention for mention, _, _ in ours}.values())
        scored = judge([(one.title, one.text) for one in wanted], scorer=self.scorer, risk=self.risk)
        score_of = {mention.id: score for mention, score in zip(wanted, scored, strict=True)}
        judged = [(Judged(mention, brand, score_of[mention.id]), why) for mention, brand, why in ours]
        now = self.clock()
        with self.store.transaction() as tx:
            new = mentions.save_scores(tx, judged, now)
            volumes.add(tx, new)
            mentions.mark_judged(tx, [one.id for one in batch], now)
            for brand in sorted({item.brand for item in new}):
                agenda.promise(tx, Job.WATCH, brand, now)
        return now if len(batch) == BATCH else None

    def _match(self, batch: list[Mention], dedicated: Mapping[str, str]) -> list[tuple[Mention, str, str]]:
        found = []
        for mention in batch:
            sole = dedicated.get(mention.source, "")
            for brand, matcher in self.matchers.items():
                hit = matcher.match(mention.title, mention.text)
                if hit.hit or sole == brand:
                    found.append((mention, brand, hit.why if hit.hit else "这个来源只讲这个品牌。"))
        return found


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
