"""Is it about us: words to hear, words that rule out, words that need company, however people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.folding import fold
from monitor.matching import Match, Query, compile_query

BRAND = Query(
    any=("星禾茶饮", "星禾奶茶"),
    none=("星禾村",),
    aliases=("Xinghe Tea", "星禾"),
    ambiguous=("星禾",),
    context=("茶", "门店"),
)
NAMELESS = "没有出现“星禾茶饮”、“星禾奶茶”、“Xinghe Tea”、“星禾”中的任何一个。"


def match(text, query=BRAND, title=""):
    return compile_query(query).match(title, text)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("", "星禾茶饮上新", Match(True, ("星禾茶饮", "星禾"), "命中“星禾茶饮”、“星禾”。")),
        ("星禾奶茶", None, Match(True, ("星禾奶茶", "星禾"), "命中“星禾奶茶”、“星禾”。")),
        ("", "Try XINGHE  tea", Match(True, ("Xinghe Tea",), "命中“Xinghe Tea”。")),
        ("", "星禾的茶不错", Match(True, ("星禾",), "命中“星禾”，并有语境词“茶”。")),
        ("门店排队", "去了星禾", Match(True, ("星禾",), "命中“星禾”，并有语境词“门店”。")),
        ("", "星禾今天毕业了", Match(False, (), "“星禾”有歧义，上下文里没有任何语境词。")),
        ("", "星禾村的星禾茶饮", Match(False, (), "出现排除词“星禾村”，不算。", barred=True)),
        ("星禾村", "星禾茶饮", Match(False, (), "出现排除词“星禾村”，不算。", barred=True)),
        ("", "今天喝茶", Match(False, (), NAMELESS)),
        ("星", "禾茶饮", Match(False, (), NAMELESS)),
        ("", "", Match(False, (), NAMELESS)),
    ],
)
def test_a_brand_is_heard_and_says_why(title, text, expected):
    assert match(text, title=title) == expected


@pytest.mark.parametrize(
    ("query", "text", "hit", "words"),
    [
        (Query(all=("星禾", "茶")), "星禾的茶", True, ("星禾", "茶")),
        (Query(all=("星禾", "茶")), "星禾", False, ()),
        (Query(all=("茶",), any=("星禾",)), "星禾的茶", True, ("茶", "星禾")),
        (Query(all=("茶",), any=("星禾",)), "茶", False, ()),
        (Query(all=("茶",), any=("星禾",)), "星禾", False, ()),
        (Query(), "星禾", False, ()),
        (Query(none=("星禾",)), "茶", False, ()),
        (Query(any=(" 星禾 ", "  ")), "星禾", True, (" 星禾 ",)),
        (Query(ambiguous=("苹果",), context=("手机",)), "苹果手机", True, ("苹果",)),
        (Query(ambiguous=("苹果",), context=("手机",)), "苹果很甜", False, ()),
        (Query(any=("苹果",), ambiguous=("苹果",)), "苹果", False, ()),
        (Query(any=("星禾",), ambiguous=("苹果",), context=("手机",)), "星禾的苹果", True, ("星禾",)),
    ],
)
def test_all_any_none_and_context(query, text, hit, words):
    found = match(text, query)
    assert (found.hit, found.words) == (hit, words)


def test_a_long_list_of_words_is_said_short():
    assert match("甲乙丙丁戊己", Query(any=tuple("甲乙丙丁戊己"))).why == "命中“甲”、“乙”、“丙”、“丁”、“戊”等 6 个词。"
    assert match("甲", Query(all=tuple("甲乙丙"))).why == "缺少必须出现的词“乙”、“丙”。"


@pytest.mark.parametrize(
    "text",
    [
        "星 禾 茶 饮",
        "星\u200b禾\u2060茶饮",
        "星禾茶飲",
        "星\n禾茶饮",
        "星😀禾茶饮",
        "＃星禾茶饮＃",
        "我爱星禾茶饮呀",
        "XX星禾茶饮XX",
    ],
)
def test_tricks_between_hanzi_hide_no_name(text):
    assert match(text, Query(any=("星禾茶饮",))).hit


@pytest.mark.parametrize("text", ["星-禾", "星*禾", "星。禾", "星\n\n禾", "星a禾"])
def test_what_parts_two_hanzi_parts_a_name(text):
    assert not match(text, Query(any=("星禾",))).hit


@pytest.mark.parametrize(
    ("word", "text", "hit"),
    [
        ("tea", "TEA time", True),
        ("tea", "ｔｅａ", True),
        ("tea", "steam", False),
        ("tea", "tea2", False),
        ("tea", "tea_x", False),
        ("tea", "喝tea去", True),
        ("tea", "tea's", True),
        ("tea", "(tea)", True),
        ("café", "CAFE\u0301 bar", True),
        ("café", "cafe bar", False),
        ("x-tea", "x\u2011tea", True),
        ("coca  cola", "coca\ncola", True),
        ("3m", "13m", False),
        ("3m", "买3m口罩", True),
        ("c++", "learn c++ now", True),
        ("Straße", "STRASSE", False),
        ("ﬁne", "fine", True),
        ("'n", "rock ŉ roll", True),
    ],
)
def test_latin_words_are_whole_words(word, text, hit):
    assert match(text, Query(any=(word,))).hit is hit


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("https://xinghe.example/a", False),
        ("看 www.xinghe.example/a", False),
        ("t.cn/xinghe", False),
        ("https://a.example/?q=星禾", False),
        ("t.cn/abc星禾真难喝", True),
        ("https://a.example/b，星禾", True),
        ("https://a.example/b xinghe", True),
        ("xinghe.example", True),
        ("1/2 xinghe", True),
    ],
)
def test_a_name_inside_an_address_is_no_mention(text, hit):
    assert match(text, Query(any=("xinghe", "星禾"))).hit is hit


@given(st.text(max_size=60), st.booleans())
def test_folding_keeps_its_place_in_any_text(text, tight):
    folded = fold(text, tight=tight)
    last = 0
    for at in range(len(folded.text)):
        start, end = folded.original(at, at + 1)
        assert last <= start < end <= len(text)
        last = start
