"""What is a copy of what: edits of a repost are seen through, other people's words are not taken for it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.clock import stopwatch
from monitor.clusters.grouping import Entry, is_copy, likeness, place
from monitor.clusters.minhash import BITS, keys_of, signatures
from monitor.clusters.shingles import said, said_all

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
POST = "星禾茶饮新街口店的奶茶喝出一截金属丝，孩子嗓子划破了，现在在医院检查，店员说正常，有视频有小票"
EDITS = {
    "forwarded": "转发微博 " + POST,
    "forwarded with a word": "太可怕了//@小周在路上：" + POST,
    "forwarded twice": "扩散//@甲：气死//@乙_88:" + POST,
    "forwarded abroad": "RT @joe: " + POST,
    "cut": POST[: len(POST) * 8 // 10] + "…",
    "faces and tags": "😱" + POST.replace("，", "[怒]，", 1) + " #曝光# #星禾奶茶# https://t.cn/A6xx",
    "a sentence more": POST + "。大家都来看看这是什么！",
    "a sentence before": "我就想知道后来怎么样了。" + POST,
    "traditional": "星禾茶飲新街口店的奶茶喝出一截金屬絲，孩子嗓子劃破了，現在在醫院檢查，店員說正常，有視頻有小票",
    "other signs": POST.replace("，", "！！"),
    "blanks between": " ".join(POST),
    "wide": POST.replace("，", " ") + "！",
    "slips": POST.replace("一截", "一节").replace("现在", "正在"),
}
OTHERS = (
    "星禾茶饮成都春熙路店的蛋糕里有头发，店员态度很差，要求退款也不理，大家避雷",
    "孩子嗓子疼，现在在医院检查，医生说是扁桃体发炎，开了药回家",
    "星禾奶茶今天半价，味道不错，排队排了二十分钟",
    "Found a piece of metal wire in my milk tea from the new place downtown, so careful everybody",
    "",
)


def entries(texts, at=NOW, first=0):
    read = [said("", text) for text in texts]
    return [
        Entry(f"m{n:03}", at, one, keys) for n, (one, keys) in enumerate(zip(read, keys_of(read), strict=True), first)
    ]


def clusters(texts):
    return place(entries(texts), {}, set()).clusters


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edit_is_a_copy_and_is_found(edit):
    assert is_copy(said("", POST), said("", edit))
    assert clusters([POST, *OTHERS, edit])[-1] == "m000"


@pytest.mark.parametrize("other", OTHERS)
def test_other_words_are_no_copy(other):
    assert not is_copy(said("", POST), said("", other))
    assert clusters([POST, other]) == ["m000", "m001"]


def test_two_hundred_reposts_of_one_text_are_one_cluster():
    edits = list(EDITS.values())
    assert set(clusters([POST, *(edits[n % len(edits)] for n in range(199))])) == {"m000"}


def test_a_copy_of_an_edited_copy_is_of_the_first():
    longer = POST + "。我问了一圈，附近三家店都有人遇到过同样的事，有个阿姨说她上个月就投诉过"
    longest = longer + "。今天市场监管的人已经上门了，后厨的原料桶全部贴了封条，老板人还没有露面"
    assert not is_copy(said("", POST), said("", longest))
    assert clusters([POST, longer, longest]) == ["m000", "m000", "m000"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("差评", "差评！！", True),
        ("差评", "好评", False),
        ("奶茶里有虫", "奶茶里有毛", False),
        ("奶茶里有虫", "@星禾茶饮 奶茶里有虫[怒]", True),
        ("terrible tea", "Terrible TEA!!", True),
        ("送餐很快，态度也好，辛苦啦", "送餐很快，味道不错，量大", False),
        ("😡😡😡", "😡😡😡", False),
        ("", "", False),
        ("#星禾道歉#", "#星禾道歉#", True),
        ("https://t.cn/A6xx", "https://t.cn/A6xx", False),
    ],
)
def test_short_texts_are_equal_or_not(one, other, same):
    assert is_copy(said("", one), said("", other)) is same
    assert (clusters([one, other])[1] == "m000") is same


@pytest.mark.parametrize(
    ("title", "text", "like"),
    [
        (POST[:20], POST, ("", POST)),
        (POST[:20] + "…", POST, ("", POST)),
        (POST, "", ("", POST)),
        ("", f"http://a.example/x?y=1 {POST}", ("", POST)),
    ],
)
def test_a_title_that_repeats_the_text_is_not_counted_twice(title, text, like):
    assert said(title, text).plain == said(*like).plain


SAYINGS = st.lists(
    st.sampled_from([*"星禾奶茶，。_ \n#@:/\uffff\U000f0001😀", "Love", "x" * 40, "，" * 40, "a_b", "https://a.co "]),
    max_size=12,
)


@given(st.lists(st.tuples(SAYINGS.map("".join), SAYINGS.map("".join)), max_size=7))
def test_what_many_say_is_read_as_what_each_says_alone(told):
    assert said_all(told) == [said(*one) for one in told]
    assert said_all(told * 2) == [said(*one) for one in told] * 2


@pytest.mark.parametrize(("pause", "one"), [(48, True), (48.1, False), (-48, True), (-49, False)])
def test_copies_are_looked_for_within_two_days(pause, one):
    owners, lasting = {}, set()
    first = place(entries([POST]), owners, lasting)
    second = place(entries([POST], NOW + pause * HOUR, first=1), owners, lasting)
    assert (first.clusters, second.clusters) == (["m000"], ["m000" if one else "m001"])


def test_a_text_that_comes_again_after_its_time_is_found_by_its_new_copies():
    owners, lasting = {}, set()
    place(entries([POST]), owners, lasting)
    place(entries([POST], NOW + 100 * HOUR, first=1), owners, lasting)
    assert place(entries([POST], NOW + 101 * HOUR, first=2), owners, lasting).clusters == ["m001"]


def test_a_mention_that_is_placed_again_stays_where_it_was():
    owners, lasting = {}, set()
    before = place(entries([POST, EDITS["cut"], OTHERS[0]]), owners, lasting)
    again = place(entries([POST, EDITS["cut"], OTHERS[0]]), owners, lasting)
    assert again.clusters == before.clusters
    assert again.written == {}


def test_an_exact_copy_needs_nothing_to_be_remembered():
    assert set(place(entries([POST, POST, POST]), {}, set()).written.values()) == {0}


HOSTILE = (
    "",
    " \n\t",
    "😀" * 5000,
    "\x00" * 300,
    "\ud800\udfff孩子",
    "a\ud83d" + POST,
    "@" * 3000,
    "//@" * 3000,
    "//@a:" * 3000,
    "#" * 3001,
    "转" * 3000,
    "转：" * 3000,
    "[" * 3000,
    "www." * 3000,
    "http://" * 3000,
    "哈" * 100,
    "\U000f0000\U0010ffff" * 20,
    "e\u0301" * 1000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_string_has_a_place(text):
    assert clusters([POST, text])[0] == "m000"
    assert all(0 <= key < 1 << BITS for entry in entries([text]) for key in entry.keys)


@pytest.mark.parametrize("piece", ["孩", POST, "//@a:", "# ", "word ", "\ud800", "a", "http://a.b/", "转发"])
def test_a_megabyte_costs_no_more_than_an_article(piece):
    text = piece * (1_000_000 // len(piece))
    entries([text])
    began = stopwatch()
    entries([text])
    assert stopwatch() - began < 0.05


words = st.sampled_from([POST, *EDITS.values(), *OTHERS, "差评", "差评！", "好喝", "!!"])


@given(st.lists(words, min_size=1, max_size=25), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_arrival_does_not_change_who_is_together(texts, random):
    shuffled = list(texts)
    random.shuffle(shuffled)
    for arrived in (texts, shuffled):
        found: dict[str, set[str]] = {}
        for text, cluster in zip(arrived, clusters(arrived), strict=True):
            if plain := said("", text).plain:
                found.setdefault(plain, set()).add(cluster)
        assert all(len(some) == 1 for some in found.values())


@given(st.lists(words, min_size=2, max_size=20), st.data())
@settings(deadline=None)
def test_it_is_the_same_in_however_many_batches_they_come(texts, data):
    cuts = data.draw(st.lists(st.integers(0, len(texts)), max_size=4).map(sorted))
    owners, lasting, found = {}, set(), []
    for start, end in pairwise([0, *cuts, len(texts)]):
        found += place(entries(texts[start:end], first=start), owners, lasting).clusters
    assert found == clusters(texts)


units = st.text(st.sampled_from("星禾茶饮的奶里有金属丝孩子医院店员说正常视频小票今天"), min_size=30, max_size=120)


@given(units, st.integers(0, 100), units)
@settings(deadline=None, derandomize=True)
def test_signatures_agree_as_often_as_texts_are_alike(one, cut, tail):
    other = one[: max(2, len(one) * cut // 100)] + tail
    left, right = signatures([one, other])
    # 64 rows: five standard deviations.
    assert abs(float((left == right).mean()) - likeness(one, other)[0]) < 0.32
