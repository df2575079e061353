"""The one-hour clock (pure): reminders on the way, the breach at its due time, then a reminder every quarter hour.

The promise counts from the event (T0). An incident found after the promise had passed is born breached; its
reminders then run from detection, because nobody can be reminded in the past.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.spans import parse_span, write_span
from config.team import FirstHour
from store.nouns import ClockState, Incident


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
class Rules:
    """The promise of one incident; written down when its clock starts, so later settings do not move a running one."""

    promise: timedelta
    reminders: tuple[timedelta, ...]
    after_breach: timedelta


def rules_of(settings: FirstHour) -> Rules:
    return Rules(settings.promise, settings.reminders, settings.after_breach)


def write(rules: Rules) -> dict[str, Any]:
    """JSON form kept with the incident."""
    reminders = [write_span(one) for one in rules.reminders]
    return {
        "promise": write_span(rules.promise),
        "reminders": reminders,
        "after_breach": write_span(rules.after_breach),
    }


def read(kept: dict[str, Any]) -> Rules:
    reminders = tuple(parse_span(one) for one in kept["reminders"])
    return Rules(parse_span(kept["promise"]), reminders, parse_span(kept["after_breach"]))


def hour_of(incident: Incident, default: Rules) -> Hour:
    """The incident's own hour: the rules it was opened with, the moments as they are known now."""
    rules = read(incident.policy["hour"]) if "hour" in incident.policy else default
    promise = incident.due_at - incident.t0
    return Hour(incident.t0, incident.detected_at, promise, rules.reminders, rules.after_breach)


def moved(incident: Incident, t0: datetime, due_at: datetime, now: datetime) -> dict[str, Any]:
    """The fields of an incident whose event moved: an answer and a breach are judged anew by the new due moment."""
    clock, breached_at = incident.clock, incident.breached_at
    if incident.met_at and clock in (ClockState.MET, ClockState.MET_LATE):
        late = incident.met_at > due_at
        clock, breached_at = (ClockState.MET_LATE, due_at) if late else (ClockState.MET, None)
    elif clock == ClockState.BREACHED:
        clock, breached_at = (ClockState.RUNNING, None) if now < due_at else (clock, due_at)
    born = clock != ClockState.NONE and incident.detected_at >= due_at
    return {"t0": t0, "due_at": due_at, "clock": clock, "breached_at": breached_at, "born_breached": born}


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
