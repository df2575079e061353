"""Signs of life: every process that looks at the agenda says so, with how far its clock is off."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, func, select

from store.database import Tx, upsert
from store.nouns import Worker
from store.tables import workers


def seen(tx: Tx, worker: Worker) -> None:
    upsert(tx, workers, asdict(worker))


def alive(tx: Tx, since: datetime) -> list[Worker]:
    """Those seen after `since`, by name."""
    query = select(workers).where(workers.c.seen_at > since).order_by(workers.c.name)
    return [Worker(**row._mapping) for row in tx.execute(query)]


def last_sign(tx: Tx) -> datetime | None:
    """When anybody last looked at the agenda; None on a store that was never served."""
    moment: datetime | None = tx.execute(select(func.max(workers.c.seen_at))).scalar_one()
    return moment


def forget(tx: Tx, before: datetime) -> int:
    """Drop processes that were not seen since `before`; returns how many."""
    return tx.execute(delete(workers).where(workers.c.seen_at < before)).rowcount
