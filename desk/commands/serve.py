"""`serve`: screens, sources and jobs. On the embedded default everything runs in this one process."""

import argparse
import os
import signal
import sys
from types import FrameType
from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

import uvicorn

from alerts.calling import Caller
from config.clock import SteadyClock, new_id
from config.load import environment
from config.settings import Settings
from desk.commands import add_settings, log_to_stderr, say, settings_of
from desk.last_resort import LastResort
from desk.reaching import reach_of
from desk.room import room_of
from desk.runner import Threads
from desk.settling import settle
from desk.waking import wake
from desk.web import build_app, listen
from desk.wiring import House, build
from store import agenda, migrations
from store.database import Store, hold_alone

if TYPE_CHECKING:
    from desk.rq_runner import OverRedis

# Together with the runner's 8 s this keeps a stop within 10 s.
GRACE_SECONDS = 1


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    log_to_stderr()
    settings = settings_of(args)
    log_to_stderr(settings)
    store = Store(settings.service.store.url, settings.root)
    alone = hold_alone(store)
    try:
        migrations.make_ready(store)
        house = build(settings, store, SteadyClock(start=store.now()), new_id, environment())
        _take_over(store, alone)
        _wake(settings, house)
        house.first_promises()
        return _serve(settings, house)
    finally:
        store.close()
        if alone:
            alone.close()


def _take_over(store: Store, alone: IO[str] | None) -> None:
    """We hold the file alone, so every claim in it belongs to a process that died: take its work up at once."""
    if alone:
        with store.transaction() as tx:
            agenda.release_all(tx)


def _wake(settings: Settings, house: House) -> None:
    """After a long absence old calls wait for a person, before the first of them can go out."""
    me = house.desk.signs(settings.service.runner.kind).me(house.desk.clock())
    with house.desk.store.transaction() as tx:
        wake(tx, _caller(settings, house), me, settings.service.watching.away)


def _caller(settings: Settings, house: House) -> Caller:
    return Caller(settings.team, house.links, ZoneInfo(settings.service.zone), house.desk.ids)


def _serve(settings: Settings, house: House) -> int:
    runner = _runner(settings, house)
    web = settings.service.web
    app = build_app(room_of(house, lambda: runner.last_beat))
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            # Its lines go the way of all others, through the veil.
            log_config=None,
            timeout_graceful_shutdown=GRACE_SECONDS,
            server_header=False,
        )
    )
    # uvicorn stops on these, then raises them again; unanswered they would end us before the claims are given back.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _answered)
    door = listen(web.host, web.port)
    settle()
    runner.start()
    try:
        say(f"Golden Hour 黄金一小时: {web.base_url}  (Ctrl-C stops)")
        server.run([door])
    finally:
        app.state.hall.close()
        runner.stop()
        house.close()
    if house.desk.held.now():
        # A job that hangs in the network would keep the process; its claim is given back, the next start takes it up.
        sys.stdout.flush()
        os._exit(0)
    return 0


def _answered(_signal: int, _frame: FrameType | None) -> None:
    """Nothing more to do: the server has stopped already."""


def _runner(settings: Settings, house: House) -> "Threads | OverRedis":
    runner, desk, caller = settings.service.runner, house.desk, _caller(settings, house)
    reach, after = reach_of(settings, environment(), desk.clock), settings.service.watching.store_away
    beside = (LastResort(desk.store, desk.clock, caller, reach, after),)
    if runner.kind == "redis":
        # RQ costs half a second to import; the embedded default must not pay for it.
        from desk.rq_runner import OverRedis  # noqa: PLC0415

        return OverRedis(desk, runner.redis_url, runner.seats, beside)
    return Threads(desk, runner.seats, beside=beside)
