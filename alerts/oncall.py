"""Who is on duty at a moment (pure): rotas turn at a local clock time, so daylight saving never shortens a turn."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.settings import Team
from config.team import Rota


def on_duty(rota: Rota, at: datetime, zone: ZoneInfo) -> str:
    """The one person whose turn covers `at` (aware); turns before first_day count backwards."""
    hour, minute = (int(part) for part in rota.hand_over.split(":"))
    today = at.astimezone(zone).date()
    # Instants are compared, not wall times: where an hour comes twice the duty must not go back to the one before.
    turned = at >= datetime.combine(today, time(hour, minute), zone).astimezone(UTC)
    day = today if turned else today - timedelta(days=1)
    turns = (day - rota.first_day) // rota.turn
    return rota.people[turns % len(rota.people)]


def called(team: Team, duty: str, at: datetime, zone: ZoneInfo) -> list[str]:
    """Person ids behind a name in the escalation: the rota's person on duty, else everybody with that role."""
    for rota in team.rota:
        if rota.duty == duty:
            return [on_duty(rota, at, zone)]
    return team.roles().get(duty, [])
