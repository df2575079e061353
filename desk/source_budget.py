"""What a source's account may ask and spend, what it has used, and until when it must not ask (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from config.mapping import Limits
from config.watch import JsonSource, Source
from monitor.limiter import day_of, hour_of
from store.nouns import Meter


@dataclass(frozen=True, slots=True)
class Budget:
    """One account: its limits, what it used of this hour and day, and the other sources that share it."""

    account: str
    limits: Limits
    used: Meter
    blocked_until: datetime | None
    shared: tuple[str, ...]

    @property
    def limited(self) -> bool:
        return any(one is not None for one in (self.limits.per_hour, self.limits.per_day, self.limits.daily_usd))

    @property
    def worth_showing(self) -> bool:
        return self.limited or self.blocked_until is not None or self.used.day_usd > 0


def limits_of(source: Source) -> Limits:
    """The limits that hold for a source: its own, else those of its description."""
    own: Limits | None = getattr(source, "limits", None)
    if own is not None:
        return own
    return source.described.limits if isinstance(source, JsonSource) else Limits()


def secret_of(source: Source) -> str:
    """NAME of the variable with the source's key; "" when it needs none."""
    return str(getattr(source, "secret_name", "") or getattr(source, "secret_env", ""))


def budget_of(
    source: Source, limits: Limits, meters: Mapping[str, Meter], others: Iterable[Source], now: datetime
) -> Budget:
    """The account's budget now; what it used in an hour or day that is over is forgotten."""
    hour, day = hour_of(now), day_of(now, limits)
    used = meters.get(source.account) or Meter(source.account, hour, 0, day, 0, 0.0)
    if used.hour_at != hour:
        used = replace(used, hour_at=hour, hour_used=0)
    if used.day_at != day:
        used = replace(used, day_at=day, day_used=0, day_usd=0.0)
    blocked = used.blocked_until if used.blocked_until and used.blocked_until > now else None
    shared = tuple(sorted(one.id for one in others if one.account == source.account and one.id != source.id))
    return Budget(source.account, limits, used, blocked, shared)
