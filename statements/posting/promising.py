"""The ledger of public promises: made by a published text, kept by the next one or by a person's evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.errors import InputError, MoveError
from statements.known.fact_log import FactLog
from statements.posting.promises import Commitment, commitments_in
from store import agenda, facts, incidents, journal, promises, texts
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import Draft, Incident, Promise, Publication

PROMISE_NOTICE = timedelta(minutes=15)
LONGEST_EVIDENCE, LONGEST_LINK = 1000, 500
SHORTEST_EVIDENCE = 4


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a promise was kept: when, what shows it, and where the public can see it ("" nowhere)."""

    at: datetime
    evidence: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Promising(FactLog):
    """Promises beside the fact log."""

    def keep_promise(self, tx: Tx, promise_id: str, given: Delivery, who: str, now: datetime) -> Promise:
        """A person says it was done, with what shows it. After its time it is kept late, and both stay on record."""
        self._writer(who)
        promise = facts.promise(tx, promise_id)
        if promise is None:
            raise InputError("There is no such promise.")
        made_at = next(
            (one.published_at for one in texts.publications_of(tx, promise.incident) if one.id == promise.publication),
            given.at,
        )
        if not made_at <= given.at <= now:
            raise InputError("The time at which a promise was kept must lie between the promise and now.")
        kept = Delivery(given.at, given.evidence.strip()[:LONGEST_EVIDENCE], address_of_proof(given.link))
        if len(kept.evidence) < SHORTEST_EVIDENCE:
            raise InputError(f"Write what shows that it was kept, at least {SHORTEST_EVIDENCE} characters.")
        self._kept(tx, promise, kept, who, (who, now))
        incidents.touch(tx, promise.incident, now)
        return promise

    def hand_promise(self, tx: Tx, promise_id: str, person: str, who: str, now: datetime) -> Promise:
        """Somebody else answers for it; they are called before it comes due."""
        self._writer(who)
        promise = facts.promise(tx, promise_id)
        if promise is None:
            raise InputError("There is no such promise.")
        if self.speaking.team.find(person) is None:
            raise InputError(f"Nobody in the team is called {person[:40]!r}.")
        if promise.outcome not in ("open", "broken"):
            raise MoveError("This promise is settled already.")
        promises.give(tx, promise, person)
        detail = {"person": person, "what": promise.what}
        journal.write(tx, now, who, "promise_handed_over", subject(promise.incident), promise.what, detail)
        return promise

    def commitments(self, draft: Draft, said_at: datetime) -> tuple[Commitment, ...]:
        """What a text promises when it is said at this moment."""
        zone, due = self.speaking.zone, self.speaking.remedies.due
        return commitments_in(draft.body, draft.lang, now=said_at, zone=zone, remedy_due=due)

    def _settle(self, tx: Tx, incident: Incident, made: Publication, draft: Draft, now: datetime) -> None:
        """A text keeps what was promised of it: everything overdue (late), else the earliest still open.

        A text that says the same deadline again repeats the promise and does not keep it; nor does a correction,
        which puts something right that was said before.
        """
        if draft.kind == "correction":
            return
        again = self.commitments(draft, made.published_at)
        repeated = {one.due_at for one in again} | {one.what for one in again}
        waiting = [
            one
            for one in facts.promises_of(tx, incident.id)
            if one.kind == "update" and one.outcome in ("open", "broken") and not {one.due_at, one.what} & repeated
        ]
        overdue = [one for one in waiting if one.due_at < made.published_at]
        for promise in overdue or waiting[:1]:
            self._kept(tx, promise, Delivery(made.published_at, "", made.url), made.id, ("system", now))

    def _kept(self, tx: Tx, promise: Promise, given: Delivery, by: str, noted: tuple[str, datetime]) -> None:
        who, now = noted
        if not promises.keep(tx, promise, given.at, by, given.evidence, given.link):
            raise MoveError("This promise is settled already.")
        word = "promise_kept_late" if given.at > promise.due_at else "promise_kept"
        detail = {"what": promise.what, "evidence": given.evidence, "link": given.link}
        journal.write(tx, now, who, word, subject(promise.incident), promise.what, detail)

    def _promise(self, tx: Tx, incident: Incident, made: Publication, draft: Draft, now: datetime) -> None:
        known = [one for one in facts.promises_of(tx, incident.id) if one.voided_at is None]
        new = [one for one in self.commitments(draft, made.published_at) if not self._said(tx, one, draft, known)]
        for one in new:
            owner = incident.owner or self.speaking.spokespeople[0]
            promise = Promise(self.ids(), incident.id, made.id, one.what, one.due_at, owner, kind=one.kind)
            facts.add_promises(tx, [promise], max(one.due_at - PROMISE_NOTICE, now))
            detail = {"what": one.what, "due_at": one.due_at.isoformat(), "kind": one.kind}
            journal.write(tx, now, "system", "promise_made", subject(incident.id), one.what, detail)
        if new:
            # The job prepares every kind of text that is due; the next update begins here.
            agenda.promise(tx, Job.DRAFT, incident.id, now)

    def _said(self, tx: Tx, one: Commitment, draft: Draft, known: Sequence[Promise]) -> bool:
        """The same promise in another language or on another platform is one promise."""
        if one.timed:
            return any(other.due_at == one.due_at for other in known)
        lang_of = {text.id: text.lang for text in texts.versions(tx, draft.incident)}
        source = {record.id: lang_of.get(record.draft, "") for record in texts.publications_of(tx, draft.incident)}
        remedies = [other for other in known if other.kind == "remedy"]
        twin = any(source.get(other.publication, "") not in ("", draft.lang) for other in remedies)
        return twin or any(other.what == one.what for other in remedies)


def address_of_proof(link: str) -> str:
    """The link without blanks around it, or ""; InputError when it is none that a browser opens safely."""
    link = link.strip()
    if not link:
        return ""
    if len(link) > LONGEST_LINK or not link.startswith(("http://", "https://")) or not link.isprintable():
        raise InputError(f"The link must begin with http:// or https:// and have at most {LONGEST_LINK} characters.")
    return link
