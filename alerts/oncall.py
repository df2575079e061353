"""Who is on duty at a moment (pure): rotas turn at a local clock time, so daylight saving never shortens a turn."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.settings import Team
from config.team import Rota


def on_duty(rota: Rota, at: datetime, zone: ZoneInfo) -> str:
    """The one person whose turn covers `at` (aware); turns before first_day count backwards."""
    hour, minute = (int(part) for part in rota.hand_over.split(":"))
    local = at.astimezone(zone)
    day = local.date() if local.time() >= time(hour, minute) else local.date() - timedelta(days=1)
    turns = (day - rota.first_day) // rota.turn
    return rota.people[turns % len(rota.people)]


def called(team: Team, duty: str, at: datetime, zone: ZoneInfo) -> list[str]:
    """Person ids behind a name in the escalation: the rota's person on duty, else everybody with that role."""
    for rota in team.rota:
        if rota.duty == duty:
            return [on_duty(rota, at, zone)]
    return team.roles().get(duty, [])
