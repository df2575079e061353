"""The rota: exactly one person at every moment, handed over once a turn at the local clock time, also around DST."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.oncall import Absence, Override, Turn, called, on_duty, turns
from config.team import Rota
from tests.alerts.crew import NOW, ZONE, person, team

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


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTE = timedelta(minutes=1)
# Shanghai has no changing clocks; London and New York have two nights a year each.
CITIES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/London", "America/New_York")]


def hour(n: float) -> datetime:
    """So many hours into a Monday on which ann has the duty from 09:00."""
    return datetime(2026, 1, 5, tzinfo=UTC) + n * HOUR


WEEK = Rota(duty="duty", people=("ann", "bob", "cyd"), first_day=date(2026, 1, 5), hand_over="09:00", zone="UTC")
DEPUTIES = {"ann": "dan"}


def over(name: str, since: float = 10, until: float = 20, duty: str = "duty") -> Override:
    return Override(duty, name, hour(since), hour(until))


def away(name: str, since: float = 10, until: float = 20) -> Absence:
    return Absence(name, hour(since), hour(until))


@pytest.mark.parametrize(
    ("overrides", "absences", "found"),
    [
        ([], [], ("ann", "turn")),
        ([over("eve")], [], ("eve", "override")),
        ([over("eve", duty="backup")], [], ("ann", "turn")),
        # The newest stands first: it wins, unless it is over or its person is away.
        ([over("fay"), over("eve")], [], ("fay", "override")),
        ([over("fay", 10, 12), over("eve")], [], ("eve", "override")),
        ([over("fay"), over("eve")], [away("fay")], ("eve", "override")),
        ([over("fay")], [away("fay")], ("ann", "turn")),
        ([], [away("bob")], ("ann", "turn")),
        ([], [away("ann")], ("dan", "deputy")),
        ([over("fay")], [away("fay"), away("ann")], ("dan", "deputy")),
        ([], [away("ann"), away("dan")], ("bob", "next")),
        ([], [away("ann"), away("dan"), away("bob")], ("cyd", "next")),
        # Everybody is away: the call still goes to somebody.
        ([over("fay")], [away(one) for one in ("ann", "bob", "cyd", "dan", "fay")], ("ann", "turn")),
    ],
)
def test_who_stands_in_for_whom(overrides, absences, found):
    at = hour(15)
    assert on_duty(WEEK, at, ZONE, overrides, absences, DEPUTIES) == found[0]
    assert turns(WEEK, at, at + MINUTE, ZONE, overrides, absences, DEPUTIES) == [Turn(at, at + MINUTE, *found)]


def test_the_next_one_is_the_next_in_the_order_of_the_rota():
    """bob has the second week, cyd the third; after the last one comes the first."""
    assert on_duty(WEEK, hour(24 * 7 + 12), ZONE, (), [away("bob", 24 * 7, 24 * 8)]) == "cyd"
    assert on_duty(WEEK, hour(24 * 14 + 12), ZONE, (), [away("cyd", 24 * 14, 24 * 15)]) == "ann"


def test_a_span_begins_at_its_first_instant_and_is_over_at_its_end():
    tick = timedelta(microseconds=1)
    edges = [hour(10) - tick, hour(10), hour(20) - tick, hour(20)]
    assert [on_duty(WEEK, at, ZONE, [over("eve")]) for at in edges] == ["ann", "eve", "eve", "ann"]
    assert [on_duty(WEEK, at, ZONE, (), [away("ann")], DEPUTIES) for at in edges] == ["ann", "dan", "dan", "ann"]


def test_the_coming_days_as_the_screen_shows_them():
    overrides = [over("eve", 30, 40), over("bob", 35, 50)]
    absences = [away("ann", 100, 9 + 24 * 7 + 5)]
    assert turns(WEEK, hour(12), hour(24 * 8), ZONE, overrides, absences, DEPUTIES) == [
        Turn(hour(12), hour(30), "ann", "turn"),
        Turn(hour(30), hour(40), "eve", "override"),
        Turn(hour(40), hour(50), "bob", "override"),
        Turn(hour(50), hour(100), "ann", "turn"),
        Turn(hour(100), hour(24 * 7 + 9), "dan", "deputy"),
        Turn(hour(24 * 7 + 9), hour(24 * 8), "bob", "turn"),
    ]
    assert turns(WEEK, hour(12), hour(12), ZONE) == []


def test_a_rota_turns_in_its_own_zone_and_without_one_in_the_services():
    """09:00 in New York on 12 January is 14:00 UTC; in Shanghai it is 01:00."""
    rota = WEEK.model_copy(update={"zone": "America/New_York"})
    edge = hour(24 * 7 + 14)
    assert [on_duty(rota, at, ZONE) for at in (edge - MINUTE, edge)] == ["ann", "bob"]
    edge = hour(24 * 7 + 1)
    assert [on_duty(WEEK.model_copy(update={"zone": ""}), at, ZONE) for at in (edge - MINUTE, edge)] == ["ann", "bob"]


def test_on_a_holiday_nobody_hands_over():
    """12 January and the days up to the 14th are off: ann stays until the 15th, and bob's turn is the shorter."""
    rota = WEEK.model_copy(update={"holidays": tuple(date(2026, 1, n) for n in (12, 13, 14))})
    assert turns(rota, hour(12), hour(24 * 15), ZONE) == [
        Turn(hour(12), hour(24 * 10 + 9), "ann", "turn"),
        Turn(hour(24 * 10 + 9), hour(24 * 14 + 9), "bob", "turn"),
        Turn(hour(24 * 14 + 9), hour(24 * 15), "cyd", "turn"),
    ]


