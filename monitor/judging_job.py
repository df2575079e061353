"""The JUDGE job: whom is a mention about, and what does it say?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs

from config.clock import Clock
from monitor.clusters.placing import clustered, sign
from monitor.guessing import Scorer
from monitor.in_force.rules import Counting, Rules
from monitor.judging import judge
from monitor.matching import Match, Matcher, seen, together
from monitor.opinion_job import key_of
from monitor.query.names import names
from monitor.risk import RiskTerms
from store import agenda, mentions, volumes
from store.agenda import Job
from store.database import Store, Tx
from store.nouns import Judged, Mention, Score

BATCH = 500
# A mention, the brand it is about, and why.
Ours = tuple[Mention, str, Match]


@dataclass(frozen=True, slots=True)
class Judging:
    """The JUDGE job: whom is a mention about, and what does it say?

    `counting`: the words that count at the moment of a batch; `dedicated`: source → the one brand it is of;
    `second_opinion`: another model is asked about what waits for a person.
    """

    store: Store
    clock: Clock
    counting: Counting
    dedicated: Callable[[Tx], Mapping[str, str]]
    scorer: Scorer
    second_opinion: bool = False

    def judge(self, key: str) -> datetime | None:
        """Judge up to 500 pending mentions; returns now when more are waiting."""
        with self.store.reading() as tx:
            batch = mentions.pending(tx, BATCH)
            if not batch:
                return None
            rules, dedicated = self.counting(tx), self.dedicated(tx)
            who = names(tx, rules.matchers.values(), batch)
        ours = matched(batch, rules.matchers, dedicated, who)
        judged = self._scored(ours, rules)
        signed = sign([item for item, _ in judged])
        now = self.clock()
        # Judged again after a power cut: what follows from it has not left the house before it was on the disk.
        with self.store.transaction(at_once=False) as tx:
            placed = zip(clustered(tx, signed, now), [why for _, why in judged], strict=True)
            new = mentions.save_scores(tx, list(placed), now)
            volumes.add(tx, new)
            mentions.mark_judged(tx, [one.id for one in batch], now)
            for item in new if self.second_opinion else ():
                if item.score.triage:
                    agenda.promise(tx, Job.OPINION, key_of(item.brand, item.mention.id), now)
            for brand in sorted({item.brand for item in new}):
                agenda.promise(tx, Job.WATCH, brand, now)
        return now if len(batch) == BATCH else None

    def _scored(self, ours: list[Ours], rules: Rules) -> list[tuple[Judged, str]]:
        """With the score of each for its brand; brands without words of their own share one look at a mention."""
        wanted: dict[RiskTerms, dict[str, Mention]] = {}
        for mention, brand, _ in ours:
            wanted.setdefault(rules.terms_of(brand), {})[mention.id] = mention
        scores: dict[tuple[RiskTerms, str], Score] = {}
        for terms, some in wanted.items():
            found = judge([(one.title, one.text) for one in some.values()], scorer=self.scorer, risk=terms)
            scores |= {(terms, id): score for id, score in zip(some, found, strict=True)}
        return [
            (Judged(one, brand, structs.replace(scores[rules.terms_of(brand), one.id], muted=match.muted)), match.why)
            for one, brand, match in ours
        ]


def matched(
    batch: list[Mention], matchers: Mapping[str, Matcher], dedicated: Mapping[str, str], who: Mapping[str, str]
) -> list[Ours]:
    """Every brand a mention is about, each by its own words; an excluded word beats even a source of its own."""
    ours = []
    told = together(matchers, [seen(mention, who) for mention in batch])
    for mention, each in zip(batch, told, strict=True):
        sole = dedicated.get(mention.source, "")
        for brand, matcher, found in each:
            if brand != sole and not matcher.holds(found):
                continue
            match = matcher.judge(found)
            if match.hit:
                ours.append((mention, brand, match))
            elif not match.barred:
                muted = matcher.hides(found)
                ours.append((mention, brand, replace(match, muted=muted, why="这个来源只讲这个品牌。")))
    return ours
