"""The daily synthetic page: once a day, on every way to the person on duty and ops; that it comes is the proof."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.calling import Caller
from config.clock import Clock
from config.settings import Service, Settings
from desk import notices
from desk.screens.listening import ears
from monitor import sourcebook
from store import figures, journal, sources
from store.database import Store, Tx

DAILY = "check"
DUTIES = ("duty", "ops")
# Missed by more than this, the next day's is soon enough.
LATE = timedelta(hours=6)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Daily:
    """Sends the day's page when its time has come and it was not sent yet, whoever asks and however often."""

    store: Store
    clock: Clock
    settings: Settings
    caller: Caller

    def check(self, _key: str) -> datetime | None:
        """One look. Returns the next day's moment; None when it is switched off."""
        now = self.clock()
        came = newest_at(self.settings.service, now)
        if came is None:
            return None
        if now - came < LATE:
            # The day's name, not ours: whoever asks how often, it is one turn.
            turn = f"{came.astimezone(self.caller.zone):%Y-%m-%d}"
            with self.store.transaction() as tx:
                if not figures.notice_ends(tx, "daily", turn):
                    self._send(tx, turn, came, now)
        return next_at(self.settings.service, now)

    def _send(self, tx: Tx, turn: str, came: datetime, now: datetime) -> None:
        watch = self.settings.watch
        heard = ears(sourcebook.listed(tx, watch), sources.all_states(tx), now)
        day = notices.Day(
            counts=figures.since(tx, now - DAY),
            unwell=tuple(ear.source.id for ear in heard if not ear.well),
            small=tuple(figures.small_spikes(tx, now - DAY)),
        )
        notice = notices.daily(day, turn, {brand.id: brand.name for brand in watch.brand})
        people = self.caller.people(DUTIES, came, tx)
        sent = self.caller.notify(tx, people, notice, now)
        journal.write(tx, now, "system", "daily_check", "service", "", {"people": people, "pages": sent})


def newest_at(service: Service, now: datetime) -> datetime | None:
    """The newest moment of the daily page that has come; None when it is switched off."""
    return max((moment for moment in _moments(service, now) if moment <= now), default=None)


def next_at(service: Service, now: datetime) -> datetime | None:
    """The next moment after `now`; None when it is switched off."""
    return min((moment for moment in _moments(service, now) if moment > now), default=None)


def _moments(service: Service, now: datetime) -> list[datetime]:
    """Yesterday's, today's and tomorrow's: the local time of day as instants, so daylight saving moves none of them."""
    at = service.watching.daily
    if not at:
        return []
    zone, (hour, minute) = ZoneInfo(service.zone), (int(part) for part in at.split(":"))
    today = now.astimezone(zone).date()
    return [datetime.combine(today + n * DAY, time(hour, minute), zone).astimezone(UTC) for n in (-1, 0, 1)]
