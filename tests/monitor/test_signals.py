"""The rules of evidence one by one, at their borders: facts of one bucket in, kinds and levels out."""

import pytest

from monitor.signals import NOTICE, PAGE, Facts, departure, weigh
from monitor.windows import HALF, HOUR, LONGEST, Bucket, Span, Windows
from tests.monitor.lives import LIMITS

BASE = 0.1
RARE, CALM = LIMITS.rarity, 0.5
# A brand of whom two are usual in five minutes.
USUAL = 2.0


def crowd(voices: float, negative: float = 0, *, usual: float = USUAL, authors: float | None = None, **more) -> Bucket:
    """Five minutes: everybody says one thing in words of their own."""
    posts = more.get("posts", voices)
    return Bucket(voices, usual, negative, posts, voices if authors is None else authors, more.get("copies", 0))


def facts(
    *last: Bucket, before: Bucket | None = None, heard: int = LONGEST, base: float | None = BASE, **more
) -> Facts:
    """What is known after these last buckets; before them everything was as `before`, of which `heard` were heard."""
    seen = Windows()
    calm = before or crowd(USUAL, 0)
    for number in range(LONGEST - len(last)):
        seen.push(calm) if number >= LONGEST - heard else seen.push_unheard(USUAL)
    for one in last:
        seen.push(one)
    half, hour, three = (seen.span(size, base) for size in (HALF, HOUR, 3 * HOUR))
    given = {"days": 30.0, "cold": False, "planned": 0.0, "score": CALM, "griefs": (0.0, 0.0)} | more
    return Facts(base=base, half=half, hour=hour, three_hours=three, seen=seen, **given)


def found(*last: Bucket, **more) -> dict[str, int]:
    return {one.kind: one.level for one in weigh(facts(*last, **more), LIMITS)}


def half_hour(voices: int, negative: int = 0, **more) -> list[Bucket]:
    """So many in half an hour, evenly."""
    return [crowd(voices / HALF, negative / HALF, **more) for _ in range(HALF)]


def test_an_ordinary_bucket_is_no_evidence():
    assert found(crowd(2)) == {}
    assert weigh(facts(crowd(2), base=None), LIMITS) == ()


# Volume: rare, of enough people; who complains decides whether somebody is called.


@pytest.mark.parametrize(
    ("last", "more", "expected"),
    [
        (half_hour(20, 8), {"score": RARE}, {"volume": PAGE}),
        (half_hour(20, 8), {"score": RARE - 0.01}, {}),
        (half_hour(20, 6), {"score": RARE}, {"volume": NOTICE}),
        (half_hour(20, 0), {"score": RARE}, {"volume": NOTICE}),
        (half_hour(12, 5), {"score": RARE}, {"volume": NOTICE}),
        (half_hour(6, 6), {"score": RARE}, {"volume": PAGE}),
        (half_hour(5, 5), {"score": RARE}, {}),
        (half_hour(20, 8, authors=0.6), {"score": RARE}, {}),
        (half_hour(20, 8, authors=0.7), {"score": RARE}, {"volume": PAGE}),
        (half_hour(20), {"score": RARE, "base": None}, {"volume": PAGE}),
        (half_hour(20, 8), {"score": RARE, "cold": True, "days": 3.0}, {}),
        (half_hour(20, 4), {"score": RARE, "planned": 1.0}, {}),
        (half_hour(36, 4), {"score": RARE, "planned": 3.0}, {"volume": NOTICE}),
        (half_hour(35, 4), {"score": RARE, "planned": 3.0}, {}),
    ],
    ids=[
        "two in five complain", "not rare enough", "one in three complains", "praise", "five complaints",
        "six people", "five people", "three accounts", "four accounts", "moods unknown", "no history yet", "planned",
        "three times as many as usual, as was planned", "hardly three times",
    ],
)  # fmt: skip
def test_volume(last, more, expected):
    got = found(*last, before=crowd(0, usual=USUAL), **more)
    assert {kind: level for kind, level in got.items() if kind in ("volume", "cold")} == expected


