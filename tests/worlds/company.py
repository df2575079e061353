"""One company under test: platforms one can fill, a mailbox and a chat one can read, and time one can pass."""

import multiprocessing
import os
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from sqlalchemy import func, select

from alerts import acks
from config.clock import StepClock, new_id, rest
from config.load import load
from desk import rq_runner, stepping
from desk.demo.people import People
from desk.demo.report import report
from desk.demo.scenario import Header, Scenario, ScenarioBrand, Told
from desk.demo.stage import Stage, set_stage
from desk.rq_runner import QUEUE_LEASE, OverRedis
from desk.runner import beat
from desk.wiring import build
from store import agenda, incidents, journal, lookup, pages, texts
from store.database import Store
from store.lookup import Filter
from store.nouns import Incident
from store.tables import agenda as agenda_rows
from tests.worlds.servers import Servers
from tests.worlds.shared_clock import SharedClock

NOON = datetime.fromisoformat("2026-03-12T14:00:00+08:00")
BRAND = ScenarioBrand(
    name="星禾茶饮", any=("星禾茶饮", "星禾"), ambiguous=("星禾",), context=("茶", "奶茶", "门店", "喝")
)
WORKERS = 2
LONGEST_SETTLE = 60.0
# How often a source in a crisis is read: half as often as in the demo, for every reading is a moment to settle.
HOT = "1m"


def told(minute: float, text: str, *, author: str = "", platform: str = "weibo", followers: int | None = 120) -> Told:
    """A mention `minute` minutes after noon (14:00 in Shanghai)."""
    at = NOON + timedelta(minutes=minute)
    name = author or f"路人{minute:g}"
    key = f"{platform}-{at.timestamp():.0f}-{name}"
    return Told(
        id=key,
        platform=platform,
        url=f"https://{platform}.example/{key}",
        author=name,
        followers=followers,
        published_at=at,
        text=text,
    )


class Company(AbstractContextManager["Company"]):
    """A whole house around injected time. `servers` None: SQLite and inline; else PostgreSQL, Redis and RQ workers."""

    def __init__(
        self, folder: Path, mentions_: list[Told], servers: Servers | None = None, scorer: str = "lexicon"
    ) -> None:
        scenario = Scenario(Header(brand=BRAND), tuple(sorted(mentions_, key=lambda one: one.published_at)))
        begin = NOON - timedelta(minutes=1)
        if servers is None:
            self.clock: StepClock | SharedClock = StepClock(begin)
            self.stage = set_stage(scenario, folder, self.clock, scorer=scorer, hot=HOT)
            self._over: _Workers | None = None
        else:
            path = folder / "clock"
            self.clock = SharedClock(path, begin)
            self.stage = set_stage(
                scenario, folder, self.clock, store_url=servers.new_database(), scorer=scorer, hot=HOT
            )
            self._over = _Workers(self.stage, servers.redis_url, folder, path)
        self.people = People(self.stage)

    def __exit__(self, *_: object) -> None:
        if self._over:
            self._over.stop()
        self.stage.close()

    def forward(self, minutes: float, *, people: bool = False) -> None:
        """Let time pass until `minutes` after noon, stopping at every due moment."""
        to = NOON + timedelta(minutes=minutes)
        step = self.people.act if people else None
        if self._over is None:
            stepping.forward(self.stage.house.desk, self.clock, to, step)
            return
        self._over.settle()
        while (due := self._next_due()) is not None and due <= to:
            self.clock.forward(due)
            self._over.settle()
            if step:
                step(due)
        self.clock.forward(to)
        self._over.settle()

    def sleep_until(self, minutes: float) -> None:
        """Time passes while the service is down: nothing runs, then everything due is caught up."""
        self.clock.forward(NOON + timedelta(minutes=minutes))

    def _next_due(self) -> datetime | None:
        with self.store.reading() as tx:
            return agenda.next_due(tx)

    @property
    def store(self) -> Store:
        return self.stage.store

    def report(self) -> dict:
        return report(self.stage)

    def incident(self) -> Incident:
        """The one incident there is."""
        with self.store.reading() as tx:
            (found,) = incidents.listed(tx, open_only=False)
        return found

    def review_sheet(self) -> str:
        """The stored review of the one incident, in Chinese."""
        with self.store.reading() as tx:
            found = texts.review(tx, self.incident().id)
        assert found is not None
        return found[1]

    def incidents(self) -> list[Incident]:
        with self.store.reading() as tx:
            return incidents.listed(tx, open_only=False)

    def take(self, person: str) -> None:
        with self.store.transaction() as tx:
            acks.acknowledge(tx, self.incident().id, person, "link", self.clock())

    def journal(self) -> list[str]:
        """What the journal says of the one incident, in order."""
        with self.store.reading() as tx:
            assert journal.broken_at(tx) is None
            return [entry.what for entry in journal.entries(tx, incidents.subject(self.incident().id))]

    def mentions(self) -> list:
        with self.store.reading() as tx:
            found = lookup.newest(tx, Filter(), 1000)
        return [one.judged for hits in reversed(found) for one in hits]

    def pages(self) -> list:
        with self.store.reading() as tx:
            return pages.of_incident(tx, self.incident().id)


class _Workers:
    """RQ workers in processes of their own, and the beat of this process, one settled moment after another."""

    def __init__(self, stage: Stage, redis_url: str, folder: Path, clock: Path) -> None:
        self.desk = stage.house.desk
        self.over = OverRedis(self.desk, redis_url, 8)
        self.over.queue.empty()
        # Processes of their own that need not each read in the whole house.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        words = (redis_url, str(folder), str(clock), dict(stage.env))
        self.processes = [context.Process(target=_work, args=words) for _ in range(WORKERS)]
        for process in self.processes:
            process.start()

    def settle(self) -> None:
        """Until nothing is due and nothing is being worked on."""
        for _ in range(int(LONGEST_SETTLE / 0.01)):
            given = beat(self.desk, self.over.submit, 8, QUEUE_LEASE)
            if not given and not self._busy():
                return
            rest(timedelta(seconds=0.01), Event())
        raise AssertionError(f"the workers did not settle within {LONGEST_SETTLE:.0f} s")

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.join(timeout=10)

    def _busy(self) -> bool:
        with self.desk.store.reading() as tx:
            claimed = select(func.count()).select_from(agenda_rows).where(agenda_rows.c.claim.is_not(None))
            due = agenda.anything_due(tx, self.desk.clock())
            return bool(tx.execute(claimed).scalar_one()) or due


def _work(redis_url: str, folder: str, clock: str, env: dict[str, str]) -> None:
    """A worker process: the same settings, the shared clock, RQ's own loop."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    settings = load(Path(folder), env, Path(folder))
    store = Store(settings.service.store.url, Path(folder))
    rq_runner.work_with(build(settings, store, SharedClock(Path(clock)), new_id, env).desk)
    rq_runner.serve_queue(redis_url)
