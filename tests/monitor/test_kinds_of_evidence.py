"""What each kind of evidence needs, told by rows of whole lives; and that more of the same never weighs less."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rarity import PER_DAY
from monitor.series import Detector, Row
from monitor.signals import NOTICE, PAGE, QUIET, rising
from tests.monitor.lives import (
    HOUR,
    LIMITS,
    NIGHT,
    NOON,
    after,
    again,
    feed,
    hour,
    kept,
    kinds,
    live,
    moody,
    ordinary,
    row,
    watched,
    worst,
)  # fmt: skip

DAY = PER_DAY


# More of the same evidence is never less.


@settings(max_examples=40)
@given(st.integers(1, 200), st.integers(0, 200), st.integers(0, 200))
def test_more_complaints_among_as_many_posts_never_weigh_less(noon, value, one, other):
    low, high = sorted([min(one, value), min(other, value)])
    (fewer,) = after(noon, moody(NOON, value, neg=low))
    (more,) = after(noon, moody(NOON, value, neg=high))
    assert fewer.level <= more.level


@settings(max_examples=40)
@given(st.integers(0, 400), st.integers(0, 400))
def test_more_people_who_complain_never_weigh_less(silent, one, other):
    few, many = sorted([one, other])
    (fewer,) = after(silent, moody(NOON, few, neg=few))
    (more,) = after(silent, moody(NOON, many, neg=many))
    assert fewer.level <= more.level


@settings(max_examples=40)
@given(st.integers(0, 100), st.floats(1, 4), st.floats(1, 4))
def test_a_lower_threshold_never_says_less(noon, count, one, other):
    low, high = sorted([one, other])
    rows = hour([20 + count] * 4, 0.5)
    strict = after(noon, *rows, limits=LIMITS.model_copy(update={"rarity": high}))
    loose = after(noon, *rows, limits=LIMITS.model_copy(update={"rarity": low}))
    assert all(a.level <= b.level for a, b in zip(strict, loose, strict=True))


# What each kind needs.


def test_ordinary_days_are_quiet(noon):
    readings = after(noon, *(moody(n, ordinary(n)) for n in range(NOON, NOON + 3 * DAY)))
    assert {reading.level for reading in readings} == {QUIET}
    assert readings[-1].days > 17


def test_a_crowd_that_complains_pages_within_fifteen_minutes(noon):
    readings = after(noon, *hour([80, 90, 100], 0.7))
    assert worst(readings) == PAGE
    assert "complaints" in kinds(readings)
    found = next(one for one in readings[-1].evidence if one.kind == "complaints")
    assert (found.level, found.minutes, found.share > 0.5, found.base) == (
        PAGE,
        60,
        True,
        pytest.approx(0.15, abs=0.06),
    )


def test_praise_ten_times_as_loud_is_a_notice(noon):
    readings = after(noon, *hour([150] * 24, 0.08))
    assert worst(readings) == NOTICE
    assert kinds(readings) == {"volume", "slow_burn"}


def test_as_loud_a_crowd_of_unknown_mood_pages():
    detector, _ = watched(14)
    feed(detector, map(ordinary, range(14 * DAY, NOON)), 14 * DAY)
    readings = feed(detector, [90, 90, 90], NOON)
    assert (worst(readings), kinds(readings)) == (PAGE, {"volume"})
    assert readings[-1].evidence[0].share is None


def test_three_in_the_morning_is_judged_as_the_night_it_is():
    """Twelve in five minutes are fewer than at noon, and two hundred times the night."""
    detector, _ = watched(14, moods=True)
    live(detector, (moody(n, ordinary(n)) for n in range(14 * DAY, NIGHT)))
    assert worst(live(detector, hour([12] * 4, 0.7, step=NIGHT))) == PAGE
    quiet = again(kept(watched(14, moods=True)[0]))
    live(quiet, (moody(n, ordinary(n)) for n in range(14 * DAY, NOON)))
    assert worst(live(quiet, hour([12] * 4, 0.15))) == QUIET


def test_ten_people_in_half_an_hour_page_for_a_brand_nobody_speaks_of(silent):
    readings = after(silent, *hour([1, 2, 2, 2, 2, 1], 1.0))
    assert worst(readings) == PAGE
    # Never a ratio alone: four posts are many times the usual, and no crowd.
    assert worst(after(silent, *hour([2, 2, 0, 0, 0, 0], 1.0))) == QUIET


def test_one_account_is_no_crowd(silent):
    rows = [_changed(one, authors=min(one.value, 1)) for one in hour([10, 0, 0, 0, 0, 0], 1.0)]
    assert worst(after(silent, *rows)) == QUIET


def test_a_bad_mood_alone_is_a_notice(noon):
    calm = [ordinary(n) for n in range(NOON, NOON + 12)]
    readings = after(noon, *hour(calm, 0.5), limits=LIMITS.model_copy(update={"rarity": 6.0}))
    assert (worst(readings), kinds(readings)) == (NOTICE, {"share"})
    assert kinds(after(noon, *hour(calm, 0.2))) == set()


def test_what_grows_slowly_is_told_within_half_a_day(noon):
    values = [round(ordinary(NOON + n) * (1 + 5 * n / DAY)) for n in range(12 * HOUR)]
    readings = after(noon, *hour(values, 0.2))
    assert worst(readings) == NOTICE
    assert "slow_burn" in kinds(readings)


def test_a_flood_of_one_text_is_a_notice(silent):
    flood = hour([100] * 4, 0.95, authors=7, dups=96)
    readings = after(silent, *flood)
    assert (worst(readings), kinds(readings)) == (NOTICE, {"flood"})
    found = readings[-1].evidence[0]
    assert (found.count, found.authors, round(found.share, 2)) == (400, 28, 0.96)
    # As many posts in words of their own, by as many people, are a crowd.
    assert worst(after(silent, *hour([100] * 4, 0.95))) == PAGE


def test_people_who_pass_one_text_on_are_people(silent):
    """Four hundred reposts by four hundred people: a copy, but of a crowd."""
    assert worst(after(silent, *hour([100] * 4, 0.95, authors=100, dups=96))) == PAGE


def test_real_voices_beside_a_flood_page(silent):
    both = [_changed(one, value=160, neg=150, authors=67, dups=96) for one in hour([100] * 4, 0.95)]
    assert worst(after(silent, *both)) == PAGE


def test_a_big_account_needs_few_others(noon):
    rows = [moody(NOON + n, 55, neg=45) for n in range(7)]
    followed = [_changed(rows[0], max_followers=5_000_000), *rows[1:]]
    assert "reach" in kinds(after(noon, *followed))
    assert "reach" not in kinds(after(noon, *rows))
    # Two hours later it is forgotten.
    later = [moody(NOON + n, ordinary(NOON + n), neg=0) for n in range(1, 25)]
    big = moody(NOON, ordinary(NOON), neg=1, max_followers=5_000_000)
    assert again(noon).update(big).level == QUIET
    detector = again(noon)
    live(detector, [big, *later])
    assert detector.echo == [0.0, 0]


def test_forty_posts_of_one_big_account_page_at_once(silent, noon):
    for state in (silent, noon):
        others = 0 if state == silent else ordinary(NOON)
        alone = row(NOON, others + 40, neg=38, authors=others + 1, dups=0, max_followers=800_000)
        (reading,) = after(state, alone)
        assert (reading.level, reading.kinds[0]) == (PAGE, "reach")
    small = row(NOON, 40, neg=38, authors=1, dups=0, max_followers=8_000)
    assert after(silent, small)[0].level == QUIET
    happy = row(NOON, 40, neg=2, authors=1, dups=0, max_followers=800_000)
    assert after(silent, happy)[0].level == QUIET


@pytest.mark.parametrize(("share", "level"), [(0.08, QUIET), (0.15, QUIET), (0.6, PAGE)])
def test_a_planned_campaign_mutes_volume_and_no_complaint(noon, share, level):
    readings = after(noon, *hour([130] * 12, share, planned=1))
    assert worst(readings) == level
    assert kinds(readings) <= {"campaign"} | ({"share"} if level else set())


def test_more_than_was_planned_is_a_notice(noon):
    assert worst(after(noon, *hour([30] * 6, 0.1, planned=3))) == QUIET
    assert worst(after(noon, *hour([300] * 6, 0.1, planned=3))) == NOTICE


@pytest.mark.parametrize(
    ("values", "share", "level"),
    [
        ([2] * 6, 0.0, NOTICE),
        ([2] * 6, 0.5, PAGE),
        ([6] * 6, 0.3, PAGE),
        ([1, 1, 1, 1, 1, 1, 1, 1], 1.0, PAGE),
        ([1] * 8, 0.0, QUIET),
    ],
    ids=["ten who like it", "half of ten complain", "a loud crowd of mixed mood", "six complaints in an hour", "few"],
)
def test_in_the_first_days_plain_numbers_count(values, share, level):
    detector = Detector(LIMITS)
    live(detector, (moody(n, 0) for n in range(2 * HOUR)))
    assert worst(live(detector, hour(values, share, step=2 * HOUR))) == level


def test_a_quiet_first_day_calls_nobody():
    detector = Detector(LIMITS)
    assert worst(live(detector, (moody(n, ordinary(n)) for n in range(4 * DAY)))) <= NOTICE


# Complaints that rise over days.


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ([2] * 11 + [5, 6, 9], 20),
        ([2] * 11 + [3, 3, 3], None),
        ([0] * 11 + [3, 3, 3], None),
        ([0] * 11 + [3, 3, 4], 10),
        ([2] * 11 + [12, 6, 3], None),
        ([20] * 11 + [40, 41, 42], 123),
        ([2] * 6 + [5, 6, 9], None),
        ([], None),
    ],
    ids=[
        "three times",
        "half more",
        "nine in all",
        "ten from nothing",
        "falling",
        "many",
        "a week too short",
        "no days",
    ],
)
def test_complaints_that_rise_over_three_days(days, count):
    found = rising(days)
    assert (found.count if found else None) == count
    assert found is None or (found.kind, found.level, found.minutes) == ("trend", NOTICE, 3 * 24 * 60)


def _changed(one: Row, **changes) -> Row:
    return one._replace(**changes)
