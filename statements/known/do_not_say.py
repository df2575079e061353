"""What nobody may say yet (pure): made from facts and claims, for the Q&A sheet, the brief and the screens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from statements.known.claims import carried
from statements.writing.marks import plain
from store.nouns import Claim, ClaimKind, ClaimStatus, Fact, FactScope, FactStatus

_WHY = {
    "zh": {
        "unverified": "还没有核实",
        "unknown": "还不知道，不猜测",
        "refuted": "已证伪",
        "withdrawn": "已撤回",
        "internal": "内部信息，不对外",
        "privileged": "法律保密，一个字也不说",
        "claim_unknown": "真假还不知道，不承认也不否认",
        "claim_true": "属实，不否认",
        "claim_partly": "部分属实，不整个否认",
        "claim_unproven": "标为不属实，但证据已不成立",
    },
    "en": {
        "unverified": "not verified yet",
        "unknown": "not known yet; do not guess",
        "refuted": "refuted",
        "withdrawn": "withdrawn",
        "internal": "internal, not for the public",
        "privileged": "legally privileged; not a word of it",
        "claim_unknown": "not known whether it is true; neither confirm nor deny",
        "claim_true": "it is true; do not deny it",
        "claim_partly": "partly true; do not deny all of it",
        "claim_unproven": "marked false, but its evidence no longer stands",
    },
}


@dataclass(frozen=True, slots=True)
class DoNotSay:
    """One line of the list: `label` (F2, C1), `why` (a word, see _WHY) and the whole line, harmless in any export.

    Words of a privileged fact are never in it.
    """

    label: str
    why: str
    line: str


def do_not_say(facts: Sequence[Fact], claims: Sequence[Claim], lang: str) -> tuple[DoNotSay, ...]:
    """Facts first, then claims, each in the order of their labels; `facts` and `claims` are the newest versions."""
    found = []
    for fact in facts:
        why = _of_fact(fact)
        if why:
            found.append(_line(fact.label, why, _words(fact, lang), lang))
    found += [_line(claim.label, why, claim.said, lang) for claim, why in _of_claims(claims, facts)]
    return tuple(found)


def _of_fact(fact: Fact) -> str:
    """Why it may not be said; "" when it may. An unknown may be said to be unknown, never guessed at."""
    if fact.scope is FactScope.PRIVILEGED:
        return "privileged"
    if fact.status in (FactStatus.REFUTED, FactStatus.WITHDRAWN):
        return fact.status.value
    if fact.scope is FactScope.INTERNAL:
        return "internal"
    return "" if fact.status is FactStatus.CONFIRMED else fact.status.value


def _of_claims(claims: Sequence[Claim], facts: Sequence[Fact]) -> Iterator[tuple[Claim, str]]:
    for claim in claims:
        if claim.kind is not ClaimKind.FACT:
            continue
        if claim.status is not ClaimStatus.FALSE:
            yield claim, f"claim_{claim.status}"
        elif not carried(claim, facts):
            yield claim, "claim_unproven"


def _words(fact: Fact, lang: str) -> str:
    if fact.scope is FactScope.PRIVILEGED:
        return ""
    return (fact.zh or fact.en) if lang == "zh" else (fact.en or fact.zh)


def _line(label: str, why: str, words: str, lang: str) -> DoNotSay:
    said = plain(words, 160)
    reason = _WHY[lang][why]
    opening, closing = ("（", "）") if lang == "zh" else (" (", ")")
    return DoNotSay(
        label, why, f"{label} {said}{opening}{reason}{closing}" if said else f"{label}{opening}{reason}{closing}"
    )
