"""When a person is called: each trigger with the sentence a PR person reads, and the crowds that call nobody."""

from dataclasses import replace

import pytest

from config.watch import Thresholds
from monitor.seen import negative_share, see
from monitor.series import Reading
from monitor.spikes import Finding, decide, voices
from tests.monitor.told import NOW, judged

THRESHOLDS = Thresholds()
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
