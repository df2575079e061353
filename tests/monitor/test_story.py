"""Which posts are one story, when it began, and what people call it."""

from datetime import timedelta

import pytest
from msgspec import structs

from monitor.story import own_mentions, stories, t0, title_for, told_before
from store.nouns import Level, Spike
from tests.monitor.told import MINUTE, NOW, judged

DAY = timedelta(hours=24)


def told(ago: float, *terms: str, **more):
    return judged(ago, f"a{ago:g}", **({"category": "food_safety", "terms": terms} | more))


def own(*posts, category="food_safety", look_back=DAY):
    return [(NOW - one.mention.event_at) / MINUTE for one in own_mentions(posts, category, NOW, look_back)]


@pytest.mark.parametrize(
    ("posts", "ago"),
    [
        ([told(5), told(60), told(30)], [60, 30, 5]),
        ([told(5), told(185)], [185, 5]),
        ([told(5), told(186)], [5]),
        ([told(5), told(150), told(300), told(450)], [450, 300, 150, 5]),
        ([told(5, "蟑螂"), told(400, "蟑螂")], [400, 5]),
        ([told(5, "蟑螂"), told(400, "发霉")], [5]),
        ([told(5, "蟑螂"), told(10, "发霉"), told(400, "发霉")], [400, 10, 5]),
        ([told(5, "蟑螂"), told(10, "发霉"), told(400, "蟑螂")], [400, 10, 5]),
        ([told(5, "蟑螂"), told(400, "蟑螂", "发霉"), told(900, "发霉")], [900, 400, 5]),
        ([told(5, "蟑螂"), told(300, "发霉"), told(400, "蟑螂")], [400, 5]),
        ([told(500)], [500]),
        ([told(5), told(1439), told(1441)], [5]),
        ([], []),
    ],
)
def test_a_pause_of_three_hours_ends_a_story_unless_the_words_are_the_same(posts, ago):
    assert own(*posts) == ago


def test_only_crisis_posts_of_the_category_are_of_the_story():
    posts = [
        told(5),
        told(6, category=""),
        told(7, category="labour"),
        told(8, category="labour", also=("food_safety",)),
    ]
    assert own(*posts) == [8, 5]
    assert own(*posts, category="labour") == [8, 7]
    assert own(*posts, category="") == []


def test_words_of_another_category_do_not_join_two_stories():
    posts = [told(5, "裁员", also=("labour",)), told(400, "裁员", category="labour", also=("food_safety",))]
    assert own(*posts) == [5]


def test_look_back_ends_where_it_says():
    assert own(told(5), told(59), told(60), look_back=timedelta(hours=1)) == [59, 5]


@pytest.mark.parametrize(
    ("posts", "ago"),
    [
        ([told(5), told(60), told(30)], 60),
        ([told(5), told(60, estimated=True)], 5),
        ([told(5), told(60, published=False)], 5),
        ([told(60, published=False), told(50, estimated=True)], None),
        ([], None),
    ],
)
def test_it_began_with_the_earliest_post_whose_own_source_gave_the_time(posts, ago):
    assert t0(posts) == (None if ago is None else NOW - ago * MINUTE)


@pytest.mark.parametrize(
    ("posts", "title"),
    [
        ([told(1, "蟑螂"), told(2, "蟑螂", "发霉"), told(3, "变质", "发霉", "蟑螂")], "星禾：食品安全（蟑螂、发霉）"),
        ([told(1, "喝出…蟑")], "星禾：食品安全（喝出蟑）"),
        ([told(1, weak=("怪味",))], "星禾：食品安全"),
        ([], "星禾：食品安全"),
    ],
)
def test_it_is_called_by_the_words_most_posts_share(posts, title):
    assert title_for(posts, "食品安全", "星禾") == title


def test_a_surge_without_a_topic_is_called_one():
    assert title_for([judged(1, "a")], "", "星禾") == "星禾：声量突增"


def said(ago, text, *terms, cluster=""):
    one = told(ago, *terms)
    return structs.replace(
        one, mention=structs.replace(one.mention, text=text), score=structs.replace(one.score, cluster=cluster)
    )


NANJING = ("星禾南京新街口店的奶茶喝出一截金属丝", "金属丝")
CHENGDU = ("星禾成都春熙路店的蛋糕里爬出蟑螂", "蟑螂")


def test_two_incidents_of_one_category_are_two_stories_the_last_told_first():
    posts = [said(50, *NANJING), said(40, *CHENGDU), said(30, "金属丝的事有后续吗", "金属丝")]
    found = stories(posts, "food_safety", NOW, DAY)
    assert [[(NOW - one.mention.event_at) / MINUTE for one in story] for story in found] == [[50, 30], [40]]
    assert own(*posts) == [50, 30]


def test_a_copy_of_the_same_text_bridges_a_pause():
    assert own(said(5, "", cluster="c"), said(400, "", cluster="c")) == [400, 5]
    assert own(said(5, "", cluster="c"), said(400, "", cluster="d")) == [5]


def test_the_title_names_the_city_most_of_them_name():
    assert title_for([said(5, *NANJING)], "食品安全", "星禾") == "星禾：食品安全（南京：金属丝）"
    assert title_for([said(5, NANJING[0])], "食品安全", "星禾") == "星禾：食品安全（南京）"


@pytest.mark.parametrize(
    ("category", "mentions", "same"),
    [
        ("food_safety", ("n",), True),
        ("food_safety", ("n", "c"), True),
        ("food_safety", ("c",), False),
        ("food_safety", ("unknown",), True),
        ("food_safety", (), True),
        ("labour", ("n",), False),
    ],
)
def test_a_former_spike_counts_for_the_story_it_was_about(category, mentions, same):
    nanjing, chengdu = ([judged(9, key=key, category="food_safety")] for key in ("n", "c"))
    spike = Spike("s", "xinghe", NOW, "cluster", 3, 1.0, 30, 1.0, "", Level.ORANGE, (), category, "", NOW, mentions)
    assert (told_before([spike], nanjing, "food_safety", [nanjing, chengdu]) == [spike]) is same