@pytest.mark.parametrize("loud", [20, 200, 5000, 100_000])
@pytest.mark.parametrize("more", [{}, {"planned": 1.0}, {"planned": 5.0}], ids=["unplanned", "planned", "five times"])
def test_praise_never_calls_however_loud(loud, more):
    got = found(*half_hour(loud, loud // 10), score=6.0, griefs=(0.0, 0.0), **more)
    assert PAGE not in got.values()


# Complaints: rarer than ever, twice as many, and a greater share.


@pytest.mark.parametrize(
    ("negative", "griefs", "more", "expected"),
    [
        (12, (RARE, 0.0), {}, {"complaints": PAGE}),
        (12, (0.0, 3.2), {}, {"complaints": PAGE}),
        (12, (RARE - 0.01, RARE - 0.01), {}, {}),
        (5, (3.2, 3.2), {}, {}),
        (12, (3.2, 3.2), {"planned": 1.0}, {}),
        (12, (3.2, 3.2), {"cold": True}, {}),
    ],
    ids=["of an hour", "of three hours", "not rare", "five people", "planned", "no history yet"],
)
def test_complaints(negative, griefs, more, expected):
    got = found(*half_hour(14, negative), before=crowd(0.5, usual=0.5), griefs=griefs, **more)
    assert {kind: level for kind, level in got.items() if kind == "complaints"} == expected


def test_more_complaints_of_a_proportionally_bigger_crowd_are_no_complaints():
    """Ten times as many posts, and as many of them complain as ever."""
    assert "complaints" not in found(*half_hour(200, 20), griefs=(4.0, 4.0))


def test_a_greater_share_of_far_fewer_posts_is_no_wave_of_complaints():
    """A busy brand of which hardly anybody speaks: two thirds complain, and not twice as many as ever."""
    for negative, calls in ((38, False), (41, True)):
        last = [crowd(5, negative / HOUR, usual=200 / HOUR)] * HOUR
        assert ("complaints" in found(*last, griefs=(RARE, 0.0))) is calls


# The share alone.


@pytest.mark.parametrize(
    ("negative", "more", "level"),
    [(9, {}, NOTICE), (5, {}, None), (9, {"days": 0.9}, None), (9, {"base": None}, None)],
    ids=["many", "five complaints", "the first day", "moods unknown"],
)
def test_share(negative, more, level):
    assert found(*half_hour(12, negative), **more).get("share") == level


def test_how_far_a_share_departs_from_what_is_usual():
    assert departure(Span(100, 100, 10, 10), 0.1) == 0.0
    assert departure(Span(100, 100, 50, 10), None) == 0.0
    # Forty above ten, where the swing is sqrt(100 x .1 x .9 + 3 x 3 + .5).
    assert departure(Span(100, 100, 50, 10), 0.1) == pytest.approx(40 / 18.5**0.5)
    assert departure(Span(100, 100, 5, 10), 0.1) < 0


# Without history.


@pytest.mark.parametrize(
    ("voices", "negative", "authors", "level"),
    [
        (10, 0, None, NOTICE),
        (9, 0, None, None),
        (10, 0, 5.9, None),
        (10, 4, None, PAGE),
        (10, 3, None, NOTICE),
        (25, 5, None, PAGE),
        (25, 4, None, NOTICE),
        (24, 5, None, NOTICE),
    ],
    ids=["ten", "nine", "five authors", "four complain", "three complain", "loud", "loud praise", "hardly loud"],
)
def test_cold(voices, negative, authors, level):
    last = half_hour(voices, negative, usual=0.1, authors=None if authors is None else authors / HALF)
    assert found(*last, before=crowd(0, usual=0.1), cold=True, days=1.0).get("cold") == level


def test_what_is_planned_is_expected_without_history_too():
    assert found(*half_hour(25, 5, usual=0.1), before=crowd(0, usual=0.1), cold=True, days=1.0, planned=1.0) == {}


def test_cold_needs_five_times_what_the_short_past_gave():
    for usual, level in ((0.66, NOTICE), (0.67, None)):
        assert found(*half_hour(20, usual=usual), before=crowd(usual), cold=True, days=1.0).get("cold") == level


# Six hours together.


@pytest.mark.parametrize(
    ("last_hour", "before", "more", "level"),
    [
        (6.0, crowd(6), {}, NOTICE),
        (6.0, crowd(4), {}, None),
        (2.0, crowd(6), {}, None),
        (6.0, crowd(6), {"heard": 59}, None),
        (6.0, crowd(6), {"heard": 60}, NOTICE),
        (6.0, crowd(6), {"planned": 2.0}, None),
        (6.0, crowd(6), {"cold": True}, None),
        (0.3, crowd(0.27, usual=0.1), {}, None),
    ],
    ids=[
        "three times", "twice", "it is over", "five hours heard at most", "five hours heard", "planned",
        "no history yet", "nineteen people",
    ],
)  # fmt: skip
def test_slow_burn(last_hour, before, more, level):
    last = [crowd(last_hour, usual=before.usual)] * HOUR
    assert found(*last, before=before, **more).get("slow_burn") == level


# Floods, big accounts, campaigns.


@pytest.mark.parametrize(
    ("posts", "copies", "level"), [(20, 13, NOTICE), (20, 12, None), (19, 19, None), (500, 301, NOTICE)]
)
def test_flood(posts, copies, level):
    last = [crowd(1, posts=posts / HALF, copies=copies / HALF) for _ in range(HALF)]
    assert found(*last).get("flood") == level


@pytest.mark.parametrize(
    ("followers", "voices", "negative", "level"),
    [
        (1_000_000, 24, 12, PAGE),
        (999_999, 24, 12, None),
        (0, 24, 12, None),
        (1_000_000, 24, 6, None),
        (1_000_000, 12, 12, None),
    ],
    ids=["a million", "hardly", "nobody", "few complain", "no more than usual"],
)
def test_reach(followers, voices, negative, level):
    last = [*half_hour(voices, negative), *half_hour(voices, negative)]
    assert found(*last, followers=followers).get("reach") == level


@pytest.mark.parametrize(
    ("more", "bad", "followers", "level"),
    [(10, 10, 100_000, PAGE), (10, 10, 99_999, None), (9, 9, 100_000, None), (20, 9, 100_000, None)],
    ids=["ten of one account", "a small account", "nine", "mostly content"],
)
def test_one_account_that_does_not_stop(more, bad, followers, level):
    last = Bucket(1, 0.1, bad / (more + 1), more + 1, 1, 0)
    assert found(last, before=crowd(0, usual=0.1), followers=followers).get("reach") == level


@pytest.mark.parametrize(
    ("planned", "voices", "negative", "level"),
    [(1.0, 36, 20, PAGE), (0.0, 36, 20, None), (1.0, 35, 20, None), (1.0, 36, 12, None), (1.0, 3600, 400, None)],
    ids=["a bad launch", "nothing planned", "not three times as loud", "a third complains", "a loud good launch"],
)
def test_campaign(planned, voices, negative, level):
    last = [*half_hour(voices, negative), *half_hour(voices, negative)]
    assert found(*last, planned=planned).get("campaign") == level


def test_what_calls_speaks_first():
    both = weigh(facts(*half_hour(20, 12), score=RARE, griefs=(3.5, 3.5)), LIMITS)
    assert [one.level for one in both] == sorted([one.level for one in both], reverse=True)
    assert both[0].kind == "complaints"
