"""The 5W1H grid over the fact log (pure): what each cell knows, and who finds out what it lacks until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.nouns import Fact, FactCell, FactStatus, Incident

CELLS = ("what", "when", "where", "who", "why", "how")
# A fact that names no cell answers what its part of the statement answers.
_BY_SLOT = {"scope": "where", "cause": "why", "done": "how", "action": "how", "authority": "how", "other": "what"}
_KNOWN = (FactStatus.CONFIRMED, FactStatus.UNVERIFIED)
# The first round of facts ends here in the budget of the hour; later it is a quarter of an hour from now on.
FIRST_ROUND = timedelta(minutes=25)
NEXT_ROUND = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its facts, newest label last; without one that is known, `owner` finds out until `due_at`.

    `owner` "" is whoever is on duty. `set` is False while nobody has said who and when.
    """

    name: str
    facts: tuple[Fact, ...]
    owner: str
    due_at: datetime
    set: bool
    overdue: bool

    @property
    def open(self) -> bool:
        """Nothing is known here yet, not even from one source."""
        return not any(one.status in _KNOWN for one in self.facts)


def cell_of(fact: Fact) -> str:
    """The cell a fact answers; "" when it answers none."""
    return fact.cell or _BY_SLOT.get(fact.slot, "")


def grid(incident: Incident, facts: Sequence[Fact], given: Sequence[FactCell], now: datetime) -> tuple[Cell, ...]:
    """The six cells in their order. Refuted and withdrawn facts fill none."""
    said = {one.cell: one for one in given}
    return tuple(_cell(name, incident, facts, said.get(name), now) for name in CELLS)


def first_due(incident: Incident) -> datetime:
    """Until when a cell is filled while nobody has said otherwise."""
    return max(incident.t0 + FIRST_ROUND, incident.detected_at + NEXT_ROUND)


def _cell(name: str, incident: Incident, facts: Sequence[Fact], given: FactCell | None, now: datetime) -> Cell:
    gone = (FactStatus.REFUTED, FactStatus.WITHDRAWN)
    mine = tuple(one for one in facts if cell_of(one) == name and one.status not in gone)
    owner, due_at = (given.owner, given.due_at) if given else (incident.owner, first_due(incident))
    found = Cell(name, mine, owner, due_at, given is not None, overdue=False)
    return Cell(name, mine, owner, due_at, given is not None, overdue=found.open and due_at < now)
