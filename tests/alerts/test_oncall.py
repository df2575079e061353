"""The rota: exactly one person at every moment, handed over once a turn at the local clock time, also around DST."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.oncall import called, on_duty
from config.team import Rota
from tests.alerts.crew import NOW, ZONE, team

ZONES = [
    ZoneInfo(name)
    for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "UTC")
]
rotas = st.builds(
    Rota,
    duty=st.just("duty"),
    people=st.integers(1, 5).map(lambda n: tuple(f"p{one}" for one in range(n))),
    first_day=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    turn=st.integers(1, 14).map(lambda n: timedelta(days=n)),
    hand_over=st.tuples(st.integers(0, 23), st.sampled_from((0, 15, 30, 59))).map(lambda at: f"{at[0]:02}:{at[1]:02}"),
)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda n: datetime(2024, 6, 1, tzinfo=UTC) + timedelta(minutes=n))
NIGHTLY = Rota(
    duty="duty", people=("p0", "p1", "p2"), first_day=date(2026, 1, 5), turn=timedelta(days=1), hand_over="02:30"
)
BERLIN = ZoneInfo("Europe/Berlin")


def begins(rota: Rota, turn: int, zone: ZoneInfo) -> datetime:
    """The instant the `turn`-th turn begins."""
    hour, minute = (int(part) for part in rota.hand_over.split(":"))
    return datetime.combine(rota.first_day + turn * rota.turn, time(hour, minute), zone).astimezone(UTC)


@given(rotas, moments, st.sampled_from(ZONES))
@example(NIGHTLY, datetime(2026, 10, 25, 1, 10, tzinfo=UTC), BERLIN)
@example(NIGHTLY, datetime(2026, 3, 29, 1, 10, tzinfo=UTC), BERLIN)
def test_the_one_on_duty_is_the_one_whose_turn_covers_the_moment(rota, at, zone):
    turn = (at.date() - rota.first_day) // rota.turn - 2
    while begins(rota, turn + 1, zone) <= at:
        turn += 1
    assert on_duty(rota, at, zone) == rota.people[turn % len(rota.people)]
    assert on_duty(rota, at.astimezone(zone), zone) == on_duty(rota, at, zone)


@pytest.mark.parametrize(
    ("night", "hand_over", "changes"),
    [
        # The hour from 02:00 comes twice: handed over at the first 02:30, not given back at the second 02:00.
        (datetime(2026, 10, 25, 0, tzinfo=UTC), "02:30", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]),
        # 02:30 does not exist: handed over an hour and a half after midnight UTC, once.
        (datetime(2026, 3, 29, 0, tzinfo=UTC), "02:30", [datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]),
        (datetime(2026, 10, 25, 0, tzinfo=UTC), "09:00", []),
    ],
)
def test_a_night_of_changing_clocks_has_one_hand_over(night, hand_over, changes):
    rota = NIGHTLY.model_copy(update={"hand_over": hand_over})
    minutes = [night + timedelta(minutes=n) for n in range(180)]
    found = [on_duty(rota, at, BERLIN) for at in minutes]
    assert [at for at, before, now in zip(minutes[1:], found, found[1:], strict=False) if before != now] == changes


def test_daylight_saving_moves_no_hand_over():
    """Turns end at nine by the wall clock, in winter (08:00 UTC) as in summer (07:00 UTC)."""
    rota = Rota(duty="duty", people=("a", "b"), first_day=date(2026, 3, 23), turn=timedelta(days=7), hand_over="09:00")
    assert on_duty(rota, datetime(2026, 3, 23, 7, 59, tzinfo=UTC), BERLIN) == "b"
    assert on_duty(rota, datetime(2026, 3, 23, 8, 0, tzinfo=UTC), BERLIN) == "a"
    assert on_duty(rota, datetime(2026, 3, 30, 6, 59, tzinfo=UTC), BERLIN) == "a"
    assert on_duty(rota, datetime(2026, 3, 30, 7, 0, tzinfo=UTC), BERLIN) == "b"


def test_a_rota_goes_before_a_role_and_an_unknown_duty_is_nobody():
    found = team()
    assert called(found, "duty", NOW, ZONE) == ["li"]
    assert called(found, "responder", NOW, ZONE) == ["li", "chen"]
    assert called(found, "night watch", NOW, ZONE) == []
