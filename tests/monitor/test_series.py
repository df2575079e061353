"""One series, bucket by bucket: what comes later changes nothing, what is kept goes on, and no clock breaks it."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.clock import stopwatch
from monitor.rarity import PER_DAY
from monitor.series import FORM, LATE, NO_DATA, Detector, Row
from monitor.signals import NOTICE, PAGE, QUIET
from tests.monitor.lives import HOUR, LIMITS, NOON, after, again, hour, kept, live, moody, ordinary, row, worst

DAY = PER_DAY
VALUES = st.one_of(st.integers(0, 60), st.just(math.nan), st.just(-3.0), st.just(1e300), st.just(math.inf))
ROWS = st.builds(
    dict,
    value=VALUES,
    neg=st.one_of(st.none(), st.integers(0, 80)),
    authors=st.one_of(st.none(), st.integers(0, 80)),
    dups=st.one_of(st.none(), st.integers(0, 80)),
    max_followers=st.sampled_from([None, 0, 500, 3_000_000]),
    planned=st.sampled_from([0, 0, 0, 1, 3]),
    polled=st.sampled_from([True, True, True, False]),
)
LIFE = st.lists(ROWS, min_size=1, max_size=60)


def rows_of(life, step: int = 0) -> list[Row]:
    return [row(step + n, **one) for n, one in enumerate(life)]


# Time runs one way.


@settings(max_examples=60)
@given(LIFE, LIFE)
def test_what_comes_later_changes_no_earlier_reading(noon, life, later):
    rows = rows_of(life + later, NOON)
    assert live(again(noon), rows)[: len(life)] == live(again(noon), rows[: len(life)])


@settings(max_examples=60)
@given(LIFE, st.sets(st.integers(0, 59)))
def test_stopping_and_going_on_equals_never_having_stopped(noon, life, stops):
    straight, stopped = again(noon), again(noon)
    for number, one in enumerate(rows_of(life, NOON)):
        if number in stops:
            stopped = again(kept(stopped))
        assert stopped.update(one) == straight.update(one)
    assert kept(stopped) == kept(straight)


@settings(max_examples=30)
@given(LIFE, st.lists(st.integers(-400, 9000), min_size=60, max_size=60))
def test_no_clock_and_no_number_breaks_it(life, steps):
    """Times that leap and run back, numbers that are none: every row has its reading, and every reading is finite."""
    detector = Detector(LIMITS)
    for one, step in zip(life, steps, strict=False):
        reading = detector.update(row(step, **one))
        numbers = (reading.score, reading.count, reading.usual, reading.ratio, reading.days)
        assert all(math.isfinite(number) and number >= 0 for number in numbers)
        assert reading.level in (QUIET, NOTICE, PAGE)
        assert reading.told <= reading.level
    assert len(kept(detector)) <= 16_384


@settings(max_examples=20)
@given(LIFE)
def test_a_kept_state_does_not_change_when_life_goes_on(noon, life):
    detector = again(noon)
    state = detector.to_state()
    live(detector, rows_of(life, NOON))
    assert json.dumps(state) == noon


def test_memory_stays_small_however_long_and_wild_life_is():
    detector = Detector(LIMITS)
    for step in range(40 * DAY):
        value = step * 7919 % 1009 / 7 if step % 50 else 10**8 / 3
        detector.update(
            moody(step, value, neg=value / 3, authors=value * 0.7, dups=value / 9, max_followers=step * 999)
        )
    assert len(kept(detector)) <= 16_384


def test_a_month_of_a_brand_is_replayed_in_less_than_a_second():
    rows = [moody(step, ordinary(step)) for step in range(30 * DAY)]
    began = stopwatch()
    live(Detector(LIMITS), rows)
    assert stopwatch() - began < 2.0


def test_a_state_of_another_form_is_refused(noon):
    state = json.loads(noon)
    for form in (1, FORM + 1, None):
        with pytest.raises(ValueError, match=f"not {FORM}"):
            Detector.from_state(state | {"form": form}, LIMITS)
    with pytest.raises(ValueError, match="form 1"):
        Detector.from_state({"seen": 3, "level": 1.0}, LIMITS)


# No data, late rows, clocks.


def test_a_backlog_after_an_outage_is_neither_judged_nor_learned(noon):
    deaf = [moody(NOON + n, 0, polled=False) for n in range(36)]
    backlog = moody(NOON + 36, 600, neg=90)
    readings = after(noon, *deaf, backlog, moody(NOON + 37, ordinary(NOON + 37)))
    assert {one.fault for one in readings[:-1]} == {NO_DATA}
    assert (worst(readings), readings[-1].fault) == (QUIET, "")
    kept_level = again(noon)
    live(kept_level, [*deaf, backlog])
    assert kept_level.rarity.level.to_state() == again(noon).rarity.level.to_state()


@pytest.mark.parametrize("value", [math.nan, -1, math.inf, -math.inf])
def test_what_is_no_number_is_no_data(noon, value):
    bad, first, second = after(noon, row(NOON, value), moody(NOON + 1, 500), moody(NOON + 2, 14))
    assert (bad.fault, first.fault, second.fault) == (NO_DATA, NO_DATA, "")


def test_a_huge_number_is_a_very_loud_bucket_and_nothing_worse(noon):
    detector = again(noon)
    (loud,) = live(detector, [moody(NOON, 1e300, neg=1e300)])
    assert loud.level == PAGE
    assert loud.count < 2e9
    live(detector, (moody(n, ordinary(n)) for n in range(NOON + 1, NOON + 2 * DAY)))
    assert detector.rarity.level.flat < 12


def test_more_complaints_than_posts_are_all_of_them(noon):
    assert after(noon, moody(NOON, 30, neg=500)) == after(noon, moody(NOON, 30, neg=30))
    assert after(noon, moody(NOON, 30, authors=500)) == after(noon, moody(NOON, 30, authors=30))


def test_a_row_not_later_than_the_last_is_passed_over(noon):
    straight, stuttering = again(noon), again(noon)
    one, other = moody(NOON, 20), moody(NOON + 1, 25)
    assert [stuttering.update(each).fault for each in (one, one, moody(NOON - 5, 900), other)] == ["", LATE, LATE, ""]
    live(straight, [one, other])
    assert kept(straight) == kept(stuttering)


def test_a_clock_set_back_for_good_goes_on_from_there(noon):
    detector = again(noon)
    (first,) = live(detector, [moody(NOON - 300 * DAY, 20)])
    assert first.fault == NO_DATA
    assert {one.fault for one in live(detector, hour([15] * 6, 0.1, step=NOON - 300 * DAY + 1))} == {""}
    assert detector.rarity.days > 14


def test_missing_rows_are_unheard_not_silent(noon):
    """Six hours without a row: what usual is stays, the next row is not judged, the windows know nothing older."""
    detector = again(noon)
    gap = NOON + 6 * HOUR
    first, second = live(detector, [moody(gap, 700), moody(gap + 1, ordinary(gap + 1))])
    assert (first.fault, second.fault, second.level) == (NO_DATA, "", QUIET)
    assert second.count == ordinary(gap + 1)
    assert detector.rarity.days == pytest.approx(again(noon).rarity.days + 1 / DAY)


def test_after_a_year_of_nothing_it_begins_anew(noon):
    detector = again(noon)
    year = NOON + 365 * DAY
    readings = live(detector, [moody(year + n, ordinary(n)) for n in range(3)])
    assert [(one.days, one.cold) for one in readings] == [(0.0, True), (0.0, True), (1 / DAY, True)]
    assert worst(readings) == QUIET


def test_a_crowd_of_before_an_outage_is_not_judged_again_after_it(noon):
    crowd = hour([60] * 3, 0.7)
    deaf = [moody(NOON + 3 + n, 0, polled=False) for n in range(3 * HOUR)]
    step = NOON + 3 + 3 * HOUR
    *_, last = after(noon, *crowd, *deaf, moody(step, 14), moody(step + 1, 14))
    assert (last.fault, last.level) == ("", QUIET)


def test_a_few_complaints_right_after_an_outage_are_not_a_whole_hour_of_them(noon):
    """What nobody heard of the hour is taken as usual: the first minutes swing more than an hour ever does."""
    step = NOON + 3 * HOUR
    deaf = [moody(NOON + n, 0, polled=False) for n in range(3 * HOUR + 1)]
    backlog, said = moody(step + 1, 300), hour([16, 16, 16], 0.4, step=step + 2)
    heard = after(noon, *deaf, backlog, *said)
    assert worst(heard) < PAGE
    # An hour in which as great a share complains is another thing.
    assert worst(after(noon, *hour([16] * HOUR, 0.4))) == PAGE


# What is usual is learned slowly, and not from what is unusual.


def test_a_bad_afternoon_does_not_teach_that_complaints_are_usual(noon):
    detector = again(noon)
    before = detector.mood[0] / detector.mood[1]
    live(detector, hour([15] * 3 * HOUR, 0.7))
    assert detector.mood[0] / detector.mood[1] == pytest.approx(before, abs=0.003)


def test_one_wild_bucket_teaches_at_most_three_times_the_usual_share(noon):
    calm, wild = again(noon), again(noon)
    live(calm, [moody(NOON, 400, neg=400 * 0.45 + 1)])
    live(wild, [moody(NOON, 400, neg=400)])
    assert wild.mood[0] <= calm.mood[0] + 1


def test_a_changed_mood_is_the_usual_one_after_some_weeks(noon):
    """Fewer or more complain for good: it is learned, however slowly."""
    detector = again(noon)
    live(detector, (moody(NOON + n, ordinary(NOON + n), 0.3) for n in range(21 * DAY)))
    assert detector.mood[0] / detector.mood[1] > 0.22
