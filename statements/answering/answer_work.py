"""What people do to answers of the sheet, each one transaction: write, approve, shelve, take from the shelf."""

from dataclasses import dataclass, replace
from datetime import datetime

from config.clock import Ids
from config.errors import AccessError, InputError, MoveError, StaleError
from statements.answering import answer_library, mining
from statements.answering.answer_rules import Written, check, check_approval, cleaned
from statements.answering.answer_sheet import SYSTEM, Row, bridge, own_qid, proposal, read, sheet, standing
from statements.answering.questions import Prepared, questions_for
from statements.answering.themes import Themes
from statements.approving import delegation
from statements.known.fact_log import WRITERS
from statements.rules.wording import Wording
from statements.writing.speaking import LANGS, Speaking
from store import answers, facts, incidents, journal, mentions, reviews_asked
from store.database import Tx
from store.incidents import OPEN, subject
from store.nouns import Incident, LibraryAnswer, SheetAnswer

BLOCKING = ("X", "E")


@dataclass(frozen=True, slots=True)
class Place:
    """Which answer: of which incident, to which question, in which language; written on top of `version`."""

    incident: str
    qid: str
    lang: str
    version: int


@dataclass(frozen=True, slots=True)
class Answers:
    """The sheet of an incident. `speaking` says who may write and speak; `wording` lints what is approved."""

    ids: Ids
    speaking: Speaking
    wording: Wording

    def rows(self, tx: Tx, incident: Incident, lang: str, now: datetime) -> tuple[Row, ...]:
        """The whole sheet as it stands: from the facts, the mentions, and what people wrote."""
        context = self.speaking.context(incident, facts.current(tx, incident.id), lang, now)
        saved = answers.current(tx, incident.id, lang)
        both = {one.qid: one.question for other in LANGS for one in answers.current(tx, incident.id, other).values()}
        own = {qid: question for qid, question in both.items() if qid.startswith("M")}
        heard = mentions.of_incident(tx, incident.id, incident.brand)
        themes = Themes(questions_for(incident.category), own)
        topics = mining.mine(
            ((one.mention.id, f"{one.mention.title}\n{one.mention.text}") for one in heard), themes, lang
        )
        return sheet(context, lang, topics, saved, now)

    def computed(self, tx: Tx, incident: Incident, qid: str, lang: str, now: datetime) -> Row | None:
        """What the facts alone would answer to a prepared question now."""
        found = _prepared(incident, qid)
        context = self.speaking.context(incident, facts.current(tx, incident.id), lang, now)
        return proposal(found, context, lang) if found else None

    def save(self, tx: Tx, place: Place, written: Written, who: str, now: datetime) -> SheetAnswer:
        """A new version on top of `place.version`; no yes carries over. StaleError when somebody saved first."""
        incident = self._writable(tx, place, who)
        written = cleaned(written)
        known = facts.current(tx, incident.id)
        prepared = _prepared(incident, place.qid)
        if prepared:
            # The words of a prepared question are the file's.
            written = replace(written, question=prepared.question(place.lang))
        if prepared is None and place.qid != own_qid(written.question) and not self._newest(tx, place):
            raise InputError(f"There is no question {place.qid[:12]!r} on this sheet.")
        check(written, place.qid, place.lang, known)
        versions = {one.label: one.version for one in known}
        return self._keep(tx, place, who, now, SheetAnswer(
            id=self.ids(), incident=incident.id, qid=place.qid, lang=place.lang, version=place.version + 1,
            question=written.question, asker=written.asker,
            topic=prepared.topic if prepared else "", answer=written.answer, status=written.status,
            rests_on=tuple(f"{label}@{versions[label]}" for label in written.labels), refer=written.refer,
            reason=written.reason, instead=written.instead, bridge=written.bridge or bridge(written.status, place.lang),
            avoid=written.avoid or (prepared.said("avoid", place.lang) if prepared else ""),
            owner=written.owner or who, author=who, at=now,
        ))  # fmt: skip

    def approve(self, tx: Tx, place: Place, answer: str, until: datetime, who: str, now: datetime) -> SheetAnswer:
        """A yes to exactly the answer that was read, until a time. An answer nobody touched is the house's own."""
        incident = self._incident(tx, place)
        if who not in delegation.speakers(self.speaking.team, reviews_asked.lent(tx, now), incident.id, now):
            raise AccessError("Only the spokesperson, a named deputy, or who has the right lent approves an answer.")
        found = self._newest(tx, place) or self._untouched(tx, incident, place, now)
        if found.version != max(place.version, 1) or found.answer != answer:
            raise StaleError(f"Version {found.version} exists already; yours is based on {place.version}.")
        check_approval(found, who, until, facts.current(tx, incident.id), now)
        blocking = sorted({one.rule for one in self.wording.lint(found.answer, place.lang) if one.level in BLOCKING})
        if blocking:
            raise MoveError("wording findings block this text: " + ", ".join(blocking))
        if place.version == 0 and not answers.add(tx, found):
            raise StaleError("Version 1 was saved by somebody else just now.")
        if not answers.approve(tx, found.id, who, now, until):
            raise StaleError("Somebody else approved it just now.")
        detail = {"qid": place.qid, "lang": place.lang, "version": found.version, "valid_until": until.isoformat()}
        journal.write(tx, now, who, "answer_approved", subject(incident.id), found.question, detail)
        incidents.touch(tx, incident.id, now)
        return replace(found, approved_by=who, approved_at=now, valid_until=until)

    def shelve(self, tx: Tx, place: Place, who: str, now: datetime) -> LibraryAnswer:
        """An approved answer into the library, without what belongs to this incident."""
        incident = self._incident(tx, place)
        self._writer(who)
        found = self._newest(tx, place)
        if found is None or standing(read(found), facts.current(tx, incident.id), now) != "approved":
            raise MoveError("only an approved answer that still holds goes into the library")
        context = self.speaking.context(incident, (), place.lang, now)
        names = (context.brand_name, context.company)
        kept = LibraryAnswer(
            id=self.ids(), category=incident.category, qid=place.qid, lang=place.lang, status=found.status,
            question=answer_library.anonymised(found.question, place.lang, names),
            answer=answer_library.anonymised(found.answer, place.lang, names),
            bridge=answer_library.anonymised(found.bridge, place.lang, names), who=who, at=now,
        )  # fmt: skip
        answers.shelve(tx, kept)
        detail = {"qid": place.qid, "lang": place.lang}
        journal.write(tx, now, who, "answer_shelved", subject(incident.id), found.question, detail)
        return kept

    def propose(self, tx: Tx, place: Place, shelved: str, who: str, now: datetime) -> SheetAnswer:
        """An answer of the library as the newest version here: pending, unapproved, resting on no fact."""
        incident = self._writable(tx, place, who)
        found = answers.shelved(tx, shelved)
        if found is None or found.dropped_at or found.lang != place.lang:
            raise InputError("There is no such answer in the library.")
        before = self._newest(tx, place)
        prepared = _prepared(incident, place.qid)
        row = read(before) if before else self.computed(tx, incident, place.qid, place.lang, now)
        if row is None:
            raise InputError(f"There is no question {place.qid[:12]!r} on this sheet.")
        return self._keep(tx, place, who, now, SheetAnswer(
            id=self.ids(), incident=incident.id, qid=place.qid, lang=place.lang, version=place.version + 1,
            question=row.question, asker=row.asker, topic=prepared.topic if prepared else row.topic,
            answer=answer_library.proposed(found.answer, place.lang), status="PENDING_FACT", rests_on=(), refer="",
            reason="", instead="", bridge=found.bridge, avoid=row.avoid, owner=who, author=who, at=now,
        ))  # fmt: skip

    def drop(self, tx: Tx, shelved: str, who: str, now: datetime) -> None:
        """Take an answer off the shelf."""
        self._writer(who)
        if not answers.drop(tx, shelved, who, now):
            raise InputError("There is no such answer in the library.")
        journal.write(tx, now, who, "answer_unshelved", "library", "", {"id": shelved})

    def _keep(self, tx: Tx, place: Place, who: str, now: datetime, made: SheetAnswer) -> SheetAnswer:
        before = self._newest(tx, place)
        if (before.version if before else 0) != place.version:
            said = before.version if before else 0
            raise StaleError(f"Version {said} exists already; yours is based on {place.version}.")
        if not answers.add(tx, made):
            raise StaleError(f"Version {made.version} was saved by somebody else just now.")
        detail = {"qid": place.qid, "lang": place.lang, "version": made.version, "status": made.status}
        journal.write(tx, now, who, "answer_saved", subject(place.incident), made.question, detail)
        incidents.touch(tx, place.incident, now)
        return made

    def _untouched(self, tx: Tx, incident: Incident, place: Place, now: datetime) -> SheetAnswer:
        row = self.computed(tx, incident, place.qid, place.lang, now)
        if row is None:
            raise InputError(f"There is no answer to {place.qid[:12]!r} yet; write one first.")
        return SheetAnswer(
            id=self.ids(), incident=incident.id, qid=row.qid, lang=row.lang, version=1, question=row.question,
            asker=row.asker, topic=row.topic, answer=row.answer, status=row.status, rests_on=row.rests_on,
            refer=row.refer, reason=row.reason, instead=row.instead, bridge=row.bridge, avoid=row.avoid,
            owner=SYSTEM, author=SYSTEM, at=now,
        )  # fmt: skip

    def _newest(self, tx: Tx, place: Place) -> SheetAnswer | None:
        found = answers.versions(tx, place.incident, place.qid, place.lang)
        return found[-1] if found else None

    def _writer(self, who: str) -> None:
        if not set(self.speaking.roles(who)) & set(WRITERS):
            raise AccessError("Your role may read, not write.")

    def _writable(self, tx: Tx, place: Place, who: str) -> Incident:
        self._writer(who)
        incident = self._incident(tx, place)
        if place.lang not in LANGS:
            raise InputError("An answer is in zh or en.")
        if incident.status not in OPEN:
            raise MoveError("The incident is over; its answers stay as they are.")
        return incident

    def _incident(self, tx: Tx, place: Place) -> Incident:
        incident = incidents.get(tx, place.incident, lock=True)
        if incident is None:
            raise InputError("There is no such incident.")
        return incident


def _prepared(incident: Incident, qid: str) -> Prepared | None:
    return next((one for one in questions_for(incident.category) if one.id == qid), None)
