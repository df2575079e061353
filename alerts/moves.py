"""What people decide about an incident: contained, resolved, reviewed, reopened, none at all, how bad, since when."""

from datetime import datetime, timedelta

from alerts import first_hour
from alerts.acks import open_one
from alerts.rounds import Rounds
from alerts.states import require_move
from config.errors import MoveError
from store import acks, agenda, incidents, journal, pages
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import ClockState, Incident, IncidentStatus, Level, LevelChange, Paging

# The second yes to lowering a red incident must come within this time, from another person.
SECOND_YES = timedelta(hours=1)


def contain(tx: Tx, incident_id: str, person: str, why: str, now: datetime) -> Incident:
    """It is under control but not over: no more calls; a rise brings them back."""
    incident = open_one(tx, incident_id)
    require_move(incident, IncidentStatus.CONTAINED)
    after = incidents.change(tx, incident, status=IncidentStatus.CONTAINED, paging=Paging.QUIET, paging_since=None)
    pages.drop_waiting(tx, incident_id, ("call", "exhausted"))
    journal.write(tx, now, person, "contained", subject(incident_id), why)
    return after


def resolve(tx: Tx, incident_id: str, person: str, why: str, now: datetime) -> Incident:
    """The incident is over; the review sheet is written. A running clock without a publication stays breached."""
    incident = open_one(tx, incident_id)
    if incident.clock == ClockState.RUNNING:
        raise MoveError("The first-hour clock still runs: publish a first response, or mark it a false alarm.")
    after = _end(tx, incident, IncidentStatus.RESOLVED, now)
    journal.write(tx, now, person, "resolved", subject(incident_id), why)
    agenda.promise(tx, Job.REVIEW, incident_id, now)
    return after


def false_alarm(tx: Tx, incident_id: str, person: str, why: str, now: datetime) -> Incident:
    """It was none: paging and clock end; the reason is kept for tuning."""
    incident = open_one(tx, incident_id)
    _need(why, "A false alarm needs a reason; thresholds are tuned by it.")
    clock = ClockState.CANCELLED if incident.clock == ClockState.RUNNING else incident.clock
    after = incidents.change(tx, _end(tx, incident, IncidentStatus.FALSE_ALARM, now), clock=clock)
    pages.drop_waiting(tx, incident_id, ("breach",))
    journal.write(tx, now, person, "false_alarm", subject(incident_id), why)
    return after


def reviewed(tx: Tx, incident_id: str, person: str, why: str, now: datetime) -> Incident:
    """The review was read and its lessons are drawn: the incident is closed for good."""
    incident = _any(tx, incident_id)
    require_move(incident, IncidentStatus.REVIEWED)
    after = incidents.change(tx, incident, status=IncidentStatus.REVIEWED)
    journal.write(tx, now, person, "reviewed", subject(incident_id), why)
    return after


def reopen(tx: Tx, rounds: Rounds, incident_id: str, person: str, why: str, now: datetime) -> Incident:
    """It was not over after all: a person brings it back, and paging begins again."""
    incident = _any(tx, incident_id)
    require_move(incident, IncidentStatus.OPEN)
    _need(why, "Reopening needs a reason.")
    other = incidents.open_with_key(tx, incident.key)
    if other:
        raise MoveError(f"This topic is open already: incident #{other.number}.")
    return rounds.reopen(tx, incident, person, why, now)


def let_go(tx: Tx, rounds: Rounds, incident_id: str, person: str, now: datetime) -> Incident:
    """A person lets calls go that were held back, by a silence, a graver incident or after a restore."""
    incident = open_one(tx, incident_id)
    if incident.paging != Paging.SILENCED:
        raise MoveError(f"Incident #{incident.number}: no calls are held back.")
    journal.write(tx, now, person, "calls_let_go", subject(incident_id), incident.hushed)
    return rounds.call(tx, incident, now)


def correct_t0(tx: Tx, incident_id: str, person: str, t0: datetime, why: str, now: datetime) -> Incident:
    """A named person says when it really began; both clocks follow, the old value stays in the journal."""
    incident = open_one(tx, incident_id)
    _need(why, "Correcting the time of the event needs a reason.")
    if t0 > incident.detected_at:
        raise MoveError("The event cannot begin after we detected it.")
    promise: timedelta = incident.due_at - incident.t0
    after = incidents.change(tx, incident, **first_hour.moved(incident, t0, t0 + promise, now))
    detail = {"from": incident.t0.isoformat(), "to": t0.isoformat()}
    journal.write(tx, now, person, "t0_corrected", subject(incident_id), why, detail)
    agenda.promise(tx, Job.CLOCK, incident_id, now)
    return after


