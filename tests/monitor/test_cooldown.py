"""What was told is told again only when it has passed or grown: once a day, or half as much again."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cooldown import FILLING, Cooldown
from monitor.rarity import PER_DAY
from monitor.signals import NOTICE, PAGE, QUIET, Evidence
from tests.monitor.lives import LIMITS, NOON, START, after, again, hour, live, moody, ordinary

DAY = PER_DAY
CALL = (Evidence("complaints", PAGE, 60, 3, 60),)
NOTE = (Evidence("slow_burn", NOTICE, 60, 20, 360),)
TELLS = st.lists(st.tuples(st.integers(0, 400), st.sampled_from([CALL, NOTE]), st.integers(0, 500)), max_size=40)


def said(*told, own: Cooldown | None = None):
    """Which of these (minute, evidence, size) were told."""
    own = own or Cooldown()
    return [own.told(START + timedelta(minutes=at), found, size, LIMITS) for at, found, size in told]


@pytest.mark.parametrize(
    ("size", "level"), [(149, QUIET), (150, PAGE), (151, PAGE), (1500, PAGE)], ids=["less", "1.5", "more", "far more"]
)
def test_during_the_rest_only_half_as_much_again_calls(size, level):
    assert said((0, CALL, 100), (60, CALL, size)) == [PAGE, level]


def test_the_second_call_is_the_measure_of_the_third():
    assert said((0, CALL, 100), (60, CALL, 200), (120, CALL, 299), (180, CALL, 300)) == [PAGE, PAGE, QUIET, PAGE]


def test_while_the_first_quarter_of_an_hour_fills_its_size_is_still_being_seen():
    minutes = FILLING / timedelta(minutes=1)
    grows = [(0, CALL, 10), (5, CALL, 80), (10, CALL, 100), (minutes, CALL, 149), (minutes + 5, CALL, 150)]
    assert said(*grows) == [PAGE, QUIET, QUIET, QUIET, PAGE]


def test_after_the_rest_a_smaller_one_calls():
    day = LIMITS.cooldown / timedelta(minutes=1)
    assert said((0, CALL, 100), (day - 1, CALL, 20), (day, CALL, 20)) == [PAGE, QUIET, PAGE]


def test_an_empty_quarter_of_an_hour_is_no_measure_of_nothing():
    """What paged with nothing left in its window: anything at all is not 1.5 times as big."""
    assert said((0, CALL, 0), (60, CALL, 0), (90, CALL, 1), (120, CALL, 2)) == [PAGE, QUIET, QUIET, PAGE]


@given(TELLS, st.integers(0, 39))
def test_stopping_in_the_middle_changes_nothing_that_is_told(tells, cut):
    straight, stopped, step = Cooldown(), Cooldown(), 0
    for number, (later, found, size) in enumerate(tells):
        step += later
        if number == cut:
            stopped = Cooldown.from_state(json.loads(json.dumps(stopped.to_state())))
        assert said((step, found, size), own=stopped) == said((step, found, size), own=straight)
    assert stopped.to_state() == straight.to_state()


@given(TELLS)
def test_between_two_calls_of_one_rest_the_size_has_grown_by_half(tells):
    own, step, former = Cooldown(), 0, None
    for later, found, size in tells:
        step += later
        if said((step, found, size), own=own) != [PAGE]:
            continue
        if former and timedelta(minutes=step - former[0]) < LIMITS.cooldown:
            assert size >= LIMITS.rerise * former[1]
        former = (step, max(size, 1))


def test_what_was_told_is_told_again_only_when_it_grew_by_half(noon):
    detector, step = again(noon), NOON
    assert [one.told for one in live(detector, hour([60] * 12, 0.7, step=step))].count(PAGE) == 1
    # The fifteen minutes that were paged for had 180.
    assert {one.told for one in live(detector, hour([85] * 6, 0.7, step=step + 12))} == {QUIET}
    assert [one.told for one in live(detector, hour([95] * 6, 0.7, step=step + 18))].count(PAGE) == 1
    assert {one.told for one in live(detector, hour([60] * 6, 0.7, step=step + 24))} == {QUIET}


def test_what_grows_while_the_first_quarter_of_an_hour_fills_is_no_news(noon):
    told = [one.told for one in after(noon, *hour([80, 160, 160, 160, 160], 0.7))]
    assert told.count(PAGE) == 1


def test_each_kind_of_notice_is_told_once_a_day(noon):
    readings = after(noon, *hour([150] * 24, 0.08))
    assert sum(one.level == NOTICE for one in readings) > 20
    assert [one.kinds[-1] for one in readings if one.told] == ["volume", "slow_burn"]


def test_a_notice_is_told_again_when_the_cooldown_is_over_and_never_in_the_shadow_of_a_page():
    burn, page = Evidence("slow_burn", NOTICE, 50, 20, 360), Evidence("cold", PAGE, 50, 20, 30)
    share = replace(burn, kind="share")

    def said(*told, cooldown=Cooldown):
        own = cooldown()
        return [own.told(START + timedelta(hours=at), found, 9.0, LIMITS) for at, found in told]

    assert said((0, (burn,)), (1, (burn,)), (2, (burn, share)), (23.9, (burn,)), (24, (burn,))) == [1, 0, 1, 0, 1]
    assert said((0, (page,)), (1, (burn,)), (23.9, (page,)), (24, (burn,)), (25, (page, burn))) == [2, 0, 0, 1, 2]


def test_the_cooldown_is_the_one_that_is_set(noon):
    short = LIMITS.model_copy(update={"cooldown": timedelta(minutes=45)})
    rows = hour([60] * 24, 0.7)
    assert sum(one.told == PAGE for one in after(noon, *rows)) == 1
    assert sum(one.told == PAGE for one in after(noon, *rows, limits=short)) == 3


def test_how_often_it_was_as_loud_is_counted(noon):
    detector = again(noon)
    counts = []
    for day in range(4):
        start = NOON + day * DAY
        surge = live(detector, hour([90 - 5 * day] * 3, 0.1, step=start))
        counts.append((surge[-1].times, surge[-1].loud_days))
        live(detector, (moody(n, ordinary(n)) for n in range(start + 3, start + DAY)))
    assert counts == [(0, 0), (1, 1), (2, 2), (3, 3)]
