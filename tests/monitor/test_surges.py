"""When numbers call: the evidence of a series needs the people it speaks of, and praise never becomes a crisis."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from config.taxonomy import load_taxonomy
from config.watch import Thresholds
from monitor.campaigns import NONE_PLANNED, Campaign
from monitor.news import CALLED, Newsroom
from monitor.seen import see
from monitor.series import Reading
from monitor.signals import NOTICE, PAGE, Evidence
from monitor.spikes import decide
from store.nouns import Level
from tests.monitor.told import NOW, judged

LIMITS = Thresholds()
NEWSROOM = Newsroom.of(load_taxonomy(), LIMITS)
VOLUME = Evidence("volume", PAGE, 20, 4, 30, 0.45, 0.1)
SHARE = Evidence("share", NOTICE, 8, 1, 60, 0.8, 0.1)
COMPLAINTS = Evidence("complaints", PAGE, 9, 1, 60, 0.9, 0.1)
COLD = Evidence("cold", PAGE, 20, 1, 30, 0.45, 0.15)
TREND = Evidence("trend", NOTICE, 20, 6, 3 * 24 * 60)
# Watched for thirty days; two posts in fifteen minutes are usual, 8.6 times as many were never heard.
RARE = Reading(NOW, score=3.2, level=PAGE, evidence=(VOLUME,), count=21, usual=2.0, ratio=8.6, days=30.0)


def find(*posts, reading=RARE, campaign=NONE_PLANNED, trend=None):
    return decide("星禾", see(posts, NOW), reading, LIMITS, campaign, trend)


def said_by(*evidence):
    return structs.replace(RARE, evidence=evidence)


def crisis(ago, author, **more):
    return judged(ago, author, **({"category": "food_safety", "terms": ("发霉",), "harm": 2} | more))


def crowd(count, *, negative=0, authors=0, ago=1.0):
    """`count` posts of the last minutes, the first `negative` grumbling, by so many authors (0: each its own)."""
    return [
        judged(ago + n / 1000, f"路人{n % authors if authors else n}", negative=n < negative, key=f"m{n}")
        for n in range(count)
    ]


def test_a_rare_volume_of_complaints_calls_and_says_why():
    (found,) = find(*crowd(20, negative=9))
    assert (found.kind, found.page, found.category) == ("volume", True, "")
    assert (found.count, found.usual, found.window_minutes, found.score) == (20, 4.0, 30, 3.2)
    assert found.mention_ids == tuple(f"m{n}" for n in range(9))
    assert found.why == (
        "星禾：15 分钟 21 条；此品牌此时通常 2.0 条（8.6 倍）。过去 30 天里从没有达到这个倍数。最近 30 分钟负面 45%。"
    )


def test_how_often_it_was_this_loud_is_said():
    (found,) = find(*crowd(20, negative=20), reading=structs.replace(RARE, usual=0.2, times=3, loud_days=7))
    assert "此品牌此时通常不到 1 条。过去 30 天里有 3 次达到这个倍数。" in found.why


@pytest.mark.parametrize(
    "posts",
    [crowd(5, negative=5), crowd(20, negative=20, authors=3), crowd(20, negative=20, ago=31), []],
    ids=["too few posts", "three authors", "half an hour ago", "nothing"],
)
@pytest.mark.parametrize("found", [VOLUME, COLD], ids=["volume", "no history"])
def test_numbers_without_the_people_they_speak_of_say_nothing(posts, found):
    assert find(*posts, reading=said_by(found)) == ()


@pytest.mark.parametrize("evidence", [(), (VOLUME,), (COLD,), (COMPLAINTS, VOLUME)])
def test_one_author_who_posts_two_hundred_times_calls_nobody(evidence):
    posts = [crisis(1 + n / 100, "水军", key=f"m{n}") for n in range(200)]
    assert find(*posts, reading=said_by(*evidence)) == ()


@pytest.mark.parametrize(
    ("posts", "kinds"),
    [
        ([*crowd(9, negative=8, ago=40)], [("share", False)]),
        ([*crowd(9, negative=8, ago=40), crisis(50, "z")], [("share", True)]),
        ([*crowd(9, negative=8, ago=40), crisis(70, "z")], [("share", False)]),
        (crowd(5, negative=5, ago=40), []),
        (crowd(9, negative=9, authors=3, ago=40), []),
        (crowd(9, negative=9, ago=60), []),
    ],
    ids=["grumbling", "one tells of a crisis", "longer ago", "five posts", "three authors", "an hour ago"],
)
def test_an_unusual_mood_calls_only_when_somebody_tells_of_a_crisis(posts, kinds):
    assert [(one.kind, one.page) for one in find(*posts, reading=said_by(SHARE))] == kinds


def test_a_loud_surge_is_about_what_most_of_its_crisis_posts_are_about():
    posts = [crisis(1, "a", key="one"), crisis(2, "b", key="two"), crisis(3, "c", category="labour", key="three")]
    (found,) = find(*posts, *crowd(20, negative=20))
    assert (found.kind, found.category, found.mention_ids) == ("volume", "food_safety", ("one", "two"))


def test_a_surge_without_a_topic_is_the_echo_of_the_topic_beside_it():
    cluster = [crisis(31 + n, f"a{n}") for n in range(3)]
    found = find(*cluster, *crowd(20, negative=20))
    assert [(one.kind, one.category) for one in found] == [("cluster", "food_safety")]


def test_a_happy_surge_does_not_stand_in_the_way_of_an_unusual_mood():
    """Half an hour of trouble, then a happy half hour: the notice of the surge must not swallow the call."""
    trouble = [crisis(40, "z", key="z"), *crowd(40, negative=40, ago=35)]
    happy = [judged(n / 100, f"茶友{n}", key=f"h{n}") for n in range(40)]
    (found,) = find(*trouble, *happy, reading=said_by(replace(VOLUME, level=NOTICE), SHARE))
    assert (found.kind, found.page) == ("share", True)


def test_a_notice_never_stands_in_the_way_of_a_call():
    """Praise on a hot list, found first, and a crowd that complains: the crowd calls."""
    praise = judged(2, "榜", key="hot")
    praise = structs.replace(praise, mention=structs.replace(praise.mention, title="星禾新品", rank=2))
    (found,) = find(praise, *crowd(20, negative=20))
    assert (found.kind, found.page) == ("volume", True)


def test_complaints_that_rise_over_days_are_a_notice():
    (found,) = find(*crowd(3, negative=3), reading=said_by(), trend=TREND)
    assert (found.kind, found.page) == ("trend", False)
    assert found.why == "星禾：投诉平台最近 3 天 20 条，之前通常 6 条（3.3 倍），还在涨。"


def test_a_planned_campaign_is_named_in_the_sentence():
    autumn = Campaign("秋季新品", 3.0)
    (during,), (calm,) = find(*crowd(40, negative=30), campaign=autumn), find(*crowd(40, negative=30))
    assert during.why == calm.why.removesuffix("。") + "；计划活动“秋季新品”进行中，预计声量 3 倍。"


# What calls is bad enough that somebody is called.


@pytest.mark.parametrize(
    ("posts", "evidence"),
    [
        (crowd(20, negative=9), VOLUME),
        (crowd(20, negative=9), COMPLAINTS),
        (crowd(20, negative=9), COLD),
        ([judged(1 + n / 10, "大V", key=f"k{n}", negative=True, followers=900_000) for n in range(9)], None),
    ],
    ids=["a crowd", "complaints", "no history", "one account"],
)
def test_a_crowd_that_complains_is_yellow_even_where_no_post_alone_tells_of_a_crisis(posts, evidence):
    seen = see(posts, NOW)
    (found,) = decide("星禾", seen, said_by(*([evidence] if evidence else [])), LIMITS)
    news = NEWSROOM.judge(found, seen, ())
    assert news is not None
    assert (found.page, news.level) == (True, Level.YELLOW)
    assert news.level_why[-1] == CALLED


def test_a_notice_is_never_raised_to_a_call():
    seen = see(crowd(20, negative=9), NOW)
    (found,) = decide("星禾", seen, said_by(replace(VOLUME, level=NOTICE)), LIMITS)
    news = NEWSROOM.judge(found, seen, ())
    assert news is not None
    assert (found.page, news.level) == (False, Level.BLUE)


def test_a_graver_level_stays_what_it_is():
    """An account millions follow tells of a crisis that stands in the top ten of a hot list."""
    post = crisis(1, "大V", followers=3_000_000)
    seen = see([structs.replace(post, mention=structs.replace(post.mention, best_rank=5))], NOW)
    (found,) = decide("星禾", seen, said_by(), LIMITS)
    news = NEWSROOM.judge(found, seen, ())
    assert news is not None
    assert (found.kind, news.level) == ("big_account", Level.ORANGE)
    assert CALLED not in news.level_why


def test_what_posts_say_keeps_the_level_that_they_ask_for():
    """Three with the same small trouble are a cluster, and no crowd."""
    seen = see([crisis(n + 1, f"a{n}", category="pricing", harm=0) for n in range(3)], NOW)
    (found,) = decide("星禾", seen, said_by(), LIMITS)
    news = NEWSROOM.judge(found, seen, ())
    assert news is not None
    assert (found.kind, news.level) == ("cluster", Level.BLUE)


# Praise never becomes a crisis.


@given(
    count=st.integers(0, 400),
    negative=st.floats(0, 0.19),
    followers=st.sampled_from([None, 300, 900_000, 30_000_000]),
    place=st.sampled_from([None, 1, 9, 30]),
    usual=st.floats(0, 50),
    ratio=st.floats(1, 5000),
    days=st.sampled_from([0.2, 2.0, 30.0]),
    planned=st.sampled_from([NONE_PLANNED, Campaign("春茶", 1.0), Campaign("春茶", 5.0)]),
    evidence=st.sets(st.sampled_from(["volume", "cold", "slow_burn", "flood"]), max_size=4),
)
def test_a_surge_people_love_is_blue_at_most(count, negative, followers, place, usual, ratio, days, planned, evidence):
    """Whoever praises, wherever it stands, however loud it is: a notice, never yellow, and nobody is called."""
    bad = int(count * negative)
    posts = [
        judged(1 + n / 1000, f"茶友{n}", key=f"m{n}", negative=n < bad, followers=followers if n >= bad else 300)
        for n in range(count)
    ]
    if posts and place:
        posts[-1] = structs.replace(
            posts[-1], mention=structs.replace(posts[-1].mention, title="星禾新品卖断货", rank=place)
        )
    notices = tuple(Evidence(kind, NOTICE, count, usual, 30, bad / count if count else 0.0, 0.1) for kind in evidence)
    reading = Reading(NOW, 3.5, NOTICE, NOTICE, notices, count, usual, ratio, 0, 0, days)
    seen = see(posts, NOW)
    for found in decide("星禾", seen, reading, LIMITS, planned):
        assert not found.page
        news = NEWSROOM.judge(found, seen, ())
        assert news is not None
        assert news.level.rank <= Level.BLUE.rank


def test_even_a_call_by_numbers_alone_is_no_crisis_without_a_crisis_or_a_complaint():
    """Moods unknown to the series, praise among the posts: what the posts say decides how bad it is."""
    seen = see(crowd(400), NOW)
    (found,) = decide("星禾", seen, said_by(replace(VOLUME, share=None, base=None)), LIMITS)
    news = NEWSROOM.judge(found, seen, ())
    assert news is not None
    assert news.level == Level.BLUE
