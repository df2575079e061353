"""What must be on record before a crisis is over and before it is put away: the closing gate (rules are pure)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from config.errors import MoveError
from store import actions, facts
from store.database import Tx
from store.nouns import Incident, IncidentStatus, Level, Promise, ReviewNote

# Causes are chosen from a list, so that the same cause is known again; what it was in this case is said beside.
ROOT_CAUSES = (
    "people",
    "process",
    "product",
    "supplier",
    "system",
    "communication",
    "governance",
    "outside",
    "unknown",
)
UNKNOWN = "unknown"
REMEDY_STATES = ("none_needed", "planned", "running", "done", "refused")
# Ten working days are two weeks; a review later than that is none of this crisis any more.
LATEST_REVIEW = timedelta(days=30)
RECURS_WITHIN = timedelta(days=90)
# From this level on, being resolved takes what being put away takes of every incident.
GATED_FROM = Level.ORANGE
GAPS = {
    "root_cause": "the root cause (or “unknown” with a reason)",
    "remedy": "how far the remedy is",
    "promises": "every public promise kept or settled",
    "review": "a date for the review, or a signed waiver",
    "held": "the review held, or a signed waiver",
}


def gaps(notes: Mapping[str, ReviewNote], promises: Sequence[Promise], *, then: IncidentStatus) -> tuple[str, ...]:
    """Words of GAPS that keep an incident from becoming `then` (resolved or reviewed); () when nothing does."""
    missing = [name for name in ("root_cause", "remedy") if name not in notes]
    if any(one.open for one in promises):
        missing.append("promises")
    if "waived" not in notes:
        needed = "held" if then is IncidentStatus.REVIEWED else "review"
        if needed == "held" and "held" not in notes or needed == "review" and not {"scheduled", "held"} & set(notes):
            missing.append(needed)
    return tuple(missing)


def open_gaps(tx: Tx, incident: Incident, then: IncidentStatus) -> tuple[str, ...]:
    """The same for an incident as it is in the store; one that never was orange is asked only when it is put away."""
    if then is IncidentStatus.RESOLVED and actions.worst_level(tx, incident).rank < GATED_FROM.rank:
        return ()
    return gaps(actions.newest(tx, incident.id), facts.promises_of(tx, incident.id), then=then)


def require_closable(tx: Tx, incident: Incident, then: IncidentStatus) -> None:
    """Return when the incident may become `then`; MoveError names everything that is missing."""
    missing = open_gaps(tx, incident, then)
    if missing:
        said = "; ".join(GAPS[one] for one in missing)
        raise MoveError(f"Incident #{incident.number} cannot become {then.value} yet; missing: {said}.")


def recurrences(tx: Tx, incident: Incident) -> list[Incident]:
    """Earlier incidents of the last 90 days with the same brand, category and root cause, newest first."""
    cause = actions.newest(tx, incident.id).get("root_cause")
    if cause is None or cause.code == UNKNOWN:
        return []
    since: datetime = incident.t0 - RECURS_WITHIN
    found = []
    for other in actions.alike(tx, incident, since):
        known = actions.newest(tx, other.id).get("root_cause")
        if known and known.code == cause.code:
            found.append(other)
    return found