@pytest.mark.parametrize("hand_over", ["01:30", "02:30"])
@pytest.mark.parametrize("zone", CITIES, ids=str)
def test_two_years_have_exactly_one_primary(zone, hand_over):
    """Turns end on Sundays in the hours that changing clocks skip or repeat; minute by minute around each hand-over."""
    rota = WEEK.model_copy(update={"first_day": date(2026, 1, 4), "hand_over": hand_over, "zone": ""})
    since, until = datetime(2026, 1, 1, tzinfo=zone), datetime(2028, 1, 1, tzinfo=zone)
    rows = turns(rota, since, until, zone)
    assert (rows[0].since, rows[-1].until) == (since, until)
    assert all(one.until == other.since for one, other in pairwise(rows))
    # 104 Sundays: cyd has what is left of the turn before the first one, and nobody is skipped or comes twice.
    assert [row.person for row in rows] == [("cyd", "ann", "bob")[n % 3] for n in range(105)]
    assert [row.since.astimezone(zone).date() for row in rows[1:]] == [
        date(2026, 1, 4) + n * 7 * DAY for n in range(104)
    ]
    for one, other in pairwise(rows):
        around = [other.since + n * MINUTE for n in range(-180, 181)]
        assert [on_duty(rota, at, zone) for at in around] == [one.person] * 180 + [other.person] * 181


# Hand-over at an hour that is skipped in spring and comes twice in autumn; as many hours after midnight UTC as here.
DST_WEEKS = [
    ("Asia/Shanghai", "02:30", date(2026, 3, 24), [18.5 - 24] * 7),
    ("Asia/Shanghai", "02:30", date(2026, 10, 20), [18.5 - 24] * 7),
    ("Europe/London", "01:30", date(2026, 3, 24), [1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 0.5]),
    ("Europe/London", "01:30", date(2026, 10, 20), [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.5]),
    ("America/New_York", "02:30", date(2026, 3, 3), [7.5, 7.5, 7.5, 7.5, 7.5, 7.5, 6.5]),
    ("America/New_York", "01:30", date(2026, 10, 27), [5.5, 5.5, 5.5, 5.5, 5.5, 5.5, 6.5]),
]


@pytest.mark.parametrize(("zone", "hand_over", "first", "hours"), DST_WEEKS)
def test_every_minute_of_the_weeks_of_changing_clocks(zone, hand_over, first, hours):
    """Seven nights, seven hand-overs, each at its one instant, to the next person in the order of the rota."""
    rota = WEEK.model_copy(update={"turn": DAY, "first_day": first, "hand_over": hand_over, "zone": zone})
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    due = [midnight + n * DAY + at * HOUR for n, at in enumerate(hours)]
    minutes = [due[0] - 12 * HOUR + n * MINUTE for n in range(7 * 24 * 60)]
    found = [on_duty(rota, at, ZONE) for at in minutes]
    assert found == [("cyd", "ann", "bob")[sum(one <= at for one in due) % 3] for at in minutes]


