"""Only the jobs that watch the watcher, on a clock that steps; a restart is a new desk over the same store."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.calling import Caller
from alerts.links import Links
from config.clock import StepClock
from config.settings import Settings
from config.team import Endpoint, Person
from desk.runner import Desk
from desk.stepping import forward
from desk.watching import promise_watching, watching_work
from store import agenda, pages, sources
from store.agenda import Job
from store.nouns import Health, SourceState
from tests.desk import house

MINUTE, HOUR, DAY, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
ZONE = ZoneInfo("Asia/Shanghai")


def given(**watching) -> Settings:
    """The desk's company; ops also has a chat, and somebody reads English."""
    settings = house.settings()
    chat = Endpoint(channel="webhook", address="http://127.0.0.1:9/chat", secret_env="CHAT")
    people = tuple(
        one.model_copy(update={"endpoint": (*one.endpoint, chat)}) if one.id == "ops" else one
        for one in settings.team.person
    )
    mail = Endpoint(channel="email", address="kim@xinghe.example")
    people = (*people, Person(id="kim", name="Kim", roles=("ops",), language="en", endpoint=(mail,)))
    service = settings.service.model_copy(
        update={"watching": settings.service.watching.model_copy(update=watching), "zone": "Asia/Shanghai"}
    )
    rota = ({"duty": "duty", "people": ("li", "chen")},)
    team = settings.team.model_validate(settings.team.model_dump() | {"person": people, "rota": rota})
    return settings.model_copy(update={"service": service, "team": team})


@dataclass
class Watch:
    """Only the jobs that watch, on a clock that steps; a restart is a new desk over the same store."""

    store: object
    clock: StepClock
    ids: object
    settings: Settings = field(default_factory=given)
    env: dict = field(default_factory=dict)

    def start(self) -> "Watch":
        links = Links("http://desk.test", "key", DAY)
        caller = Caller(self.settings.team, links, ZONE, self.ids)
        work = watching_work(self.settings, self.store, self.clock, caller, self.env) | {Job.PAGE: lambda _id: None}
        self.desk = Desk(self.store, self.clock, self.ids, work, 15 * SECOND)
        with self.store.transaction() as tx:
            agenda.release_all(tx)
            promise_watching(tx, self.settings, self.clock())
        return self

    def at(self, local: str) -> "Watch":
        """Time passes until a local moment, every job running when it is due."""
        forward(self.desk, self.clock, moment(local))
        return self

    def down_until(self, local: str) -> "Watch":
        """Nothing runs until then."""
        self.clock.forward(moment(local))
        return self

    def hears(self, health: Health = Health.OK) -> None:
        now = self.clock()
        with self.store.transaction() as tx:
            for one in self.settings.watch.source:
                sources.keep(tx, SourceState(one.id, health, "ok", "", now, now, now, 0, None, "", "", 1, 1))

    def daily(self) -> list[tuple[str, str, str]]:
        """(local moment, person, channel) of every daily page."""
        with self.store.reading() as tx:
            found = [one for one in pages.newest(tx, 1000) if one.reason == "daily"]
        return sorted((f"{one.created_at.astimezone(ZONE):%d %H:%M}", one.person, one.channel) for one in found)

    def body(self, person: str) -> list[str]:
        with self.store.reading() as tx:
            return next(one.body for one in pages.newest(tx, 1000) if one.person == person).splitlines()

    def waiting(self) -> dict:
        with self.store.reading() as tx:
            return agenda.waiting(tx)


def moment(local: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{local}:00+08:00".replace(" ", "T"))


def opened(store, ids, at: str = "12 09:00", env: dict | None = None, **watching) -> Watch:
    """One that hears, begun at a local moment with these settings of `[watching]`."""
    made = Watch(store, StepClock(moment(at)), ids, given(**watching), env or {})
    made.hears()
    return made.start()
