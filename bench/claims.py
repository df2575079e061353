"""The agenda: claims per second, against taking one row at a time with SELECT and UPDATE."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from bench.figures import Figure
from config.clock import new_id, stopwatch
from store import agenda, migrations
from store.agenda import Job
from store.database import Store
from store.tables import agenda as rows

COUNT, SEATS = 2000, 64
NOW = datetime(2026, 4, 6, tzinfo=UTC)
LEASE = timedelta(seconds=15)


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Claimed and finished jobs per second on SQLite with synchronous=FULL."""
    tick("claims: ours")
    ours = _run(_batches)
    tick("claims: one by one")
    return [Figure("agenda claims", ours, "jobs/s", _run(_one_by_one), None)]


def _run(work: Callable[[Store], int]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bench.db")
        migrations.migrate(store)
        with store.transaction() as tx:
            for number in range(COUNT):
                agenda.promise(tx, Job.JUDGE, str(number), NOW)
        began = stopwatch()
        done = work(store)
        took = stopwatch() - began
        store.close()
    return done / took


def _batches(store: Store) -> int:
    done = 0
    while True:
        with store.transaction() as tx:
            tasks = agenda.claim(tx, NOW, SEATS, LEASE, new_id)
        if not tasks:
            return done
        for task in tasks:
            with store.transaction() as tx:
                done += agenda.finish(tx, task, None)


def _one_by_one(store: Store) -> int:
    done = 0
    while True:
        with store.transaction() as tx:
            row = tx.execute(select(rows.c.seq).where(rows.c.claim.is_(None)).order_by(rows.c.due_at).limit(1)).first()
            if row is None:
                return done
            tx.execute(update(rows).where(rows.c.seq == row.seq).values(claim="taken"))
        with store.transaction() as tx:
            tx.execute(rows.delete().where(rows.c.seq == row.seq))
        done += 1
