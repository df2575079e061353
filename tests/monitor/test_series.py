"""The life of a brand in rows: what is read of an ordinary month, of a surge, a love storm, a gap, a restart."""

from datetime import timedelta

import pytest

from monitor.series import Detector, Row
from monitor.signals import PAGE
from tests.monitor.lives import BUCKET, LIMITS, PER_DAY, START, again, feed, kept, live, moody, row, watched

CALM_MONTH = 21


@pytest.fixture(scope="module")
def life():
    detector, steps = watched(CALM_MONTH, moods=True)
    return kept(detector), steps


def last_levels(life, rows):
    state, step = life
    return [one.level for one in live(again(state), rows(step))]


def test_three_ordinary_weeks_hardly_ever_call_anybody():
    detector = Detector(LIMITS)
    told = [detector.update(moody(step, 4 + step * 7919 % 5)).told for step in range(CALM_MONTH * PER_DAY)]
    assert sum(level == PAGE for level in told) <= 1


def test_a_surge_of_complaints_calls_within_fifteen_minutes(life):
    assert PAGE in last_levels(life, lambda step: [moody(step + n, 150, 0.7) for n in range(3)])


def test_a_surge_of_praise_never_calls(life):
    assert PAGE not in last_levels(life, lambda step: [moody(step + n, 200, 0.02) for n in range(24)])


def test_one_robot_that_repeats_itself_never_calls(life):
    flood = lambda step: [moody(step + n, 300, 0.7, authors=2, dups=295) for n in range(12)]  # noqa: E731
    assert PAGE not in last_levels(life, flood)


def test_what_was_missed_is_not_judged_as_if_it_were_said_now(life):
    def backlog(step):
        gap = [Row(START + (step + n) * BUCKET, 0, polled=False) for n in range(12)]
        return [*gap, moody(step + 12, 400, 0.7)]

    state, step = life
    readings = live(again(state), backlog(step))
    assert [one.fault for one in readings[:12]] == ["no data"] * 12
    assert readings[-1].level < PAGE


def test_a_restart_at_any_moment_changes_nothing(life):
    state, step = life
    rows = [moody(step + n, 5 + n * 40 * (n > 5), 0.6) for n in range(14)]
    whole = live(again(state), rows)
    for cut in range(len(rows)):
        first = again(state)
        begun = live(first, rows[:cut])
        assert begun + live(again(kept(first)), rows[cut:]) == whole


def test_memory_stays_small(life):
    assert len(life[0]) <= 16_384


@pytest.mark.parametrize("value", [-5, float("nan"), float("inf"), 1e18])
def test_numbers_that_are_none_break_nothing(value):
    detector = Detector(LIMITS)
    feed(detector, [3] * 50)
    assert detector.update(row(50, value)).level < PAGE or value > 0
    assert detector.update(row(51, 3)).fault in ("", "no data")


def test_a_clock_that_runs_back_is_passed_over_and_a_year_of_silence_begins_anew():
    detector = Detector(LIMITS)
    feed(detector, [3] * PER_DAY)
    assert detector.update(row(PER_DAY - 2, 500)).fault == "late"
    assert detector.update(Row(START + timedelta(days=400), 3)).days < 1
