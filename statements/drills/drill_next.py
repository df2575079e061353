"""Which drill comes next (pure): the weakest objective chooses the scenario, the calendar says what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.drills import DrillScenario
from store.nouns import Drill, DrillState

# How often each kind is played at least: quarterly, monthly, twice a year.
CADENCE = {"tabletop": timedelta(days=91), "page_out": timedelta(days=30), "full": timedelta(days=182)}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The scenario to play next; `weakest` "" when nothing was missed last time (or nothing was played yet)."""

    scenario: DrillScenario
    weakest: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One kind's turn: when it was last played to its end, and when it is due; both None: never played."""

    kind: str
    last: datetime | None
    due_at: datetime | None

    def overdue(self, now: datetime) -> bool:
        return self.due_at is None or self.due_at <= now


def propose(scenarios: Sequence[DrillScenario], past: Sequence[Drill]) -> Proposal | None:
    """`past` newest first. Ordinary scenarios until each was played; None without scenarios."""
    ended = scored(past)
    weakest = str((ended[0].sheet or {}).get("weakest", "")) if ended else ""
    played = {one.scenario: one.started_at for one in reversed(ended)}

    def order(one: DrillScenario) -> tuple[bool, bool, float, str]:
        at = played.get(one.id)
        return (
            bool(weakest) and weakest not in one.meta.weak_points,
            one.meta.hard and not played,
            at.timestamp() if at else 0.0,
            one.id,
        )

    return Proposal(min(scenarios, key=order), weakest) if scenarios else None


def scored(past: Sequence[Drill]) -> list[Drill]:
    """Drills that ended with a score, the newest first; one that was cut short before anything was due has none."""
    found = [one for one in past if one.state is DrillState.ENDED and one.score is not None]
    return sorted(found, key=lambda one: one.number, reverse=True)


def turns(past: Sequence[Drill]) -> list[Turn]:
    """Each kind of drill with its last time and its next."""
    ended = scored(past)
    found = []
    for kind, every in CADENCE.items():
        last = max((one.ended_at for one in ended if one.kind == kind and one.ended_at), default=None)
        found.append(Turn(kind, last, last + every if last else None))
    return found
