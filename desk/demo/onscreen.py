"""The demo people look at: the days before pass in a jump, then the crisis runs fast enough to watch."""

import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn

from config.clock import FastClock, StepClock, new_secret, rest
from desk import stepping
from desk.access import hash_password
from desk.demo.inbox import NAV, inbox_routes
from desk.demo.scenario import Scenario
from desk.demo.stage import Stage, set_stage
from desk.room import room_of
from desk.runner import Threads
from desk.web import build_app, listen
from store import incidents, people

STRIDE = timedelta(minutes=5)
SEATS = 4
# Leases are counted on the demo's clock; a job may take 15 real seconds there too.
LEASE = timedelta(seconds=15)


class JumpClock:
    """Stands still and jumps while the past is told, then runs `speed` times as fast as the real one."""

    def __init__(self, start: datetime) -> None:
        self.step = StepClock(start)
        self._fast: FastClock | None = None

    def __call__(self) -> datetime:
        return self._fast() if self._fast else self.step()

    def run(self, speed: float) -> None:
        self._fast = FastClock(self.step(), speed)


def show(
    scenario: Scenario,
    folder: Path,
    *,
    port: int,
    speed: float,
    say: Callable[[str], None],
    tick: Callable[[str], None],
) -> None:
    """Until SIGINT or SIGTERM. `say` prints lines that stay, `tick` a line that the next one replaces."""
    door = listen("127.0.0.1", port)
    clock = JumpClock(scenario.begins - timedelta(minutes=1))
    lease = f"{int(LEASE.total_seconds() * speed)}s"
    stage = set_stage(scenario, folder, clock, port=port, lease=lease)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    runner = Threads(stage.house.desk, SEATS)
    server = _server(stage)
    try:
        password = _let_everybody_in(stage, clock())
        web = threading.Thread(target=server.run, args=([door],), name="web", daemon=True)
        web.start()
        _welcome(stage, password, say)
        if _tell_the_past(stage, clock.step, scenario, stop, tick):
            clock.run(speed)
            say(f"\nThe first hour begins, {speed:g} times as fast. 第一小时开始，时间快 {speed:g} 倍。Ctrl-C stops.")
            runner.start()
            rest(timedelta(days=365), stop)
            runner.stop()
    finally:
        server.should_exit = True
        stage.close()


def _server(stage: Stage) -> uvicorn.Server:
    room = room_of(stage.house, stage.house.desk.clock)
    app = build_app(room, inbox_routes(stage.mailbox, stage.platforms), NAV)
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1)
    return uvicorn.Server(config)


def _let_everybody_in(stage: Stage, now: datetime) -> str:
    """One password for the whole demo team, made anew each time."""
    password = new_secret()[:10]
    hashed = hash_password(password)
    with stage.store.transaction() as tx:
        for person in stage.settings.team.person:
            people.set_password(tx, person.id, hashed, now)
    return password


def _welcome(stage: Stage, password: str, say: Callable[[str], None]) -> None:
    say(f"黄金一小时 Golden Hour demo: {stage.settings.service.web.base_url}")
    say(f"Sign-in 登录: li 值班 · chen 备班 · wang 负责人 · zhao 发言人 · ops 运维　password 密码: {password}")
    say(f"Mails and chats the team receives 团队收到的邮件与消息: {stage.settings.service.web.base_url}/demo/inbox")


def _tell_the_past(
    stage: Stage, clock: StepClock, scenario: Scenario, stop: threading.Event, tick: Callable[[str], None]
) -> bool:
    """Jump through the background until an incident opens or it ends; False when somebody stopped."""
    begun = clock()
    while clock() < scenario.ends and not stop.is_set():
        stepping.forward(stage.house.desk, clock, clock() + STRIDE)
        share = (clock() - begun) / (scenario.ends - begun)
        tick(f"the days before 之前的日子 {share:4.0%}")
        with stage.store.reading() as tx:
            if incidents.listed(tx, open_only=True):
                return True
    return not stop.is_set()
