"""Plays a whole scenario on a clock that jumps from one due moment to the next, people included."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config.clock import StepClock
from desk import stepping
from desk.demo.people import People
from desk.demo.report import report
from desk.demo.scenario import Scenario
from desk.demo.stage import Stage, set_stage
from store import incidents

# After the last mention the story goes on: paging may have to run out, promises come due.
AFTERWARDS = timedelta(hours=4)
LEAST_AFTER_OPENING = timedelta(hours=4)
Progress = Callable[[datetime, float], None]


def play(scenario: Scenario, folder: Path, *, people: bool, progress: Progress) -> dict[str, Any]:
    """The report of the whole scenario; `progress` is told the virtual time and the share done, 0..1."""
    clock = StepClock(scenario.begins - timedelta(minutes=1))
    stage = set_stage(scenario, folder, clock)
    try:
        team = People(stage) if people else None
        _run(stage, clock, scenario, team, progress)
        found = report(stage)
    finally:
        stage.close()
    if team and team.refused:
        found["refused"] = team.refused
    return found


def _run(stage: Stage, clock: StepClock, scenario: Scenario, team: People | None, progress: Progress) -> None:
    begun, end = clock(), scenario.ends + AFTERWARDS

    def step(now: datetime) -> None:
        if team:
            team.act(now)
        progress(now, min(1.0, (now - begun) / (end - begun)))

    stepping.forward(stage.house.desk, clock, end, step)
    with stage.store.reading() as tx:
        latest = max((one.detected_at for one in incidents.listed(tx, open_only=True)), default=begun)
    stepping.forward(stage.house.desk, clock, max(clock(), latest + LEAST_AFTER_OPENING), step)
