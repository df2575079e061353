"""Which escalation steps are due (pure); the policy is written down at opening, people are found at the step."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.spans import parse_span, write_span
from config.team import Escalation


@dataclass(frozen=True, slots=True)
class Policy:
    """Steps as (time since paging began, duties); the walk repeats `cycles` times, `cycle` after its last step."""

    steps: tuple[tuple[timedelta, tuple[str, ...]], ...]
    cycles: int
    cycle: timedelta
    ack_expires: timedelta


@dataclass(frozen=True, slots=True)
class Due:
    """Step ordinals to call now, when to look again, and whether every walk is over without an answer."""

    steps: tuple[int, ...]
    next_at: datetime | None
    exhausted: bool


def policy_of(settings: Escalation) -> Policy:
    steps = tuple(sorted((step.after, step.call) for step in settings.steps))
    return Policy(steps, settings.cycles, settings.cycle, settings.ack_expires)


def write(policy: Policy) -> dict[str, Any]:
    """JSON form kept with the incident, so a later change of the settings does not move a running escalation."""
    return {
        "steps": [[write_span(after), list(call)] for after, call in policy.steps],
        "cycles": policy.cycles,
        "cycle": write_span(policy.cycle),
        "ack_expires": write_span(policy.ack_expires),
    }


def read(kept: dict[str, Any]) -> Policy:
    steps = tuple((parse_span(after), tuple(call)) for after, call in kept["steps"])
    return Policy(steps, kept["cycles"], parse_span(kept["cycle"]), parse_span(kept["ack_expires"]))


def moment(policy: Policy, since: datetime, step: int) -> datetime:
    """When step `step` (0 … steps·cycles) is due; the ordinal after the last one is the moment of exhaustion."""
    walk, place = divmod(step, len(policy.steps))
    length = policy.steps[-1][0] + policy.cycle
    return since + walk * length + (policy.steps[place][0] if walk < policy.cycles else timedelta())


def duties(policy: Policy, step: int) -> tuple[str, ...]:
    return policy.steps[step % len(policy.steps)][1]


def due(policy: Policy, since: datetime, step: int, now: datetime) -> Due:
    """What to do now when `step` is the next one not yet called."""
    total = len(policy.steps) * policy.cycles
    ready = []
    while step < total and moment(policy, since, step) <= now:
        ready.append(step)
        step += 1
    at = moment(policy, since, step)
    return Due(tuple(ready), None if step >= total and at <= now else at, step >= total and at <= now)
