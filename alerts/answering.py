"""The clocks of people who wrote to us (pure): when each stage of an answer is due, when we warn, when it is broken."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.calendar import Calendar
from config.team import Answer


@dataclass(frozen=True, slots=True)
class Deadline:
    """One stage of one inquiry: due at `due_at`, its owner warned at `warn_at` (None: no warning)."""

    stage: str
    due_at: datetime
    warn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Stages to warn of and stages that broke, each to be said once, and when to look again (None: never)."""

    warn: tuple[str, ...]
    breach: tuple[str, ...]
    next_at: datetime | None


def deadlines(rule: Answer, received_at: datetime, calendar: Calendar) -> tuple[Deadline, ...]:
    """The moments (UTC) that `rule` promises to somebody whose words arrived at `received_at`, in the rule's order."""

    def later(span: timedelta, working: bool) -> datetime:
        return calendar.after(received_at, span) if working else received_at.astimezone(UTC) + span

    return tuple(
        Deadline(
            stage.name,
            later(stage.after, stage.working),
            later(stage.after - stage.warn, stage.working) if stage.warn else None,
        )
        for stage in rule.stages
    )


def due(
    deadlines: Collection[Deadline],
    answered: Mapping[str, datetime],
    warned: Collection[str],
    breached: Collection[str],
    now: datetime,
) -> Due:
    """What the clocks ask for at `now`, beyond what was said already.

    A breach happened at its `due_at`, however late we look, also when the answer came afterwards; an answer at the
    very moment is in time. After downtime only the breach is said, not the warning before it.
    """
    warn, breach, ahead = [], [], []
    for one in deadlines:
        if one.stage in breached:
            continue
        answer = answered.get(one.stage)
        if now >= one.due_at and (answer is None or answer > one.due_at):
            breach.append(one.stage)
        elif answer is None:
            ahead.append(one.due_at)
            if one.warn_at and one.stage not in warned:
                if now >= one.warn_at:
                    warn.append(one.stage)
                else:
                    ahead.append(one.warn_at)
    return Due(tuple(warn), tuple(breach), min(ahead, default=None))
