"""How rare a volume is: judged from the past alone, in constant memory, and never claimed before it was watched."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.watch import Thresholds
from monitor.rarity import COLD_DAYS, PER_DAY, VIEWS, Level, Memory, Rarity, place_of
from monitor.series import Detector
from tests.monitor.lives import START, again, feed, kept, ordinary, row, watched

PAGES_AT = Thresholds().rarity
COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=80)


@pytest.fixture(scope="module")
def fortnight() -> str:
    return kept(watched(14)[0])


def surge(state: str, hour: int, count: int) -> float:
    """The score of a quarter of an hour with so many posts in every five minutes, on the fifteenth day."""
    detector, step = again(state), 14 * PER_DAY
    feed(detector, map(ordinary, range(step, step + hour * 12)), step)
    return max(reading.score for reading in feed(detector, [count] * 3, step + hour * 12))


def test_a_memory_counts_how_much_of_the_past_was_as_high():
    memory = Memory(1)
    for _ in range(PER_DAY):
        memory.learn([place_of(0.0)])
    total = PER_DAY + 3 * PER_DAY
    assert memory.score(0, place_of(3.0)) == pytest.approx(-math.log10(0.7 / total), abs=0.02)
    assert memory.score(0, place_of(-3.0)) == pytest.approx(-math.log10((PER_DAY + 0.7) / total), abs=0.02)
    # In the middle of its own bin a lift has half of it above.
    assert memory.score(0, place_of(0.1)) == pytest.approx(-math.log10((PER_DAY / 2 + 0.7) / total), abs=0.02)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_higher_lift_is_never_less_rare(one, other):
    memory = Memory(1)
    for lift in (-1.0, 0.0, 0.3, 0.7, 2.0):
        memory.learn([place_of(lift)])
    low, high = sorted([one, other])
    assert memory.score(0, place_of(low)) <= memory.score(0, place_of(high))


def test_what_is_long_past_weighs_less_and_the_newest_most():
    memory = Memory(1)
    memory.learn([place_of(2.0)])
    for _ in range(28 * PER_DAY):
        memory.learn([place_of(0.0)])
    faded = memory.score(0, place_of(1.0))
    memory.learn([place_of(2.0)])
    # After two half-lives a quarter is left of it; half of that lies above the middle of its bin, and all above 1.
    assert 10**-faded * (memory.total + 864) == pytest.approx(0.7 + 0.25, abs=0.01)
    assert memory.score(0, place_of(1.0)) < faded - 0.3


def test_a_memory_grown_heavy_is_the_same_memory():
    light, heavy = Memory(2), Memory(2)
    heavy.weight = 9.9e5
    heavy.bins = [[one * heavy.weight for one in own] for own in light.bins]
    for n in range(1000):
        places = [place_of(n % 7 / 3), place_of(n % 5 / 2)]
        light.learn(places)
        heavy.learn(places)
    assert heavy.weight < 10
    assert [heavy.score(view, 12.5) for view in (0, 1)] == pytest.approx([light.score(view, 12.5) for view in (0, 1)])


def test_an_hour_not_yet_seen_leans_on_the_other_days_then_on_the_brand():
    level = Level()
    level.flat = 10.0
    assert level.usual(3, 0) == 10.0
    for _ in range(240):
        level.learn(3, 0, 1.0, level.usual(3, 0))
    assert level.usual(3, 2) == pytest.approx(1.0, abs=0.5)
    assert level.usual(3, 6) == pytest.approx(level.usual(3, 2), abs=0.5)
    assert level.usual(15, 2) == level.flat


def test_weekends_have_hours_of_their_own():
    level = Level()
    level.flat = 5.0
    for _ in range(400):
        level.learn(10, 2, 8.0, 8.0)
        level.learn(10, 5, 2.0, 2.0)
    assert [level.usual(10, day) for day in (0, 4, 5, 6)] == pytest.approx([8.0, 8.0, 2.0, 2.0], abs=0.4)


@given(COUNTS, st.integers(0, 79))
def test_a_rarity_kept_and_read_again_is_the_same(counts, cut):
    straight, stopped = Rarity(), Rarity()
    for step, count in enumerate(counts):
        if step == cut:
            stopped = Rarity.from_state(json.loads(json.dumps(stopped.to_state())))
        for one in (straight, stopped):
            usual = one.level.usual(step % 24, step % 7)
            window = [0, 0, float(count)]
            one.learn(window, usual, one.look(window, usual), step % 24, step % 7)
    assert straight.to_state() == stopped.to_state()


def test_nothing_is_rare_on_the_first_day():
    detector, step = watched(0.9)
    assert {reading.score for reading in feed(detector, [500] * 12, step)} == {0.0}
    assert len(VIEWS) == 2


def test_four_cold_days_say_so():
    detector, step = watched(3.9)
    loud = feed(detector, [500] * 12, step)
    assert {reading.cold for reading in loud} == {True}
    assert loud[-1].ratio > 5
    detector, step = watched(COLD_DAYS)
    (ready,) = feed(detector, [0], step)
    # The very first row of a series is not learned.
    assert (ready.cold, ready.days) == (True, COLD_DAYS - 1 / PER_DAY)
    assert feed(detector, [0], step + 1)[0].cold is False


def test_a_calm_fortnight_pages_nobody():
    detector, step = watched(7)
    readings = feed(detector, map(ordinary, range(step, 3 * step)), step)
    assert max(reading.score for reading in readings) < PAGES_AT
    assert {reading.level for reading in readings} == {0}


@pytest.mark.parametrize(("hour", "count"), [(15, 150), (3, 15)])
def test_a_surge_is_found_within_fifteen_minutes_by_day_and_by_night(fortnight, hour, count):
    """Fifteen posts in five minutes are an ordinary afternoon and an alarm at three in the morning."""
    assert surge(fortnight, hour, count) >= PAGES_AT


def test_the_afternoon_itself_is_no_alarm(fortnight):
    assert surge(fortnight, 15, 15) < 1


@pytest.mark.parametrize(("ten", "fifteen", "rare"), [(0.0, 0.0, True), (4.0, 0.0, False), (0.0, 4.0, False)])
def test_both_views_must_agree(ten, fifteen, rare):
    """What one view knows well from the past is not rare, however new it is to the other."""
    known = Rarity()
    known.level.seen, known.level.flat = 5 * PER_DAY, 1.0
    for memory in (known.flat, known.hourly):
        for _ in range(5 * PER_DAY):
            memory.learn([place_of(ten), place_of(fifteen)])
    assert (known.look([20.0, 20.0, 20.0], 1.0).score >= PAGES_AT) is rare


def test_against_the_hour_alone_a_lift_must_be_rarer():
    """What the flat level knows well is told by the hour's level only when it was next to never seen there."""
    known = Rarity()
    known.level.seen, known.level.flat = 14 * PER_DAY, 10.0
    for _ in range(14 * PER_DAY):
        known.flat.learn([place_of(4.0), place_of(4.0)])
        known.hourly.learn([place_of(0.0), place_of(0.0)])
    alone = known.look([20.0, 20.0, 20.0], 0.5).score
    rate = known.hourly.score(0, place_of(3.0))
    assert alone == pytest.approx(rate - 0.8, abs=0.01)
    assert alone >= PAGES_AT


