"""From the start of a poll to the mail server's 250, against handing the same mail over without any of our work."""

import smtplib
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from alerts.channels.email import compose
from bench.figures import Figure
from config.clock import StepClock, rest, stopwatch, utc_now
from desk.demo.scenario import Header, Scenario, ScenarioBrand, Told
from desk.demo.stage import Stage, set_stage
from desk.runner import Threads
from store import pages

ROUNDS, SEATS = 20, 8
HURT = "在青岚咖啡喝出塑料，孩子在医院检查，有视频"


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Milliseconds, 95th percentile of 20 fresh houses on the embedded runner; the scorer is warm."""
    ours, bare = [], []
    for number in range(ROUNDS):
        tick(f"latency: round {number + 1}/{ROUNDS}")
        one, other = _round()
        ours.append(one)
        bare.append(other)
    return [Figure("poll start to SMTP accepted, p95", _p95(ours), "ms", _p95(bare), 200, of="value", less=True)]


def _round() -> tuple[float, float]:
    start = utc_now()
    told = Told(id="1", platform="weibo", author="某人", published_at=start - timedelta(minutes=1), text=HURT)
    scenario = Scenario(Header(brand=ScenarioBrand(name="青岚咖啡", any=("青岚咖啡",))), (told,))
    with tempfile.TemporaryDirectory() as folder:
        stage = set_stage(scenario, Path(folder), StepClock(start))
        stage.mailbox.clock = utc_now
        try:
            stage.house.scorer.guess(["warm"])
            runner = Threads(stage.house.desk, SEATS)
            began = utc_now()
            runner.start()
            while not stage.mailbox.letters():
                rest(timedelta(milliseconds=2), Event())
            arrived = datetime.fromisoformat(stage.mailbox.letters()[0].at)
            runner.stop()
            return (arrived - began) / timedelta(milliseconds=1), _bare(stage)
        finally:
            stage.close()


def _bare(stage: Stage) -> float:
    """The same mail to the same server by smtplib alone."""
    with stage.store.reading() as tx:
        page = next(one for one in pages.newest(tx) if one.channel == "email")
    began = stopwatch()
    with smtplib.SMTP("127.0.0.1", stage.mailbox.port) as server:
        server.send_message(compose(page, stage.settings.service.mail))
    return (stopwatch() - began) * 1000


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]
