"""What a source usually gives at this time of day, and when its silence is too good to be true (pure)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)
# How far back it is learned, how many such days are needed, and how long a silence is looked at.
LEARNED: Final = timedelta(days=28)
_LEAST_DAYS: Final = 5
# The newest so many of them are looked at.
_MOST_DAYS: Final = 14
SILENCE: Final = 3
# With fewer than this expected in the silent hours, silence is nothing unusual.
_LEAST_EXPECTED: Final = 6.0


def expected(hours: Sequence[tuple[datetime, int]], now: datetime) -> float | None:
    """How many new mentions the last SILENCE hours would have given on the quietest quarter of such days.

    `hours` are (hour, mentions) in which the source was heard; None while it is not known long enough. The lower
    quartile, not the mean: one loud day must not make ordinary days look silent.
    """
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    counts = dict(hours)
    days: list[int] = []
    for back in range(1, LEARNED.days + 1):
        if len(days) == _MOST_DAYS:
            break
        told = [counts.get(this_hour - timedelta(days=back) - HOUR * n) for n in range(1, SILENCE + 1)]
        if None not in told:
            days.append(sum(one for one in told if one is not None))
    if len(days) < _LEAST_DAYS:
        return None
    return float(sorted(days)[len(days) // 4])


def too_quiet(hours: Sequence[tuple[datetime, int]], now: datetime) -> str:
    """A sentence when the last whole hours gave nothing although they always give something; "" otherwise."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    recent = [count for at, count in hours if at >= this_hour - HOUR * SILENCE]
    # A silence must not teach that silence is usual: only what came before it is learned.
    heard_last = max((at for at, count in hours if count), default=this_hour)
    usual = expected([(at, count) for at, count in hours if at <= heard_last], now)
    if usual is None or usual < _LEAST_EXPECTED or sum(recent) > 0:
        return ""
    return f"quieter than ever: nothing new in {SILENCE} hours, usually at least {usual:.0f}"
