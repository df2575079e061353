"""A drill's own house: an own store in an own folder, the team with the drill's inbox for an address, an own clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.calling import Caller
from alerts.channels import Reach
from alerts.delivery import Delivery
from config.clock import Clock, new_id, new_secret
from config.drills import DrillScenario
from config.settings import Runner, Scoring, Service, Settings, StoreSettings, Watching, Web
from config.sources import ImportSource
from config.team import Endpoint, Person, Team
from config.watch import Brand, Watch
from desk.drill.doors import drill_release
from desk.drill.edge import INBOX, Edge, Inbox, always
from desk.drill.watermark import PATH, marked_name
from desk.reaching import reach_of
from desk.wiring import House, build
from store import migrations
from store.agenda import Job
from store.database import Store

BRAND, SOURCE, OUTSIDE = "drill", "drill", "outside"
# Counted on the drill's clock, which may run ten times as fast.
LEASE = timedelta(minutes=5)
# What would read or ping the real world.
_SILENT = (Job.POLL, Job.OPINION, Job.HEARTBEAT, Job.DAILY, Job.ALARM)


@dataclass(frozen=True)
class DrillStage:
    """Everything a drill is played with. `mailbox` is the drill's inbox."""

    scenario: DrillScenario
    settings: Settings
    store: Store
    house: House
    mailbox: Inbox
    edge: Edge
    caller: Caller

    def close(self) -> None:
        self.house.close()


@dataclass(frozen=True, slots=True)
class Outside:
    """What a drill takes from the real house: people, who opted in, real accounts, and whether all is quiet there."""

    team: Team
    base_url: str
    zone: str = "Asia/Shanghai"
    language: str = "zh"
    opted_in: Sequence[str] = ()
    reach: Reach | None = None
    quiet: Callable[[], bool] = always
    scoring: Scoring = Scoring()


def set_stage(scenario: DrillScenario, folder: Path, clock: Clock, outside: Outside) -> DrillStage:
    """Build the house around an empty store in `folder`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = _settings(scenario, outside, folder)
    store = Store(settings.service.store.url, folder)
    migrations.migrate(store)
    env = {"GOLDENHOUR_SECRET": new_secret()}
    built = build(settings, store, clock, new_id, env)
    opted = {
        (one.channel, one.address)
        for person in outside.team.person
        for one in person.endpoint
        if f"{person.id}:{one.channel}" in outside.opted_in
    }
    edge = Edge(Inbox(), clock, frozenset(opted), outside.reach, outside.quiet)
    caller = Caller(settings.team, built.links, ZoneInfo(settings.service.zone), new_id)
    second = settings.team.escalation.second_channel
    delivery = Delivery(store, clock, reach_of(settings, env, clock), caller, second, edge.narrowed())
    work = {**built.desk.work, **dict.fromkeys(_SILENT, _nothing)}
    work |= {Job.PAGE: delivery.deliver, Job.SETTLE: delivery.settle}
    house = replace(built, desk=replace(built.desk, work=work), release=drill_release(built.release))
    house.first_promises()
    return DrillStage(scenario, settings, store, house, edge.inbox, edge, caller)


def drill_team(outside: Outside) -> Team:
    """The real people with the drill's inbox for an address, and one seat for everybody from outside."""
    people = [
        person.model_copy(
            update={
                "endpoint": (
                    Endpoint(channel="email", address=f"{person.id}{INBOX}"),
                    *(one for one in person.endpoint if f"{person.id}:{one.channel}" in outside.opted_in),
                )
            }
        )
        for person in outside.team.person
    ]
    seat = Person(id=OUTSIDE, name=marked_name("场外 Outside"), roles=("viewer",))
    return outside.team.model_copy(update={"person": (*people, seat)})


def _settings(scenario: DrillScenario, outside: Outside, folder: Path) -> Settings:
    brand = Brand(
        id=BRAND,
        name=marked_name(scenario.brand.name),
        company=marked_name(scenario.brand.company),
        any=scenario.brand.any,
    )
    service = Service(
        language="en" if outside.language == "en" else "zh",
        zone=outside.zone,
        store=StoreSettings(url="sqlite:///drill.db"),
        runner=Runner(lease=LEASE),
        web=Web(base_url=f"{outside.base_url.rstrip('/')}{PATH}"),
        scoring=outside.scoring,
        watching=Watching(heartbeat_url="", daily=""),
    )
    watch = Watch(brand=(brand,), source=(ImportSource(id=SOURCE, platform="weibo"),))
    return Settings(service=service, watch=watch, team=drill_team(outside), root=folder)


def _nothing(_key: str) -> datetime | None:
    """A drill neither reads nor pings the real world."""
    return None
