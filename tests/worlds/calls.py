"""A house that calls while things break: its runner, what was promised and delivered, what its disk lets through."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import event, select

from bench.delivery_house import Site, red_incident, red_page
from bench.provider import Answer, Asked
from config.clock import Clock
from config.errors import StoreError
from desk.rq_runner import OverRedis
from desk.runner import Threads
from desk.wiring import House
from store import agenda, incidents, journal, pages
from store.agenda import Job
from store.database import Store
from store.nouns import Incident, PageStatus
from store.tables import agenda as promised
from store.tables import pages as written
from tests.worlds.chaos import YES


@dataclass
class Chat:
    """A provider that accepts everything and keeps (moment, reason) of what it accepted."""

    clock: Clock
    heard: list[tuple[datetime, str]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        self.heard.append((self.clock(), json.loads(asked.body)["reason"]))
        return Answer(200, YES)

    def at(self, reason: str) -> list[datetime]:
        return [at for at, why in self.heard if why == reason]


@contextmanager
def serving(site: Site, redis_url: str = "", seats: int = 8) -> Iterator[tuple[House, Threads | OverRedis]]:
    """A house and its runner in this process, until the block ends."""
    house = site.house()
    runner = OverRedis(house.desk, redis_url, seats) if redis_url else Threads(house.desk, seats)
    runner.start()
    try:
        yield house, runner
    finally:
        runner.stop()
        if isinstance(runner, OverRedis):
            runner.queue.connection.close()
        house.close()


def promise(store: Store, url: str, *numbers: int) -> list[str]:
    """Red pages of one incident whose paging is quiet; returns their keys."""
    with store.transaction() as tx:
        known = incidents.listed(tx, open_only=True)
        incident = known[0] if known else red_incident()
        if not known:
            incidents.add(tx, incident)
        made = [red_page(incident, ("webhook", url), number) for number in numbers]
        for page in made:
            pages.add(tx, page)
    return [page.idempotency for page in made]


def states(store: Store) -> set[PageStatus]:
    with store.reading() as tx:
        return {page.status for page in pages.newest(tx, 1000)}


def all_accepted(store: Store) -> bool:
    """Is everything delivered? A store that does not answer does not say so."""
    with suppress(StoreError):
        return states(store) == {PageStatus.ACCEPTED}
    return False


def tries_of(store: Store) -> dict[str, list[tuple[bool, str]]]:
    """Key -> (accepted, code) of every try that was written down."""
    with store.reading() as tx:
        sent = {page.id: page.idempotency for page in pages.newest(tx, 1000)}
        return {sent[one]: [(t.accepted, t.code) for t in of] for one, of in pages.tries_of(tx, list(sent)).items()}


def the_incident(store: Store) -> Incident:
    """The one that was detected, not made."""
    with store.reading() as tx:
        (found,) = (one for one in incidents.listed(tx, open_only=False) if one.brand != "bench")
    return found


def told(store: Store, what: str) -> list:
    """Journal entries of this kind about all incidents, oldest first."""
    with store.reading() as tx:
        assert journal.broken_at(tx) is None
        of = [incidents.subject(one.id) for one in incidents.listed(tx, open_only=False)]
        return [one for subject in of for one in journal.entries(tx, subject) if one.what == what]


def put_off(store: Store, now: datetime) -> list[str]:
    """Deliveries that were promised for a time nobody can wait for."""
    with store.reading() as tx:
        return [
            key
            for key, due in agenda.waiting(tx).items()
            if key.startswith("page:") and due > now + timedelta(minutes=5)
        ]


@dataclass
class Disk:
    """What every connection to an SQLite store meets: `manner` is a PRAGMA, set each time one is taken up."""

    store: Store
    manner: str = "query_only = OFF"

    def __post_init__(self) -> None:
        event.listen(self.store.engine, "checkout", lambda wire, *_: wire.execute(f"PRAGMA {self.manner}"))


def pairs(store: Store) -> tuple[set[str], set[str]]:
    """Ids of the pages that wait, and keys of the deliveries promised: the same, or something was written by half."""
    with store.reading() as tx:
        waits = set(tx.execute(select(written.c.id).where(written.c.status == PageStatus.WAITING)).scalars())
        due = set(tx.execute(select(promised.c.key).where(promised.c.job == Job.PAGE.value)).scalars())
    return waits, due
