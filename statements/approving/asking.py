"""Who is asked for a yes and until when: the next one when nobody answers, and what becomes of a yes nobody used."""

from dataclasses import dataclass
from datetime import datetime

from statements.approving import delegation, lane, reviewers
from statements.approving.approval import BLOCKING, HOLDS, Case, final_yes, sayable
from statements.approving.linting import Linting
from statements.approving.moves import REVIEWS, Part, needs_legal
from statements.rules.wording import Finding
from store import agenda, facts, incidents, journal, reviews_asked, spells, texts, versions
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import AskedReview, Draft, DraftState, Incident, Level, VersionKind, Window

SYSTEM = "system"
PARTS = {DraftState.LEGAL_REVIEW: Part.LEGAL, DraftState.SPOKESPERSON_REVIEW: Part.SPEAKER}


@dataclass(frozen=True, slots=True)
class Call:
    """People who must be paged about a text. `why`: review, unanswered, informed, stale or expired; `turn` says which
    call it is, so that nobody is paged twice for one."""

    why: str
    people: tuple[str, ...]
    draft: Draft
    incident: Incident
    turn: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asking(Linting):
    """Reviews that are waited for."""

    def speakers(self, tx: Tx, incident_id: str, now: datetime) -> tuple[str, ...]:
        """Who may approve and release in this incident now: spokesperson, named deputies, who has the right lent."""
        return delegation.speakers(self.speaking.team, reviews_asked.lent(tx, now), incident_id, now)

    def case(self, tx: Tx, incident: Incident, draft: Draft, now: datetime) -> Case:
        """A text with everything a yes to it depends on."""
        # The sheet quotes what must not be said, so the wording rules have nothing to say about it.
        found = self.findings(tx, incident, draft, now) if draft.kind != "qa" else ()
        latest = texts.latest(tx, draft.incident, draft.kind, draft.lang)
        legal = needs_legal(incident.level, draft.kind, {one.level for one in found}, lane=False)
        return Case(
            draft=draft,
            latest_version=latest.version if latest else 0,
            findings=found,
            facts=tuple(facts.current(tx, incident.id)),
            given=tuple(texts.approvals_of(tx, [draft.id])),
            asked=tuple(reviews_asked.asked_of(tx, [draft.id])),
            overrides=tuple(reviews_asked.overrides_of(tx, [draft.id])),
            objections=tuple(reviews_asked.objections_of(tx, incident.id, draft.kind, draft.lang)),
            legal=legal and bool(self.lane_closed(tx, incident, draft, clean=not _blocked(found))),
        )

    def lane_closed(self, tx: Tx, incident: Incident, draft: Draft, *, clean: bool = True) -> str:
        """Why this text is not in the pre-cleared lane; "" while it is."""
        if not clean:
            return "the wording rules have something against this text"
        names = [f"{draft.kind}/{category}/{draft.lang}" for category in (incident.category, "general")]
        saved = (versions.current(tx, VersionKind.TEMPLATE, name) for name in names)
        found = next((one for one in saved if one), None)
        known = facts.current(tx, incident.id)
        used = [one for one in known if one.label in draft.fact_ids and sayable(one)]
        context = self.speaking.context(incident, used, draft.lang, draft.at)
        return lane.closed_why(lane.cleared(found, self.speaking.team), draft.body, context)

    def parts(self, case: Case, who: str, speakers: tuple[str, ...]) -> frozenset[Part]:
        """What this person is to this text."""
        return reviewers.parts_of(self.speaking.roles(who), who, speakers, case.asked, legal=case.legal)

    def ask_next(self, tx: Tx, incident: Incident, draft: Draft, part: Part, now: datetime) -> AskedReview | None:
        """Ask the next person for this yes; None when everybody was asked."""
        asked = [one for one in reviews_asked.asked_of(tx, [draft.id]) if one.part == part]
        away = {one.person for one in spells.at(tx, Window.ABSENCE, now)}
        order = reviewers.ladder(self.speaking.team, part, draft, self.speakers(tx, incident.id, now), away)
        before = {one.person for one in asked}
        person = next((one for one in order if one not in before), None)
        if person is None:
            return None
        turn = len(asked)
        made = AskedReview(self.ids(), draft.id, part, person, turn, now, now + reviewers.time_for(turn))
        reviews_asked.ask(tx, made)
        detail = {"part": part.value, "person": person, "kind": draft.kind, "lang": draft.lang}
        journal.write(tx, now, SYSTEM, "review_asked", subject(incident.id), "", detail)
        agenda.promise(tx, Job.TEXT, draft.id, now)
        return made

    def look(self, tx: Tx, draft_id: str, now: datetime) -> tuple[list[Call], datetime | None]:
        """What is due for a text: whom to page about it, and when to look again."""
        draft = texts.draft(tx, draft_id)
        incident = incidents.get(tx, draft.incident, lock=True) if draft else None
        if draft is None or incident is None or incident.status not in incidents.OPEN:
            return [], None
        # Read anew under the lock: somebody may have said yes meanwhile.
        draft = texts.draft(tx, draft_id) or draft
        if draft.state in REVIEWS:
            return self._waiting(tx, incident, draft, now)
        if draft.state is DraftState.APPROVED:
            return self._unused(tx, incident, draft, now)
        if draft.state is DraftState.STALE:
            # Whoever wrote it, and whoever has the incident: one of the two is there.
            people = (*self._owners(incident, draft), *([incident.owner] if incident.owner else []))
            return [Call("stale", tuple(dict.fromkeys(people)), draft, incident, f"stale:{draft.id}")], None
        return [], None

    def _waiting(self, tx: Tx, incident: Incident, draft: Draft, now: datetime) -> tuple[list[Call], datetime | None]:
        part, calls = PARTS[draft.state], []
        if incident.level is Level.RED:
            executives = tuple(self.speaking.team.roles().get("executive", ()))
            calls.append(Call("informed", executives, draft, incident, f"informed:{draft.id}"))
        mine = [one for one in reviews_asked.asked_of(tx, [draft.id]) if one.part == part]
        waited = reviewers.open_one(mine)
        if waited and reviewers.waits_until(waited) <= now:
            reviews_asked.close(tx, [draft.id], "late", now, part)
            detail = {"part": part.value, "person": waited.person}
            journal.write(tx, now, SYSTEM, "review_late", subject(incident.id), "", detail)
            waited = self.ask_next(tx, incident, draft, part, now)
        if waited is None:
            people = (*self.speaking.team.roles().get("lead", ()), *self._owners(incident, draft))
            calls.append(Call("unanswered", people, draft, incident, f"unanswered:{draft.id}:{part}"))
            return calls, None
        calls.append(Call("review", (waited.person,), draft, incident, waited.id, reviewers.waits_until(waited)))
        return calls, reviewers.waits_until(waited)

    def _unused(self, tx: Tx, incident: Incident, draft: Draft, now: datetime) -> tuple[list[Call], datetime | None]:
        """An approved text nobody posted for half an hour was overtaken by what happened since."""
        given = final_yes(texts.approvals_of(tx, [draft.id]))
        if given is None or now < given.at + HOLDS:
            return [], given.at + HOLDS if given else None
        texts.set_state(tx, [draft.id], DraftState.EXPIRED)
        detail = {"kind": draft.kind, "lang": draft.lang, "version": draft.version}
        journal.write(tx, now, SYSTEM, "approval_expired", subject(incident.id), "", detail)
        people = tuple(dict.fromkeys((given.who, *self._owners(incident, draft))))
        return [Call("expired", people, draft, incident, given.id)], None

    def _owners(self, incident: Incident, draft: Draft) -> tuple[str, ...]:
        """Whose text it is: its author; of one the house wrote, whoever has the incident, else duty."""
        if draft.author != SYSTEM:
            return (draft.author,)
        return (incident.owner,) if incident.owner else tuple(self.speaking.team.roles().get("responder", ()))


def void(tx: Tx, drafts: list[Draft], reason: str, now: datetime) -> int:
    """Take back every yes and end every review of these versions; returns how many yeses stood."""
    ids = [one.id for one in drafts]
    reviews_asked.close(tx, ids, "void", now)
    return texts.void_approvals(tx, ids, now, reason)


def _blocked(found: tuple[Finding, ...]) -> bool:
    return any(one.level in (*BLOCKING, "L") for one in found)
