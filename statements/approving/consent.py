"""A text on its way to a yes: handed in, legal's yes, the spokesperson's, changes asked for, refused, posted."""

from dataclasses import dataclass
from datetime import datetime

from config.errors import AccessError, InputError, MoveError, StaleError
from statements.approving import approval
from statements.approving.approval import Case, may_move
from statements.approving.asking import PARTS, Asking, void
from statements.approving.moves import Action, Part, check_part
from statements.posting.publishing import Post
from store import agenda, incidents, journal, reviews_asked, texts
from store.agenda import Job
from store.database import Tx
from store.incidents import OPEN, subject
from store.nouns import Approval, Draft, DraftState, Incident

SHORTEST_WHY, LONGEST_WHY = 2, 1000


@dataclass(frozen=True, slots=True)
class Consent(Asking):
    """The verbs of the way; which leads where is in statements.approving.moves."""

    def hand_in(self, tx: Tx, draft_id: str, sha256: str, who: str, now: datetime) -> Draft:
        """Vouch for the facts (unless somebody has) and hand the text to legal, or where legal is not asked on."""
        case, incident = self._seen(tx, draft_id, sha256, who, now)
        if case.draft.state is not DraftState.FACT_CHECKED:
            self.check_facts(tx, draft_id, sha256, who, now)
            case, incident = self._seen(tx, draft_id, sha256, who, now)
        to = self._go(tx, incident, case, Action.HAND_IN, who, now)
        self.ask_next(tx, incident, case.draft, PARTS[to], now)
        return self._draft(tx, draft_id)

    def check_facts(self, tx: Tx, draft_id: str, sha256: str, who: str, now: datetime) -> Draft:
        """Vouch for the facts without handing the text in yet."""
        case, incident = self._seen(tx, draft_id, sha256, who, now)
        self._go(tx, incident, case, Action.CHECK, who, now)
        self._yes(tx, case.draft, who, "facts", now)
        return self._draft(tx, draft_id)

    def approve(self, tx: Tx, draft_id: str, sha256: str, who: str, now: datetime) -> Approval:
        """A yes to exactly the text whose sha256 the person saw: legal's from legal, else the last one."""
        draft = self._draft(tx, draft_id)
        case, incident, parts = self._case(tx, draft, who, now)
        draft = case.draft
        # Once legal has said yes only the last one is left to say, and that is not legal's.
        asked = draft.state is DraftState.LEGAL_REVIEW or not any(one.role == "legal" for one in case.standing)
        early = asked and (Part.SPEAKER not in parts or draft.state is DraftState.LEGAL_REVIEW)
        # Whoever is legal only never says the last one: where the text went on meanwhile, that is what they are told.
        as_legal = Part.LEGAL in parts and early
        action = Action.LEGAL_YES if as_legal else Action.APPROVE
        check_part(action, parts, legal=case.legal)
        self._same(draft, sha256)
        to = self._go(tx, incident, case, action, who, now)
        given = self._yes(tx, draft, who, "legal" if as_legal else self._role(who), now)
        reviews_asked.close(tx, [draft.id], "yes", now, PARTS.get(draft.state, ""))
        if as_legal:
            self.ask_next(tx, incident, draft, PARTS[to], now)
        else:
            agenda.promise(tx, Job.TEXT, draft.id, now + approval.HOLDS)
        return given

    def ask_changes(self, tx: Tx, draft_id: str, sha256: str, why: str, who: str, now: datetime) -> None:
        """Not like this: the author is told what is missing, and writes a new version."""
        self._turn_down(tx, (draft_id, sha256), Action.ASK_CHANGES, (why, who), now)

    def reject(self, tx: Tx, draft_id: str, sha256: str, why: str, who: str, now: datetime) -> None:
        """This text is not going out."""
        self._turn_down(tx, (draft_id, sha256), Action.REJECT, (why, who), now)

    def standing_yes(self, tx: Tx, draft: Draft, post: Post, who: str, now: datetime) -> Approval:
        """The yes under which `who` may record this post; no text with an X goes out, whenever it was approved."""
        speakers = self.speakers(tx, draft.incident, now)
        given = texts.approvals_of(tx, [draft.id])
        found = approval.may_publish(draft, given, who=who, spokespeople=speakers, posted_at=post.published_at)
        incident = self._incident(tx, draft.incident)
        worst = sorted({one.rule for one in self.case(tx, incident, draft, now).findings if one.level == "X"})
        # What is out already is recorded as it is: a new rule takes no post back.
        if worst and draft.state is not DraftState.RELEASED:
            raise MoveError("wording findings block this text: " + ", ".join(worst))
        versions = texts.versions(tx, draft.incident, draft.kind, draft.lang)
        older = [one.id for one in versions if one.state is DraftState.RELEASED and one.version < draft.version]
        texts.set_state(tx, older, DraftState.SUPERSEDED)
        return found

    def _turn_down(self, tx: Tx, seen: tuple[str, str], action: Action, said: tuple[str, str], now: datetime) -> None:
        why, who = said[0].strip()[:LONGEST_WHY], said[1]
        case, incident = self._seen(tx, *seen, who, now)
        to = may_move(case, action, who, self.parts(case, who, self.speakers(tx, incident.id, now)))
        if len(why) < SHORTEST_WHY:
            raise InputError("Say in a few words what must be different.")
        self._set(tx, incident, case.draft, to, (who, why), now)
        reviews_asked.close(tx, [case.draft.id], "changes" if action is Action.ASK_CHANGES else "rejected", now)
        if void(tx, [case.draft], why, now):
            journal.write(tx, now, who, "approval_voided", subject(incident.id), why)

    def _go(self, tx: Tx, incident: Incident, case: Case, action: Action, who: str, now: datetime) -> DraftState:
        """Make the move when the rules allow it."""
        to = may_move(case, action, who, self.parts(case, who, self.speakers(tx, incident.id, now)))
        self._set(tx, incident, case.draft, to, (who, ""), now)
        return to

    def _yes(self, tx: Tx, draft: Draft, who: str, role: str, now: datetime) -> Approval:
        given = Approval(self.ids(), draft.id, draft.sha256, who, role, now)
        texts.add_approval(tx, given)
        return given

    def _set(
        self, tx: Tx, incident: Incident, draft: Draft, to: DraftState, said: tuple[str, str], now: datetime
    ) -> None:
        who, why = said
        texts.set_state(tx, [draft.id], to)
        detail = {"kind": draft.kind, "lang": draft.lang, "version": draft.version, "sha256": draft.sha256}
        word = "approved" if to is DraftState.APPROVED else f"text_{to.value}"
        journal.write(tx, now, who, word, subject(incident.id), why, detail)
        incidents.touch(tx, incident.id, now)

    def _seen(self, tx: Tx, draft_id: str, sha256: str, who: str, now: datetime) -> tuple[Case, Incident]:
        draft = self._draft(tx, draft_id)
        case, incident, parts = self._case(tx, draft, who, now)
        if not parts:
            raise AccessError("Your role may read, not write.")
        self._same(draft, sha256)
        return case, incident

    def _case(self, tx: Tx, draft: Draft, who: str, now: datetime) -> tuple[Case, Incident, frozenset[Part]]:
        incident = self._incident(tx, draft.incident)
        if incident.status not in OPEN:
            raise MoveError(f"Incident #{incident.number} is {incident.status}; its texts go nowhere any more.")
        # Under the lock of the incident: two yeses in one second are one after the other.
        case = self.case(tx, incident, self._draft(tx, draft.id), now)
        return case, incident, self.parts(case, who, self.speakers(tx, incident.id, now))

    def _same(self, draft: Draft, sha256: str) -> None:
        if sha256 != draft.sha256:
            raise StaleError("The text is not the one that was shown; read it again before approving.")

    def _role(self, who: str) -> str:
        team = self.speaking.team
        if who == team.spokesperson:
            return "spokesperson"
        return "deputy" if who in team.spokesperson_deputies else "delegate"
