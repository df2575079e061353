"""Legal holds: what must not be deleted, by whose word, since when."""

from datetime import datetime

from sqlalchemy import insert, select, update

from store.database import Tx
from store.nouns import Hold
from store.tables import holds


def add(tx: Tx, hold: Hold) -> None:
    values = {name: getattr(hold, name) for name in Hold.__dataclass_fields__}
    tx.execute(insert(holds).values(**values))


def standing(tx: Tx) -> list[Hold]:
    """Holds that are not over, the oldest first."""
    query = select(holds).where(holds.c.ended_at.is_(None)).order_by(holds.c.since)
    return [Hold(**row._mapping) for row in tx.execute(query)]


def end(tx: Tx, hold: str, who: str, now: datetime) -> bool:
    """False when there is no such hold, or it is over already."""
    done = tx.execute(
        update(holds).where(holds.c.id == hold, holds.c.ended_at.is_(None)).values(ended_at=now, ended_by=who)
    )
    return done.rowcount == 1
