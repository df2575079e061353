"""Who has taken an incident, one row for every taking: the first one that stands is the owner."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, select, update

from store.database import Tx
from store.nouns import Ack
from store.tables import acks

_COLUMNS = [acks.c[name] for name in Ack.__dataclass_fields__]


def standing(tx: Tx, incident: str) -> list[Ack]:
    """Takings that were neither given back nor expired, the first one first."""
    query = select(*_COLUMNS).where(acks.c.incident == incident, acks.c.undone_at.is_(None)).order_by(acks.c.seq)
    return [Ack(**row._mapping) for row in tx.execute(query)]


def add(tx: Tx, ack: Ack) -> None:
    tx.execute(insert(acks).values(**asdict(ack)))


def undo(tx: Tx, incident: str, now: datetime, person: str = "") -> int:
    """End the person's taking, or everybody's; returns how many ended."""
    where = [acks.c.incident == incident, acks.c.undone_at.is_(None)]
    if person:
        where.append(acks.c.person == person)
    return tx.execute(update(acks).where(*where).values(undone_at=now)).rowcount
