"""A house that only calls: its settings in a folder, one person on duty, no sources; any process can build it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.clock import Clock, new_id, new_secret, utc_now
from config.load import load
from config.settings import Settings
from desk.wiring import House, build
from store import agenda, migrations, volumes
from store.agenda import Job
from store.database import Store
from store.nouns import ClockState, Incident, IncidentStatus, Level, Page, PageStatus, Paging, Spike

SIGNING = "GOLDENHOUR_BENCH_CHAT"
# Channels whose address has to be signed with it.
_SIGNED = ("webhook", "dingtalk")
Way = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Site:
    """Where such a house stands and what time it has; travels to worker processes as it is."""

    folder: str
    env: dict[str, str]
    clock: Clock = utc_now

    @property
    def secret(self) -> str:
        """What its pages are signed with."""
        return self.env[SIGNING]

    @property
    def settings(self) -> Settings:
        return load(Path(self.folder), self.env, Path(self.folder))

    def store(self) -> Store:
        return Store(self.settings.service.store.url, Path(self.folder))

    def house(self) -> House:
        """A whole house of this process on a store of its own; close it at the end."""
        return build(self.settings, self.store(), self.clock, new_id, self.env)

    def ready(self, pid: int) -> Path:
        """The file a worker process makes when it takes jobs."""
        return Path(self.folder) / f"{pid}.ready"


def make_site(
    folder: Path, ways: Sequence[Way], *, store_url: str = "sqlite:///bench.db", redis_url: str = "", lease: str = "15s"
) -> Site:
    """Write the settings and the schema. `ways` are (channel, address) of the person on duty, in order of trust."""
    service = ["[scoring]", 'scorer = "lexicon"', "[store]", f"url = {_toml(store_url)}", "[runner]"]
    service += [f"lease = {_toml(lease)}", f'kind = "{"redis" if redis_url else "threads"}"']
    service += [f"redis_url = {_toml(redis_url)}"]
    team = ['spokesperson = "zhao"']
    for who, roles, how in (("li", ["responder"], ways), ("zhao", ["spokesperson"], ())):
        team += ["[[person]]", f'id = "{who}"', f'name = "{who}"', f"roles = {_toml(roles)}"]
        for channel, address in how:
            team += ["[[person.endpoint]]", f'channel = "{channel}"', f"address = {_toml(address)}"]
            team += [f'secret_env = "{SIGNING}"'] if channel in _SIGNED else []
    for duty in ("duty", "backup", "lead"):
        team += ["[[rota]]", f'duty = "{duty}"', 'people = ["li"]']
    # Only the first step belongs to these measurements.
    team += ["[escalation]", 'steps = [{ after = "0s", call = ["duty"] }]', "cycles = 1", 'cycle = "60m"']
    for name, lines in (("service", service), ("team", team), ("watch", [])):
        (folder / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    site = Site(str(folder), {SIGNING: new_secret(), "GOLDENHOUR_SECRET": new_secret()})
    store = site.store()
    migrations.migrate(store)
    store.close()
    return site


def red_incident() -> Incident:
    """A red incident whose paging is quiet: the pages somebody adds are the only ones it has."""
    now = utc_now()
    hour = now + timedelta(hours=1)
    return Incident(
        new_id(), 1, "bench", "", "bench:general", "bench", Level.RED, IncidentStatus.OPEN, Paging.QUIET,
        ClockState.NONE, now, now, hour, born_breached=False,
    )  # fmt: skip


def red_page(incident: Incident, way: Way, number: int) -> Page:
    """The `number`-th call of the person on duty over one way, made now."""
    return Page(
        id=new_id(),
        incident=incident.id,
        person="li",
        channel=way[0],
        address=way[1],
        reason="call",
        subject=f"【红·请接手】第{number + 1}条",
        body="",
        link="",
        level=Level.RED,
        idempotency=f"{incident.id}:call:{number}:li",
        status=PageStatus.WAITING,
        created_at=utc_now(),
    )


def detect(store: Store, number: int, level: Level, now: datetime, before: timedelta = timedelta(minutes=6)) -> str:
    """A spike of a brand of its own, handed over as the monitor does it; the first post came `before` earlier.

    Returns the brand.
    """
    spike = Spike(
        id=new_id(), brand=f"brand{number}", at=now, kind="severe", count=31, usual=4.0, window_minutes=30, score=3.1,
        why="30 分钟 31 条，平时约 4 条", level=level, level_why=("有人就医",), category="food_safety",
        title=f"第{number + 1}件：食品安全（住院）", t0=now - before,
    )  # fmt: skip
    with store.transaction() as tx:
        volumes.save_spike(tx, spike)
        agenda.promise(tx, Job.OPEN, spike.id, now, urgent=spike.level.rank >= Level.ORANGE.rank)
    return spike.brand


def _toml(value: object) -> str:
    """A TOML string or list of strings; JSON's are a part of TOML's."""
    return json.dumps(value, ensure_ascii=False)
