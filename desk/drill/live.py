"""A drill that is open: its house, its time, its story and its own screens, and what of the real house it looks at."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from starlette.types import ASGIApp

from alerts.calling import Notice
from alerts.neutral import neutral
from config.drills import DrillScenario
from desk.drill.edge import SUSPENDED
from desk.drill.pace import PacedClock
from desk.drill.stage import OUTSIDE, DrillStage, Outside, set_stage
from desk.drill.story import Story
from desk.drill.watermark import BOTH
from desk.reaching import reach_from
from desk.room import Room, room_of
from desk.screens.telling import tell
from store import incidents, pages
from store.agenda import Job
from store.nouns import Drill, Incident, IncidentStatus, Level, PageStatus

# Seats outside the team: the spokesperson may play an angry parent, somebody only watches.
PARTS = ("reporter", "parent", "observer")
LONGEST_WHY = 200
GRAVE = (Level.ORANGE, Level.RED)
BuildApp = Callable[[Room], ASGIApp]


@dataclass
class Live:
    """What is open. `known`: real incidents a person decided to drill beside."""

    drill: Drill
    stage: DrillStage
    clock: PacedClock
    story: Story
    room: Room
    app: ASGIApp
    known: set[str] = field(default_factory=set)

    def seat_of(self, person: str) -> str:
        """Which person of the drill's team they are; everybody from outside shares one seat."""
        seat = self.drill.seats.get(person, person)
        return OUTSIDE if seat in PARTS else seat


def make_live(
    room: Room, build: BuildApp, drill: Drill, scenario: DrillScenario, clock: PacedClock, quiet: Callable[[], bool]
) -> Live:
    """Build the drill's own house beside the real one's store."""
    settings = room.settings
    outside = Outside(
        team=settings.team,
        base_url=settings.service.web.base_url,
        zone=settings.service.zone,
        language=settings.service.language,
        opted_in=settings.service.drill.opted_in,
        reach=reach_from(settings, room.secret, room.clock),
        quiet=quiet,
        scoring=settings.service.scoring,
    )
    stage = set_stage(scenario, _folder(room, drill), clock, outside)
    inside = replace(room_of(stage.house, clock), fetch=None)
    return Live(drill, stage, clock, Story(stage), inside, build(inside))


def tell_suspended(live: Live, why: str, turn: str) -> None:
    """Everybody in the drill is told at once that it stands still, whatever else waits to be sent."""
    head = (f"{BOTH} 演练暂停", f"{BOTH} drill suspended")
    # The title of the real incident and a person's reason are quoted.
    zh, en = (neutral(tell(why, lang), LONGEST_WHY) for lang in ("zh", "en"))
    words = (
        f"演练已暂停：{zh}。请停下演练；真实事件优先。",
        f"The drill is suspended: {en} Put it down; a real incident comes first.",
    )
    stage = live.stage
    notice = Notice(SUSPENDED, turn, Level.ORANGE, (head[0], words[0]), (head[1], words[1]))
    with stage.store.transaction() as tx:
        stage.caller.notify(tx, [one.id for one in stage.settings.team.person], notice, live.clock())
        waiting = [one.id for one in pages.with_status(tx, PageStatus.WAITING) if one.reason == SUSPENDED]
    for page in waiting:
        stage.house.desk.work[Job.PAGE](page)


def grave_in(room: Room) -> list[Incident]:
    """Open incidents of the real house that are orange or red and not contained."""
    with room.store.reading() as tx:
        found = incidents.listed(tx, open_only=True)
    return [one for one in found if one.level in GRAVE and one.status == IncidentStatus.OPEN]


def _folder(room: Room, drill: Drill) -> Path:
    beside = room.store.path.parent if room.store.path else room.settings.root / "data"
    return beside / "drills" / f"{drill.number}-{drill.id[-8:]}"
