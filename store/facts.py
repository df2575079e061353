"""The fact log of an incident (every change is a new version) and the promises its publications made."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import insert, select, update

from store import agenda
from store.agenda import Job
from store.database import Tx, upsert
from store.fact_chain import digest
from store.nouns import Fact, FactCell, FactStatus, Incident, Promise
from store.tables import fact_cells, facts, incidents, promises


def add(tx: Tx, fact: Fact) -> Fact:
    """Keep a row at the end of its incident's chain; rows are never changed or deleted. Returns it as it is kept."""
    query = select(facts.c.seq, facts.c.hash).where(facts.c.incident == fact.incident)
    last = tx.execute(query.order_by(facts.c.seq.desc()).limit(1)).first()
    numbered = replace(fact, seq=last.seq + 1 if last else 1)
    kept = replace(numbered, hash=digest(asdict(numbered), last.hash if last else ""))
    tx.execute(insert(facts).values(**asdict(kept)))
    return kept


def history(tx: Tx, incident: str) -> list[Fact]:
    """Every version of every fact, oldest first."""
    query = select(facts).where(facts.c.incident == incident).order_by(facts.c.seq)
    return [Fact(**row._mapping) for row in tx.execute(query)]


def keep_cell(tx: Tx, cell: FactCell) -> None:
    """Who finds out what an empty cell of the grid lacks, and until when; the last word counts."""
    upsert(tx, fact_cells, asdict(cell))


def cells(tx: Tx, incident: str) -> list[FactCell]:
    query = select(fact_cells).where(fact_cells.c.incident == incident)
    return [FactCell(**row._mapping) for row in tx.execute(query)]


def current(tx: Tx, incident: str) -> list[Fact]:
    """The newest version of each fact, in order of their labels' first appearance."""
    newest: dict[str, Fact] = {}
    for fact in sorted(history(tx, incident), key=lambda one: one.version):
        newest[fact.label] = fact
    return sorted(newest.values(), key=lambda one: int(one.label[1:]))


def refuted_elsewhere(tx: Tx, incident: Incident) -> list[Fact]:
    """What the fact logs of the brand's other open incidents hold to be false now."""
    query = select(incidents.c.id).where(
        incidents.c.brand == incident.brand, incidents.c.open_key.is_not(None), incidents.c.id != incident.id
    )
    others = tx.execute(query).scalars().all()
    return [fact for other in others for fact in current(tx, other) if fact.status is FactStatus.REFUTED]


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
