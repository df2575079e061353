"""The one-hour clock: breached exactly when due, reminded at the named minutes, late reminders said once."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import first_hour
from alerts.first_hour import Hour
from config.team import FirstHour
from store.nouns import ClockState, Paging
from tests.alerts.crew import MINUTE, NOW, SECOND

RULES = FirstHour()
TICK = timedelta(microseconds=1)


def hour(found_after: timedelta) -> Hour:
    """An event at NOW that was found `found_after` later."""
    return Hour(NOW, NOW + found_after, RULES.promise, RULES.reminders, RULES.after_breach)


seconds = st.integers(0, 5 * 3600).map(lambda n: n * SECOND)
looks = st.lists(st.integers(1, 5 * 3600).map(lambda n: n * SECOND), min_size=1, max_size=15).map(sorted)


def reminded(found_after: timedelta, until: timedelta) -> list[int]:
    """Minutes after NOW at which somebody who comes whenever asked says a reminder."""
    one, now, said_at, said = hour(found_after), NOW + found_after, None, []
    while now <= NOW + until:
        due = first_hour.due(one, said_at, now)
        if due.remind:
            assert due.remind == now
            said_at, said = now, [*said, (now - NOW) // MINUTE]
        assert due.next_at > now
        now = due.next_at
    return said


def test_reminders_come_at_the_named_minutes_then_every_quarter_hour():
    assert reminded(2 * MINUTE, 120 * MINUTE) == [15, 30, 45, 50, 55, 60, 75, 90, 105, 120]


def test_who_learns_late_is_not_reminded_of_the_past():
    assert reminded(47 * MINUTE, 80 * MINUTE) == [50, 55, 60, 75]


def test_found_after_the_hour_it_is_born_breached_and_reminders_run_from_detection():
    assert hour(60 * MINUTE).born_breached
    assert not hour(60 * MINUTE - TICK).born_breached
    assert reminded(100 * MINUTE, 200 * MINUTE) == [115, 130, 145, 150, 155, 160, 175, 190]


@given(seconds)
def test_it_is_breached_exactly_when_due(found_after):
    one = hour(found_after)
    assert not first_hour.due(one, None, one.due_at - TICK).breached
    assert first_hour.due(one, None, one.due_at).breached
    assert first_hour.due(one, None, one.due_at + TICK).breached


@given(seconds, seconds)
def test_nobody_sleeps_through_the_breach(found_after, later):
    one = hour(found_after)
    now = one.detected_at + later
    due = first_hour.due(one, None, now)
    assert due.next_at > now
    if now < one.due_at:
        assert due.next_at <= one.due_at


@given(seconds, looks)
def test_however_late_one_looks_only_the_latest_reminder_is_said_and_none_twice(found_after, pauses):
    one, said_at, said = hour(found_after), None, []
    plan = [
        one.base + after for after in (*RULES.reminders, *(RULES.promise + n * RULES.after_breach for n in range(60)))
    ]
    for pause in pauses:
        now = one.detected_at + pause
        found = first_hour.due(one, said_at, now).remind
        since = max(one.detected_at, said_at) if said_at else one.detected_at
        assert found == max((at for at in plan if since < at <= now), default=None)
        if found:
            said_at, said = now, [*said, found]
        assert first_hour.due(one, said_at, now).remind is None
    assert said == sorted(set(said))


@pytest.mark.parametrize(
    ("at", "left"), [(0 * SECOND, 60), (SECOND, 59), (60 * MINUTE, 0), (60 * MINUTE + SECOND, -1), (75 * MINUTE, -15)]
)
def test_minutes_left_are_whole_and_never_too_many(at, left):
    assert first_hour.minutes_left(hour(MINUTE), NOW + at) == left


def test_after_a_night_of_downtime_there_is_one_reminder_and_the_breach_stands_at_its_time(crew):
    crew.spikes()
    crew.clock.forward(NOW + 8 * 60 * MINUTE)
    again = crew.alerts.clock_ticks(crew.one().id)
    found = crew.one()
    assert (found.clock, found.breached_at) == (ClockState.BREACHED, found.t0 + 60 * MINUTE)
    assert len({one.idempotency.rpartition(":li:")[0] for one in crew.pages("remind") if one.person == "li"}) == 1
    assert crew.told().count("clock_breached") == 1
    assert again == found.t0 + 8 * 60 * MINUTE + 15 * MINUTE


def test_the_breach_itself_calls_once_and_is_no_reminder(crew):
    crew.spikes(t0=NOW)
    crew.clock.forward(NOW + 60 * MINUTE)
    crew.alerts.clock_ticks(crew.one().id)
    crew.alerts.clock_ticks(crew.one().id)
    assert sorted((one.reason, one.person) for one in crew.pages()) == [
        ("breach", "li"),
        ("breach", "wang"),
        ("breach", "zhao"),
    ]


def test_a_quiet_reminder_goes_to_the_owner_an_urgent_one_also_to_lead_and_spokesperson(crew):
    crew.spikes(t0=NOW)
    crew.change(owner="chen", paging=Paging.ACKED)
    for minute in (15, 45):
        crew.clock.forward(NOW + minute * MINUTE)
        crew.alerts.clock_ticks(crew.one().id)
    assert [(one.person, (one.created_at - NOW) // MINUTE) for one in crew.pages("remind")] == [
        ("chen", 15),
        ("chen", 45),
        ("wang", 45),
        ("zhao", 45),
    ]


@pytest.mark.parametrize("state", [ClockState.MET, ClockState.MET_LATE, ClockState.CANCELLED, ClockState.NONE])
def test_a_clock_that_does_not_run_says_nothing(crew, state):
    crew.spikes(t0=NOW)
    crew.change(clock=state)
    crew.clock.forward(NOW + 90 * MINUTE)
    assert crew.alerts.clock_ticks(crew.one().id) is None
    assert (crew.one().clock, crew.pages()) == (state, [])
