"""The one road to a job: `perform`. Runners differ only in how a claimed task is submitted to it."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from config.clock import Clock, Ids, rest
from config.errors import GoldenHourError, StoreError
from desk.signs import Signs, TellJump, told_nobody
from store import agenda, journal
from store.agenda import Job, Task
from store.database import Store

log = logging.getLogger("goldenhour.runner")
Work = Mapping[Job, Callable[[str], datetime | None]]
Submit = Callable[[Task], None]
LONGEST_REST = timedelta(seconds=0.5)
TURNS_A_MINUTE = timedelta(minutes=1) // LONGEST_REST
STOP_WITHIN = timedelta(seconds=8)


@dataclass(frozen=True)
class Desk:
    """Everything a runner needs: where the agenda is, what time it is, and which function does which job."""

    store: Store
    clock: Clock
    ids: Ids
    work: Work
    lease: timedelta
    held: "Held" = field(default_factory=lambda: Held())
    tell_jump: TellJump = told_nobody

    def signs(self, kind: str) -> Signs:
        """Signs of life of a process of this kind."""
        return Signs(self.store, self.clock, kind, self.tell_jump)


class Beside(Protocol):
    """What goes along with a beat: it hears of every turn, and must return soon."""

    def looked(self) -> None:
        """The store answered; a StoreError from here counts as a missed turn."""

    def missed(self) -> None:
        """The store did not answer. Never raises."""


class Alongside:
    """Tells what goes along with one beat of every turn; a long outage is a line a minute in the log."""

    def __init__(self, *beside: Beside) -> None:
        self.beside = beside
        self._missed = 0

    def looked(self) -> None:
        """The store answered."""
        for one in self.beside:
            one.looked()
        if self._missed:
            log.warning("the store answers again; the beat missed %d turn(s)", self._missed)
        self._missed = 0

    def missed(self, error: StoreError) -> int:
        """The store did not answer. Returns what was claimed in such a turn: nothing."""
        if self._missed % TURNS_A_MINUTE == 0:
            log.error("the beat missed a turn: %s", error)
        self._missed += 1
        for one in self.beside:
            one.missed()
        return 0


class Held:
    """The tasks this process works on now; their leases are renewed while they run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tasks: set[Task] = set()

    def add(self, task: Task) -> None:
        with self._lock:
            self._tasks.add(task)

    def remove(self, task: Task) -> None:
        with self._lock:
            self._tasks.discard(task)

    def now(self) -> list[Task]:
        with self._lock:
            return sorted(self._tasks, key=lambda task: (task.job, task.key))


def perform(desk: Desk, task: Task) -> None:
    """Run one claimed task; drop it silently when somebody else has claimed it meanwhile."""
    if not _still_ours(desk, task):
        return
    desk.held.add(task)
    try:
        again_at = desk.work[task.job](task.key)
    except Exception as error:  # noqa: BLE001  the only broad except of the house: no job may stop the others
        _failed(desk, task, error)
    else:
        with desk.store.transaction() as tx:
            agenda.finish(tx, task, again_at)
    finally:
        desk.held.remove(task)


def _still_ours(desk: Desk, task: Task) -> bool:
    """Within half its lease a claim cannot have been taken over; later we ask, and hold it longer."""
    now = desk.clock()
    if now < task.lease_until - desk.lease / 2:
        return True
    with desk.store.transaction() as tx:
        return agenda.renew(tx, task, now, desk.lease)


def _failed(desk: Desk, task: Task, error: Exception) -> None:
    permanent = isinstance(error, GoldenHourError) and error.permanent
    # Strangers' words may stand in it, and no store takes half a character or a NUL.
    said = f"{type(error).__name__}: {error}".replace("\x00", "\\x00")
    reason = said.encode("utf-8", "backslashreplace").decode()
    log.error("job %s failed (try %d): %s", task.job.value, task.attempts + 1, reason, exc_info=error)
    with desk.store.transaction() as tx:
        now = desk.clock()
        if task.job == Job.POLL and Job.ALARM in desk.work:
            # Its state says nothing of this: whoever looks at the sources must.
            agenda.promise(tx, Job.ALARM, task.key, now)
        if agenda.fail(tx, task, reason, now, permanent=permanent):
            journal.write(tx, now, "system", "job_dead", f"job:{task.job.value}", reason[:300], {"key": task.key})


def beat(desk: Desk, submit: Submit, seats: int, lease: timedelta | None = None) -> int:
    """Claim what is due, for free seats only, and submit it. Returns how many tasks were claimed."""
    if seats < 1:
        return 0
    now = desk.clock()
    with desk.store.reading() as tx:
        due = agenda.anything_due(tx, now)
    if not due:
        return 0
    with desk.store.transaction() as tx:
        tasks = agenda.claim(tx, now, seats, lease or desk.lease, desk.ids)
    for task in tasks:
        submit(task)
    return len(tasks)


def inline(desk: Desk) -> Submit:
    """Run at once, in this thread: tests, drills and the headless demo."""
    return lambda task: perform(desk, task)


class Threads:
    """The embedded default: a beat and `seats` threads inside one process."""

    def __init__(
        self, desk: Desk, seats: int, stop_within: timedelta = STOP_WITHIN, beside: Sequence[Beside] = ()
    ) -> None:
        self.desk, self.seats, self.stop_within = desk, seats, stop_within
        self.alongside = Alongside(desk.signs("threads"), *beside)
        self.last_beat = desk.clock()
        self._pool = ThreadPoolExecutor(seats, thread_name_prefix="job")
        self._given: set[Task] = set()
        self._lock = threading.Lock()
        self._stop, self._news = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="beat")

    def start(self) -> None:
        self._thread.start()

    def submit(self, task: Task) -> None:
        with self._lock:
            self._given.add(task)
        self._pool.submit(self._do, task)

    def stop(self) -> None:
        """Claim nothing more, let running jobs end within 8 s, and give back what had not begun."""
        self._stop.set()
        self._news.set()
        self._thread.join()
        self.stop_submitted()

    def free(self) -> int:
        """Seats nobody sits on."""
        with self._lock:
            return self.seats - len(self._given)

    def stop_submitted(self) -> None:
        """End what was submitted, without a beat of its own (OverRedis lends these threads while Redis is away)."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        step = timedelta(seconds=0.05)
        for _ in range(self.stop_within // step):
            if not self.desk.held.now():
                break
            rest(step, threading.Event())
        with self._lock:
            left = list(self._given)
        with self.desk.store.transaction() as tx:
            agenda.release(tx, left)

    def _do(self, task: Task) -> None:
        try:
            perform(self.desk, task)
        finally:
            with self._lock:
                self._given.discard(task)
            self._news.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._news.clear()
                keep_leases(self.desk)
                claimed = beat(self.desk, self.submit, self.free())
                self.last_beat = self.desk.clock()
                self.alongside.looked()
            except StoreError as error:
                claimed = self.alongside.missed(error)
            if not claimed:
                rest(LONGEST_REST, self._news)


def keep_leases(desk: Desk) -> None:
    """Renew the lease of everything that runs here, so a long job is not taken over."""
    held = desk.held.now()
    if held:
        with desk.store.transaction() as tx:
            for task in held:
                agenda.renew(tx, task, desk.clock(), desk.lease)
