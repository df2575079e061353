"""One series, bucket by bucket: what each kind of evidence needs, what no data means, and that time runs one way."""

import json
import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.clock import stopwatch
from config.watch import Thresholds
from monitor.cooldown import Cooldown
from monitor.rarity import PER_DAY
from monitor.series import FORM, LATE, NO_DATA, Detector, Row
from monitor.signals import NOTICE, PAGE, QUIET, Evidence, rising
from tests.monitor.lives import LIMITS, START, again, feed, kept, live, moody, ordinary, row, watched

DAY = PER_DAY
HOUR = 12
NOON = 14 * DAY + 12 * HOUR
NIGHT = 14 * DAY + 3 * HOUR
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


@pytest.fixture(scope="module")
def noon() -> str:
    """A brand of fourteen days whose moods are known, at noon: about fifteen posts in five minutes, few complain."""
    detector, step = watched(14, moods=True)
    live(detector, (moody(n, ordinary(n)) for n in range(step, NOON)))
    return kept(detector)


@pytest.fixture(scope="module")
def silent() -> str:
    """A brand of fourteen days of whom hardly anybody speaks: one post in two hours, none of them a complaint."""
    detector, _ = watched(14, lambda step: int(step % 24 == 0), moods=True)
    live(detector, (moody(n, int(n % 24 == 0)) for n in range(14 * DAY, NOON)))
    return kept(detector)


def rows_of(life, step: int = 0) -> list[Row]:
    return [row(step + n, **one) for n, one in enumerate(life)]


def after(state: str, *rows: Row, limits: Thresholds = LIMITS) -> list:
    return live(again(state, limits), rows)


def hour(values, share: float, step: int = NOON, **more) -> list[Row]:
    return [moody(step + n, value, **({"neg": round(value * share)} | more)) for n, value in enumerate(values)]


def worst(readings) -> int:
    return max(reading.level for reading in readings)


def kinds(readings) -> set[str]:
    return {kind for reading in readings for kind in reading.kinds}


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


# What each kind of evidence needs.


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
    rows = [replace_row(one, authors=min(one.value, 1)) for one in hour([10, 0, 0, 0, 0, 0], 1.0)]
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
    both = [replace_row(one, value=160, neg=150, authors=67, dups=96) for one in hour([100] * 4, 0.95)]
    assert worst(after(silent, *both)) == PAGE


def test_a_big_account_needs_few_others(noon):
    rows = [moody(NOON + n, 55, neg=45) for n in range(7)]
    followed = [replace_row(rows[0], max_followers=5_000_000), *rows[1:]]
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


# What is told.


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


def replace_row(one: Row, **changes) -> Row:
    return one._replace(**changes)
