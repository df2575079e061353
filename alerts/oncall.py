"""Who is on duty at a moment (pure): rotas turn at a local clock time, so daylight saving never shortens a turn.

Exactly one person has a duty at every instant: the newest override, else the one whose turn it is, else their deputy,
else the next in the rota who is there, else the one whose turn it is all the same: never nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from config.settings import Team
from config.team import Rota

DAY = timedelta(days=1)
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Override:
    """`person` has `duty` from `since` until just before `until` (aware), whoever's turn it is."""

    duty: str
    person: str
    since: datetime
    until: datetime

    def covers(self, at: datetime) -> bool:
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Absence:
    """`person` cannot be called from `since` until just before `until` (aware)."""

    person: str
    since: datetime
    until: datetime

    def covers(self, at: datetime) -> bool:
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Turn:
    """`person` has the duty from `since` until just before `until` (UTC); `why`: turn, override, deputy or next."""

    since: datetime
    until: datetime
    person: str
    why: str


def on_duty(
    rota: Rota,
    at: datetime,
    zone: ZoneInfo,
    overrides: Sequence[Override] = (),
    absences: Sequence[Absence] = (),
    deputies: Mapping[str, str] = NOBODY,
) -> str:
    """The one person who has the duty at `at` (aware); turns before first_day count backwards.

    `zone` is for a rota without its own. `overrides` come newest first; `deputies`: person id -> their deputy's id.
    """
    return _found(rota, at, zone, overrides, absences, deputies)[0]


def turns(
    rota: Rota,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    overrides: Sequence[Override] = (),
    absences: Sequence[Absence] = (),
    deputies: Mapping[str, str] = NOBODY,
) -> list[Turn]:
    """Who has the duty when, from `since` to `until` without gap or overlap; rows of one person and reason are one."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    marks = {since, *hand_overs(rota, since, until, zone), *bounds(overrides), *bounds(absences)}
    found: list[Turn] = []
    for at in sorted(mark for mark in marks if since <= mark < until):
        person, why = _found(rota, at, zone, overrides, absences, deputies)
        if found and (found[-1].person, found[-1].why) == (person, why):
            continue
        if found:
            found[-1] = Turn(found[-1].since, at, found[-1].person, found[-1].why)
        found.append(Turn(at, until, person, why))
    return found


def bounds(spans: Iterable[Override | Absence]) -> list[datetime]:
    """The instants (UTC) at which one of these begins or ends."""
    return [at.astimezone(UTC) for one in spans for at in (one.since, one.until)]


def hand_overs(rota: Rota, since: datetime, until: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants (UTC) from `since` to `until` at which a turn of the rota may end: one a day."""
    zone = ZoneInfo(rota.zone) if rota.zone else zone
    first, last = (at.astimezone(zone).date() for at in (since, until))
    days = (first + n * DAY for n in range(-1, (last - first).days + 2))
    return [at for at in (_begins(rota, day, zone) for day in days) if since <= at < until]


def called(
    team: Team,
    duty: str,
    at: datetime,
    zone: ZoneInfo,
    overrides: Sequence[Override] = (),
    absences: Sequence[Absence] = (),
) -> list[str]:
    """Person ids behind a name in the escalation: the rota's person on duty, else everybody with that role, else the
    person of that id. In place of somebody absent comes their deputy; when nobody would be left, all are called.
    """
    for rota in team.rota:
        if rota.duty == duty:
            return [on_duty(rota, at, zone, of_team(team, overrides), absences, team.deputies())]
    people = team.roles().get(duty) or [person.id for person in team.person if person.id == duty]
    away, deputies = _away(absences, at), team.deputies()
    there = (one if one not in away else deputies.get(one, "") for one in people)
    return list(dict.fromkeys(one for one in there if one and one not in away)) or people


def of_team(team: Team, overrides: Iterable[Override]) -> list[Override]:
    """Those whose person is still in the team: nobody is on duty who cannot be called."""
    return [one for one in overrides if team.find(one.person)]


def _found(
    rota: Rota,
    at: datetime,
    zone: ZoneInfo,
    overrides: Sequence[Override],
    absences: Sequence[Absence],
    deputies: Mapping[str, str],
) -> tuple[str, str]:
    """Who has the duty, and why."""
    away = _away(absences, at)
    for one in overrides:
        if one.duty == rota.duty and one.covers(at) and one.person not in away:
            return one.person, "override"
    place = _turn(rota, at, zone) % len(rota.people)
    person = rota.people[place]
    if person not in away:
        return person, "turn"
    deputy = deputies.get(person, "")
    if deputy and deputy not in away:
        return deputy, "deputy"
    others = (*rota.people[place + 1 :], *rota.people[:place])
    return next(((one, "next") for one in others if one not in away), (person, "turn"))


def _turn(rota: Rota, at: datetime, zone: ZoneInfo) -> int:
    """Number of the turn that covers `at`; the one that begins on first_day is 0."""
    zone = ZoneInfo(rota.zone) if rota.zone else zone
    day = at.astimezone(zone).date() + DAY
    # Instants are compared, not wall times: where an hour comes twice the duty must not go back to the one before.
    while _begins(rota, day, zone) > at or day in rota.holidays:
        day -= DAY
    return (day - rota.first_day) // rota.turn


def _begins(rota: Rota, day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of the hand-over of a local day; a clock time that comes twice means the first one."""
    hour, minute = (int(part) for part in rota.hand_over.split(":"))
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def _away(absences: Iterable[Absence], at: datetime) -> set[str]:
    return {one.person for one in absences if one.covers(at)}
