"""What can be set, with its meaning and default: three frozen models, one per TOML file, and their cross checks."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.calendar import SHIPPED, Calendar, Zone, load_calendar
from config.drills import DrillSettings, opted_faults
from config.gateways import SECRET_ADDRESS, Gateways
from config.legal_clocks import SHIPPED as SHIPPED_LEGAL_CLOCKS
from config.legal_clocks import LegalClocks, load_legal_clocks
from config.model import Model
from config.platforms import Platforms, load_platforms
from config.remedies import SHIPPED as SHIPPED_REMEDIES
from config.remedies import Remedies, load_remedies
from config.spans import Span
from config.team import SomeTime, Team
from config.watch import Watch

__all__ = [
    "Mail",
    "Privacy",
    "Reading",
    "Runner",
    "Scoring",
    "Service",
    "Settings",
    "StoreSettings",
    "Team",
    "Watch",
    "Watching",
    "Web",
]


class StoreSettings(Model):
    url: str = Field(
        "sqlite:///data/goldenhour.db",
        description="Where all state lives: sqlite:///PATH (one process) or postgresql://USER:PASSWORD@HOST/NAME.",
    )


class Runner(Model):
    kind: Literal["threads", "redis"] = Field("threads", description="threads: inside `serve`; redis: `work`.")
    seats: int = Field(8, ge=1, le=64, description="Jobs at the same time in this process.")
    redis_url: str = Field("", description="redis://HOST:PORT/DB; only for kind = redis. RQ is transport only.")
    lease: Span = Field(timedelta(seconds=15), description="A claim older than this is taken over by another.")


class Web(Model):
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8080, ge=0, le=65535, description="Port the web server listens on; 0 takes a free one.")
    base_url: str = Field(
        "http://127.0.0.1:8080",
        pattern=r"^https?://[^\s?#]+$",
        description="How people reach it; used in page links: http(s)://…, without a query.",
    )
    session: Span = Field(timedelta(hours=12), description="How long a sign-in lasts.")
    link: Span = Field(timedelta(hours=24), description="How long an acknowledge link works.")
    secure_cookies: bool = Field(False, description="true behind HTTPS: cookies are sent over HTTPS only.")


class Mail(Model):
    host: str = Field("", description="SMTP server; empty means no mail can be sent.")
    port: int = Field(587, ge=1, le=65535, description="SMTP port.")
    security: Literal["none", "starttls", "tls"] = Field("starttls", description="How the connection is secured.")
    user: str = Field("", description="SMTP user; the password is the secret GOLDENHOUR_SMTP_PASSWORD.")
    sender: str = Field("goldenhour@localhost", pattern=r"^.*[^@\s]+@[^@\s]+$", description="From address of pages.")
    timeout: Span = Field(timedelta(seconds=20), description="Longest wait for the SMTP server.")


class Reading(Model):
    deadline: Span = Field(timedelta(seconds=20), description="Longest one whole fetch may take.")
    max_bytes: int = Field(5_000_000, ge=10_000, description="Largest decoded answer that is read.")
    max_entries: int = Field(1000, ge=1, le=10_000, description="Entries read from one answer.")
    allow: tuple[str, ...] = Field(
        (), description="Private hosts, host:port or CIDR that may be read, e.g. your own RSSHub."
    )


class Scoring(Model):
    scorer: Literal["trained", "snownlp", "vader", "lexicon"] = Field(
        "trained", description="Who judges: the shipped model, or risk words with the mood of one of the others."
    )
    weights: str = Field("", description="Folder with your own weights, as `train --out` writes them.")
    timeout: Span = Field(timedelta(seconds=30), description="Longest the scorer may think about one batch.")


class SecondOpinion(Model):
    """Another model, asked about what the scorer is unsure of. Off without `url`. The key is GOLDENHOUR_OPINION_KEY.

    Names, accounts, addresses and numbers are covered before a text leaves the house.
    """

    url: str = Field(
        "",
        pattern=r"^(?:https?://[^\s/]+\S*)?$",
        description="Chat completions of an OpenAI-compatible API; empty: off.",
    )
    model: str = Field("", description="The model's name there.")
    per_day: int = Field(200, ge=1, description="Most questions in a day; what comes after them waits for a person.")
    usd_per_question: float = Field(0, ge=0, description="What one question costs.")
    daily_usd: float | None = Field(None, ge=0, description="Money in a day; a hard stop.")
    timeout: Span = Field(timedelta(seconds=10), description="Longest an answer may take.")


def _time_of_day(value: str) -> str:
    hour, colon, minute = value.partition(":")
    right = colon and hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60
    if value and not right:
        raise ValueError('a quoted local time such as "09:30", or "" for never')
    return value


def _pinged(value: str) -> str:
    if value and not (SECRET_ADDRESS.fullmatch(value) or re.fullmatch(r"https?://[^\s/]+\S*", value)):
        raise ValueError('an address that begins with https://, secret:NAME, or "" for none')
    return value


class Watching(Model):
    """Who watches the watcher."""

    heartbeat_url: Annotated[str, AfterValidator(_pinged)] = Field(
        "", description="Pinged while all is well, at a dead man's switch outside; may be secret:NAME; empty: none."
    )
    heartbeat: SomeTime = Field(timedelta(seconds=60), description="How often it is pinged.")
    daily: Annotated[str, AfterValidator(_time_of_day)] = Field(
        "09:30", description='Local time of the daily test page to the person on duty and ops; "" switches it off.'
    )
    away: SomeTime = Field(
        timedelta(hours=6), description="Silent for longer than this: calls from before wait for a person's yes."
    )
    store_away: SomeTime = Field(
        timedelta(seconds=60), description="The store does not answer this long: ops, lead and duty get a mail."
    )

    def unwise(self) -> list[str]:
        """Allowed, but nobody may notice when the service is dead; each line names the key."""
        found = []
        if not self.heartbeat_url:
            found.append(
                "service.toml: watching.heartbeat_url: is empty, so nobody outside notices when all of it stops"
            )
        if not self.daily:
            found.append("service.toml: watching.daily: is off, so a calling that is broken shows only in a crisis")
        return found


class Privacy(Model):
    """How long we keep what strangers said and who they are; a legal hold and an incident keep it longer."""

    mentions: SomeTime = Field(timedelta(days=400), description="Mentions that belong to no incident.")
    authors: SomeTime = Field(timedelta(days=30), description="Real names and accounts, since they were last seen.")
    excerpts: SomeTime = Field(timedelta(days=30), description="The beginning of what a source sent, for mending.")
    evidence: SomeTime = Field(timedelta(days=1095), description="Snapshots taken as evidence, and earlier wordings.")


class Service(Model):
    """service.toml: what ops sets."""

    language: Literal["zh", "en"] = Field("zh", description="First language of screens and pages.")
    zone: Zone = Field("Asia/Shanghai", description="Time zone for display and for rotas.")
    store: StoreSettings = StoreSettings()
    runner: Runner = Runner()
    web: Web = Web()
    mail: Mail = Mail()
    gateways: Gateways = Gateways()
    reading: Reading = Reading()
    scoring: Scoring = Scoring()
    opinion: SecondOpinion = SecondOpinion()
    watching: Watching = Watching()
    privacy: Privacy = Privacy()
    drill: DrillSettings = DrillSettings()


class Settings(Model):
    """Everything, checked together. `root` is the folder relative paths start from."""

    service: Service
    watch: Watch
    team: Team
    root: Path = Path()
    calendar: Calendar = Field(default_factory=lambda: load_calendar(SHIPPED.parent))
    remedies: Remedies = Field(default_factory=lambda: load_remedies(SHIPPED_REMEDIES.parent))
    legal_clocks: LegalClocks = Field(default_factory=lambda: load_legal_clocks(SHIPPED_LEGAL_CLOCKS.parent))
    platforms: Platforms = Field(default_factory=load_platforms)

    def faults(self) -> list[str]:
        """Cross checks over the three files, each one line `file: key: what, what is allowed`."""
        faults = [*self._store_faults(), *self._people_faults(), *self.team.faults(), *self._watch_faults()]
        return [*faults, *opted_faults(self.service.drill, self.team)]

    def _store_faults(self) -> list[str]:
        runner, url, faults = self.service.runner, self.service.store.url, []
        if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            faults.append("service.toml: store.url: must begin with sqlite:/// or postgresql://")
        if runner.kind == "redis" and url.startswith("sqlite"):
            faults.append(
                'service.toml: runner.kind: "redis" means many processes and needs store.url = '
                'postgresql://…; with SQLite only "threads" is allowed'
            )
        if runner.kind == "redis" and not runner.redis_url:
            faults.append('service.toml: runner.redis_url: is needed when runner.kind is "redis"')
        return faults

    def _people_faults(self) -> list[str]:
        known, team, faults = {person.id for person in self.team.person}, self.team, []
        named = [
            ("spokesperson", [team.spokesperson]),
            ("spokesperson_deputies", list(team.spokesperson_deputies)),
        ]
        named += [(f"rota.{rota.duty}.people", list(rota.people)) for rota in team.rota]
        for key, people in named:
            for person in people:
                if person not in known:
                    faults.append(f"team.toml: {key}: nobody is called {person!r}; allowed: {', '.join(sorted(known))}")
        duties = {rota.duty for rota in team.rota} | set(team.roles())
        for step in team.escalation.steps:
            for duty in step.call:
                if duty not in duties:
                    faults.append(
                        f"team.toml: escalation.steps.call: no rota or role is called {duty!r}; "
                        f"allowed: {', '.join(sorted(duties))}"
                    )
        return faults

    def _watch_faults(self) -> list[str]:
        brands, faults = {brand.id for brand in self.watch.brand}, []
        for kind, ids in (
            ("brand", [b.id for b in self.watch.brand]),
            ("source", [s.id for s in self.watch.source]),
        ):
            faults += [
                f"watch.toml: {kind}.id: {name!r} is used twice" for name in {i for i in ids if ids.count(i) > 1}
            ]
        for source in self.watch.source:
            if source.brand and source.brand not in brands:
                faults.append(f"watch.toml: source.{source.id}.brand: no brand {source.brand!r}")
        return faults
