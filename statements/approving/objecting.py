"""What reviewers say besides yes: objections, a word let stand, when they will have answered, who speaks instead."""

from dataclasses import dataclass
from datetime import datetime

from config.errors import AccessError, InputError, MoveError, StaleError
from statements.approving import delegation, objections, reviewers
from statements.approving.approval import words_of
from statements.approving.consent import Consent
from statements.approving.moves import Part
from store import agenda, incidents, journal, reviews_asked
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import Delegation, Objection, Override

SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class Against:
    """What somebody has against a sentence of the text they saw."""

    sentence: str
    note: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Objecting(Consent):
    """Verbs of reviewers beside the way itself."""

    def object(self, tx: Tx, draft_id: str, against: Against, who: str, now: datetime) -> Objection:
        """A strong objection blocks while its sentence stands; a suggestion does not."""
        draft = self._draft(tx, draft_id)
        case, incident, parts = self._case(tx, draft, who, now)
        reviews = bool(parts & {Part.LEGAL, Part.SPEAKER}) or bool({*self.speaking.roles(who)} & {*reviewers.OBJECTORS})
        if not reviews and (against.strong or not parts):
            raise AccessError("only reviewers object to a text")
        if draft.version != case.latest_version:
            raise StaleError(f"version {draft.version} is not the newest; version {case.latest_version} is")
        sentence = objections.named(draft.body, against.sentence)
        note = against.note.strip()[: objections.LONGEST_NOTE]
        if len(note) < objections.SHORTEST:
            raise InputError("An objection says in a few words what is wrong with the sentence.")
        made = Objection(
            self.ids(), incident.id, draft.kind, draft.lang, draft.id, against.strong, sentence, note, who, now
        )
        reviews_asked.note_objection(tx, made)
        word = "objection_raised" if against.strong else "suggestion_made"
        journal.write(tx, now, who, word, subject(incident.id), note, {"sentence": sentence, "kind": draft.kind})
        incidents.touch(tx, incident.id, now)
        return made

    def withdraw(self, tx: Tx, objection_id: str, who: str, now: datetime) -> None:
        """Take an objection back: only whoever raised it can."""
        found = reviews_asked.objection(tx, objection_id)
        if found is None or found.closed_at is not None:
            raise InputError("This objection is closed already.")
        if found.who != who:
            raise AccessError("only whoever objected takes it back; or the sentence is changed")
        reviews_asked.close_objections(tx, [found.id], who, "withdrawn", now)
        journal.write(tx, now, who, "objection_withdrawn", subject(found.incident), found.sentence)

    def ask_override(self, tx: Tx, draft_id: str, place: tuple[str, str], reason: str, who: str, now: datetime) -> None:
        """Ask to let a finding of level E stand; `place` is its rule and its words. It counts from legal's yes on."""
        draft = self._draft(tx, draft_id)
        case, incident, _ = self._case(tx, draft, who, now)
        self._writer(who)
        said = reason.strip()[:1000]
        hits = [one for one in case.findings if (one.rule, words_of(one, draft.body)) == place]
        if any(one.level == "X" for one in hits):
            raise MoveError("a finding of level X has no override; the words must go")
        if not any(one.level == "E" for one in hits):
            raise InputError("There is no such finding of level E in this text.")
        if len(said) < SHORTEST_REASON:
            raise InputError("An override needs a reason of at least 4 characters.")
        made = Override(self.ids(), draft.id, draft.sha256, place[0], place[1], said, who, now)
        reviews_asked.add_override(tx, made)
        detail = {"rule": place[0], "words": place[1], "sha256": draft.sha256}
        journal.write(tx, now, who, "override_asked", subject(incident.id), said, detail)

    def grant_override(self, tx: Tx, override_id: str, who: str, now: datetime) -> None:
        """Legal's yes to an override of exactly this text; never by who asked for it."""
        found = reviews_asked.override(tx, override_id)
        if found is None:
            raise InputError("There is no such override.")
        draft = self._draft(tx, found.draft)
        case, incident, parts = self._case(tx, draft, who, now)
        if Part.LEGAL not in parts:
            raise AccessError("only legal lets a finding stand")
        if who == found.who:
            raise MoveError("whoever asked for an override does not grant it")
        if draft.version != case.latest_version or draft.sha256 != found.sha256:
            raise StaleError("the text was changed since this override was asked for; ask again")
        if not reviews_asked.grant(tx, found.id, who, now):
            raise MoveError("this override was granted already")
        detail = {"rule": found.rule, "words": found.words, "asked_by": found.who, "sha256": found.sha256}
        journal.write(tx, now, who, "wording_overridden", subject(incident.id), found.reason, detail)

    def give_eta(self, tx: Tx, draft_id: str, eta: datetime, who: str, now: datetime) -> None:
        """Who is asked says when they will have answered; until then nobody else is asked."""
        draft = self._draft(tx, draft_id)
        incident = self._incident(tx, draft.incident)
        waited = reviewers.open_one(reviews_asked.asked_of(tx, [draft.id]))
        if waited is None or waited.person != who:
            raise AccessError("only who is asked says when they will have answered")
        reviews_asked.give_eta(tx, waited.id, reviewers.checked_eta(eta, now))
        journal.write(tx, now, who, "review_eta", subject(incident.id), "", {"eta": eta.isoformat()})
        agenda.promise(tx, Job.TEXT, draft.id, eta)

    def lend(self, tx: Tx, person: str, scope: str, until: datetime, who: str, now: datetime) -> Delegation:
        """Lend the spokesperson's right; `scope` is an incident's id, "" for all of them."""
        delegation.check(self.speaking.team, who, person, until, now)
        if scope:
            self._incident(tx, scope)
        made = Delegation(self.ids(), person, scope, who, now, until)
        reviews_asked.lend(tx, made)
        where = subject(scope) if scope else "service:approvals"
        journal.write(tx, now, who, "right_lent", where, "", {"person": person, "until": until.isoformat()})
        return made

    def take_back(self, tx: Tx, delegation_id: str, who: str, now: datetime) -> None:
        """End a lent right before its hour."""
        found = reviews_asked.delegation(tx, delegation_id)
        if found is None:
            raise InputError("There is no such lent right.")
        delegation.check_end(found, who, self.speaking.team, now)
        reviews_asked.take_back(tx, found.id, who, now)
        where = subject(found.incident) if found.incident else "service:approvals"
        journal.write(tx, now, who, "right_taken_back", where, "", {"person": found.person})
