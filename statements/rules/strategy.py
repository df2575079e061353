"""Which message strategies a text uses and which of them are locked (pure): SCCT as a table and a few clear cues.

The lock, for whoever holds a text against the rules:

    used = strategies_in(body, lang)
    reasons = locked(used, cluster, facts, claims, earlier)

`cluster` is the last `Attribution` of the incident (`store.claims.attributions_of(tx, id)[-1]`), None while nobody has
set it; `facts` and `claims` are the newest versions, `earlier` the strategies of every text of the incident that is
already public (`strategies_in` of each). `reasons` is () when the text may use them all, else one `Locked` per reason;
`places(body, lang, strategy)` says which words of the text it is about.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from statements.known.claims import proven_false
from statements.rules.strategy_words import CUES, NOT_YET, Strategy
from store.nouns import Attribution, Claim, CrisisCluster, Fact, FactScope, FactStatus


@dataclass(frozen=True, slots=True)
class Locked:
    """Why a strategy may not be used now."""

    strategy: Strategy
    zh: str
    en: str


# Concern and an apology for what people went through are adjusting information: never locked by themselves.
ALWAYS = frozenset({Strategy.INSTRUCT, Strategy.ADJUST, Strategy.APOLOGISE})


def strategies_in(body: str, lang: str) -> frozenset[Strategy]:
    """Which strategies a text uses, by clear cue phrases; what it says is not known yet counts as none."""
    return frozenset(one for one in CUES[lang] if places(body, lang, one))


def places(body: str, lang: str, strategy: Strategy) -> tuple[tuple[int, int], ...]:
    """(start, end) of the phrases by which a text uses a strategy."""
    found = CUES[lang][strategy].finditer(body)
    return tuple(hit.span() for hit in found if not NOT_YET[lang].search(body[max(0, hit.start() - 60) : hit.start()]))


def allowed(
    cluster: Attribution | None, facts: Sequence[Fact] = (), claims: Sequence[Claim] = ()
) -> frozenset[Strategy]:
    """What a text may do now: the table of the SCCT, read with the facts and claims as they stand."""
    return frozenset(one for one in Strategy if not _reason(one, cluster, facts, claims))


def locked(
    strategies: Collection[Strategy],
    cluster: Attribution | None,
    facts: Sequence[Fact],
    claims: Sequence[Claim],
    earlier: Collection[Strategy] = (),
) -> tuple[Locked, ...]:
    """Why a text with these strategies may not be said now, in the order of `Strategy`; () when it may."""
    found = []
    for one in Strategy:
        if one in strategies:
            reasons = (_reason(one, cluster, facts, claims), _mixed(one, strategies, earlier))
            found += [Locked(one, *reason) for reason in reasons if reason]
    return tuple(found)


def has_cause(facts: Sequence[Fact]) -> bool:
    """Whether a confirmed public fact names the cause."""
    sure = (one for one in facts if one.status is FactStatus.CONFIRMED and one.scope is FactScope.PUBLIC)
    return any(one.slot == "cause" for one in sure)


_Said = tuple[str, str]
_UNSET = (
    "责任归类还没有由人确定：只能说怎样保护自己、已经做了什么和关心。",
    "Nobody has set the crisis cluster: only instruct and adjust.",
)
_DENY_WHERE = ("否认只用于受害型（谣言、仿冒）。", "Deny only where we are the victim (rumour, impersonation).")
_DENY_PROOF = ("否认要有一条标为“不属实”并附证据的说法。", "A denial needs a claim marked false with evidence.")
_DIMINISH_WHERE = ("解释原因、说影响小只用于意外型。", "Explaining or playing down is for accidents only.")
_DIMINISH_HISTORY = ("以前发生过类似的事：不解释，要担责。", "It has happened before: do not explain, rebuild.")
_DIMINISH_CAUSE = ("还没有一条已核实、可公开的“原因”事实。", "No confirmed fact names the cause yet.")
_REBUILD_WHERE = (
    "担责、赔偿用于可预防型，或以前发生过类似事件的意外型。",
    "Rebuilding is for preventable crises, or accidents with a history.",
)
_MIXED = (
    "否认和道歉、担责、解释不能混着说，前后各版也不能。",
    "Never mix a denial with an apology, over versions either.",
)


def _reason(
    strategy: Strategy, cluster: Attribution | None, facts: Sequence[Fact], claims: Sequence[Claim]
) -> _Said | None:
    if strategy in ALWAYS:
        return None
    if cluster is None:
        return _UNSET
    if strategy is Strategy.DENY:
        return _deny(cluster, facts, claims)
    if strategy is Strategy.DIMINISH:
        return _diminish(cluster, facts)
    if strategy is Strategy.REBUILD:
        serious = cluster.cluster is CrisisCluster.PREVENTABLE
        return None if serious or (cluster.cluster is CrisisCluster.ACCIDENTAL and cluster.history) else _REBUILD_WHERE
    # Reminders of past good works are a supplement, once the facts are in.
    return None


def _deny(cluster: Attribution, facts: Sequence[Fact], claims: Sequence[Claim]) -> _Said | None:
    if cluster.cluster is not CrisisCluster.VICTIM:
        return _DENY_WHERE
    return None if any(proven_false(one, facts) for one in claims) else _DENY_PROOF


def _diminish(cluster: Attribution, facts: Sequence[Fact]) -> _Said | None:
    if cluster.cluster is not CrisisCluster.ACCIDENTAL:
        return _DIMINISH_WHERE
    if cluster.history:
        return _DIMINISH_HISTORY
    return None if has_cause(facts) else _DIMINISH_CAUSE


def _mixed(strategy: Strategy, strategies: Collection[Strategy], earlier: Collection[Strategy]) -> _Said | None:
    """One of the two sides is told, so that a mixture is one finding."""
    both = {*strategies, *earlier}
    owning = {Strategy.APOLOGISE, Strategy.REBUILD, Strategy.DIMINISH}
    if strategy is Strategy.DENY:
        return _MIXED if owning & both else None
    mixed = strategy in owning and Strategy.DENY in earlier and Strategy.DENY not in strategies
    return _MIXED if mixed else None
