"""How rare a volume is: judged from the past alone, in constant memory, and never claimed before it was watched."""

import json
import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rarity import BUCKET, PER_DAY, Rarity, Reading

# Midnight in Shanghai.
START = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
PAGES_AT = 2.8
COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=80)


def ordinary(step: int) -> int:
    """Eighteen posts in five minutes in mid-afternoon, nearly none at three at night, and a little uneven."""
    busy = (1 - math.cos((step % PER_DAY / 12 - 3) / 12 * math.pi)) / 2
    uneven = (step * 7919 % 101) / 100
    return int(18 * busy * (0.7 + 0.6 * uneven) + 0.5 * uneven + 0.2)


def feed(rarity: Rarity, counts: Iterable[int], step: int = 0) -> list[Reading]:
    return [rarity.update(START + (step + n) * BUCKET, count) for n, count in enumerate(counts)]


def watched(days: float, usual: Callable[[int], int] = ordinary) -> tuple[Rarity, int]:
    """A brand after `days` of ordinary life, and how many buckets that was."""
    rarity, steps = Rarity(), round(days * PER_DAY)
    feed(rarity, map(usual, range(steps)))
    return rarity, steps


@pytest.fixture(scope="module")
def fortnight() -> str:
    return json.dumps(watched(14)[0].to_state())


def again(state: str) -> Rarity:
    return Rarity.from_state(json.loads(state))


@given(COUNTS, COUNTS)
def test_what_comes_later_changes_no_earlier_reading(counts, later):
    assert feed(Rarity(), counts) == feed(Rarity(), counts + later)[: len(counts)]


@given(COUNTS, st.sets(st.integers(0, 79)))
def test_stopping_and_going_on_equals_never_having_stopped(counts, stops):
    straight, stopped = Rarity(), Rarity()
    for step, count in enumerate(counts):
        if step in stops:
            stopped = again(json.dumps(stopped.to_state()))
        assert feed(stopped, [count], step) == feed(straight, [count], step)
    assert stopped.to_state() == straight.to_state()


@settings(max_examples=20)
@given(COUNTS)
def test_a_kept_state_does_not_change_when_life_goes_on(fortnight, counts):
    rarity = again(fortnight)
    kept = rarity.to_state()
    feed(rarity, counts, 14 * PER_DAY)
    assert json.dumps(kept) == fortnight


def test_memory_stays_small_however_long_and_wild_life_is():
    rarity = Rarity()
    feed(rarity, (step * 7919 % 1009 if step % 50 else 10**7 for step in range(60 * PER_DAY)))
    assert len(json.dumps(rarity.to_state())) < 20_000


def test_four_cold_days_are_silent_and_say_so():
    rarity, step = watched(3.9)
    loud = feed(rarity, [500] * 12, step)
    assert {(reading.score, reading.cold) for reading in loud} == {(0.0, True)}
    assert loud[-1].ratio > 5
    rarity, step = watched(4)
    (first,) = feed(rarity, [0], step)
    assert (first.cold, first.days) == (False, 4.0)


def test_a_calm_fortnight_pages_nobody():
    rarity, step = watched(7)
    scores = [reading.score for reading in feed(rarity, map(ordinary, range(step, 3 * step)), step)]
    assert max(scores) < PAGES_AT


@pytest.mark.parametrize(("hour", "count"), [(15, 150), (3, 15)])
def test_a_surge_is_found_within_fifteen_minutes_by_day_and_by_night(fortnight, hour, count):
    """Fifteen posts in five minutes are an ordinary afternoon and an alarm at three in the morning."""
    step = 14 * PER_DAY
    rarity = again(fortnight)
    feed(rarity, map(ordinary, range(step, step + hour * 12)), step)
    readings = feed(rarity, [count] * 3, step + hour * 12)
    assert max(reading.score for reading in readings) >= PAGES_AT
    assert readings[-1].count == 3 * count
    assert readings[-1].ratio > 3


def test_restless_nights_do_not_hide_a_surge_at_noon():
    """A handful of posts at night is often far above the night; at noon as many times the usual never happened."""

    def restless(step: int) -> int:
        hour = step % PER_DAY / 12
        return 10 if hour >= 7 else 24 * (step % 101 == 0)

    rarity, step = watched(14, restless)
    feed(rarity, map(restless, range(step, step + 12 * 12)), step)
    assert max(reading.score for reading in feed(rarity, [60] * 3, step + 12 * 12)) >= PAGES_AT


def test_the_afternoon_itself_is_no_alarm(fortnight):
    step = 14 * PER_DAY
    rarity = again(fortnight)
    feed(rarity, map(ordinary, range(step, step + 15 * 12)), step)
    assert max(reading.score for reading in feed(rarity, [15] * 3, step + 15 * 12)) < 1


def test_one_post_about_a_brand_nobody_talks_of_is_no_alarm():
    rarity, step = watched(14, lambda step: int(step % 150 == 0))
    assert max(reading.score for reading in feed(rarity, [1, 0, 0], step + 40)) < PAGES_AT


def test_a_crisis_teaches_only_so_much(fortnight):
    """Ten times as usual or ten thousand times: the level learns the same, and the next crisis is found again."""
    step = 14 * PER_DAY
    big, huge, calm = again(fortnight), again(fortnight), again(fortnight)
    feed(big, [300] * 36, step)
    feed(huge, [300_000] * 36, step)
    feed(calm, map(ordinary, range(step, step + 36)), step)
    assert (big.level, big.hours) == (huge.level, huge.hours)
    assert calm.level <= big.level < 1.05 * calm.level
    later = step + 36 + 2 * PER_DAY
    feed(huge, map(ordinary, range(step + 36, later)), step + 36)
    assert feed(huge, [600] * 3, later)[-1].ratio > 3


def test_the_same_surge_again_and_again_is_less_and_less_rare(fortnight):
    rarity, step, scores = again(fortnight), 14 * PER_DAY, []
    for day in range(6):
        at = step + day * PER_DAY + 15 * 12
        feed(rarity, map(ordinary, range(at - 15 * 12, at)), at - 15 * 12)
        scores.append(max(reading.score for reading in feed(rarity, [100] * 3, at)))
        feed(rarity, map(ordinary, range(at + 3, at + 9 * 12)), at + 3)
    assert scores[0] >= PAGES_AT
    assert scores[-1] < scores[0] - 0.5


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_no_more_rarity_is_claimed_than_was_watched(fortnight, count):
    rarity = again(fortnight)
    (reading,) = feed(rarity, [count], 14 * PER_DAY)
    assert 0 <= reading.score <= math.log10((14 * PER_DAY + 288) / 0.3)
    assert reading.before >= 0


def test_usual_is_what_fifteen_minutes_at_this_hour_bring():
    rarity, step = watched(14, lambda step: 6)
    (reading,) = feed(rarity, [9], step)
    assert (reading.count, reading.days) == (21, 14.0)
    assert reading.usual == pytest.approx(18, abs=0.2)
    assert reading.ratio == pytest.approx(21.5 / 18.5, abs=0.01)
