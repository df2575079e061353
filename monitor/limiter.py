"""One limiter per account, shared by all its sources and all processes: what may be asked now, and what it costs."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from config.clock import Clock
from config.errors import SourceError
from config.mapping import Limits
from store import meters
from store.database import Store, Tx
from store.nouns import Meter, Outcome

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONGEST_RATE = timedelta(hours=6)


class Limiter(Protocol):
    """What a reader asks before each request and tells after it."""

    def ask(self, account: str, limits: Limits, requests: int = 1) -> None:
        """Count a request that is about to be made; SourceError (rate_limited, quota_exhausted; until) when it may not.

        Nothing is counted when it may not.
        """

    def items(self, account: str, limits: Limits, count: int) -> None:
        """Count the money for items read."""

    def stop(self, account: str, until: datetime, why: str) -> None:
        """The other side said to wait: nobody asks for this account before `until`."""


@dataclass(frozen=True, slots=True)
class Unlimited:
    """For a read by hand: nothing is counted, nothing is refused."""

    def ask(self, account: str, limits: Limits, requests: int = 1) -> None:
        return

    def items(self, account: str, limits: Limits, count: int) -> None:
        return

    def stop(self, account: str, until: datetime, why: str) -> None:
        return


@dataclass(frozen=True, slots=True)
class StoreLimiter:
    """The limiter of the service: every count is a row, so it holds over processes and restarts."""

    store: Store
    clock: Clock

    def ask(self, account: str, limits: Limits, requests: int = 1) -> None:
        now = self.clock()
        with self.store.transaction() as tx:
            used = self._meter(tx, account, limits, now)
            refuse(used, limits, requests, now)
            units = requests * limits.units_per_request
            meters.keep(
                tx,
                replace(
                    used,
                    hour_used=used.hour_used + requests,
                    day_used=used.day_used + units,
                    day_usd=used.day_usd + requests * limits.usd_per_request,
                    next_at=now + limits.every * requests,
                ),
            )

    def items(self, account: str, limits: Limits, count: int) -> None:
        if not count or not limits.usd_per_item:
            return
        with self.store.transaction() as tx:
            used = self._meter(tx, account, limits, self.clock())
            # What is given back after midnight was set aside before it: it makes the new day no richer.
            meters.keep(tx, replace(used, day_usd=max(0.0, used.day_usd + count * limits.usd_per_item)))

    def stop(self, account: str, until: datetime, why: str) -> None:
        now = self.clock()
        with self.store.transaction() as tx:
            # Asked once a day whatever was said: a quota may have been raised, and nobody can tell us that here.
            meters.block(tx, account, min(until, now + DAY), why[:300], now)

    def _meter(self, tx: Tx, account: str, limits: Limits, now: datetime) -> Meter:
        return meters.meter(tx, account, hour_of(now), day_of(now, limits), lock=True)


def refuse(used: Meter, limits: Limits, requests: int, now: datetime) -> None:
    """SourceError when this many requests may not be made now (pure)."""
    if used.blocked_until and used.blocked_until > now:
        # A rate is over within hours; what takes longer is a quota, and ops must know at once.
        refusal = _used_up if used.blocked_until - now > LONGEST_RATE else _too_soon
        raise refusal(used.blocked_why or "the account must wait", used.blocked_until)
    # A moment further off than any pause was written by a clock that has been set since.
    if used.next_at and now < used.next_at <= now + max(limits.every, LONGEST_RATE):
        raise _too_soon(f"the account asks once in {limits.every.total_seconds():g} s", used.next_at)
    if limits.per_hour is not None and used.hour_used + requests > limits.per_hour:
        raise _too_soon(f"{used.hour_used} of {limits.per_hour} requests of this hour are used", used.hour_at + HOUR)
    tomorrow = used.day_at + DAY
    units = requests * limits.units_per_request
    if limits.per_day is not None and used.day_used + units > limits.per_day:
        raise _used_up(f"{used.day_used} of {limits.per_day} of the day are used", tomorrow)
    if limits.daily_usd is not None and used.day_usd + requests * limits.usd_per_request > limits.daily_usd:
        raise _used_up(f"{used.day_usd:.2f} of {limits.daily_usd:.2f} US$ of the day are spent", tomorrow)


def hour_of(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def day_of(now: datetime, limits: Limits) -> datetime:
    """When the account's day began, in UTC."""
    local = now.astimezone(ZoneInfo(limits.zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _too_soon(why: str, until: datetime) -> SourceError:
    return SourceError(why, outcome=Outcome.RATE_LIMITED, until=until)


def _used_up(why: str, until: datetime) -> SourceError:
    return SourceError(why, outcome=Outcome.QUOTA_EXHAUSTED, until=until)
