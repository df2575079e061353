"""Who would be called when, and how long the promise is: the rules of team.toml as people read them, and a dry run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from alerts import escalation
from alerts.escalation import Policy
from alerts.roster import answering_for, profile_for
from config.taxonomy import Category
from config.team import FirstHour, Person, Team
from desk.screens.door import Ask
from desk.screens.frame import show
from desk.screens.people_list import Plan, Way, duty_name, read_plan, ways_of
from desk.words import WORDS
from store import endpoints
from store.nouns import EndpointState, Level

# As the caller does it: orange and red go out on two channels at once.
CHANNELS = 2
Resolve = Callable[[str, datetime], Sequence[Person]]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the escalation: how long after the beginning, and who is behind each duty right now."""

    after: timedelta
    duties: tuple[tuple[str, tuple[Person, ...]], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the dry run: when, which walk (from 1), the duties, the people who can be reached.

    `early`: it comes at once because the call before it reached nobody.
    """

    at: datetime
    walk: int
    duties: tuple[str, ...]
    people: tuple[Person, ...]
    early: bool


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Every call until nobody is left to call, and that moment."""

    calls: tuple[Call, ...]
    exhausted_at: datetime


@dataclass(frozen=True, slots=True)
class Special:
    """What one category changes: other promises than the ordinary one, and who answers for its roles from orange up.

    `promises`: level, promise, reminders; `answering`: role and duties behind it (() nobody on purpose, None unset).
    """

    category: str
    promises: tuple[tuple[Level, timedelta, tuple[timedelta, ...]], ...]
    answering: tuple[tuple[str, tuple[str, ...] | None], ...]


def show_policy(ask: Ask) -> Response:
    """Read only: what stands in team.toml, and what would happen to a red incident that opens now."""
    team = ask.room.settings.team
    policy = escalation.policy_of(team.escalation)
    with ask.room.store.reading() as tx:
        plan = read_plan(ask, tx, ask.now + timedelta(days=14))
        states = endpoints.all_states(tx)
    dry = rehearse(policy, ask.now, plan.called)
    return show(
        ask,
        "policy.html",
        rungs=[_rung(after, names, plan, ask.now) for after, names in policy.steps],
        policy=policy,
        team=team,
        first_walk=[(call, _reached(call.people, states, ask.now)) for call in dry.calls if call.walk == 1],
        later=_later(dry.calls),
        exhausted_at=dry.exhausted_at,
        red=profile_for(team.first_hour, "", Level.RED),
        orange=profile_for(team.first_hour, "", Level.ORANGE),
        specials=[special(team, category) for category in ask.room.taxonomy.categories],
        called=lambda duties: _called(plan, duties, ask.now),
        duty=lambda name: duty_name(ask, name),
        role=lambda name: ask.word(f"policy_role_{name}") if f"policy_role_{name}" in WORDS else duty_name(ask, name),
    )


def rehearse(policy: Policy, since: datetime, resolve: Resolve) -> Rehearsal:
    """Walk the policy from `since` as nobody answers (pure): a step that reaches nobody makes the next one due at once.

    `resolve` names the people behind a duty at a moment.
    """
    calls: list[Call] = []
    for step in range(len(policy.steps) * policy.cycles):
        at = escalation.moment(policy, since, step)
        early = bool(calls) and not calls[-1].people and at > calls[-1].at
        if early:
            since -= at - calls[-1].at
            at = calls[-1].at
        duties = escalation.duties(policy, step)
        found = {one.id: one for duty in duties for one in resolve(duty, at) if one.endpoint}
        calls.append(Call(at, step // len(policy.steps) + 1, duties, tuple(found.values()), early))
    return Rehearsal(tuple(calls), escalation.moment(policy, since, len(policy.steps) * policy.cycles))


def special(team: Team, category: Category) -> Special:
    """What a category changes (pure)."""
    promises = []
    for level in (Level.RED, Level.ORANGE):
        own = _promise(team.first_hour, category.id, level)
        if own != _promise(team.first_hour, "", level):
            promises.append((level, *own))
    answering = tuple((role, answering_for(team, role)) for role in category.page)
    return Special(category.id, tuple(promises), answering)


def _promise(first_hour: FirstHour, category: str, level: Level) -> tuple[timedelta, tuple[timedelta, ...]]:
    found = profile_for(first_hour, category, level)
    return found.promise, found.reminders


def _rung(after: timedelta, names: Sequence[str], plan: Plan, now: datetime) -> Rung:
    return Rung(after, tuple((name, tuple(plan.called(name, now))) for name in names))


def _called(plan: Plan, duties: Sequence[str], now: datetime) -> list[Person]:
    """The people behind duties right now, each once."""
    return list({one.id: one for duty in duties for one in plan.called(duty, now)}.values())


def _reached(
    people: Sequence[Person], states: Mapping[str, EndpointState], now: datetime
) -> list[tuple[Person, tuple[Way, ...]]]:
    """Each person with the ways the call takes."""
    return [(one, ways_of(one, states, now)[:CHANNELS]) for one in people]


def _later(calls: Sequence[Call]) -> list[datetime]:
    """When each walk after the first one begins."""
    firsts: dict[int, datetime] = {}
    for call in calls:
        firsts.setdefault(call.walk, call.at)
    return [at for walk, at in firsts.items() if walk > 1]
