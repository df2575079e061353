"""The fact log of an incident (every change is a new version) and the promises its publications made."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, select, update

from store import agenda
from store.agenda import Job
from store.database import Tx
from store.nouns import Fact, Promise
from store.tables import facts, promises


def add(tx: Tx, fact: Fact) -> None:
    tx.execute(insert(facts).values(**asdict(fact)))


def history(tx: Tx, incident: str) -> list[Fact]:
    """Every version of every fact, oldest first."""
    query = select(facts).where(facts.c.incident == incident).order_by(facts.c.at, facts.c.id)
    return [Fact(**row._mapping) for row in tx.execute(query)]


def current(tx: Tx, incident: str) -> list[Fact]:
    """The newest version of each fact, in order of their labels' first appearance."""
    newest: dict[str, Fact] = {}
    for fact in sorted(history(tx, incident), key=lambda one: one.version):
        newest[fact.label] = fact
    return sorted(newest.values(), key=lambda one: int(one.label[1:]))


def add_promises(tx: Tx, found: Sequence[Promise], first_call: datetime) -> None:
    """Keep promises and wake their timer at `first_call`."""
    for promise in found:
        tx.execute(insert(promises).values(**asdict(promise)))
        agenda.promise(tx, Job.PROMISE, promise.id, min(first_call, promise.due_at))


def promise(tx: Tx, promise_id: str) -> Promise | None:
    row = tx.execute(select(promises).where(promises.c.id == promise_id)).first()
    return Promise(**row._mapping) if row else None


def promises_of(tx: Tx, incident: str) -> list[Promise]:
    query = select(promises).where(promises.c.incident == incident).order_by(promises.c.due_at, promises.c.id)
    return [Promise(**row._mapping) for row in tx.execute(query)]


def settle_promise(tx: Tx, promise_id: str, *, kept_at: datetime | None, broken_at: datetime | None) -> None:
    tx.execute(update(promises).where(promises.c.id == promise_id).values(kept_at=kept_at, broken_at=broken_at))
