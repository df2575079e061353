"""When a person is called: each trigger with the sentence a PR person reads, and the crowds that call nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.watch import Thresholds
from monitor.rarity import Reading
from monitor.spikes import BIG_ACCOUNT, Finding, decide, negative_share, voices
from store.nouns import Bucket
from tests.monitor.told import NOW, judged

THRESHOLDS = Thresholds()
# Watched for thirty days; two posts in fifteen minutes are usual.
ORDINARY = Reading(score=0.3, count=3, usual=2.0, ratio=1.4, days=30.0, before=4000.0)
RARE = replace(ORDINARY, score=3.2, count=21, ratio=8.6, before=0.0)
COLD = Reading(score=0.0, count=21, usual=0.5, ratio=21.5, days=0.6, before=0.0)
BEFORE = Bucket(NOW - timedelta(hours=24), 400, 40, 0)


def find(*posts, rare=ORDINARY, before=BEFORE, thresholds=THRESHOLDS):
    return decide("星禾", NOW, posts, rare, thresholds, before)


def crisis(ago, author, *terms, **more):
    return judged(ago, author, **({"category": "food_safety", "terms": terms or ("发霉",), "harm": 2} | more))


def crowd(count, *, negative=0, authors=0, ago=1.0):
    """`count` posts of the last minutes, the first `negative` grumbling, by so many authors (0: each its own)."""
    return [
        judged(ago + n / 100, f"路人{n % authors if authors else n}", negative=n < negative, key=f"m{n}")
        for n in range(count)
    ]


def test_an_ordinary_half_hour_calls_nobody():
    assert find() == ()
    assert find(*crowd(4, negative=1)) == ()
    assert find(crisis(5, "a"), crisis(6, "b")) == ()


def test_one_post_about_a_hurt_person_is_enough():
    post = crisis(5, "a", "喝出…金属", "住院", harm=3, key="hurt")
    assert find(post, *crowd(1)) == (
        Finding(
            kind="severe",
            count=2,
            usual=4.0,
            window_minutes=30,
            score=0.3,
            page=True,
            category="food_safety",
            mention_ids=("hurt",),
            why="星禾：30 分钟 2 条，平时约 4 条；有 1 条说到有人受伤或就医（喝出金属、住院）。",
        ),
    )
    assert find(replace(post, score=replace(post.score, harm=2))) == ()


def test_a_word_that_is_a_crisis_by_itself_is_enough_when_we_are_sure_of_it():
    post = crisis(5, "a", "数据泄露", harm=2, category="data_breach", key="leak")
    grave = replace(post, score=replace(post.score, hard=True, p_crisis=0.97))
    (found,) = find(grave, *crowd(1))
    assert (found.kind, found.page, found.category, found.mention_ids) == ("hard", True, "data_breach", ("leak",))
    assert found.why == "星禾：30 分钟 2 条，平时约 4 条；1 位作者用了重风险词（数据泄露）。"
    assert find(replace(grave, score=replace(grave.score, p_crisis=0.89))) == ()
    assert find(replace(grave, score=replace(grave.score, hard=False))) == ()


def test_a_hurt_person_of_this_morning_is_still_told():
    (found,) = find(crisis(600, "a", harm=3))
    assert (found.kind, found.count) == ("severe", 0)


def test_three_people_with_the_same_trouble_within_the_hour_are_a_cluster():
    posts = [crisis(5, "a", "发霉", "蟑螂"), crisis(31, "b", "发霉"), crisis(59, "c")]
    (found,) = find(*posts)
    assert (found.kind, found.page, found.category, found.count) == ("cluster", True, "food_safety", 1)
    assert found.mention_ids == tuple(one.mention.id for one in posts)
    assert found.why == "星禾：30 分钟 1 条，平时约 4 条；60 分钟内 3 位作者说的是同一类风险（发霉、蟑螂）。"


@pytest.mark.parametrize(
    "third",
    [
        crisis(7, "a"),
        crisis(7, "c", category="labour"),
        crisis(60, "c"),
        judged(7, "c", negative=True),
    ],
    ids=["the same author", "another trouble", "an hour ago", "a grumble"],
)
def test_two_people_are_no_cluster(third):
    assert find(crisis(5, "a"), crisis(6, "b"), third) == ()


def test_an_account_millions_follow_needs_no_second():
    (found,) = find(crisis(29, "大V", "发霉", followers=3_250_000))
    assert (found.kind, found.page) == ("big_account", True)
    assert found.why == "星禾：30 分钟 1 条，平时约 4 条；粉丝 325 万的账号发了风险内容（发霉）。"
    assert [one.kind for one in find(crisis(29, "大V", followers=BIG_ACCOUNT))] == ["big_account"]
    assert find(crisis(29, "大V", followers=BIG_ACCOUNT - 1)) == ()
    assert find(crisis(29, "大V", followers=None)) == ()
    assert find(crisis(30, "大V", followers=BIG_ACCOUNT)) == ()
    assert find(judged(5, "大V", followers=BIG_ACCOUNT, negative=True)) == ()


def test_a_rare_volume_of_complaints_pages():
    (found,) = find(*crowd(20, negative=9), rare=RARE)
    assert found == Finding(
        kind="volume",
        count=20,
        usual=4.0,
        window_minutes=30,
        score=3.2,
        page=True,
        category="",
        mention_ids=tuple(f"m{n}" for n in range(9)),
        why="星禾：30 分钟 20 条，平时约 4 条（8.6 倍）；记得的 30 天里从没有过达到这个倍数；负面 45%。",
    )


def test_how_often_it_was_this_loud_is_said():
    (found,) = find(*crowd(20, negative=20), rare=replace(RARE, before=3.4, usual=0.2))
    assert found.why == (
        "星禾：30 分钟 20 条，平时不到 1 条（8.6 倍）；记得的 30 天里只有约 3 个 5 分钟达到这个倍数；负面 100%。"
    )


@pytest.mark.parametrize(
    ("posts", "rare"),
    [
        (crowd(20, negative=20), replace(RARE, score=2.79)),
        (crowd(5, negative=5), RARE),
        (crowd(20, negative=20, authors=3), RARE),
        (crowd(20, negative=20, authors=1), RARE),
        (crowd(20, negative=20, ago=31), replace(RARE)),
        ([], RARE),
    ],
    ids=["not rare", "too few posts", "three authors", "one bot", "half an hour ago", "nothing"],
)
def test_what_is_no_rare_volume(posts, rare):
    assert [one.kind for one in find(*posts, rare=rare) if one.kind == "volume"] == []


@pytest.mark.parametrize("rare", [ORDINARY, RARE, COLD], ids=["ordinary", "rare", "cold"])
def test_one_author_who_posts_two_hundred_times_calls_nobody(rare):
    posts = [crisis(1 + n / 100, "水军", key=f"m{n}") for n in range(200)]
    assert find(*posts, rare=rare) == ()


@pytest.mark.parametrize("rare", [RARE, COLD], ids=["rare", "cold"])
@pytest.mark.parametrize(("count", "negative"), [(20, 0), (200, 34), (5000, 0)])
def test_a_surge_people_love_never_pages(rare, count, negative):
    found = find(*crowd(count, negative=negative), rare=rare)
    assert [one.page for one in found] == [False]
    assert found[0].why.endswith(f"负面 {negative / count:.0%}。")


@pytest.mark.parametrize(
    ("count", "negative", "page"), [(10, 4, True), (10, 3, False), (30, 6, True), (30, 5, False), (24, 8, False)]
)
def test_before_four_days_are_watched_only_plain_numbers_count(count, negative, page):
    (found,) = find(*crowd(count, negative=negative), rare=COLD)
    assert (found.kind, found.page, found.category) == ("cold", page, "")
    assert found.why == (
        f"星禾：30 分钟 {count} 条，监测不到一天，还没有平时的数；"
        f"监测才 0.6 天，按绝对数判断；负面 {negative / count:.0%}。"
    )


@pytest.mark.parametrize(
    ("posts", "rare"),
    [
        (crowd(9, negative=9), COLD),
        (crowd(30, negative=30, authors=5), COLD),
        (crowd(10, negative=10), replace(COLD, usual=1.1)),
        (crowd(30, negative=30), replace(COLD, days=4.0)),
    ],
    ids=["nine posts", "five authors", "only 4.5 times as usual", "no longer cold"],
)
def test_what_is_nothing_in_the_first_days(posts, rare):
    assert [one.kind for one in find(*posts, rare=rare) if one.kind == "cold"] == []


def test_an_ordinary_volume_in_an_unusual_mood_pages_when_somebody_tells_of_a_crisis():
    grumbles = crowd(9, negative=8, ago=40)
    (notice,) = find(*grumbles)
    assert (notice.kind, notice.page) == ("share", False)
    assert notice.why == "星禾：30 分钟 0 条，平时约 4 条；最近 1 小时负面 8/9，平时约 10%。"
    (call,) = find(*grumbles, crisis(50, "z"))
    assert (call.kind, call.page, call.category) == ("share", True, "")


@pytest.mark.parametrize(
    ("posts", "before"),
    [
        (crowd(7, negative=7), BEFORE),
        (crowd(10, negative=10, authors=5), BEFORE),
        (crowd(100, negative=30), BEFORE),
        (crowd(10, negative=10), replace(BEFORE, negative=320)),
        (crowd(10, negative=10, ago=60), BEFORE),
    ],
    ids=["seven posts", "five authors", "mostly content", "it is always like that", "an hour ago"],
)
def test_what_is_no_unusual_mood(posts, before):
    assert find(*posts, before=before) == ()


def test_one_finding_per_category_and_the_gravest_kind_speaks():
    posts = [
        crisis(1, "a", harm=3, followers=BIG_ACCOUNT),
        crisis(2, "b"),
        crisis(3, "c"),
        *[crisis(n + 4, f"工{n}", "猝死", category="labour") for n in range(3)],
        *crowd(30, negative=30),
    ]
    found = find(*posts, rare=RARE)
    assert [(one.kind, one.category) for one in found] == [("severe", "food_safety"), ("cluster", "labour")]


def test_a_loud_surge_is_about_what_most_of_its_crisis_posts_are_about():
    posts = [crisis(1, "a", key="one"), crisis(2, "b", key="two"), crisis(3, "c", category="labour", key="three")]
    (found,) = find(*posts, *crowd(20, negative=20), rare=RARE)
    assert (found.kind, found.category, found.mention_ids) == ("volume", "food_safety", ("one", "two"))


def test_a_surge_without_a_topic_is_the_echo_of_the_topic_beside_it():
    cluster = [crisis(31 + n, f"a{n}") for n in range(3)]
    found = find(*cluster, *crowd(20, negative=20), rare=RARE)
    assert [(one.kind, one.category) for one in found] == [("cluster", "food_safety")]


def test_a_happy_surge_does_not_stand_in_the_way_of_an_unusual_mood():
    """Half an hour of trouble, then a happy half hour: the notice of the surge must not swallow the call."""
    trouble = [crisis(40, "z", key="z"), *crowd(40, negative=40, ago=35)]
    happy = [judged(n / 100, f"茶友{n}", key=f"h{n}") for n in range(40)]
    (found,) = find(*trouble, *happy, rare=RARE)
    assert (found.kind, found.page) == ("share", True)


def test_the_words_of_a_sentence_stand_in_the_order_of_the_post():
    (found,) = find(crisis(5, "a", "发霉", "蟑螂", "变质", "苍蝇", "异物", "馊了", harm=3))
    assert found.why.endswith("（发霉、蟑螂、变质）。")


def test_grumbling_words_are_not_what_a_sentence_is_about():
    (found,) = find(crisis(5, "a", harm=3, weak=("怪味",)))
    assert found.why.endswith("（发霉）。")
    post = judged(5, "a", category="food_safety", weak=("怪味",), harm=3)
    assert find(post)[0].why.endswith("（见原帖）。")


def test_a_post_without_an_author_is_a_voice_of_its_own():
    posts = [judged(1, "a"), judged(2, "a"), judged(1, "a", platform="x"), judged(3), judged(4)]
    assert voices(posts) == 4
    assert negative_share([]) == 0.0
    assert negative_share(crowd(4, negative=1)) == 0.25
