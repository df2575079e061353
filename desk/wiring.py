"""The one place where everything is tied together: settings become a house that can do every job."""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.calling import Caller
from alerts.delivery import Delivery
from alerts.inquiries import Inquiries, Waiting
from alerts.jobs import Alerts
from alerts.links import Links
from alerts.opening import Opener
from config.clock import Clock, Ids, SteadyClock, new_id, new_secret
from config.errors import SettingsError
from config.load import environment, load, secret
from config.mapping import Limits
from config.settings import Settings
from config.taxonomy import Taxonomy, load_taxonomy
from config.watch import Source, Watch
from desk.asking import Asking
from desk.fault_model import wording_with_reader
from desk.legal_alarm import legal_work, promise_legal
from desk.reaching import reach_of
from desk.runner import Desk, Work
from desk.scorer_alarm import WatchedJudging
from desk.scorers import scorer_of
from desk.source_alarm import SourceAlarm
from desk.watching import promise_watching, tell_jump, watching_work
from monitor import sourcebook
from monitor.guessing import Scorer
from monitor.hearing import Hearing
from monitor.in_force.brand_words import faults_of
from monitor.in_force.rules import InForce
from monitor.intake import PENDING, Intake
from monitor.judging_job import Judging
from monitor.limiter import StoreLimiter
from monitor.opinion_client import OpinionClient
from monitor.opinion_job import SecondOpinion
from monitor.retention import KEY as RETENTION
from monitor.retention import Retention
from monitor.sources.wire.fetch import Fetcher
from monitor.watching import Watching
from statements.approving.release import Release
from statements.jobs import Statements
from statements.writing.speaking import Speaking
from store import agenda, people
from store.agenda import Job
from store.database import Store, Tx

log = logging.getLogger("goldenhour.wiring")

DAY = timedelta(days=1)
SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """What sources are read with: the wire, and the words they are asked for."""

    fetch: Fetcher
    in_force: InForce

    def words(self, store: Store, watch: Watch, source: Source) -> tuple[str, ...]:
        """The words of the brands as they are in force now."""
        with store.reading() as tx:
            brands = tuple(self.in_force(tx).brands.values())
        return sourcebook.words(watch.model_copy(update={"brand": brands}), source)


@dataclass(frozen=True)
class House:
    """One process's whole house: what runs jobs, what screens may touch, and what must be closed at the end."""

    settings: Settings
    desk: Desk
    links: Links
    release: Release
    taxonomy: Taxonomy
    key: str
    scorer: Scorer
    in_force: InForce
    fetch: Fetcher
    secret: Callable[[str], str]
    intake: Intake

    def first_promises(self) -> None:
        """Make sure everything that comes round for ever is on the agenda (idempotent, run at every start)."""
        now = self.desk.clock()
        with self.desk.store.transaction() as tx:
            for source in sourcebook.listed(tx, self.settings.watch):
                if source.enabled and source.polled:
                    agenda.promise(tx, Job.POLL, source.id, now)
            agenda.promise(tx, Job.JUDGE, PENDING, now)
            agenda.promise(tx, Job.TIDY, "sessions", now)
            agenda.promise(tx, Job.TIDY, RETENTION, now)
            promise_watching(tx, self.settings, now)
            promise_legal(tx, now)

    def close(self) -> None:
        self.scorer.close()
        self.fetch.close()
        self.desk.store.close()


def build(settings: Settings, store: Store, clock: Clock, ids: Ids, env: Mapping[str, str]) -> House:
    """Tie the house together around an open store and a clock."""
    zone = ZoneInfo(settings.service.zone)
    taxonomy = load_taxonomy()
    key = secret_key(settings, env)
    links = Links(settings.service.web.base_url.rstrip("/"), key, settings.service.web.link)
    speaking = Speaking(settings.team, settings.watch, taxonomy, zone, settings.remedies)
    scorer, in_force = scorer_of(settings.service.scoring), in_force_of(settings, taxonomy)
    reading = settings.service.reading
    fetch = Fetcher(allow=reading.allow, max_bytes=reading.max_bytes, deadline=reading.deadline)
    statements = Statements(store, clock, ids, speaking)
    caller = Caller(settings.team, links, zone, ids)
    intake = Intake(ids, key)
    release = Release(ids, speaking, wording_with_reader(log.error))
    work: Work = {
        **_alerts_work(settings, store, clock, caller, taxonomy, env),
        **_hearing_work(settings, store, clock, intake, Reading(fetch, in_force), env),
        **_monitor_work(settings, store, clock, caller, in_force, scorer),
        Job.OPINION: _second_opinion(settings, store, clock, in_force, env).look,
        Job.ALARM: SourceAlarm(store, clock, settings, caller).look,
        Job.DRAFT: statements.draft,
        Job.REVIEW: statements.review,
        Job.TEXT: Asking(store, clock, release, caller, links.base_url).look,
        Job.TIDY: _tidying(store, clock, settings),
        **legal_work(settings, store, clock, caller, speaking),
        **watching_work(settings, store, clock, caller, env),
    }
    desk = Desk(store, clock, ids, work, settings.service.runner.lease, tell_jump=partial(tell_jump, caller))
    asked = partial(secret, env=env)
    return House(settings, desk, links, release, taxonomy, key, scorer, in_force, fetch, asked, intake)


