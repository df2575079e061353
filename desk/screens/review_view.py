"""What a reviewer sees of one text: who must still say yes, until when, what stands against it, what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from config.errors import GoldenHourError
from desk.screens.door import Ask
from desk.screens.trouble import explain
from statements.approving.approval import Case, final_yes, may_move, overrides, words_of
from statements.approving.moves import REVIEWS, Action, Part, possible
from statements.approving.objections import blocking, stands
from statements.approving.reviewers import SHORT_FORM_AFTER, open_one, waits_until
from statements.rules.wording import Finding
from store import texts
from store.database import Tx
from store.nouns import AskedReview, Draft, DraftState, Incident, Objection, Override

# Read aloud at the pace of a calm statement.
CHARACTERS_A_SECOND, WORDS_A_SECOND = 4.2, 2.4


@dataclass(frozen=True, slots=True)
class Way:
    """One stop on the way of a text: `state` is done, now or ahead; `who` has said yes there or is asked."""

    name: str
    state: str
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything about the yeses to one version."""

    parts: frozenset[Part]
    actions: frozenset[str]
    refusals: dict[str, str]
    way: tuple[Way, ...]
    waited: AskedReview | None
    until: datetime | None
    objections: tuple[Objection, ...]
    blocking: tuple[Objection, ...]
    overrides: tuple[tuple[Override, bool], ...]
    open_errors: tuple[tuple[Finding, str], ...]
    lane: bool
    lane_closed: str
    short_form: bool
    speakers: tuple[str, ...]
    versions: tuple[Draft, ...] = field(default=())

    def may(self, action: str) -> bool:
        return action in self.actions


def review_view(ask: Ask, tx: Tx, incident: Incident, draft: Draft) -> ReviewView:
    """Judge a text for whoever looks, by the very rules that will judge their buttons."""
    release = ask.room.release
    speakers = release.speakers(tx, incident.id, ask.now)
    case = release.case(tx, incident, draft, ask.now)
    parts = release.parts(case, ask.who, speakers)
    open_ = possible(draft.state, parts, legal=case.legal)
    refusals = {one.value: why for one in open_ if (why := _refusal(ask, case, one, parts))}
    waited = open_one(case.asked)
    clean = not any(one.level in ("X", "E", "L") for one in case.findings)
    closed = release.lane_closed(tx, incident, draft, clean=clean)
    late = draft.state in REVIEWS and draft.kind != "short" and ask.now >= incident.t0 + SHORT_FORM_AFTER
    body = draft.body
    return ReviewView(
        parts=parts,
        actions=frozenset(one.value for one in open_ if one.value not in refusals),
        refusals=refusals,
        way=tuple(_way(case)),
        waited=waited,
        until=waits_until(waited) if waited else None,
        objections=tuple(one for one in case.objections if stands(one, body)),
        blocking=blocking(case.objections, body),
        overrides=tuple((one, overrides(one, draft)) for one in case.overrides if one.sha256 == draft.sha256),
        open_errors=tuple((one, words_of(one, body)) for one in case.blocking if one.level == "E"),
        lane=not closed,
        lane_closed=closed,
        short_form=late and draft.state is DraftState.LEGAL_REVIEW,
        speakers=speakers,
        versions=tuple(texts.versions(tx, incident.id, draft.kind, draft.lang)),
    )


def seconds(body: str, lang: str) -> int:
    """How long reading it aloud takes."""
    spoken = len("".join(body.split())) / CHARACTERS_A_SECOND if lang == "zh" else len(body.split()) / WORDS_A_SECOND
    return max(1, round(spoken))


def _refusal(ask: Ask, case: Case, action: Action, parts: frozenset[Part]) -> str:
    """Why the rules would refuse it; edits and posts have rules and screens of their own."""
    if action in (Action.EDIT, Action.RELEASE):
        return ""
    try:
        may_move(case, action, ask.who, parts)
    except GoldenHourError as error:
        return explain(error, ask.lang)
    return ""


def _way(case: Case) -> Sequence[Way]:
    given = {one.role: one for one in case.standing}
    last = final_yes(case.standing)
    asked = {one.part: one.person for one in case.asked if not one.answer}
    stops = [("facts", given.get("facts"), "")]
    if case.legal or "legal" in given:
        stops.append(("legal", given.get("legal"), asked.get(Part.LEGAL, "")))
    stops.append(("spokesperson", last, asked.get(Part.SPEAKER, "")))
    found, current = [], True
    for name, yes, who in stops:
        state = "done" if yes else ("now" if current else "ahead")
        current = current and yes is not None
        found.append(Way(name, state, yes.who if yes else who, yes.at if yes else None))
    return found
