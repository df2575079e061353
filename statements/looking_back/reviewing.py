"""What people write into a review and what they will do about it: each one transaction, every rule checked here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.clock import Ids
from config.errors import AccessError, InputError, MoveError, StaleError
from statements.known.fact_log import WRITERS
from statements.looking_back import closing
from statements.writing.speaking import Speaking
from store import actions, incidents, journal
from store.database import Tx
from store.incidents import subject
from store.nouns import CorrectiveAction, Incident, ReviewNote

SIGNERS = ("lead", "executive", "admin")
WHYS = tuple(f"{kind}_{number}" for kind in ("harm", "response") for number in range(1, 6))
FREE = (
    "where", "who", "lag_timeline", "lag_assumption", "lag_governance", "aftercare_7", "aftercare_30", "changes",
    "library", "people", "held",
)  # fmt: skip
PARTS = (*WHYS, *FREE, "root_cause", "remedy", "scheduled", "waived")
LONGEST, SHORTEST = 2000, 4
# (status now, what is done) → status then, journal word.
STEPS = {
    ("open", "done"): ("done", "action_done"),
    ("done", "verified"): ("verified", "action_verified"),
    ("done", "open"): ("open", "action_reopened"),
    ("open", "dropped"): ("dropped", "action_dropped"),
}


@dataclass(frozen=True, slots=True)
class Noted:
    """One part of a review as a person enters it."""

    part: str
    text: str = ""
    code: str = ""
    evidence: str = ""
    assumed: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewAction:
    """A corrective action as a person enters it."""

    what: str
    owner: str
    verifier: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Reviews and their actions. `speaking` knows who may write and sign."""

    ids: Ids
    speaking: Speaking

    def note(self, tx: Tx, incident_id: str, given: Noted, who: str, now: datetime) -> ReviewNote:
        """Write one part; the former words of it stay on record."""
        roles = set(self.speaking.roles(who))
        if not roles & set(WRITERS):
            raise AccessError("Your role may read, not write.")
        incident = self._incident(tx, incident_id)
        check(given, now, signer=bool(roles & set(SIGNERS)))
        note = ReviewNote(
            self.ids(), incident.id, given.part, given.text.strip(), who, now, given.code, given.evidence.strip(),
            given.assumed, given.due_at,
        )  # fmt: skip
        actions.write_note(tx, note)
        word = {"scheduled": "review_scheduled", "waived": "review_waived"}.get(given.part, "review_noted")
        detail = {"part": note.part, "code": note.code, "assumed": note.assumed}
        if note.due_at:
            detail["due_at"] = note.due_at.isoformat()
        journal.write(tx, now, who, word, subject(incident.id), note.text, detail)
        return note

    def add_action(self, tx: Tx, incident_id: str, new: NewAction, who: str, now: datetime) -> CorrectiveAction:
        """Somebody will change something by a day, and somebody else will look whether it was done."""
        self._writer(who)
        incident = self._incident(tx, incident_id)
        what = new.what.strip()
        if not SHORTEST <= len(what) <= LONGEST:
            raise InputError(f"An action has {SHORTEST} to {LONGEST} characters.")
        for person in (new.owner, new.verifier):
            if self.speaking.team.find(person) is None:
                raise InputError(f"Nobody in the team is called {person[:40]!r}.")
        if new.owner == new.verifier:
            raise InputError("Somebody else than its owner verifies an action.")
        if not now < new.due_at <= now + timedelta(days=730):
            raise InputError("An action is due in the future, within two years.")
        made = CorrectiveAction(self.ids(), incident.id, what, new.owner, new.verifier, new.due_at, "open", who, now)
        actions.add_action(tx, made)
        detail = {"owner": made.owner, "verifier": made.verifier, "due_at": made.due_at.isoformat()}
        journal.write(tx, now, who, "action_added", subject(incident.id), what, detail)
        return made

    def move_action(self, tx: Tx, action_id: str, to: str, evidence: str, who: str, now: datetime) -> None:
        """Done (owner or lead), verified or sent back (verifier) or dropped (lead), always with evidence."""
        self._writer(who)
        before = actions.action(tx, action_id)
        if before is None:
            raise InputError("There is no such action.")
        if (before.status, to) not in STEPS:
            raise MoveError(f"An action that is {before.status} cannot become {to[:20]}.")
        evidence = evidence.strip()
        self._entitled(before, to, who)
        if len(evidence) < SHORTEST:
            raise InputError(f"Write what shows it, at least {SHORTEST} characters.")
        status, word = STEPS[before.status, to]
        fields: dict[str, object] = {"status": status, "evidence": evidence[:LONGEST]}
        fields |= {"done_at": now} if status == "done" else {"verified_at": now} if status == "verified" else {}
        if not actions.change_action(tx, before, **fields):
            raise StaleError("Somebody changed this action meanwhile; look at it first.")
        journal.write(tx, now, who, word, subject(before.incident), before.what, {"evidence": evidence[:LONGEST]})

    def _entitled(self, action: CorrectiveAction, to: str, who: str) -> None:
        leads = bool(set(self.speaking.roles(who)) & set(SIGNERS))
        if to in ("verified", "open") and who != action.verifier:
            raise AccessError("Only the verifier of an action says whether it was done.")
        if to == "done" and who != action.owner and not leads:
            raise AccessError("Only the owner of an action, or a lead, says that it is done.")
        if to == "done" and who == action.verifier:
            raise AccessError("Who verifies an action does not report it done.")
        if to == "dropped" and not leads:
            raise AccessError("Only a lead drops an action.")

    def _writer(self, who: str) -> None:
        if not set(self.speaking.roles(who)) & set(WRITERS):
            raise AccessError("Your role may read, not write.")

    def _incident(self, tx: Tx, incident_id: str) -> Incident:
        found = incidents.get(tx, incident_id, lock=True)
        if found is None:
            raise InputError("There is no such incident.")
        return found


def check(given: Noted, now: datetime, *, signer: bool) -> None:
    """InputError or AccessError when a part of a review cannot be written like this (pure)."""
    if given.part not in PARTS:
        raise InputError(f"A review has no part {given.part[:24]!r}.")
    if len(given.text) > LONGEST or len(given.evidence) > LONGEST:
        raise InputError(f"A part of a review has at most {LONGEST} characters.")
    if given.part == "waived" and not signer:
        raise AccessError("Only a lead or an executive signs a waiver.")
    if given.part == "scheduled":
        if given.due_at is None or not now <= given.due_at <= now + closing.LATEST_REVIEW:
            raise InputError(f"The review is held within {closing.LATEST_REVIEW.days} days from now.")
        return
    _check_words(given)


def _check_words(given: Noted) -> None:
    if len(given.text.strip()) < SHORTEST:
        raise InputError(f"Write at least {SHORTEST} characters.")
    codes = {"root_cause": closing.ROOT_CAUSES, "remedy": closing.REMEDY_STATES}.get(given.part)
    if codes and given.code not in codes:
        raise InputError(f"Choose one of: {', '.join(codes)}.")
    if given.part in WHYS and not given.assumed and not given.evidence.strip():
        raise InputError("A why names its evidence, or is marked as an assumption.")
