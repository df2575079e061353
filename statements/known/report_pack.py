"""The report pack 举报材料包 (pure): the six items a platform or an authority asks for, or why none is made.

It is the lawful answer to a falsehood and the only one here: nothing deletes, hides or reports in bulk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.legal_clocks import ReportSettings
from statements.known.claims import carried
from statements.writing.marks import neutral
from store.nouns import Claim, ClaimKind, ClaimStatus, Fact, FactScope, FactStatus, Judged, Snapshot

MOST_SNAPSHOTS = 50
GUARANTEE = (
    "本公司保证：所提交的材料真实、完整、来源合法；所指信息与事实不符的部分，以所附证据为准。"
    "如因材料不实给他人造成损失，本公司依法承担责任（民法典第一千一百九十五条第三款）。"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One head item of the pack: what is asked, what was given; "" is missing."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Pack:
    """The six items, every string one harmless line. `missing` names what has to be added by hand."""

    number: int
    label: str
    company: str
    licence: tuple[Item, ...]
    agent: tuple[Item, ...]
    urls: tuple[str, ...]
    said: str
    reasons: tuple[str, ...]
    answer: str
    facts: tuple[Fact, ...]
    document: Item | None
    snapshots: tuple[Snapshot, ...]
    guarantee: str
    missing: tuple[str, ...]


def refusal(claim: Claim, facts: Sequence[Fact]) -> str:
    """Why no report pack is made of a claim; "" when one is."""
    if claim.kind is not ClaimKind.FACT:
        return "An opinion or a complaint is never reported; answer it."
    if claim.status is not ClaimStatus.FALSE:
        return "A report pack is made only of a claim that is marked false with evidence."
    if not carried(claim, facts):
        return "The evidence of this claim no longer stands; nothing is reported on it."
    if not carried(claim, facts, shown=True):
        return "The evidence of this claim is not public; a report needs evidence that may be shown."
    return ""


def build(
    number: int,
    claim: Claim,
    facts: Sequence[Fact],
    evidence: tuple[Sequence[Judged], Sequence[Snapshot]],
    given: ReportSettings,
) -> Pack:
    """The pack of a claim for which `refusal` is "". `evidence` is (mentions that say it, snapshots kept of them)."""
    mentions, snapshots = evidence
    # Exact addresses: those somebody wrote down, else those of the mentions that say it.
    heard = (one.mention.url for one in mentions if one.mention.url.startswith(("http://", "https://")))
    urls = tuple(dict.fromkeys(_flat(url, 500) for url in (claim.urls or tuple(heard))))
    shown = tuple(one for one in facts if one.label in claim.facts and _showable(one))
    licence = (Item("营业执照（统一社会信用代码）", _flat(given.licence)), Item("举报单位", _flat(given.company)))
    agent = (
        Item("经办人", _flat(given.agent)),
        Item("经办人身份证明", _flat(given.agent_id)),
        Item("授权委托书", _flat(given.authorisation)),
    )
    document = Item(_flat(claim.evidence), claim.sha256) if claim.sha256 else None
    missing = [one.name for one in (*licence, *agent) if not one.value]
    missing += [] if urls else ["信息的确切网址"]
    missing += [] if snapshots or document else ["原帖快照（在提及页“取证”）"]
    return Pack(
        number=number,
        label=claim.label,
        company=_flat(given.company),
        licence=licence,
        agent=agent,
        urls=urls,
        said=_flat(claim.said),
        reasons=tuple(_flat(one.zh or one.en) for one in shown),
        answer=_flat(claim.answer_zh or claim.answer_en, 500),
        facts=tuple(_harmless(one) for one in shown),
        document=document,
        snapshots=tuple(snapshots[:MOST_SNAPSHOTS]),
        guarantee=GUARANTEE,
        missing=tuple(missing),
    )


def _showable(fact: Fact) -> bool:
    return fact.status is FactStatus.CONFIRMED and fact.scope is FactScope.PUBLIC


def _harmless(fact: Fact) -> Fact:
    """The fact with its words whole, but without signs that nobody sees."""
    return replace(
        fact,
        zh=neutral(fact.zh),
        en=neutral(fact.en),
        source=neutral(fact.source),
        second_source=neutral(fact.second_source),
        evidence=neutral(fact.evidence),
    )


def _flat(text: str, longest: int = 300) -> str:
    return neutral(text)[:longest]
