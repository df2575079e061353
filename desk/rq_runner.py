"""The only file that knows Redis and RQ. RQ carries tasks to workers; due, retry and dead stay in the agenda."""

import logging
import multiprocessing
import signal
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from config.clock import rest
from config.errors import StoreError
from desk.runner import Alongside, Beside, Desk, Threads, beat, keep_leases, perform
from desk.settling import settle
from desk.signs import RQ
from store import agenda
from store.agenda import Job, Task

log = logging.getLogger("goldenhour.rq")
QUEUE = "goldenhour"
# A task that waits in Redis longer than this (Redis lost it, or no worker) is claimed and sent again.
QUEUE_LEASE = timedelta(seconds=5)
LONGEST_REST = timedelta(seconds=0.5)
# The one desk of a worker process; RQ calls a plain function, so it has to be found here.
_desks: list[Desk] = []


def connect(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)


class OverRedis:
    """Sends claimed tasks to RQ workers; while Redis is away this process does them itself."""

    def __init__(self, desk: Desk, url: str, seats: int, beside: Sequence[Beside] = ()) -> None:
        self.desk, self.seats = desk, seats
        self.alongside = Alongside(desk.signs("redis"), *beside)
        self.last_beat = desk.clock()
        self.queue = Queue(QUEUE, connection=connect(url), serializer=JSONSerializer)
        self._own = Threads(desk, 2)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="beat")
        self.redis_is_away = False

    def start(self) -> None:
        self._thread.start()

    def submit(self, task: Task) -> None:
        if not self.redis_is_away:
            try:
                self.queue.enqueue_call(do, args=pack(task), timeout=600, result_ttl=0, failure_ttl=60)
                return
            except redis.RedisError as error:
                log.warning("redis is away, jobs run in this process: %s", error)
                self.redis_is_away = True
        self._own.submit(task)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._own.stop_submitted()

    def _free(self) -> int:
        """Seats left in the queue; with Redis away, the two of our own."""
        try:
            waiting = self.queue.count
            self.redis_is_away = False
        except redis.RedisError:
            self.redis_is_away = True
            return self._own.free()
        return max(0, self.seats - int(waiting))

    def _help_out(self) -> int:
        """The queue is full: when what is due has waited too long nobody takes it, so this process does."""
        with self.desk.store.reading() as tx:
            late = agenda.lag(tx, self.desk.clock()) > 2 * QUEUE_LEASE
        return beat(self.desk, self._own.submit, self._own.free()) if late else 0

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                keep_leases(self.desk)
                free = self._free()
                lease = self.desk.lease if self.redis_is_away else QUEUE_LEASE
                claimed = beat(self.desk, self.submit, free, lease) if free else self._help_out()
                self.last_beat = self.desk.clock()
                self.alongside.looked()
            except StoreError as error:
                claimed = self.alongside.missed(error)
            rest(timedelta(seconds=0.02) if claimed else LONGEST_REST, self._stop)


def pack(task: Task) -> tuple[str, str, str, int, str, str]:
    """A task as JSON can carry it."""
    due, lease = task.due_at.isoformat(), task.lease_until.isoformat()
    return (task.job.value, task.key, task.claim, task.attempts, due, lease)


def do(job: str, key: str, claim: str, attempts: int, due_at: str, lease_until: str) -> None:
    """What an RQ worker runs: the one road to a job, on this process's own desk."""
    task = Task(Job(job), key, claim, attempts, datetime.fromisoformat(due_at), datetime.fromisoformat(lease_until))
    perform(this_process(), task)


def this_process() -> Desk:
    """This worker's desk: the one given by `work_with`, else built once from the settings its parent named."""
    if not _desks:
        from desk.commands import log_of_environment  # noqa: PLC0415  neither is needed where a desk was given
        from desk.wiring import desk_from_environment  # noqa: PLC0415  wiring imports the runners

        log_of_environment()
        work_with(desk_from_environment())
    return _desks[0]


def work_with(desk: Desk) -> None:
    """Make `desk` this process's own, keep the leases of what it works on and give signs of life."""
    _desks.append(desk)
    threading.Thread(target=_keep, args=(desk,), name="leases", daemon=True).start()


def _keep(desk: Desk) -> None:
    never, signs = threading.Event(), desk.signs(RQ)
    while not rest(desk.lease / 4, never):
        try:
            keep_leases(desk)
            signs.looked()
        except StoreError as error:
            log.error("leases were not renewed: %s", error)


class Workers:
    """`count` preloaded SimpleWorkers, each a process of its own; one that dies is started again."""

    def __init__(self, url: str, count: int) -> None:
        self.url, self.count = url, count
        self._context = multiprocessing.get_context("spawn")
        self._running: list[Any] = []
        self._stop = threading.Event()

    def run(self) -> None:
        """Until SIGTERM or SIGINT; workers finish their present job first."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._stop.set())
        while not self._stop.is_set():
            self._running = [one for one in self._running if one.is_alive()]
            while len(self._running) < self.count:
                worker = self._context.Process(target=serve_queue, args=(self.url,))
                worker.start()
                self._running.append(worker)
            rest(timedelta(seconds=0.5), self._stop)
        for worker in self._running:
            worker.terminate()
        for worker in self._running:
            worker.join(timeout=8)


def serve_queue(url: str) -> None:
    """One worker: wait for Redis, take jobs, survive Redis going away."""
    this_process()
    settle()
    stop = threading.Event()
    while not stop.is_set():
        try:
            queue = Queue(QUEUE, connection=connect_for_worker(url), serializer=JSONSerializer)
            worker = SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer)
            worker.work(logging_level="WARNING", with_scheduler=False)
            stop.set()
        except redis.RedisError as error:
            log.warning("redis is away: %s", error)
            rest(timedelta(seconds=1), stop)


def connect_for_worker(url: str) -> "redis.Redis":
    """A worker blocks on the queue, so it must not time out while it waits."""
    return redis.Redis.from_url(url, socket_connect_timeout=2)
