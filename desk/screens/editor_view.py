"""Everything the editor shows of one text: findings, origins, limits per platform, and who must still say yes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from config.platforms import Platform
from desk import access
from desk.screens.door import Ask
from desk.screens.editor_place import ALL_KINDS
from desk.screens.origin import Card, Excerpt, Tint, cards, excerpt, tinted, weighted
from desk.screens.quoting import safe_url
from desk.screens.review_view import ReviewView, review_view
from desk.screens.steps import Step, budget, read_progress
from statements.approving.approval import SPEAKING, final_yes, sayable, stale_reasons
from statements.approving.moves import NOT_PUBLIC, Part
from statements.approving.objections import sentences
from statements.known.fact_log import WRITERS
from statements.rules.wording import Finding
from statements.writing.render import LANGS
from store import facts, texts
from store.database import Tx
from store.incidents import OPEN
from store.nouns import Approval, Draft, DraftState, Fact, Incident, Publication

# An expired yes still covers the record of a post made while it held.
_POSTABLE = (DraftState.APPROVED, DraftState.EXPIRED, DraftState.RELEASED)
DONE = (
    "saved", "approved", "published", "hand-in", "check", "changes", "reject", "object", "withdraw",
    "override", "grant", "eta",
)  # fmt: skip
_GRAVE_FIRST = ("X", "E", "L", "W", "I")
# Suggestions one tap may put into a text. Those of other rules tell of deeds and hours of an example: a writer copies
# their manner, and a tap at 3 a.m. must not make the company say what nobody did or promised.
ADOPTABLE = ("S05", "S08", "S18")


# Where people post a text as it stands; limits are those of platforms.toml.
POSTED = ("weibo", "wechat", "xiaohongshu", "douyin", "x", "press")


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
    stale_lines: tuple[str, ...] = ()
    approval: Approval | None = None
    voided: Approval | None = None
    publications: tuple[tuple[Publication, str], ...] = ()
    may_write: bool = False
    may_publish: bool = False
    review: ReviewView | None = None
    is_open: bool = False
    steps: tuple[Step, ...] = ()
    tabs: tuple[tuple[str, str], ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What an objection can name."""
        body = self.draft.body if self.draft else ""
        return tuple(dict.fromkeys(body[start:end] for start, end in sentences(body)))

    @property
    def public(self) -> bool:
        """Whether this kind of text is ever posted."""
        return self.kind not in NOT_PUBLIC

    @property
    def quiet(self) -> bool:
        """Whether saving is the next step, because nothing graver waits for this person."""
        graver = ("approve", "legal_yes", "hand_in", "check")
        return not self.may_publish and not (self.review and any(self.review.may(one) for one in graver))

    @property
    def said(self) -> tuple[str, ...]:
        """What may have been done before this screen came."""
        return DONE

    @property
    def blocking(self) -> int:
        """How many findings no spokesperson may pass."""
        return sum(one.finding.level in ("X", "E") for one in self.findings)


def fits(one: Finding) -> bool:
    """Whether one tap may put the suggestion into the text: a whole sentence that claims no deed and no hour."""
    said = one.suggestion
    whole = said.endswith(("。", ".")) and not said.startswith(("（", "(")) and "…" not in said
    return one.rule in ADOPTABLE and one.end > one.start and whole


def text_view(ask: Ask, tx: Tx, incident: Incident, kind: str, lang: str) -> TextView:
    """Read and judge the newest version of a text."""
    draft = texts.latest(tx, incident.id, kind, lang)
    may_write = incident.status in OPEN and access.may(ask.person, *WRITERS)
    tabs = _tabs(tx, incident, (kind, lang))
    if draft is None:
        return TextView(incident, kind, lang, None, may_write=may_write, tabs=tabs)
    told = facts.history(tx, incident.id)
    known = facts.current(tx, incident.id)
    # The sheet quotes what must not be said, so the wording rules have nothing to say about it.
    found = ask.room.release.findings(tx, incident, draft, ask.now) if kind != "qa" else ()
    found = tuple(sorted(found, key=lambda one: (_GRAVE_FIRST.index(one.level), one.start)))
    said = texts.approvals_of(tx, [draft.id])
    released = incident.status in OPEN and draft.state in _POSTABLE
    review = review_view(ask, tx, incident, draft)
    is_open = incident.status in OPEN
    stale = stale_reasons(draft, known)
    return TextView(
        incident=incident,
        kind=kind,
        lang=lang,
        draft=draft,
        tints=tinted(draft.body, lang, [one for one in known if sayable(one)], found, ask.now, ask.room.zone),
        findings=tuple(excerpt(draft.body, one) for one in found),
        cards=cards(draft.body) if kind == "qa" else (),
        used=tuple(one for one in known if one.label in draft.fact_ids),
        counts=tuple(_count(ask.room.settings.platforms.of(one), draft.body) for one in POSTED),
        stale=stale,
        stale_lines=_lines_of(draft, told, {one.partition(":")[0] for one in stale}),
        approval=final_yes(said),
        voided=_last_voided(tx, incident, kind, lang),
        publications=tuple((one, safe_url(one.url)) for one in _posted(tx, incident, kind, lang)),
        may_write=may_write,
        may_publish=released and Part.SPEAKER in review.parts and kind not in NOT_PUBLIC,
        review=review,
        is_open=is_open,
        tabs=tabs,
        steps=budget(read_progress(tx, incident, lang), ask.now),
    )


def _lines_of(draft: Draft, told: Sequence[Fact], labels: Collection[str]) -> tuple[str, ...]:
    """The lines of a text that say what facts of these labels said in any version."""
    said = [one.zh if draft.lang == "zh" else one.en for one in told if one.label in labels]
    words = [one.strip("。．.；;，, ") for one in said]
    lines = [one.strip() for one in draft.body.splitlines()]
    return tuple(one for one in lines if any(word and word in one for word in words))


def _tabs(tx: Tx, incident: Incident, here: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The texts of an incident in the order of their kinds, and the one that is looked at."""
    found = {here, *((one.kind, one.lang) for one in texts.versions(tx, incident.id))}
    return tuple((kind, lang) for kind in ALL_KINDS for lang in LANGS if (kind, lang) in found)


def _last_voided(tx: Tx, incident: Incident, kind: str, lang: str) -> Approval | None:
    """The last final yes that fell."""
    said = texts.approvals_of(tx, [one.id for one in texts.versions(tx, incident.id, kind, lang)])
    return next((one for one in reversed(said) if one.voided_at and one.role in SPEAKING), None)


def _posted(tx: Tx, incident: Incident, kind: str, lang: str) -> list[Publication]:
    own = {one.id for one in texts.versions(tx, incident.id, kind, lang)}
    return [one for one in texts.publications_of(tx, incident.id) if one.draft in own]


def _count(platform: Platform, body: str) -> Count:
    """A longer text is not refused, only counted; what is cut into parts is counted against one part, weighed."""
    if platform.part:
        return Count(platform.id, weighted(body), platform.part)
    return Count(platform.id, len(body), platform.body)
