"""Plays a whole drill with scripted people on a clock that jumps from minute to minute; returns its sheet."""

import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from config.clock import StepClock
from config.drills import DrillScenario, Inject
from config.team import Team
from desk import stepping
from desk.drill.crew import crew_of
from desk.drill.record import make_sheet
from desk.drill.stage import Outside, set_stage
from desk.drill.story import Story

TEAM = Path(__file__).parents[1] / "demo" / "team.toml"
BASE_URL = "http://127.0.0.1:8080"
MINUTE = timedelta(minutes=1)
OnStep = Callable[[datetime, list[Inject]], None]


def play(
    scenario: DrillScenario, folder: Path, *, people: bool = True, speed: int = 1, on_step: OnStep | None = None
) -> dict[str, Any]:
    """The sheet of the whole scenario. `on_step` is told each virtual minute and what happened in it.

    `people` False: nobody does anything. `refused` lists what a rule refused the scripted people.
    """
    clock = StepClock(scenario.meta.begins)
    zone = getattr(scenario.meta.begins.tzinfo, "key", "") or "Asia/Shanghai"
    stage = set_stage(scenario, folder, clock, Outside(crew_team(), BASE_URL, zone))
    try:
        story = Story(stage)
        crew = crew_of(stage, scenario) if people else None
        while clock() <= scenario.ends:
            told = story.tell(clock())
            stepping.settle(stage.house.desk)
            if crew:
                crew.act(clock())
                stepping.settle(stage.house.desk)
            if on_step:
                on_step(clock(), told)
            stepping.forward(stage.house.desk, clock, clock() + MINUTE)
        sheet = make_sheet(stage, story.played, scenario.ends)
    finally:
        stage.close()
    letters = stage.mailbox.letters()
    return sheet | {
        "speed": speed,
        "pages": len(letters),
        "refused": crew.refused if crew else [],
        "not_let_out": stage.edge.refused,
    }


@cache
def crew_team() -> Team:
    """The invented team of the demo."""
    return Team.model_validate(tomllib.loads(TEAM.read_text(encoding="utf-8")))
