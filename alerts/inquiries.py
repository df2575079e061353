"""People who wrote to us (来件) and wait: note, answer, close, hand over; and the job that warns and calls."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.answering import Deadline, deadlines, due
from alerts.calling import Caller
from alerts.inquiry_wording import Reader, handed_notice, notice
from alerts.new_inquiry import NewInquiry, rule_of, usable
from config.calendar import Calendar
from config.clock import Clock
from config.errors import InputError, MoveError
from store import agenda, inquiries, journal
from store.agenda import Job
from store.database import Store, Tx
from store.nouns import Inquiry

SYSTEM = "system"
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Inquiries:
    """Notes inquiries and hands them over: needs the team's rules, the working calendar and who can be called."""

    caller: Caller
    calendar: Calendar

    def reader(self, now: datetime) -> Reader:
        """What pages about it are worded with."""
        caller = self.caller
        return Reader(caller.team, self.calendar, caller.links.base_url, caller.zone, now)

    def note(self, tx: Tx, new: NewInquiry, who: str, now: datetime) -> Inquiry:
        """Keep it with its deadlines, fixed at this moment, and promise the first look; InputError if unusable."""
        known = inquiries.get(tx, new.id) if new.id else None
        if known:
            return known
        rule = rule_of(self.caller.team.answer, new.kind)
        new = usable(new, now)
        fixed = deadlines(rule, new.received_at, self.calendar)
        made = Inquiry(
            id=new.id if _ID.fullmatch(new.id) else self.caller.ids(),
            number=0,
            kind=rule.kind,
            brand=new.brand,
            title=new.title,
            url=new.url,
            owner=self._person(new.owner) if new.owner else next(iter(self.caller.people(["duty"], now, tx)), who),
            author=who,
            received_at=new.received_at,
            noted_at=now,
            deadlines={one.stage: [one.due_at.isoformat(), _iso(one.warn_at)] for one in fixed},
        )
        made = inquiries.add_next(tx, made)
        detail = {name: getattr(made, name) for name in ("number", "kind", "owner", "deadlines")}
        detail["received_at"] = made.received_at.isoformat()
        journal.write(tx, now, who, "inquiry_noted", subject(made.id), made.title, detail)
        first = due(fixed, {}, {}, {}, now)
        agenda.promise(tx, Job.INQUIRY, made.id, now if first.warn or first.breach else first.next_at or now)
        return made

    def hand_over(self, tx: Tx, inquiry_id: str, to: str, who: str, now: datetime) -> Inquiry:
        """`to` has it from now on and is told, unless they took it themselves. InputError when nobody is called so."""
        inquiry = _waiting(tx, inquiry_id)
        person = self._person(to)
        if person == inquiry.owner:
            return inquiry
        inquiries.change(tx, inquiry_id, owner=person)
        after = replace(inquiry, owner=person)
        detail = {"from": inquiry.owner, "to": person}
        journal.write(tx, now, who, "inquiry_handed_over", subject(inquiry_id), "", detail)
        if person != who:
            self.caller.notify(tx, [person], handed_notice(after, unanswered(after), self.reader(now)), now)
        return after

    def _person(self, person_id: str) -> str:
        if self.caller.team.find(person_id) is None:
            raise InputError(f"Nobody in the team is called {person_id[:40]!r}.")
        return person_id


@dataclass(frozen=True, slots=True)
class Waiting:
    """The job of the agenda: looks at one inquiry when a stage comes due."""

    store: Store
    clock: Clock
    verbs: Inquiries

    def look(self, inquiry_id: str) -> datetime | None:
        """Warn, or record what passed unanswered at its due time and call; returns when to look again, None at the end.

        However late it looks, a stage is warned of once and missed once, and one look is one page to a person.
        """
        now = self.clock()
        with self.store.transaction() as tx:
            inquiry = inquiries.get(tx, inquiry_id, lock=True)
            if inquiry is None or inquiry.closed_at:
                return None
            found = due(plan(inquiry), _answered(inquiry), inquiry.warned, inquiry.breached, now)
            missed = [one for one in plan(inquiry) if one.stage in found.breach]
            coming = [one for one in plan(inquiry) if one.stage in found.warn]
            if missed:
                inquiry = _miss(tx, inquiry, missed, now)
            if coming:
                inquiry = _warn(tx, inquiry, coming, now)
            if missed or coming:
                self._tell(tx, inquiry, missed, coming, now)
            return found.next_at

    def _tell(self, tx: Tx, inquiry: Inquiry, missed: list[Deadline], coming: list[Deadline], now: datetime) -> None:
        """The owner (their deputy while away; who is on duty when they left), and at a breach the lead."""
        caller = self.verbs.caller
        people = caller.people([inquiry.owner], now, tx) or caller.people(["duty"], now, tx)
        reached = any(person.endpoint for one in people if (person := caller.team.find(one)))
        if missed or not reached:
            people = list(dict.fromkeys([*people, *caller.people(["lead"], now, tx)]))
        said = [*missed, *coming]
        new = caller.notify(tx, people, notice(inquiry, said, self.verbs.reader(now)), now)
        detail = {"people": people, "pages": new, "stages": [one.stage for one in said]}
        journal.write(tx, now, SYSTEM, "inquiry_called", subject(inquiry.id), "", detail)


