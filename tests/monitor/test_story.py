"""Which posts are one story, when it began, and what people call it."""

from datetime import timedelta

import pytest

from monitor.story import own_mentions, t0, title_for
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
