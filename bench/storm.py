"""A thousand yellow detections within a minute, all for one chat with a rate, and one red in the middle of them."""

import json
import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from sqlalchemy import func, select

from alerts.channels import Rate
from alerts.channels.registry import CHANNELS
from bench.delivery_house import Site, detect, make_site
from bench.delivery_worker import Fleet, threads
from bench.figures import Figure
from bench.provider import Answer, Asked, Provider
from config.clock import StepClock, rest, stopwatch, utc_now
from desk.runner import Desk, perform
from store import agenda
from store.agenda import Job
from store.database import Store
from store.nouns import Level, PageStatus
from store.tables import pages

Tick = Callable[[str], None]
COUNT, WITHIN = 1000, timedelta(seconds=60)
# Yellow waits a minute to be grouped. What was detected up to a minute ago is called one after another; what was
# detected before that is called all at once when the runner starts, as after a pause.
EVENLY, AT_ONCE = WITHIN, 2 * WITHIN
CHANNEL = "dingtalk"
LOOK = timedelta(seconds=0.1)
LONGEST = 240.0
MAKING = timedelta(seconds=25)
# The red one is found when so many of the yellow ones have been called.
LAST, EARLY = 990, 100
_DIGEST = re.compile(r"(\d+) 条呼叫合并为一条")


@dataclass
class Room:
    """A provider's rule: a DingTalk room and a webhook that take everything; keeps (moment, first line) of each."""

    room: list[tuple[datetime, str]] = field(default_factory=list)
    chat: list[tuple[datetime, str]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        said = json.loads(asked.body)
        if asked.path.startswith("/chat"):
            self.chat.append((asked.at, said["subject"]))
            return Answer(200, b'{"accepted": true}')
        self.room.append((asked.at, said[said["msgtype"]]["title"]))
        return Answer(200, b'{"errcode": 0, "errmsg": "ok"}')

    def red(self) -> tuple[datetime | None, datetime | None]:
        """When the red call was accepted in the room and by the webhook."""
        first = [min((at for at, line in one if "红" in line), default=None) for one in (self.room, self.chat)]
        return first[0], first[1]

    def told(self) -> tuple[int, int]:
        """Yellow calls sent one by one to the room, and how many its digests say they carry."""
        lines = [line for _, line in self.room if "红" not in line]
        counts = [int(found[1]) for line in lines if (found := _DIGEST.search(line))]
        return len(lines) - len(counts), sum(counts)

    @property
    def digests(self) -> int:
        return sum(bool(_DIGEST.search(line)) for _, line in self.room)

    def most_in(self, span: timedelta) -> int:
        """The most messages the room got in any such span."""
        moments = [at for at, _ in self.room]
        return max((sum(at <= one < at + span for one in moments) for at in moments), default=0)


def measure(tick: Tick) -> list[Figure]:
    """The red call's seconds (baseline: without a storm), the room's fullest minute, and what became of the yellow."""
    calm = _round(tick, 0, EVENLY, 0).seconds
    figures = []
    for name, ago, after in (("within 60 s", EVENLY, LAST), ("all at once", AT_ONCE, EARLY)):
        found = _round(tick, COUNT, ago, after)
        single, carried = found.room.told()
        tick(f"storm {name}: {single} sent one by one, {found.room.digests} digests carried {carried}")
        called = f"storm {name}: yellow detections recorded as calls"
        told = f"storm {name}: calls neither sent nor in a digest's count, or in both"
        figures += [
            Figure(f"storm {name}: red accepted on both channels", found.seconds, "s", calm, 10, of="value", less=True),
            Figure(called, found.recorded, "calls", COUNT, COUNT, of="value"),
            Figure(told, abs(COUNT - single - carried), "calls", COUNT, 0, of="value", less=True),
            *(_fullest(f"storm {name}", found.room, rate) for rate in CHANNELS[CHANNEL].rates),
        ]
    return figures


def _fullest(name: str, room: Room, rate: Rate) -> Figure:
    figure = f"{name}: most messages to one {CHANNEL} room in {rate.per.total_seconds():.0f} s"
    return Figure(figure, room.most_in(rate.per), "messages", rate.count, rate.count, of="value", less=True)


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds until the red one was accepted on both channels, what the room got, yellow calls in the store."""

    seconds: float
    room: Room
    recorded: int


def _round(tick: Tick, count: int, ago: timedelta, after: int) -> Round:
    """`count` yellow detections that began `ago`, and a red one when `after` of them were called."""
    room = Room()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        provider = stack.enter_context(Provider(room))
        ways = [(CHANNEL, provider.url("/robot/send?access_token=bench")), ("webhook", provider.url("/chat"))]
        site = make_site(Path(folder), ways)
        store = site.store()
        stack.callback(store.close)
        _produce(tick, site, count, ago)
        stack.enter_context(Fleet(site, [threads]))
        began = stopwatch()
        _until(began, lambda: _calls(store) >= min(count, after))
        tick(f"storm: {_calls(store)} of {count} yellow calls are under way, now a red one")
        found = utc_now()
        detect(store, count, Level.RED, found)
        _until(began, lambda: all(room.red()))
        tick(f"storm: red accepted, {_calls(store)} yellow calls made, {_waiting(store)} pages wait")
        _until(began, lambda: _calls(store) >= count and not _waiting(store))
        tick(f"storm: over after {stopwatch() - began:.0f} s; {_twice(store)} sent and in a digest too")
        arrived = [at for at in room.red() if at]
        seconds = (max(arrived) - found).total_seconds() if len(arrived) == len(ways) else LONGEST
        return Round(seconds, room, _calls(store))


def _produce(tick: Tick, site: Site, count: int, ago: timedelta) -> None:
    """Yellow incidents, opened on a clock of their own within one past minute; who is called is left to the runner."""
    # Making them takes real time as well.
    clock = StepClock(utc_now() - ago + MAKING * bool(count))
    began = clock()
    house = replace(site, clock=clock).house()
    for number in range(count):
        clock.forward(began + WITHIN * number / count)
        detect(house.desk.store, number, Level.YELLOW, clock())
        _open(house.desk)
        if (number + 1) % 250 == 0:
            tick(f"storm: {number + 1} of {count} detections made")
    house.close()


def _open(desk: Desk) -> None:
    with desk.store.transaction() as tx:
        tasks = agenda.claim(tx, desk.clock(), 1, desk.lease, desk.ids, jobs=[Job.OPEN])
    for task in tasks:
        perform(desk, task)


def _until(began: float, condition: Callable[[], bool]) -> None:
    while not condition() and stopwatch() - began < LONGEST:
        rest(LOOK, Event())


def _calls(store: Store) -> int:
    """Yellow calls over the room's channel."""
    where = (pages.c.channel == CHANNEL, pages.c.reason == "call", pages.c.level == Level.YELLOW)
    with store.reading() as tx:
        return tx.execute(select(func.count()).select_from(pages).where(*where)).scalar_one()


def _twice(store: Store) -> int:
    with store.reading() as tx:
        both = (pages.c.status == PageStatus.ACCEPTED, pages.c.digest != "")
        return tx.execute(select(func.count()).select_from(pages).where(*both)).scalar_one()


def _waiting(store: Store) -> int:
    with store.reading() as tx:
        query = select(func.count()).select_from(pages).where(pages.c.status == PageStatus.WAITING)
        return tx.execute(query).scalar_one()