def set_level(tx: Tx, rounds: Rounds, incident_id: str, person: str, level: Level, why: str, now: datetime) -> Incident:
    """A person declares how bad it is. The level it has: once. Up: at once, and it escalates. Down: a reason; from
    red two people."""
    incident = open_one(tx, incident_id)
    _need(why, "Changing the level needs a reason.")
    if level == incident.level:
        return _declared(tx, incident, person, why, now)
    if level is Level.NONE:
        raise MoveError("Choose a level from blue to red.")
    if level.rank > incident.level.rank:
        return rounds.start(tx, _levelled(tx, incident, person, level, why, now), now)
    if incident.level == Level.RED and not _second_yes(incident, person, level, now):
        journal.write(tx, now, person, "lowering_asked", subject(incident_id), why, {"to": level.value})
        return incidents.change(tx, incident, lower_to=level, lower_by=person, lower_at=now)
    return _lowered(tx, incident, person, level, why, now)


def _declared(tx: Tx, incident: Incident, person: str, why: str, now: datetime) -> Incident:
    """The system proposed this level and a person stands by it; a wish to lower it ends with that."""
    last = incidents.levels(tx, incident.id)[-1:]
    if incident.lower_to is None and last and not last[0].proposed:
        raise MoveError(f"Incident #{incident.number} is {incident.level.value}; choose another level.")
    return _levelled(tx, incident, person, incident.level, why, now)


def _second_yes(incident: Incident, person: str, level: Level, now: datetime) -> bool:
    asked = incident.lower_to == level and incident.lower_at and now - incident.lower_at <= SECOND_YES
    return bool(asked) and incident.lower_by != person


def _lowered(tx: Tx, incident: Incident, person: str, level: Level, why: str, now: datetime) -> Incident:
    # What was known when people lowered it must not raise it again; only clearly more of it may.
    known = len(incidents.mention_ids(tx, incident.id))
    policy = incident.policy | {"lowered": {"from": incident.level.value, "mentions": known}}
    after = incidents.change(tx, _levelled(tx, incident, person, level, why, now), policy=policy)
    if level.rank < Level.ORANGE.rank and after.clock == ClockState.RUNNING and now >= after.due_at:
        # The hour was over before it was lowered; nobody had looked yet.
        journal.write(
            tx, now, "system", "clock_breached", subject(incident.id), "", {"due_at": after.due_at.isoformat()}
        )
        return incidents.change(tx, after, clock=ClockState.BREACHED, breached_at=after.due_at)
    if level.rank < Level.ORANGE.rank and after.clock == ClockState.RUNNING:
        journal.write(tx, now, person, "clock_cancelled", subject(incident.id), why)
        after = incidents.change(tx, after, clock=ClockState.CANCELLED)
    return after


def _levelled(tx: Tx, incident: Incident, person: str, level: Level, why: str, now: datetime) -> Incident:
    up, down = level.rank > incident.level.rank, level.rank < incident.level.rank
    what = "level_raised" if up else "level_lowered" if down else "level_declared"
    detail = {"from": incident.level.value, "to": level.value}
    journal.write(tx, now, person, what, subject(incident.id), why, detail)
    incidents.note_level(tx, LevelChange(incident.id, now, level, why, person))
    status = IncidentStatus.OPEN if up else incident.status
    return incidents.change(tx, incident, level=level, status=status, lower_to=None, lower_by="", lower_at=None)


def _end(tx: Tx, incident: Incident, status: IncidentStatus, now: datetime) -> Incident:
    require_move(incident, status)
    pages.drop_waiting(tx, incident.id, ("call", "remind", "exhausted"))
    acks.undo(tx, incident.id, now)
    agenda.promise(tx, Job.SETTLE, f"{incident.id}:resolved", now)
    # Calls this incident held back are looked at now.
    for other in incidents.listed(tx, open_only=True, brand=incident.brand):
        if other.hushed == f"incident:{incident.id}":
            agenda.promise(tx, Job.ESCALATE, other.id, now)
    return incidents.change(tx, incident, status=status, resolved_at=now, paging=Paging.QUIET, paging_since=None)


def _any(tx: Tx, incident_id: str) -> Incident:
    incident = incidents.get(tx, incident_id, lock=True)
    if incident is None:
        raise MoveError("There is no such incident.")
    return incident


def _need(why: str, otherwise: str) -> None:
    if not why.strip():
        raise MoveError(otherwise)
