"""Who watches the watcher: the heartbeat outside, only while all is well; and its jobs and notices tied together."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from alerts.calling import Caller
from alerts.channels.post import post
from config.clock import Clock, Jump
from config.errors import DeliveryError, SettingsError
from config.gateways import SECRET_ADDRESS
from config.load import secret
from config.settings import Settings
from desk import notices
from desk.daily import DAILY, Daily, next_at
from desk.metrics import HEARTBEATS
from desk.wellness import look
from monitor import sourcebook
from store import agenda
from store.agenda import Job
from store.database import Store, Tx

log = logging.getLogger("goldenhour.watching")
HEARTBEAT = "outside"
SECONDS = 10.0


@dataclass
class Said:
    """How the last one ended, so that a change is logged and its repetition is not."""

    last: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Pings the address of the settings; `secret` finds it when it is `secret:NAME`."""

    store: Store
    clock: Clock
    settings: Settings
    secret: Callable[[str], str]
    said: Said = field(default_factory=Said)

    def ping(self, _key: str) -> datetime | None:
        """One turn. Returns when the next is due; None when no address is set."""
        watching = self.settings.service.watching
        if not watching.heartbeat_url:
            return None
        now = self.clock()
        with self.store.reading() as tx:
            faults = look(tx, sourcebook.listed(tx, self.settings.watch), now).faults
        if faults:
            self._note("held", f"held back, not well: {', '.join(faults)}")
        else:
            self._send(watching.heartbeat_url)
        return now + watching.heartbeat

    def _send(self, url: str) -> None:
        found = SECRET_ADDRESS.fullmatch(url)
        try:
            answer = post(self.secret(found[1]) if found else url, verb="GET", within=SECONDS)
        except (DeliveryError, SettingsError) as error:
            # An address that is a secret is in none of these messages.
            self._note("failed", f"not sent: {error}")
            return
        self._note("sent" if answer.ok else "failed", f"the other side answered {answer.status}")

    def _note(self, how: str, words: str) -> None:
        HEARTBEATS.labels(sent=how).inc()
        if how != self.said.last and (self.said.last or how != "sent"):
            log.warning("heartbeat %s: %s", how, words)
        self.said.last = how


def watching_work(
    settings: Settings, store: Store, clock: Clock, caller: Caller, env: Mapping[str, str]
) -> dict[Job, Callable[[str], datetime | None]]:
    """The jobs by which the service watches itself."""
    heartbeat = Heartbeat(store, clock, settings, partial(secret, env=env))
    return {Job.HEARTBEAT: heartbeat.ping, Job.DAILY: Daily(store, clock, settings, caller).check}


def promise_watching(tx: Tx, settings: Settings, now: datetime) -> None:
    """At every start: what is due is left due, so a daily page missed while down is caught up."""
    if settings.service.watching.heartbeat_url:
        agenda.promise(tx, Job.HEARTBEAT, HEARTBEAT, now)
    daily_at = next_at(settings.service, now)
    if daily_at:
        agenda.promise(tx, Job.DAILY, DAILY, daily_at)


def tell_jump(caller: Caller, tx: Tx, jump: Jump, host: str, now: datetime) -> None:
    """The machine's clock was set: ops are told."""
    caller.notify(tx, caller.people(["ops"], now, tx), notices.clock_jump(jump, host, caller.zone), now)
