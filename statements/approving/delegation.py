"""The spokesperson's right lent to a named person: for one incident or all, until an hour that is said (pure)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from config.errors import AccessError, InputError
from config.team import Team
from store.nouns import Delegation

LONGEST = timedelta(days=7)
NIGHT = timedelta(hours=8)


def in_force(one: Delegation, incident: str, now: datetime) -> bool:
    """Whether it counts for this incident at this moment."""
    return one.revoked_at is None and one.at <= now < one.until and one.incident in ("", incident)


def speakers(team: Team, found: Iterable[Delegation], incident: str, now: datetime) -> tuple[str, ...]:
    """The spokesperson, the named deputies in order, then who has the right lent; each once."""
    lent = (one.person for one in found if in_force(one, incident, now) and team.find(one.person))
    return tuple(dict.fromkeys((team.spokesperson, *team.spokesperson_deputies, *lent)))


def check(team: Team, who: str, person: str, until: datetime, now: datetime) -> None:
    """Return when `who` may lend the right to `person` until then; AccessError or InputError otherwise."""
    if who != team.spokesperson:
        raise AccessError("only the spokesperson lends the right to speak")
    found = team.find(person)
    if found is None or person == team.spokesperson or set(found.roles) <= {"viewer"}:
        able = [one.id for one in team.person if one.id != team.spokesperson and not set(one.roles) <= {"viewer"}]
        raise InputError(f"The right is lent to one of: {', '.join(able)}; not {person!r}.")
    if not now < until <= now + LONGEST:
        raise InputError(f"The right ends at a time you say, at most {LONGEST.days} days from now.")


def check_end(one: Delegation, who: str, team: Team, now: datetime) -> None:
    """Return when `who` may end this lending now: the spokesperson, or who has it."""
    if who not in (team.spokesperson, one.person):
        raise AccessError("only the spokesperson, or who has the right, gives it back")
    if one.revoked_at is not None or now >= one.until:
        raise InputError("The right has ended already.")


def newest(found: Sequence[Delegation], now: datetime) -> tuple[Delegation, ...]:
    """Those in force now, in any incident."""
    return tuple(one for one in found if in_force(one, one.incident, now))
