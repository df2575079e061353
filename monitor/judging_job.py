"""The JUDGE job: whom is a mention about, and what does it say?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from config.clock import Clock
from monitor.judging import judge
from monitor.matching import Matcher
from monitor.risk import RiskTerms
from monitor.scorer import Scorer
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
