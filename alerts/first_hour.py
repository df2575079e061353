"""The one-hour clock (pure): reminders on the way, the breach at its due time, then a reminder every quarter hour.

The promise counts from the event (T0). An incident found after the promise had passed is born breached; its
reminders then run from detection, because nobody can be reminded in the past.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Hour:
    t0: datetime
    detected_at: datetime
    promise: timedelta
    reminders: tuple[timedelta, ...]
    after_breach: timedelta

    @property
    def due_at(self) -> datetime:
        return self.t0 + self.promise

    @property
    def born_breached(self) -> bool:
        return self.detected_at >= self.due_at

    @property
    def base(self) -> datetime:
        """Where reminders count from: the event, or detection when the hour was over before we knew."""
        return self.detected_at if self.born_breached else self.t0


@dataclass(frozen=True, slots=True)
class Due:
    """`remind`: the latest reminder moment that has come (older ones collapse into it), or None; when to look again."""

    remind: datetime | None
    breached: bool
    next_at: datetime


def due(hour: Hour, reminded_at: datetime | None, now: datetime) -> Due:
    """What the clock asks for at `now` when everything up to `reminded_at` has been said already."""
    said = max(hour.detected_at, reminded_at) if reminded_at else hour.detected_at
    plan = [hour.base + after for after in sorted(hour.reminders)]
    end = hour.base + hour.promise
    plan.append(end)
    overdue = max(timedelta(), now - end) // hour.after_breach
    plan += [end + hour.after_breach * n for n in range(max(1, overdue), overdue + 2)]
    come = [at for at in plan if said < at <= now]
    ahead = [at for at in plan if at > now]
    if now < hour.due_at:
        ahead.append(hour.due_at)
    return Due(come[-1] if come else None, now >= hour.due_at, min(ahead))


def minutes_left(hour: Hour, now: datetime) -> int:
    """Whole minutes until the promise is due, rounded down; negative once it is over."""
    return (hour.due_at - now) // timedelta(minutes=1)
