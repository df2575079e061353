"""Everything the editor shows of one text: findings, origins, limits per platform, and who must still say yes."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.errors import GoldenHourError
from desk import access
from desk.screens.door import Ask
from desk.screens.origin import Card, Excerpt, Tint, cards, excerpt, tinted, weighted
from desk.screens.quoting import safe_url
from desk.screens.trouble import explain
from statements.approval import may_approve, sayable, stale_reasons
from statements.fact_log import WRITERS
from statements.wording import Finding
from store import facts, texts
from store.database import Tx
from store.incidents import OPEN
from store.nouns import Approval, Draft, DraftState, Fact, Incident, Publication

_GRAVE_FIRST = ("X", "E", "L", "W", "I")


@dataclass(frozen=True, slots=True)
class Platform:
    """Where a text can be posted and how long it may be there (0: no limit known); X weighs characters."""

    id: str
    limit: int
    weighs: bool = False


# Working limits, checked 2026; a longer text is not refused, only counted.
PLATFORMS = (
    Platform("weibo", 2000),
    Platform("wechat", 20_000),
    Platform("xiaohongshu", 1000),
    Platform("douyin", 1000),
    Platform("x", 280, weighs=True),
    Platform("press", 0),
)


@dataclass(frozen=True, slots=True)
class Count:
    """One platform's count: `used` of `limit`."""

    platform: str
    used: int
    limit: int

    @property
    def over(self) -> bool:
        return 0 < self.limit < self.used


@dataclass(frozen=True, slots=True)
class TextView:
    """One text as the editor shows it; `draft` None while none is written."""

    incident: Incident
    kind: str
    lang: str
    draft: Draft | None
    tints: tuple[Tint, ...] = ()
    findings: tuple[Excerpt, ...] = ()
    cards: tuple[Card, ...] = ()
    used: tuple[Fact, ...] = ()
    counts: tuple[Count, ...] = ()
    stale: tuple[str, ...] = ()
    approval: Approval | None = None
    voided: Approval | None = None
    publications: tuple[tuple[Publication, str], ...] = ()
    may_write: bool = False
    may_approve: bool = False
    may_publish: bool = False
    why_not: str = ""

    @property
    def blocking(self) -> int:
        """How many findings no spokesperson may pass."""
        return sum(one.finding.level in ("X", "E") for one in self.findings)


def text_view(ask: Ask, tx: Tx, incident: Incident, kind: str, lang: str) -> TextView:
    """Read and judge the newest version of a text."""
    draft = texts.latest(tx, incident.id, kind, lang)
    may_write = incident.status in OPEN and access.may(ask.person, *WRITERS)
    if draft is None:
        return TextView(incident, kind, lang, None, may_write=may_write)
    known = facts.current(tx, incident.id)
    # The sheet quotes what must not be said, so the wording rules have nothing to say about it.
    found = ask.room.release.findings(tx, incident, draft, ask.now) if kind != "qa" else ()
    found = tuple(sorted(found, key=lambda one: (_GRAVE_FIRST.index(one.level), one.start)))
    said = texts.approvals_of(tx, [draft.id])
    released = incident.status in OPEN and draft.state in (DraftState.APPROVED, DraftState.RELEASED)
    why_not = _why_not(ask, draft, known, found)
    return TextView(
        incident=incident,
        kind=kind,
        lang=lang,
        draft=draft,
        tints=tinted(draft.body, lang, [one for one in known if sayable(one)], found, ask.now, ask.room.zone),
        findings=tuple(excerpt(draft.body, one) for one in found),
        cards=cards(draft.body) if kind == "qa" else (),
        used=tuple(one for one in known if one.label in draft.fact_ids),
        counts=tuple(_count(one, draft.body) for one in PLATFORMS),
        stale=stale_reasons(draft, known),
        approval=next((one for one in reversed(said) if one.voided_at is None), None),
        voided=next((one for one in reversed(_all_said(tx, incident, kind, lang)) if one.voided_at), None),
        publications=tuple((one, safe_url(one.url)) for one in _posted(tx, incident, kind, lang)),
        may_write=may_write,
        may_approve=incident.status in OPEN and not why_not,
        may_publish=released and ask.who in ask.room.release.speaking.spokespeople,
        why_not=why_not,
    )


def _why_not(ask: Ask, draft: Draft, known: Sequence[Fact], found: Sequence[Finding]) -> str:
    """Why this person may not approve this text now, by the very rule that will judge the button; "" when they may."""
    speaking = ask.room.release.speaking
    try:
        may_approve(
            draft,
            who=ask.who,
            roles=speaking.roles(ask.who),
            spokespeople=speaking.spokespeople,
            latest_version=draft.version,
            findings=found,
            facts_now=known,
        )
    except GoldenHourError as error:
        return explain(error, ask.lang)
    return ""


def _all_said(tx: Tx, incident: Incident, kind: str, lang: str) -> list[Approval]:
    return texts.approvals_of(tx, [one.id for one in texts.versions(tx, incident.id, kind, lang)])


def _posted(tx: Tx, incident: Incident, kind: str, lang: str) -> list[Publication]:
    own = {one.id for one in texts.versions(tx, incident.id, kind, lang)}
    return [one for one in texts.publications_of(tx, incident.id) if one.draft in own]


def _count(platform: Platform, body: str) -> Count:
    used = weighted(body) if platform.weighs else len(body)
    return Count(platform.id, used, platform.limit)
