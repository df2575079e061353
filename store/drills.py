"""Drills: what was played, and the sheet it came to. Never deleted, so that a trend can be seen."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, insert, select, update

from store.database import Tx
from store.nouns import Drill, DrillState
from store.tables import drills

_COLUMNS = [drills.c[name] for name in Drill.__dataclass_fields__]


def subject(drill_id: str) -> str:
    """How the journal names a drill."""
    return f"drill:{drill_id}"


def add_next(tx: Tx, drill: Drill) -> Drill:
    """Keep it under the next free number."""
    number = (tx.execute(select(func.max(drills.c.number))).scalar_one() or 0) + 1
    made = replace(drill, number=number)
    tx.execute(insert(drills).values(**asdict(made)))
    return made


def get(tx: Tx, drill_id: str) -> Drill | None:
    row = tx.execute(select(*_COLUMNS).where(drills.c.id == drill_id)).first()
    return Drill(**row._mapping) if row else None


def by_number(tx: Tx, number: int) -> Drill | None:
    """The drill people call by this number."""
    row = tx.execute(select(*_COLUMNS).where(drills.c.number == number)).first()
    return Drill(**row._mapping) if row else None


def listed(tx: Tx, limit: int = 200) -> list[Drill]:
    """Every drill, the newest first."""
    return [
        Drill(**row._mapping) for row in tx.execute(select(*_COLUMNS).order_by(drills.c.number.desc()).limit(limit))
    ]


def unended(tx: Tx) -> list[Drill]:
    """Drills that run or are suspended, the newest first."""
    query = select(*_COLUMNS).where(drills.c.state != DrillState.ENDED).order_by(drills.c.number.desc())
    return [Drill(**row._mapping) for row in tx.execute(query)]


def change(tx: Tx, drill_id: str, **fields: Any) -> None:
    """Write the named fields of one that has not ended, or its notes after the end."""
    tx.execute(update(drills).where(drills.c.id == drill_id).values(**fields))
