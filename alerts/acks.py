"""Taking an incident, giving it back, passing it on: one function each, whatever road the person came by."""

from datetime import datetime

from alerts import escalation
from config.errors import MoveError
from store import acks, agenda, incidents, journal, pages
from store.agenda import Job
from store.database import Tx
from store.incidents import OPEN, subject
from store.nouns import Ack, Incident, Level, Paging


def acknowledge(tx: Tx, incident_id: str, person: str, via: str, now: datetime) -> Incident:
    """`person` takes the incident: paging stops, the clock does not. The first one owns it; twice is harmless.

    `via` is screen, link, sms, voice, chat or api.
    """
    incident = open_one(tx, whole(tx, incident_id))
    incident_id = incident.id
    standing = acks.standing(tx, incident_id)
    if incident.paging == Paging.ACKED and any(one.person == person for one in standing):
        incidents.touch(tx, incident_id, now)
        return incident
    acks.add(tx, Ack(incident_id, person, via, now))
    owner = standing[0].person if standing else person
    acked_at = incident.acked_at or now
    after = incidents.change(
        tx, incident, paging=Paging.ACKED, owner=owner, acked_at=acked_at, active_at=now, paging_since=None, hushed=""
    )
    pages.drop_waiting(tx, incident_id, ("call", "exhausted"))
    journal.write(tx, now, person, "acknowledged", subject(incident_id), "", {"via": via, "owner": owner})
    agenda.promise(tx, Job.ESCALATE, incident_id, now + escalation.read(incident.policy).ack_expires)
    agenda.promise(tx, Job.SETTLE, f"{incident_id}:acknowledged", now)
    return after


def give_back(tx: Tx, incident_id: str, person: str, via: str, now: datetime) -> Incident:
    """`person` has it no longer: the next one who took it owns it; when there is none, paging begins again now."""
    incident = open_one(tx, incident_id)
    if not acks.undo(tx, incident_id, now, person):
        raise MoveError(f"Incident #{incident.number} is not in your hands.")
    journal.write(tx, now, person, "ack_undone", subject(incident_id), "", {"via": via})
    left = acks.standing(tx, incident_id)
    if left:
        return incidents.change(tx, incident, owner=left[0].person)
    return _call_from(tx, incident, 0, incident.round + 1, now)


def pass_on(tx: Tx, incident_id: str, person: str, via: str, now: datetime) -> Incident:
    """`person` cannot take it: the next step is called now."""
    incident = open_one(tx, whole(tx, incident_id))
    incident_id = incident.id
    if incident.paging == Paging.ACKED and incident.owner != person:
        return incident
    acks.undo(tx, incident_id, now, person)
    journal.write(tx, now, person, "passed_on", subject(incident_id), "", {"via": via})
    left = acks.standing(tx, incident_id)
    if incident.paging == Paging.ACKED and left:
        return incidents.change(tx, incident, owner=left[0].person)
    step, round_ = incident.step, incident.round
    if incident.paging == Paging.ACKED:
        step, round_ = 1, incident.round + 1
    elif incident.paging == Paging.EXHAUSTED:
        step, round_ = 0, incident.round + 1
    return _call_from(tx, incident, step, round_, now)


def expire(tx: Tx, incident: Incident, now: datetime) -> Incident:
    """Nothing was done for too long: nobody has it any more, paging begins again."""
    acks.undo(tx, incident.id, now)
    journal.write(tx, now, "system", "ack_expired", subject(incident.id), "", {"owner": incident.owner})
    return incidents.change(tx, incident, paging=Paging.ACK_EXPIRED, paging_since=now, step=0, round=incident.round + 1)


def whole(tx: Tx, incident_id: str) -> str:
    """The incident this one is part of by now: a call that went out before a merge is about the whole."""
    incident = incidents.get(tx, incident_id)
    while incident and incident.merged_into:
        incident_id = incident.merged_into
        incident = incidents.get(tx, incident_id)
    return incident_id


def open_one(tx: Tx, incident_id: str) -> Incident:
    """The incident, held by this transaction; MoveError when there is none or it is over."""
    incident = incidents.get(tx, incident_id, lock=True)
    if incident is None:
        raise MoveError("There is no such incident.")
    if incident.status not in OPEN:
        raise MoveError(
            f"Incident #{incident.number} is {incident.status.value}; it cannot be taken or changed any more."
        )
    return incident


def _call_from(tx: Tx, incident: Incident, step: int, round_: int, now: datetime) -> Incident:
    """Paging goes on with `step`, now."""
    since = now - (escalation.moment(escalation.read(incident.policy), now, step) - now)
    after = incidents.change(
        tx, incident, paging=Paging.PAGING, owner="", paging_since=since, step=step, round=round_, hushed=""
    )
    agenda.promise(tx, Job.ESCALATE, incident.id, now, urgent=incident.level.rank >= Level.ORANGE.rank)
    return after
