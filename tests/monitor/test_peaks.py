"""How often a brand was this loud before: occasions, not buckets; days, not hours; never more than it remembers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.peaks import KEPT, LEAST_COUNT, LEAST_RATIO, Peaks
from monitor.rarity import PER_DAY

HOUR = 12
LIFE = st.lists(st.tuples(st.integers(1, 400), st.floats(0, 50), st.integers(0, 500)), max_size=60)


def lived(*told: tuple[int, float, float]) -> Peaks:
    """(bucket, ratio, count), oldest first."""
    peaks = Peaks()
    for one in told:
        peaks.learn(*one)
    return peaks


def test_what_goes_on_is_no_past_yet():
    peaks = lived((100, 5.0, 50))
    assert (peaks.times(2.0), peaks.loud_days(10)) == (0, 0)


@pytest.mark.parametrize(("pause", "occasions"), [(3 * HOUR, 0), (3 * HOUR + 1, 1)])
def test_an_occasion_is_over_after_three_quiet_hours(pause, occasions):
    peaks = lived((100, 5.0, 50), (100 + pause, 1.0, 10))
    assert peaks.times(2.0) == occasions


def test_one_long_occasion_is_one_at_its_height():
    peaks = lived(*((100 + n, 4.0 + n % 3, 40) for n in range(2 * HOUR)), (400, 1.0, 5))
    assert [peaks.times(ratio) for ratio in (4.0, 6.0, 6.1)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("ratio", "count", "occasions"),
    [(LEAST_RATIO, LEAST_COUNT, 1), (LEAST_RATIO - 0.01, 100, 0), (50.0, LEAST_COUNT - 1, 0)],
    ids=["just an occasion", "no more than usual", "two posts of a silent brand"],
)
def test_what_is_an_occasion(ratio, count, occasions):
    assert lived((100, ratio, count), (200, 0.0, 0)).times(0.1) == occasions


def test_a_day_is_as_loud_as_its_loudest_quarter_of_an_hour():
    peaks = lived((10, 1.0, 30), (20, 1.0, 80), (30, 1.0, 40), (PER_DAY, 1.0, 5), (2 * PER_DAY, 1.0, 5))
    assert [peaks.loud_days(count) for count in (5, 6, 80, 81)] == [2, 1, 1, 0]


def test_only_the_loudest_are_kept_and_twenty_means_so_many_or_more():
    peaks = lived(*((n * PER_DAY, 2.0 + n, 10 + n) for n in range(50)))
    assert (len(peaks.occasions), len(peaks.days)) == (KEPT, KEPT)
    assert (peaks.times(2.0), peaks.loud_days(10)) == (KEPT, KEPT)
    # The last of the fifty still goes on.
    assert (peaks.times(2.0 + 48), peaks.loud_days(10 + 48)) == (1, 1)


@given(LIFE, st.integers(0, 59))
def test_what_is_kept_goes_on_as_if_it_had_never_stopped(life, cut):
    straight, stopped, bucket = Peaks(), Peaks(), 0
    for number, (later, ratio, count) in enumerate(life):
        bucket += later
        if number == cut:
            stopped = Peaks.from_state(json.loads(json.dumps(stopped.to_state())))
        for one in (straight, stopped):
            one.learn(bucket, ratio, count)
    assert stopped.to_state() == straight.to_state()


@given(LIFE, st.floats(0, 50), st.floats(0, 50))
def test_a_higher_ratio_was_never_reached_oftener(life, one, other):
    peaks, bucket = Peaks(), 0
    for later, ratio, count in life:
        bucket += later
        peaks.learn(bucket, ratio, count)
    low, high = sorted([one, other])
    assert peaks.times(low) >= peaks.times(high)
    assert peaks.loud_days(low) >= peaks.loud_days(high)
