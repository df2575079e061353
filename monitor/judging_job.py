"""The JUDGE job: whom is a mention about, and what does it say?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from config.clock import Clock
from monitor.clusters.placing import clustered, sign
from monitor.guessing import Scorer
from monitor.judging import judge
from monitor.matching import Match, Matcher, seen, together
from monitor.query.names import names
from monitor.risk import RiskTerms
from store import agenda, mentions, volumes
from store.agenda import Job
from store.database import Store, Tx
from store.nouns import Judged, Mention

BATCH = 500


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
            who = names(tx, self.matchers.values(), batch)
        if not batch:
            return None
        ours = self._match(batch, dedicated, who)
        wanted = list({mention.id: mention for mention, _, _ in ours}.values())
        scored = judge([(one.title, one.text) for one in wanted], scorer=self.scorer, risk=self.risk)
        score_of = {mention.id: score for mention, score in zip(wanted, scored, strict=True)}
        judged = [
            (Judged(mention, brand, replace(score_of[mention.id], muted=match.muted)), match.why)
            for mention, brand, match in ours
        ]
        signed = sign([item for item, _ in judged])
        now = self.clock()
        with self.store.transaction() as tx:
            placed = zip(clustered(tx, signed, now), [why for _, why in judged], strict=True)
            new = mentions.save_scores(tx, list(placed), now)
            volumes.add(tx, new)
            mentions.mark_judged(tx, [one.id for one in batch], now)
            for brand in sorted({item.brand for item in new}):
                agenda.promise(tx, Job.WATCH, brand, now)
        return now if len(batch) == BATCH else None

    def _match(
        self, batch: list[Mention], dedicated: Mapping[str, str], who: Mapping[str, str]
    ) -> list[tuple[Mention, str, Match]]:
        """Every brand a mention is about, each by its own words; an excluded word beats even a source of its own."""
        ours = []
        for mention in batch:
            sole = dedicated.get(mention.source, "")
            for brand, matcher, found in together(self.matchers, seen(mention, who)):
                if brand != sole and not matcher.holds(found):
                    continue
                match = matcher.judge(found)
                if match.hit:
                    ours.append((mention, brand, match))
                elif not match.barred:
                    muted = matcher.hides(found)
                    ours.append((mention, brand, replace(match, muted=muted, why="这个来源只讲这个品牌。")))
        return ours
