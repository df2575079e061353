"""The closing gate on every road: an incident ends, or is put away, only with what must be on record by then."""

from datetime import datetime

from alerts import moves
from statements.looking_back import closing
from store.database import Tx
from store.nouns import Incident, IncidentStatus


def resolve(tx: Tx, incident: Incident, who: str, why: str, now: datetime) -> Incident:
    """Over: MoveError names what is missing; the transaction that asked is rolled back by it."""
    after = moves.resolve(tx, incident.id, who, why, now)
    closing.require_closable(tx, incident, IncidentStatus.RESOLVED)
    return after


def reviewed(tx: Tx, incident: Incident, who: str, why: str, now: datetime) -> Incident:
    """Put away for good, by the same rule."""
    after = moves.reviewed(tx, incident.id, who, why, now)
    closing.require_closable(tx, incident, IncidentStatus.REVIEWED)
    return after
