"""The one road to a job: claims are respected, failures die loudly, long jobs keep their lease, a stop is short."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import text

from config.clock import StepClock, new_id, rest, utc_now
from config.errors import DeliveryError, InputError
from desk import runner
from desk.commands import serve
from desk.runner import Desk, Threads, beat, inline, keep_leases, perform
from desk.stepping import forward, settle
from store import agenda, journal
from store.agenda import Job
from store.database import Store

LEASE = timedelta(seconds=15)
SECOND = timedelta(seconds=1)
LONG = timedelta(seconds=20)


@dataclass
class Bench:
    """A desk whose one kind of work is told by the test; what was worked on is read back."""

    store: Store
    clock: object
    ids: object
    job: Job = Job.DRAFT
    lease: timedelta = LEASE
    done: list[str] = field(default_factory=list)
    work: object = None

    def desk(self) -> Desk:
        return Desk(self.store, self.clock, self.ids, {self.job: self._do}, self.lease)

    def _do(self, key: str):
        found = self.work(key) if self.work else None
        self.done.append(key)
        return found

    def promise(self, *keys: str) -> None:
        with self.store.transaction() as tx:
            for key in keys:
                agenda.promise(tx, self.job, key, self.clock())

    def claim(self, seats: int = 1):
        with self.store.transaction() as tx:
            return agenda.claim(tx, self.clock(), seats, self.lease, self.ids)

    def waiting(self) -> dict:
        with self.store.reading() as tx:
            return agenda.waiting(tx)

    def dead(self) -> list:
        with self.store.reading() as tx:
            return agenda.dead(tx)

    def told(self) -> list:
        with self.store.reading() as tx:
            return journal.entries(tx, f"job:{self.job.value}")


@pytest.fixture
def bench(store, clock, ids):
    return Bench(store, clock, ids)


def soon(condition) -> bool:
    """Wait up to 10 s of real time until it holds."""
    for _ in range(1000):
        if condition():
            return True
        rest(timedelta(milliseconds=10), threading.Event())
    return False


def test_a_job_that_is_done_is_gone_and_one_that_comes_round_waits(bench):
    again = bench.clock() + LEASE
    bench.promise("once", "round")
    bench.work = lambda key: again if key == "round" else None
    assert beat(bench.desk(), inline(bench.desk()), 5) == 2
    assert sorted(bench.done) == ["once", "round"]
    assert bench.waiting() == {"draft:round": again}


def test_without_a_seat_nothing_is_claimed(bench):
    bench.promise("a", "b", "c")
    assert beat(bench.desk(), inline(bench.desk()), 0) == 0
    assert beat(bench.desk(), inline(bench.desk()), 2) == 2
    assert len(bench.done) == 2


def test_a_task_whose_claim_was_taken_over_is_dropped_untouched(bench):
    bench.promise("a")
    (late,) = bench.claim()
    bench.clock.forward(bench.clock() + LEASE + SECOND)
    (heir,) = bench.claim()
    perform(bench.desk(), late)
    assert bench.done == []
    perform(bench.desk(), heir)
    assert (bench.done, bench.waiting()) == (["a"], {})


def test_a_task_taken_over_while_it_ran_leaves_the_heirs_row_alone(bench):
    heirs = []

    def slow(_key):
        bench.clock.forward(bench.clock() + LEASE + SECOND)
        heirs.extend(bench.claim())
        return bench.clock() + 99 * LEASE

    bench.promise("a")
    bench.work = slow
    perform(bench.desk(), bench.claim()[0])
    assert bench.waiting()["draft:a"] < bench.clock()
    with bench.store.transaction() as tx:
        assert agenda.finish(tx, heirs[0], None)


def test_a_late_start_holds_the_lease_anew(bench):
    bench.promise("a")
    (task,) = bench.claim()
    bench.clock.forward(bench.clock() + LEASE - SECOND)

    def a_while(_key):
        bench.clock.forward(bench.clock() + LEASE - SECOND)
        assert bench.claim() == []

    bench.work = a_while
    perform(bench.desk(), task)
    assert (bench.done, bench.waiting()) == (["a"], {})


def fails(error: Exception):
    def work(_key):
        raise error

    return work


def test_a_failing_job_backs_off_and_is_dead_and_journalled_after_eight_tries(bench):
    bench.promise("a")
    bench.work = fails(ZeroDivisionError("oh"))
    waits = []
    while not bench.dead():
        assert beat(bench.desk(), inline(bench.desk()), 5) == 1
        due = bench.waiting().get("draft:a")
        if due:
            waits.append((due - bench.clock()) // SECOND)
            bench.clock.forward(due)
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    (entry,) = bench.told()
    assert (entry.what, entry.why, entry.detail) == ("job_dead", "ZeroDivisionError: oh", {"key": "a"})
    assert [(row["key"], row["last_error"]) for row in bench.dead()] == [("a", "ZeroDivisionError: oh")]
    bench.clock.forward(bench.clock() + timedelta(days=9))
    assert beat(bench.desk(), inline(bench.desk()), 5) == 0


@pytest.mark.parametrize(
    ("error", "dead"),
    [(InputError("never"), True), (DeliveryError("perhaps", code="451"), False), (KeyError("who knows"), False)],
)
def test_what_another_try_cannot_mend_is_dead_at_once(bench, error, dead):
    bench.promise("a")
    bench.work = fails(error)
    beat(bench.desk(), inline(bench.desk()), 5)
    assert (len(bench.dead()), len(bench.told())) == ((1, 1) if dead else (0, 0))


def test_a_job_that_comes_round_never_dies(store, clock, ids):
    bench = Bench(store, clock, ids, job=Job.POLL)
    bench.promise("weibo")
    bench.work = fails(InputError("never"))
    for _ in range(12):
        assert beat(bench.desk(), inline(bench.desk()), 5) == 1
        bench.clock.forward(bench.clock() + timedelta(seconds=601))
    assert (bench.dead(), bench.told()) == ([], [])


def test_one_failing_job_does_not_stop_the_others(bench):
    def work(key):
        if key == "bad":
            raise RecursionError

    bench.promise("bad", "good")
    bench.work = work
    assert beat(bench.desk(), inline(bench.desk()), 5) == 2
    assert bench.done == ["good"]


def test_leases_of_what_runs_here_are_renewed_and_of_nothing_else(bench):
    bench.promise("running", "lost")
    desk = bench.desk()

    def long(_key):
        for _ in range(4):
            bench.clock.forward(bench.clock() + LEASE - SECOND)
            keep_leases(desk)
            with bench.store.transaction() as tx:
                taken.extend(agenda.claim(tx, bench.clock(), 9, 99 * LEASE, bench.ids))

    taken: list = []
    bench.work = long
    running = next(task for task in bench.claim(9) if task.key == "running")
    perform(desk, running)
    assert [task.key for task in taken] == ["lost"]
    assert bench.done == ["running"]
    assert desk.held.now() == []


# Real threads, real time: nothing here waits longer than it must.


@pytest.fixture
def threads(store):
    """Starts embedded runners; every one is stopped at the end, and what it works on is let go."""
    go, started = threading.Event(), []

    def start(bench: Bench, seats: int = 2) -> Threads:
        made = Threads(bench.desk(), seats)
        started.append(made)
        made.start()
        return made

    start.go = go
    yield start
    go.set()
    for one in started:
        one.stop()


def test_threads_work_off_what_is_due(store, threads):
    bench = Bench(store, utc_now, new_id)
    bench.promise(*"abcdefgh")
    threads(bench)
    assert soon(lambda: not bench.waiting())
    assert sorted(bench.done) == list("abcdefgh")


def test_a_store_that_is_away_for_a_moment_does_not_end_the_beat(store, threads, caplog):
    bench = Bench(store, utc_now, new_id)
    with store.engine.begin() as tx:
        tx.execute(text("ALTER TABLE agenda RENAME TO away"))
    running = threads(bench)
    assert soon(lambda: "missed a turn" in caplog.text)
    with store.engine.begin() as tx:
        tx.execute(text("ALTER TABLE away RENAME TO agenda"))
    bench.promise("a")
    assert soon(lambda: bench.done == ["a"])
    assert running.last_beat <= utc_now()


def test_a_long_job_keeps_its_lease_however_short(store, threads):
    bench = Bench(store, utc_now, new_id, lease=SECOND)
    begun: list[str] = []

    def long(key):
        begun.append(key)
        rest(LONG, threads.go)

    bench.promise("long")
    bench.work = long
    threads(bench)
    assert soon(lambda: begun)
    rest(1.6 * SECOND, threads.go)
    assert Bench(store, utc_now, new_id).claim() == []
    threads.go.set()
    assert soon(lambda: not bench.waiting())
    assert begun == ["long"]


def test_a_stop_gives_back_what_had_not_begun_within_its_time(store, threads):
    bench = Bench(store, utc_now, new_id)
    begun = threading.Event()

    def long(_key):
        begun.set()
        rest(LONG, threads.go)

    bench.promise("a")
    bench.work = long
    running = Threads(bench.desk(), 1, SECOND)
    (task,) = bench.claim()
    running.submit(task)
    assert begun.wait(5)
    bench.promise("b", "c")
    for waits in bench.claim(2):
        running.submit(waits)
    assert Bench(store, utc_now, new_id).claim(9) == []
    began = utc_now()
    running.stop_submitted()
    assert utc_now() - began < 3 * SECOND
    given_back = Bench(store, utc_now, new_id).claim(9)
    assert sorted(one.key for one in given_back) == ["a", "b", "c"]
    threads.go.set()
    assert soon(lambda: bench.done)
    assert bench.done == ["a"]
    # What ran on after the stop has no claim any more and writes nothing.
    assert soon(lambda: not running.desk.held.now())
    assert sorted(bench.waiting()) == ["draft:a", "draft:b", "draft:c"]


def test_a_stop_of_the_whole_service_is_promised_within_ten_seconds():
    assert runner.STOP_WITHIN + timedelta(seconds=serve.GRACE_SECONDS) < timedelta(seconds=10)


def test_a_stop_lets_a_running_job_end(store, threads):
    bench = Bench(store, utc_now, new_id)
    begun = threading.Event()

    def short(_key):
        begun.set()
        rest(0.2 * SECOND, threads.go)

    bench.promise("a")
    bench.work = short
    running = threads(bench)
    assert begun.wait(5)
    running.stop()
    assert (bench.done, bench.waiting()) == (["a"], {})


def test_a_standing_clock_settles(bench):
    """The stepping runner runs what jobs cause, too."""
    assert isinstance(bench.clock, StepClock)
    bench.work = lambda key: bench.promise("b") if key == "a" else None
    bench.promise("a")
    assert settle(bench.desk()) == 2
    with bench.store.transaction() as tx:
        agenda.promise(tx, bench.job, "later", bench.clock() + LEASE)
    moments: list = []
    forward(bench.desk(), bench.clock, bench.clock() + 3 * LEASE, moments.append)
    assert (bench.done, len(moments)) == (["a", "b", "later"], 1)
