"""When silence is too good to be true: learned per hour of the day, quiet about what it cannot know."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.floor import expected, too_quiet

NOW = datetime(2026, 3, 20, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(days: int, count: int, *, today: int | None = None) -> list[tuple[datetime, int]]:
    """Every hour of so many past days gave `count`; today's hours gave `today` (None: not heard)."""
    noon = NOW.replace(minute=0)
    past = [(noon - timedelta(days=day) - HOUR * n, count) for day in range(1, days + 1) for n in range(24)]
    return [*past, *([(noon - HOUR * n, today) for n in range(5)] if today is not None else [])]


@pytest.mark.parametrize(
    ("hours", "usual"),
    [(told(7, 10), 30.0), (told(4, 10), None), (told(14, 0), 0.0), ([], None)],
)
def test_what_three_hours_usually_give(hours, usual):
    assert expected(hours, NOW) == usual


def test_one_loud_day_does_not_raise_the_floor_and_one_silent_day_does_not_lower_it_to_nothing():
    noon = NOW.replace(minute=0)
    loud = [(at, 900 if at > noon - timedelta(hours=30) else count) for at, count in told(8, 10)]
    assert expected(loud, NOW) == 30.0
    quiet = [(at, 0 if at > noon - timedelta(hours=30) else count) for at, count in told(8, 10)]
    assert expected(quiet, NOW) == 30.0


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [
        (told(7, 10, today=0), True),
        (told(7, 10), True),
        (told(7, 10, today=1), False),
        (told(7, 1, today=0), False),
        (told(3, 10, today=0), False),
    ],
)
def test_silence_is_suspicious_only_where_there_is_always_something(hours, quiet):
    assert bool(too_quiet(hours, NOW)) is quiet