def _alerts_work(
    settings: Settings, store: Store, clock: Clock, caller: Caller, taxonomy: Taxonomy, env: Mapping[str, str]
) -> Work:
    alerts = Alerts(store, clock, Opener(settings.team, caller.ids), caller, taxonomy)
    reach = reach_of(settings, env, clock)
    delivery = Delivery(store, clock, reach, caller, settings.team.escalation.second_channel)
    return {
        Job.OPEN: alerts.open,
        Job.ESCALATE: alerts.escalate,
        Job.CLOCK: alerts.clock_ticks,
        Job.PROMISE: alerts.promise_due,
        Job.PAGE: delivery.deliver,
        Job.SETTLE: delivery.settle,
        Job.INQUIRY: Waiting(store, clock, Inquiries(caller, settings.calendar)).look,
    }


def _hearing_work(
    settings: Settings, store: Store, clock: Clock, intake: Intake, read: Reading, env: Mapping[str, str]
) -> Work:
    watch = settings.watch
    hearing = Hearing(
        store,
        clock,
        intake,
        read.fetch,
        StoreLimiter(store, clock),
        partial(secret, env=env),
        lambda tx, source: sourcebook.find(tx, watch, source),
        partial(read.words, store, watch),
        settings.service.reading.max_entries,
    )
    return {Job.POLL: hearing.poll}


def _monitor_work(
    settings: Settings, store: Store, clock: Clock, caller: Caller, in_force: InForce, scorer: Scorer
) -> Work:
    watch = settings.watch
    dedicated = partial(sourcebook.dedicated, watch=watch)
    judging = Judging(store, clock, in_force, dedicated, scorer, bool(settings.service.opinion.url))
    brands = {brand.id: brand for brand in watch.brand}
    watching = Watching(store, clock, caller.ids, brands, watch.thresholds, in_force.taxonomy)
    return {Job.JUDGE: WatchedJudging(judging, store, clock, caller).judge, Job.WATCH: watching.watch}


def _second_opinion(
    settings: Settings, store: Store, clock: Clock, in_force: InForce, env: Mapping[str, str]
) -> SecondOpinion:
    asked = settings.service.opinion
    limits = Limits(per_day=asked.per_day, daily_usd=asked.daily_usd, usd_per_request=asked.usd_per_question)
    client = OpinionClient(asked.url, asked.model, partial(secret, "GOLDENHOUR_OPINION_KEY", env), asked.timeout)
    return SecondOpinion(store, clock, client.ask, StoreLimiter(store, clock), limits, partial(_names, in_force))


def _names(in_force: InForce, tx: Tx, brand_id: str) -> tuple[str, ...]:
    """Every word a brand goes by."""
    brand = in_force(tx).brands.get(brand_id)
    return (brand.name, brand.company, *brand.any, *brand.aliases) if brand else ()


def in_force_of(settings: Settings, taxonomy: Taxonomy) -> InForce:
    """What counts, files and saved versions; SettingsError says every word of the file that cannot be used."""
    if wrong := faults_of(settings.watch.brand, taxonomy):
        raise SettingsError([f"watch.toml: {fault}" for fault in wrong])
    return InForce(settings.watch, taxonomy)


def secret_key(settings: Settings, env: Mapping[str, str]) -> str:
    """GOLDENHOUR_SECRET, or on the embedded default a key made once and kept beside the store (mode 600)."""
    given = secret("GOLDENHOUR_SECRET", env)
    if given and len(given) < SHORTEST_KEY:
        how = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        raise SettingsError([f"environment: GOLDENHOUR_SECRET: is shorter than {SHORTEST_KEY} characters; {how}"])
    if given:
        return given
    store = Store(settings.service.store.url, settings.root)
    if store.path is None:
        raise SettingsError(["environment: GOLDENHOUR_SECRET: is needed with PostgreSQL; every process must share it"])
    path = store.path.with_name("secret.key")
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(new_secret())
    return path.read_text(encoding="ascii").strip()


def desk_from_environment() -> Desk:
    """A worker process's own desk, from the settings folder its parent named in GOLDENHOUR_CONFIG."""
    env = environment()
    root = Path(env.get("GOLDENHOUR_ROOT") or Path.cwd())
    settings = load(Path(env.get("GOLDENHOUR_CONFIG") or root / "config"), env, root)
    store = Store(settings.service.store.url, root)
    return build(settings, store, SteadyClock(start=store.now()), new_id, env).desk


def _tidying(store: Store, clock: Clock, settings: Settings) -> Callable[[str], datetime | None]:
    """TIDY by its key: expired sessions, or what is kept of strangers longer than the settings allow."""
    retention = Retention(store, clock, settings.service.privacy)

    def tidy(key: str) -> datetime | None:
        if key == RETENTION:
            return retention.tidy()
        now = clock()
        with store.transaction() as tx:
            people.tidy(tx, now, now - DAY)
        return now + timedelta(hours=1)

    return tidy
