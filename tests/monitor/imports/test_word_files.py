"""TrendRadar's word files become brands that find the same, and what has no equal is said line by line."""

import tomllib

import pytest

from config.watch import Brand
from monitor.imports.wordfile import blocks_of, parse
from monitor.matching import Query, compile_query, query_of

FILE = """# 我的词
[GLOBAL_FILTER]
广告
震惊
!无效

[WORD_GROUPS]
[星禾系]
星禾茶饮
星禾奶茶 => 星禾
+喝
!星禾村
@15

京东
/刘强东|东哥/
/京.*东/

+直播
+翻车

!只有排除词

AI
AI
"""


def brands(text: str) -> list[Brand]:
    found = tomllib.loads("\n".join(blocks_of(parse(text).groups)))
    return [Brand.model_validate(one) for one in found["brand"]]


def test_each_group_is_a_brand_of_watch_toml():
    assert [(one.id, one.name, one.any, one.all, one.none) for one in brands(FILE)] == [
        ("group-1", "星禾系", ("星禾茶饮", "星禾奶茶"), ("喝",), ("星禾村", "广告", "震惊")),
        ("group-2", "京东", (), (), ("广告", "震惊")),
        ("group-3", "直播", (), ("直播", "翻车"), ("广告", "震惊")),
        ("ai", "AI", ("AI",), (), ("广告", "震惊")),
    ]
    assert [one.query for one in brands(FILE)] == ["", '("京东" OR "刘强东" OR "东哥" OR /京.*东/)', "", ""]


@pytest.mark.parametrize(
    ("group", "title", "hit"),
    [
        ("/京.{0,2}东/", "京大东", True),
        ("/京.{0,2}东/", "京一二三东", False),
        ("/\\bAI\\b/i", "用 ai 写", True),
        ("/\\bAI\\b/i", "Spain", False),
        ("/a/b|c/", "a/b", True),
        ("星禾\n+/喝|茶.*/", "星禾出了茶具", True),
        ("星禾\n+/喝|茶.*/", "星禾", False),
        ("星禾\n!/招.聘/", "星禾招人聘", False),
        ('say "hi*"\n/x+/', 'they say "hi*" now', True),
        ("[GLOBAL_FILTER]\n/广.告/\n[WORD_GROUPS]\n星禾", "星禾广而告之", False),
    ],
)
def test_a_pattern_finds_what_it_found(group, title, hit):
    assert parse(group).warnings in ((), ((0, "Latin words are found as whole words here, not inside others: AI"),))
    (brand,) = brands(group)
    assert compile_query(query_of(brand)).match(title, None).hit is hit


@pytest.mark.parametrize("pattern", ["/(?<!a)b/", "/(a+/", "/a{900}{900}/", r"/(a)\1/"])
def test_a_pattern_that_cannot_be_read_is_said_with_its_reason_and_left_out(pattern):
    found = parse(f"星禾\n{pattern}")
    ((line, why),) = found.warnings
    assert (line, pattern in why, "write the words it means" in why) == (2, True, True)
    assert [group.any for group in found.groups] == [["星禾"]]


def test_what_has_no_equal_here_is_told_with_its_line():
    found = parse(FILE)
    assert [line for line, _ in found.warnings] == [0, 0, 5, 10, 13, 22]
    said = {line: why for line, why in found.warnings if line}
    words = {5: "!无效", 10: "=> 星禾", 13: "@15", 22: "left out"}
    assert {line: word for line, word in words.items() if word in said[line]} == words


@pytest.mark.parametrize(
    ("title", "hit"),
    [("在星禾茶饮喝出塑料", True), ("星禾茶饮开业", False), ("星禾村的人喝茶", False), ("广告：来星禾茶饮喝", False)],
)
def test_the_brand_finds_what_the_group_found(title, hit):
    brand = brands(FILE)[0]
    query = Query(brand.any, brand.all, brand.none, brand.aliases, brand.ambiguous, brand.context)
    assert compile_query(query).match(title, None).hit is hit


def test_names_that_would_break_toml_or_be_the_same_id_twice_do_not():
    text = 'say "hi" \\u4e00\n\nsay hi\n\n\ufeffA\x01B\r\n\nsay-hi\n'
    assert [(one.id, one.any) for one in brands(text)] == [
        ("say-hi-u4e00", ('say "hi" \\u4e00',)),
        ("say-hi", ("say hi",)),
        ("group-3", ("\ufeffA\x01B",)),
        ("say-hi-4", ("say-hi",)),
    ]


def test_a_file_of_only_comments_has_no_group():
    assert parse("# nothing\n\n@3\n").groups == ()
