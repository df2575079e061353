"""What the team plan means for one incident and where it has holes (pure): extra calls, the promise, the lint."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from alerts.first_hour import Rules
from alerts.oncall import Absence, Override, Turn, bounds, called, of_team, turns
from config.settings import Team
from config.taxonomy import Category
from config.team import FirstHour, Rota
from store.nouns import Level

SAID = {
    "zh": {
        "same": "{since} 至 {until}：{duty} 是同一个人（{people}），没有人接第二次呼叫",
        "absent": "{since} 至 {until}：{duty} 应由 {people} 负责，但能叫的人都不在",
    },
    "en": {
        "same": "{since} to {until}: {duty} are the same person ({people}), so nobody else gets the second call",
        "absent": "{since} to {until}: {duty} falls to {people}, and everybody who could take it is absent",
    },
}


@dataclass(frozen=True, slots=True)
class Hole:
    """A span (UTC) in which the roster does not hold. `what`: same (two duties, one person) or absent."""

    what: str
    duties: tuple[str, ...]
    people: tuple[str, ...]
    since: datetime
    until: datetime


def called_for(team: Team, category: Category | None, level: Level) -> tuple[str, ...]:
    """Duties, roles and people to call beside the escalation for an incident of this category, from orange up.

    A role of the taxonomy is who `escalation.specialists` says, else the team's own duty or role of that name.
    """
    if category is None or level.rank < Level.ORANGE.rank:
        return ()
    return tuple(dict.fromkeys(name for role in category.page for name in answering_for(team, role) or ()))


def answering_for(team: Team, role: str) -> tuple[str, ...] | None:
    """Who answers for a role of the taxonomy; () nobody on purpose, None nobody because nobody thought of it."""
    named = {one.role: one.call for one in team.escalation.specialists}
    if role in named:
        return named[role]
    ours = role in team.roles() or any(rota.duty == role for rota in team.rota)
    return (role,) if ours else None


def profile_for(first_hour: FirstHour, category: str, level: Level) -> Rules:
    """The shortest promise among the profiles that fit category and level; without one, that of first_hour itself."""
    fitting = [
        one
        for one in first_hour.profile
        if (not one.categories or category in one.categories) and (not one.levels or level in one.levels)
    ]
    if not fitting:
        return Rules(first_hour.promise, first_hour.reminders, first_hour.after_breach)
    strictest = min(fitting, key=lambda one: one.promise)
    reminders = strictest.reminders
    if reminders is None:
        reminders = tuple(after for after in first_hour.reminders if after < strictest.promise)
    return Rules(strictest.promise, reminders, first_hour.after_breach)


def holes(
    team: Team,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    overrides: Sequence[Override] = (),
    absences: Sequence[Absence] = (),
) -> list[Hole]:
    """Where, from `since` to `until`, the second call reaches the same person as the first, or a call only absent ones.

    First and second are the first two rotas the escalation calls. Earliest first.
    """
    known = of_team(team, overrides)
    plan = {rota.duty: turns(rota, since, until, zone, known, absences, team.deputies()) for rota in team.rota}
    found = [hole for duty, rows in plan.items() for hole in _absent(duty, rows, absences)]
    for role in _names(team):
        if role not in plan:
            found += _nobody(team, role, _pieces(bounds(absences), since, until), zone, absences)
    pair = [plan[rota.duty] for rota in first_two(team)]
    if len(pair) == 2:
        found += _same(tuple(rota.duty for rota in first_two(team)), pair[0], pair[1])
    return sorted(found, key=lambda one: (one.since, one.duties))


def first_two(team: Team) -> list[Rota]:
    """The rotas the escalation calls first and second, as far as it has them: primary and backup."""
    rotas = {rota.duty: rota for rota in team.rota}
    return [rotas[name] for name in _names(team) if name in rotas][:2]


def sentence(hole: Hole, team: Team, zone: ZoneInfo, language: str = "en") -> str:
    """The hole as people read it, zh or en, with local times and names."""
    names = [person.name if (person := team.find(one)) else one for one in hole.people]
    since, until = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (hole.since, hole.until))
    duty, people = (("、" if language == "zh" else ", ").join(words) for words in (hole.duties, names))
    return SAID[language][hole.what].format(since=since, until=until, duty=duty, people=people)


def _names(team: Team) -> list[str]:
    """Every duty and role the escalation calls, each once, in the order of the calls."""
    steps = sorted(team.escalation.steps, key=lambda step: step.after)
    return list(dict.fromkeys(name for step in steps for name in step.call))


def _absent(duty: str, rows: Iterable[Turn], absences: Sequence[Absence]) -> list[Hole]:
    """Rows of a rota in which whoever has the duty is away themselves."""
    found: list[Hole] = []
    for row in rows:
        own = [one for one in absences if one.person == row.person]
        for since, until in _pieces(bounds(own), row.since, row.until):
            if any(one.covers(since) for one in own):
                _grow(found, Hole("absent", (duty,), (row.person,), since, until))
    return found


def _nobody(
    team: Team, role: str, pieces: Iterable[tuple[datetime, datetime]], zone: ZoneInfo, absences: Sequence[Absence]
) -> list[Hole]:
    """Spans in which everybody with a role is away, and their deputies too."""
    found: list[Hole] = []
    for since, until in pieces:
        people = called(team, role, since, zone, (), absences)
        if people and all(any(one.person == person and one.covers(since) for one in absences) for person in people):
            _grow(found, Hole("absent", (role,), tuple(people), since, until))
    return found


def _same(duties: tuple[str, ...], first: Iterable[Turn], second: Sequence[Turn]) -> list[Hole]:
    found: list[Hole] = []
    for one in first:
        for other in second:
            since, until = max(one.since, other.since), min(one.until, other.until)
            if one.person == other.person and since < until:
                _grow(found, Hole("same", duties, (one.person,), since, until))
    return found


def _grow(found: list[Hole], hole: Hole) -> None:
    """Append, or lengthen the last one when it goes on with the same words."""
    last = found[-1] if found else None
    if last and (last.until, last.what, last.people) == (hole.since, hole.what, hole.people):
        found[-1] = Hole(last.what, last.duties, last.people, last.since, hole.until)
    else:
        found.append(hole)


def _pieces(marks: Iterable[datetime], since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """`since` to `until` cut at the marks inside, in UTC."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    cuts = sorted({since, until, *(at for at in marks if since < at < until)})
    return list(zip(cuts, cuts[1:], strict=False))