def test_a_night_in_which_the_date_itself_comes_twice_has_one_hand_over():
    """St. John's, 7 November 2010: at 00:01 the clock went back an hour. The first midnight counts."""
    zone = "America/St_Johns"
    rota = WEEK.model_copy(
        update={
            "turn": DAY,
            "first_day": date(2010, 11, 6),
            "hand_over": "00:00",
            "people": ("ann", "bob"),
            "zone": zone,
        }
    )
    midnight = datetime(2010, 11, 7, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = [on_duty(rota, midnight + n * MINUTE, ZONE) for n in range(-60, 120)]
    assert found == ["ann"] * 60 + ["bob"] * 120
    assert [one.since for one in turns(rota, midnight - HOUR, midnight + 2 * HOUR, ZONE)] == [midnight - HOUR, midnight]


names = st.sampled_from(("ann", "bob", "cyd", "dan", "eve"))
spans = st.tuples(st.integers(0, 24 * 60 * 9), st.integers(1, 24 * 60 * 4)).map(
    lambda span: (hour(0) + span[0] * MINUTE, hour(0) + sum(span) * MINUTE)
)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(lambda name, span, duty: Override(duty, name, *span), names, spans, st.sampled_from(("duty", "x")))
    ),
    st.lists(st.builds(lambda name, span: Absence(name, *span), names, spans), max_size=8),
    st.dictionaries(names, names),
    st.lists(st.integers(0, 10 * 24 * 60 - 1), min_size=1),
    st.sampled_from(CITIES),
)
def test_whatever_people_set_the_first_one_there_has_the_duty(overrides, absences, deputies, minutes, zone):
    rota = WEEK.model_copy(update={"turn": 2 * DAY, "zone": ""})
    rows = turns(rota, hour(0), hour(240), zone, overrides, absences, deputies)
    assert (rows[0].since, rows[-1].until) == (hour(0), hour(240))
    assert all(one.until == other.since for one, other in pairwise(rows))
    assert all((one.person, one.why) != (other.person, other.why) for one, other in pairwise(rows))
    for at in [*(hour(0) + n * MINUTE for n in minutes), *(row.since for row in rows)]:
        turn = on_duty(rota, at, zone)
        place = rota.people.index(turn)
        order = [(one.person, "override") for one in overrides if one.duty == "duty" and one.since <= at < one.until]
        order += [(turn, "turn"), (deputies.get(turn, ""), "deputy")]
        order += [(one, "next") for one in (rota.people * 2)[place + 1 : place + 3]]
        there = [
            (one, why) for one, why in order if one and not any(a.person == one and a.covers(at) for a in absences)
        ]
        expected = (*there, (turn, "turn"))[0]
        assert on_duty(rota, at, zone, overrides, absences, deputies) == expected[0]
        (row,) = [row for row in rows if row.since <= at < row.until]
        assert (row.person, row.why) == expected


def test_a_rota_goes_before_a_role_and_an_unknown_duty_is_nobody():
    found = team()
    assert called(found, "duty", NOW, ZONE) == ["li"]
    assert called(found, "responder", NOW, ZONE) == ["li", "chen"]
    assert called(found, "night watch", NOW, ZONE) == []


def test_a_person_is_called_by_id_where_no_rota_or_role_has_the_name():
    found = team(person("ops", roles=("ops",)), person("mo", roles=("ops",)))
    assert called(found, "mo", NOW, ZONE) == ["mo"]
    assert called(found, "ops", NOW, ZONE) == ["ops", "mo"]


def test_those_of_a_role_who_are_away_are_called_through_their_deputy():
    gone = {one: Absence(one, NOW, NOW + HOUR) for one in ("li", "chen", "wang", "mo")}
    mo = person("mo", roles=("responder",)).model_copy(update={"deputy": "wang"})

    def responders(*names: str) -> list[str]:
        return called(team(mo), "responder", NOW, ZONE, (), [gone[one] for one in names])

    assert responders() == ["li", "chen", "mo"]
    assert responders("li") == ["chen", "mo"]
    assert responders("mo") == ["li", "chen", "wang"]
    assert responders("mo", "wang") == ["li", "chen"]
    assert responders("li", "chen", "mo", "wang") == ["li", "chen", "mo"]
    assert called(team(mo), "mo", NOW, ZONE, (), [gone["mo"]]) == ["wang"]


def test_a_deputy_who_has_the_role_too_is_called_once():
    mo = person("mo", roles=("responder",)).model_copy(update={"deputy": "li"})
    assert called(team(mo), "responder", NOW, ZONE, (), [Absence("mo", NOW, NOW + HOUR)]) == ["li", "chen"]


def test_a_rota_is_called_with_its_overrides_and_the_deputies_of_the_team():
    mo = person("mo").model_copy(update={"deputy": "wang"})
    found = team(mo, person("li", roles=("responder",)).model_copy(update={"deputy": "mo"}))
    hand = [Override("duty", "zhao", NOW, NOW + HOUR)]
    assert called(found, "duty", NOW, ZONE, hand) == ["zhao"]
    assert called(found, "backup", NOW, ZONE, hand) == ["chen"]
    assert called(found, "duty", NOW, ZONE, (), [Absence("li", NOW, NOW + HOUR)]) == ["mo"]
    # Somebody who has left the team cannot be called.
    assert called(found, "duty", NOW, ZONE, [Override("duty", "gone", NOW, NOW + HOUR), *hand]) == ["zhao"]
