"""People who wrote to us and wait for an answer."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, select, update

from store.database import Tx, insert_once
from store.nouns import Inquiry
from store.tables import inquiries

_COLUMNS = [inquiries.c[name] for name in Inquiry.__dataclass_fields__]


def next_number(tx: Tx) -> int:
    return (tx.execute(select(func.max(inquiries.c.number))).scalar_one() or 0) + 1


def add_next(tx: Tx, inquiry: Inquiry) -> Inquiry:
    """Insert under the next free number."""
    made = replace(inquiry, number=next_number(tx))
    while not insert_once(tx, inquiries, [asdict(made)]):
        # Somebody else took that number at this very moment; theirs is committed now.
        made = replace(inquiry, number=next_number(tx))
    return made


def get(tx: Tx, inquiry_id: str, *, lock: bool = False) -> Inquiry | None:
    query = select(*_COLUMNS).where(inquiries.c.id == inquiry_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return Inquiry(**row._mapping) if row else None


def by_number(tx: Tx, number: int) -> Inquiry | None:
    row = tx.execute(select(*_COLUMNS).where(inquiries.c.number == number)).first()
    return Inquiry(**row._mapping) if row else None


def change(tx: Tx, inquiry_id: str, **fields: Any) -> None:
    tx.execute(update(inquiries).where(inquiries.c.id == inquiry_id).values(**fields))


def listed(tx: Tx, limit: int = 200) -> list[Inquiry]:
    """Those that wait first, oldest first; then the closed ones, newest first."""
    newest = select(*_COLUMNS).order_by(inquiries.c.closed_at.is_not(None), inquiries.c.number.desc()).limit(limit)
    found = [Inquiry(**row._mapping) for row in tx.execute(newest)]
    waiting = [one for one in found if one.closed_at is None]
    return waiting[::-1] + [one for one in found if one.closed_at is not None]
