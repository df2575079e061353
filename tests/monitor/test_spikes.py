"""When a person is called: each trigger with the sentence a PR person reads, and the crowds that call nobody."""

import pytest
from msgspec import structs

from config.watch import Thresholds
from monitor.seen import negative_share, see
from monitor.series import Reading
from monitor.spikes import Finding, decide, voices
from tests.monitor.told import NOW, judged

THRESHOLDS = Thresholds()
REACH = THRESHOLDS.reach
# Watched for thirty days; two posts in fifteen minutes are usual.
ORDINARY = Reading(NOW, score=0.3, count=3, usual=2.0, ratio=1.4, days=30.0, times=400)


def find(*posts, reading=ORDINARY, thresholds=THRESHOLDS):
    return decide("星禾", see(posts, NOW), reading, thresholds)


def crisis(ago, author, *terms, **more):
    return judged(ago, author, **({"category": "food_safety", "terms": terms or ("发霉",), "harm": 2} | more))


def crowd(count, *, negative=0, authors=0, ago=1.0):
    """`count` posts of the last minutes, the first `negative` grumbling, by so many authors (0: each its own)."""
    return [
        judged(ago + n / 100, f"路人{n % authors if authors else n}", negative=n < negative, key=f"m{n}")
        for n in range(count)
    ]


def ranked(item, place, title, *, best=None):
    """The same on a hot list."""
    return structs.replace(
        item, mention=structs.replace(item.mention, title=title, rank=place, best_rank=best or place)
    )


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
    assert find(structs.replace(post, score=structs.replace(post.score, harm=2))) == ()


def test_a_word_that_is_a_crisis_by_itself_is_enough_when_we_are_sure_of_it():
    post = crisis(5, "a", "数据泄露", harm=2, category="data_breach", key="leak")
    grave = structs.replace(post, score=structs.replace(post.score, hard=True, p_crisis=0.97))
    (found,) = find(grave, *crowd(1))
    assert (found.kind, found.page, found.category, found.mention_ids) == ("hard", True, "data_breach", ("leak",))
    assert found.why == "星禾：30 分钟 2 条，平时约 4 条；1 位作者用了重风险词（数据泄露）。"
    assert find(structs.replace(grave, score=structs.replace(grave.score, p_crisis=0.89))) == ()
    assert find(structs.replace(grave, score=structs.replace(grave.score, hard=False))) == ()


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
    assert [one.kind for one in find(crisis(29, "大V", followers=REACH))] == ["big_account"]


@pytest.mark.parametrize(
    "post",
    [
        crisis(29, "大V", followers=REACH - 1),
        crisis(29, "大V", followers=None),
        crisis(30, "大V", followers=REACH),
        judged(5, "大V", followers=REACH, negative=True),
    ],
    ids=["not so many", "unknown", "half an hour ago", "only a grumble"],
)
def test_what_is_no_big_account_with_a_crisis(post):
    assert find(post) == ()


@pytest.mark.parametrize(
    ("posts", "bad", "followers", "calls"),
    [
        (40, 40, 800_000, True),
        (4, 4, 750_000, True),
        (3, 3, 1_000_000, True),
        (3, 3, 999_999, False),
        (40, 2, 800_000, False),
        (40, 40, 99_999, False),
        (30, 30, 100_000, True),
        (29, 29, 100_000, False),
    ],
    ids=[
        "forty of a KOL", "four", "three of a millionaire", "three of nearly one", "it likes us", "a small account",
        "a tenth of the reach, thirty posts", "twenty-nine",
    ],
)  # fmt: skip
def test_an_account_many_follow_that_does_not_stop_complaining_calls(posts, bad, followers, calls):
    told = [judged(1 + n / 10, "大V", key=f"k{n}", negative=n < bad, followers=followers) for n in range(posts)]
    found = find(*told)
    assert [(one.kind, one.page, one.category) for one in found] == [("big_account", True, "")] * calls
    assert all(f"粉丝 {followers // 10_000} 万的账号 30 分钟发了 {bad} 条负面内容" in one.why for one in found)


@pytest.mark.parametrize("ago", [1, 600])
def test_high_on_a_hot_list_a_crisis_calls_and_praise_is_a_notice(ago):
    (praise,) = find(ranked(judged(ago, "榜"), 3, "星禾新品卖断货"))
    assert (praise.kind, praise.page, praise.category) == ("hot", False, "")
    assert "上了热榜第 3 位（星禾新品卖断货）" in praise.why
    (call,) = find(ranked(crisis(ago, "榜"), 10, "星禾茶饮喝出发霉"))
    assert (call.kind, call.page, call.category) == ("hot", True, "food_safety")
    assert find(ranked(crisis(ago, "榜"), 11, "星禾茶饮喝出发霉")) == ()


def test_the_best_place_it_ever_had_counts_and_a_hot_list_may_be_turned_off():
    fallen = ranked(crisis(5, "榜"), 40, "星禾茶饮喝出发霉", best=2)
    assert [one.kind for one in find(fallen)] == ["hot"]
    assert find(fallen, thresholds=THRESHOLDS.model_copy(update={"hot_rank": 0})) == ()


def test_one_finding_per_category_and_the_gravest_kind_speaks():
    posts = [
        crisis(1, "a", harm=3, followers=REACH),
        crisis(2, "b"),
        crisis(3, "c"),
        *[crisis(n + 4, f"工{n}", "猝死", category="labour") for n in range(3)],
    ]
    assert [(one.kind, one.category) for one in find(*posts)] == [("severe", "food_safety"), ("cluster", "labour")]


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