def answer(tx: Tx, inquiry_id: str, stage: str, who: str, at: datetime, now: datetime) -> Inquiry:
    """The stage was answered at `at`; twice is harmless. Too late it stays breached; with the last stage it closes.

    A breach recorded before somebody noted an answer that was in time is taken back; the journal keeps both.
    """
    found = inquiries.get(tx, inquiry_id, lock=True)
    if found and stage in found.answered:
        return found
    inquiry = _waiting(tx, inquiry_id)
    known = {one.stage: one for one in plan(inquiry)}
    if stage not in known:
        raise InputError(f"Inquiry #{inquiry.number} has no stage {stage[:40]!r}; it has: {', '.join(known)}.")
    if at > now or at < inquiry.received_at:
        raise InputError("The time of the answer must lie between the arrival and now.")
    late = at > known[stage].due_at
    if late and stage not in inquiry.breached:
        inquiry = _miss(tx, inquiry, [known[stage]], now)
    breached = {name: moment for name, moment in inquiry.breached.items() if late or name != stage}
    answered = {**inquiry.answered, stage: at.isoformat()}
    inquiries.change(tx, inquiry_id, answered=answered, breached=breached)
    detail = {"stage": stage, "at": at.isoformat(), "due_at": known[stage].due_at.isoformat(), "late": late}
    journal.write(tx, now, who, "inquiry_answered", subject(inquiry_id), "", detail)
    after = replace(inquiry, answered=answered, breached=breached)
    return _close(tx, after, who, "", now) if set(known) <= set(answered) else after


def close(tx: Tx, inquiry_id: str, who: str, why: str, now: datetime) -> Inquiry:
    """Nobody waits any more. Stages without an answer need a reason; those that are overdue stay breached."""
    inquiry = _waiting(tx, inquiry_id)
    left = unanswered(inquiry)
    if left and not why.strip():
        raise MoveError("Closing an inquiry before every stage is answered needs a reason.")
    missed = [one for one in left if one.due_at <= now and one.stage not in inquiry.breached]
    return _close(tx, _miss(tx, inquiry, missed, now) if missed else inquiry, who, why.strip(), now)


def subject(inquiry_id: str) -> str:
    """What the journal calls it."""
    return f"inquiry:{inquiry_id}"


def plan(inquiry: Inquiry) -> tuple[Deadline, ...]:
    """The deadlines that were fixed when it was noted, earliest first."""
    read = datetime.fromisoformat
    found = [
        Deadline(stage, read(due_at), read(warn) if warn else None)
        for stage, (due_at, warn) in inquiry.deadlines.items()
    ]
    return tuple(sorted(found, key=lambda one: one.due_at))


def unanswered(inquiry: Inquiry) -> tuple[Deadline, ...]:
    """What is still owed, earliest first."""
    return tuple(one for one in plan(inquiry) if one.stage not in inquiry.answered)


def _answered(inquiry: Inquiry) -> dict[str, datetime]:
    return {stage: datetime.fromisoformat(at) for stage, at in inquiry.answered.items()}


def _miss(tx: Tx, inquiry: Inquiry, stages: Iterable[Deadline], now: datetime) -> Inquiry:
    """Record stages as breached at their due time, however late it is noticed."""
    breached = dict(inquiry.breached)
    for one in stages:
        breached[one.stage] = one.due_at.isoformat()
        detail = {"stage": one.stage, "due_at": one.due_at.isoformat(), "born_overdue": inquiry.noted_at >= one.due_at}
        journal.write(tx, now, SYSTEM, "inquiry_breached", subject(inquiry.id), "", detail)
    inquiries.change(tx, inquiry.id, breached=breached)
    return replace(inquiry, breached=breached)


def _warn(tx: Tx, inquiry: Inquiry, stages: Iterable[Deadline], now: datetime) -> Inquiry:
    warned = dict(inquiry.warned)
    for one in stages:
        warned[one.stage] = now.isoformat()
        journal.write(tx, now, SYSTEM, "inquiry_warned", subject(inquiry.id), "", {"stage": one.stage})
    inquiries.change(tx, inquiry.id, warned=warned)
    return replace(inquiry, warned=warned)


def _close(tx: Tx, inquiry: Inquiry, who: str, why: str, now: datetime) -> Inquiry:
    inquiries.change(tx, inquiry.id, closed_at=now)
    journal.write(tx, now, who, "inquiry_closed", subject(inquiry.id), why)
    return replace(inquiry, closed_at=now)


def _waiting(tx: Tx, inquiry_id: str) -> Inquiry:
    inquiry = inquiries.get(tx, inquiry_id, lock=True)
    if inquiry is None:
        raise MoveError("There is no such inquiry.")
    if inquiry.closed_at:
        raise MoveError(f"Inquiry #{inquiry.number} is closed; it cannot be changed any more.")
    return inquiry


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
