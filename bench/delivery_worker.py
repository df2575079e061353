"""Processes that work on one house, each of which may be killed at any moment and is replaced at once."""

import logging
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import update

from alerts.channels import Reach
from alerts.channels.registry import CHANNELS
from alerts.delivery import MAX_TRIES, wait_after
from bench.delivery_house import Site
from config.clock import rest
from config.errors import DeliveryError
from desk import rq_runner
from desk.rq_runner import OverRedis
from desk.runner import Threads
from store import pages
from store.database import Store
from store.nouns import Page, PageStatus
from store.tables import pages as page_rows

Work = Callable[[Site], None]
STEP = timedelta(milliseconds=5)
START_WITHIN = timedelta(seconds=30)


def threads(site: Site) -> None:
    """The embedded runner of `serve`, without its screens."""
    _begin(site)
    runner = Threads(site.house().desk, site.settings.service.runner.seats)
    runner.start()
    _forever(site)


def beat(site: Site) -> None:
    """The beat of `serve` over Redis, without its screens."""
    _begin(site)
    runner = site.settings.service.runner
    OverRedis(site.house().desk, runner.redis_url, runner.seats).start()
    _forever(site)


def work(site: Site) -> None:
    """One worker process of `work`."""
    _begin(site)
    rq_runner.work_with(site.house().desk)
    site.ready(os.getpid()).touch()
    rq_runner.serve_queue(site.settings.service.runner.redis_url)


def mark_then_send(site: Site) -> None:
    """The baseline: what a plain loop does. A page is marked as sent, then sent; retries are in memory."""
    _begin(site)
    names = {one.address: one.secret_env for person in site.settings.team.person for one in person.endpoint}
    reach = Reach(site.settings.service.mail, lambda name: site.env.get(name, ""), names)
    store = site.store()
    for _ in range(site.settings.service.runner.seats):
        threading.Thread(target=_mark_and_send, args=(store, reach), daemon=True).start()
    _forever(site)


def _mark_and_send(store: Store, reach: Reach) -> None:
    never = threading.Event()
    while not rest(STEP, never):
        if (page := _marked(store)) is None:
            continue
        for tries in range(1, MAX_TRIES):
            try:
                CHANNELS["webhook"].send(page, reach)
                break
            except DeliveryError:
                rest(wait_after(tries), never)


def _marked(store: Store) -> Page | None:
    with store.transaction() as tx:
        page = next((one for one in pages.newest(tx) if one.status == PageStatus.WAITING), None)
        if page:
            tx.execute(update(page_rows).where(page_rows.c.id == page.id).values(status=PageStatus.ACCEPTED))
        return page


def _begin(site: Site) -> None:
    """What it logs goes to a file, and when the measuring process is gone it goes too."""
    logging.basicConfig(filename=Path(site.folder) / "workers.log", level=logging.WARNING, force=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _forever(site: Site) -> None:
    site.ready(os.getpid()).touch()
    threading.Event().wait()


class Fleet:
    """One process per kind of work named; `with Fleet(site, [work, work, beat]) as fleet: fleet.kill(2)`."""

    def __init__(self, site: Site, kinds: Sequence[Work]) -> None:
        self.site, self.kinds = site, list(kinds)
        # A process is ready 2 s sooner when it need not import the house; SIGKILL then hits workers that work.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bench.delivery_worker"])
        self._running: list[BaseProcess] = []

    def __enter__(self) -> "Fleet":
        for kind in self.kinds:
            self._running.append(self._start(kind))
        for process in self._running:
            self._wait_for(process)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            process.kill()
        for process in self._running:
            process.join()

    def __len__(self) -> int:
        return len(self.kinds)

    def kill(self, place: int) -> None:
        """SIGKILL to the process in this place once it takes jobs; another one starts at once."""
        process = self._running[place]
        self._wait_for(process)
        process.kill()
        process.join()
        self._running[place] = self._start(self.kinds[place])

    def _start(self, kind: Work) -> BaseProcess:
        process = self._context.Process(target=kind, args=(self.site,), daemon=True)
        process.start()
        return process

    def _wait_for(self, process: BaseProcess) -> None:
        ready = self.site.ready(process.pid or 0)
        for _ in range(START_WITHIN // STEP):
            if ready.exists() or not process.is_alive():
                return
            rest(STEP, threading.Event())
        raise TimeoutError(f"a worker process was not ready within {START_WITHIN.seconds} s")
