"""The noise ledger (pure): how many calls were true, false or missed, and how precise each rule is."""

from collections.abc import Iterable
from dataclasses import dataclass

from store.ledger import Opened
from store.nouns import IncidentStatus

SYSTEM = "system"
# A person has decided that it was something.
_TRUE = (IncidentStatus.CONTAINED, IncidentStatus.RESOLVED, IncidentStatus.REVIEWED)


@dataclass(frozen=True, slots=True)
class Row:
    """What came of the incidents of one kind of spike ("" all kinds). `open`: nobody has decided yet."""

    kind: str
    true: int
    false: int
    open: int

    @property
    def precision(self) -> float | None:
        """The true part of what was decided (0..1); None while nothing is."""
        decided = self.true + self.false
        return self.true / decided if decided else None


@dataclass(frozen=True, slots=True)
class Ledger:
    """All kinds together, each kind (the most incidents first), and what people opened that no spike had told of."""

    total: Row
    kinds: tuple[Row, ...]
    missed: tuple[Opened, ...]


def ledger(opened: Iterable[Opened]) -> Ledger:
    """Count them; an incident that was merged into another is part of that one."""
    own = [one for one in opened if one.incident.status != IncidentStatus.MERGED]
    missed = tuple(one for one in own if one.who != SYSTEM and not one.kind)
    called = [one for one in own if one.who == SYSTEM]
    kinds = [_row(kind, [one for one in called if one.kind == kind]) for kind in sorted({one.kind for one in called})]
    kinds.sort(key=lambda row: -(row.true + row.false + row.open))
    return Ledger(_row("", called), tuple(kinds), missed)


def _row(kind: str, called: Iterable[Opened]) -> Row:
    states = [one.incident.status for one in called]
    true, false = sum(one in _TRUE for one in states), states.count(IncidentStatus.FALSE_ALARM)
    return Row(kind, true, false, len(states) - true - false)
