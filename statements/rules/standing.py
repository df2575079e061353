"""Whether a text stands for what it may stand for now, and for what was stood for before (pure): rule D12."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from statements.rules.document_words import finding
from statements.rules.strategy import locked, places, strategies_in
from statements.rules.strategy_words import Strategy
from statements.rules.wording import Finding
from store.nouns import Attribution, Claim, Fact


@dataclass(frozen=True, slots=True)
class Stand:
    """The crisis cluster a person set (None: nobody has), facts and claims as they stand, what was stood for before."""

    cluster: Attribution | None
    facts: tuple[Fact, ...]
    claims: tuple[Claim, ...]
    earlier: frozenset[Strategy]


def lint_strategy(body: str, lang: str, stand: Stand) -> Iterator[Finding]:
    """D12: E where the facts do not allow a strategy yet, L (legal) where it contradicts what was said before."""
    used = strategies_in(body, lang)
    alone = locked(used, stand.cluster, stand.facts, stand.claims)
    for one in locked(used, stand.cluster, stand.facts, stand.claims, stand.earlier):
        level, said = ("E", "D12S") if one in alone else ("L", "D12")
        for place in places(body, lang, one.strategy)[:1]:
            yield replace(finding("D12", level, lang, place, said=said), message=one.zh if lang == "zh" else one.en)
