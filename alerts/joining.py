"""Does a spike belong to an incident we know (pure)? Level, platform and time never make a second incident."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.nouns import Incident, IncidentStatus, Spike

OPEN = (IncidentStatus.OPEN, IncidentStatus.CONTAINED)


@dataclass(frozen=True, slots=True)
class Known:
    """An incident, its topics (its own and those merged into it), how much of the spike's evidence it has already,
    and how much of that carries one of its topics."""

    incident: Incident
    topics: frozenset[str]
    shared: float
    same_category: float


def find(spike: Spike, known: Sequence[Known]) -> Incident | None:
    """The incident the spike follows: same topic key first, then shared evidence, then a spike without a topic."""
    open_first = sorted(known, key=lambda one: (one.incident.status not in OPEN, -one.shared))
    for one in open_first:
        if spike.category in one.topics:
            return one.incident
    for one in open_first:
        if one.incident.status in OPEN and (one.shared >= 0.2 or one.same_category >= 0.3 or not spike.category):
            return one.incident
    return None