def test_the_first_morning_is_no_surge_and_is_not_remembered_as_one():
    detector = Detector(Thresholds())
    feed(detector, [0] * 84 + [10] * 204)
    lifts = detector.rarity.flat.bins[0]
    # For two hours and more the mean since midnight would stand so far below it.
    assert sum(lifts[int(place_of(math.log(4))) + 1 :]) < 12


def test_restless_nights_do_not_hide_a_surge_at_noon():
    """A handful of posts at night is often far above the night; at noon as many times the usual never happened."""

    def restless(step: int) -> int:
        hour = step % PER_DAY / 12
        return 10 if hour >= 7 else 24 * (step % 101 == 0)

    detector, step = watched(14, restless)
    feed(detector, map(restless, range(step, step + 12 * 12)), step)
    assert max(reading.score for reading in feed(detector, [60] * 3, step + 12 * 12)) >= PAGES_AT


def test_one_post_about_a_brand_nobody_talks_of_is_no_alarm():
    detector, step = watched(14, lambda step: int(step % 150 == 0))
    assert max(reading.score for reading in feed(detector, [1, 0, 0], step + 40)) < PAGES_AT


def test_a_crisis_teaches_only_so_much(fortnight):
    """Ten times as usual or ten thousand times: the level learns the same, and the next crisis is found again."""
    step = 14 * PER_DAY
    big, huge, calm = again(fortnight), again(fortnight), again(fortnight)
    feed(big, [300] * 36, step)
    feed(huge, [300_000] * 36, step)
    feed(calm, map(ordinary, range(step, step + 36)), step)
    levels = [one.rarity.level for one in (big, huge, calm)]
    assert (levels[0].flat, levels[0].hours) == (levels[1].flat, levels[1].hours)
    assert levels[2].flat <= levels[0].flat < 1.06 * levels[2].flat
    later = step + 36 + 2 * PER_DAY
    feed(huge, map(ordinary, range(step + 36, later)), step + 36)
    assert feed(huge, [600] * 3, later)[-1].ratio > 3


def test_the_same_surge_again_and_again_is_less_and_less_rare(fortnight):
    detector, step, scores = again(fortnight), 14 * PER_DAY, []
    for day in range(6):
        at = step + day * PER_DAY + 15 * 12
        feed(detector, map(ordinary, range(at - 15 * 12, at)), at - 15 * 12)
        scores.append(max(reading.score for reading in feed(detector, [100] * 3, at)))
        feed(detector, map(ordinary, range(at + 3, at + 9 * 12)), at + 3)
    assert scores[0] >= PAGES_AT
    assert scores[-1] < scores[0] - 0.4


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_no_more_rarity_is_claimed_than_was_watched(fortnight, count):
    (reading,) = feed(again(fortnight), [count], 14 * PER_DAY)
    assert 0 <= reading.score <= math.log10((14 * PER_DAY + 864) / 0.7)


def test_usual_is_what_fifteen_minutes_at_this_hour_bring():
    detector, step = watched(14, lambda step: 6)
    (reading,) = feed(detector, [9], step)
    assert reading.count == 21
    assert reading.usual == pytest.approx(18, abs=0.2)
    assert reading.ratio == pytest.approx(21 / 18, abs=0.01)


def test_hours_are_those_of_the_brands_own_zone():
    """A brand of London wakes when Shanghai has lunch: its night is not Shanghai's."""
    (reading,) = feed(watched(14)[0], [5], 14 * PER_DAY)
    detector = Detector(Thresholds(), START.tzinfo)
    for step in range(14 * PER_DAY):
        detector.update(row(step, ordinary(step)))
    assert detector.update(row(14 * PER_DAY, 5)).usual == pytest.approx(reading.usual, abs=1.0)
