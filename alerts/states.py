"""What an incident may become from what it is (pure). Paging and clock are axes of their own."""

from config.errors import MoveError
from store.nouns import Incident, IncidentStatus

_S = IncidentStatus
MOVES: dict[IncidentStatus, frozenset[IncidentStatus]] = {
    _S.OPEN: frozenset({_S.CONTAINED, _S.RESOLVED, _S.FALSE_ALARM, _S.MERGED}),
    _S.CONTAINED: frozenset({_S.OPEN, _S.RESOLVED, _S.FALSE_ALARM, _S.MERGED}),
    _S.RESOLVED: frozenset({_S.OPEN, _S.REVIEWED}),
    _S.REVIEWED: frozenset(),
    _S.FALSE_ALARM: frozenset({_S.OPEN}),
    _S.MERGED: frozenset(),
}


def may_become(now: IncidentStatus, then: IncidentStatus) -> bool:
    return then in MOVES[now]


def require_move(incident: Incident, then: IncidentStatus) -> None:
    """Return when the incident may become `then`; MoveError names what it is and what it may become."""
    if not may_become(incident.status, then):
        allowed = ", ".join(sorted(MOVES[incident.status])) or "nothing any more"
        state = f"Incident #{incident.number} is {incident.status.value}"
        raise MoveError(f"{state} and cannot become {then.value}; allowed: {allowed}.")
