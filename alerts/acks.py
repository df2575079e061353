"""Taking an incident, passing it on, resolving it: one function each, whatever road the person came by."""

from datetime import datetime, timedelta

from alerts import escalation
from config.errors import MoveError
from store import agenda, incidents, journal, pages
from store.agenda import Job
from store.database import Tx
from store.incidents import OPEN, subject
from store.nouns import ClockState, Incident, IncidentStatus, Paging


def acknowledge(tx: Tx, incident_id: str, person: str, via: str, now: datetime) -> Incident:
    """`person` takes the incident: paging stops, the clock does not. The first one owns it; twice is harmless."""
    incident = _open(tx, incident_id)
    if incident.paging == Paging.ACKED and incident.owner == person:
        incidents.touch(tx, incident_id, now)
        return incident
    owner = incident.owner if incident.owner and incident.paging == Paging.ACKED else person
    acked_at = incident.acked_at or now
    after = incidents.change(
        tx, incident, paging=Paging.ACKED, owner=owner, acked_at=acked_at, active_at=now, paging_since=None
    )
    pages.drop_waiting(tx, incident_id, ("call", "exhausted"))
    journal.write(tx, now, person, "acknowledged", subject(incident_id), "", {"via": via, "owner": owner})
    agenda.promise(tx, Job.ESCALATE, incident_id, now + escalation.read(incident.policy).ack_expires)
    return after


def pass_on(tx: Tx, incident_id: str, person: str, via: str, now: datetime) -> Incident:
    """`person` cannot take it: the next step is called now."""
    incident = _open(tx, incident_id)
    if incident.paging == Paging.ACKED and incident.owner != person:
        return incident
    policy = escalation.read(incident.policy)
    step, round_ = (1, incident.round + 1) if incident.paging == Paging.ACKED else (incident.step, incident.round)
    since = now - (escalation.moment(policy, now, step) - now)
    after = incidents.change(tx, incident, paging=Paging.PAGING, owner="", paging_since=since, step=step, round=round_)
    journal.write(tx, now, person, "passed_on", subject(incident_id), "", {"via": via})
    agenda.promise(tx, Job.ESCALATE, incident_id, now)
    return after


def resolve(tx: Tx, incident_id: str, person: str, why: str, now: datetime) -> Incident:
    """The incident is over; the review sheet is written. A running clock without a publication stays breached."""
    incident = _open(tx, incident_id)
    if incident.clock == ClockState.RUNNING:
        raise MoveError("The first-hour clock still runs: publish a first response, or mark it a false alarm.")
    after = incidents.change(tx, incident, status=IncidentStatus.RESOLVED, resolved_at=now, paging=Paging.QUIET)
    pages.drop_waiting(tx, incident_id, ("call", "remind", "exhausted"))
    journal.write(tx, now, person, "resolved", subject(incident_id), why)
    agenda.promise(tx, Job.REVIEW, incident_id, now)
    return after


def false_alarm(tx: Tx, incident_id: str, person: str, why: str, now: datetime) -> Incident:
    """It was none: paging and clock end; the reason is kept for tuning."""
    incident = _open(tx, incident_id)
    if not why.strip():
        raise MoveError("A false alarm needs a reason; thresholds are tuned by it.")
    clock = ClockState.CANCELLED if incident.clock == ClockState.RUNNING else incident.clock
    after = incidents.change(
        tx, incident, status=IncidentStatus.FALSE_ALARM, resolved_at=now, paging=Paging.QUIET, clock=clock
    )
    pages.drop_waiting(tx, incident_id, ("call", "remind", "breach", "exhausted"))
    journal.write(tx, now, person, "false_alarm", subject(incident_id), why)
    return after


def correct_t0(tx: Tx, incident_id: str, person: str, t0: datetime, why: str, now: datetime) -> Incident:
    """A named person says when it really began; both clocks follow, the old value stays in the journal."""
    incident = _open(tx, incident_id)
    if not why.strip():
        raise MoveError("Correcting the time of the event needs a reason.")
    if t0 > incident.detected_at:
        raise MoveError("The event cannot begin after we detected it.")
    promise: timedelta = incident.due_at - incident.t0
    born = incident.clock != ClockState.NONE and incident.detected_at >= t0 + promise
    after = incidents.change(tx, incident, t0=t0, due_at=t0 + promise, born_breached=born)
    detail = {"from": incident.t0.isoformat(), "to": t0.isoformat()}
    journal.write(tx, now, person, "t0_corrected", subject(incident_id), why, detail)
    agenda.promise(tx, Job.CLOCK, incident_id, now)
    return after


def _open(tx: Tx, incident_id: str) -> Incident:
    incident = incidents.get(tx, incident_id, lock=True)
    if incident is None:
        raise MoveError("There is no such incident.")
    if incident.status not in OPEN:
        raise MoveError(
            f"Incident #{incident.number} is {incident.status.value}; it cannot be taken or changed any more."
        )
    return incident
