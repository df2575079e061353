"""Queries nobody can read: one clear fault each, with its column, and never a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import InputError
from monitor.matching import Query, QueryError, Seen, compile_query, faults, query_from, search_words
from monitor.query.faults import FAULTS
from monitor.query.validate import Verdict, validate


def fault(query: str) -> tuple[int, str]:
    with pytest.raises(QueryError) as raised:
        compile_query(Query(query=query))
    return raised.value.column, raised.value.code


@pytest.mark.parametrize(
    ("query", "column", "code"),
    [
        ("云朵 “异物", 4, "open_quote"),
        ('"', 1, "open_quote"),
        ("云朵」", 3, "lone_quote"),
        ("(云朵 OR (异物", 8, "open_bracket"),
        ("(", 1, "open_bracket"),
        ("云朵（", 3, "open_bracket"),
        ("云朵) 异物", 3, "extra_bracket"),
        (")", 1, "extra_bracket"),
        ("云朵 OR )", 4, "no_right"),
        ("()", 1, "empty_bracket"),
        ("云朵 （ ）", 4, "empty_bracket"),
        ('云朵 ""', 4, "empty_word"),
        ('"®"', 1, "empty_word"),
        ("\u200b", 1, "empty_word"),
        ("?", 1, "empty_word"),
        ("NEAR/3", 1, "no_left"),
        ("NEAR/3 云朵", 1, "no_left"),
        ("云朵 NEAR/3", 4, "no_right"),
        ("云朵 NEAR/3 OR 异物", 4, "no_right"),
        ("云朵 NEAR 异物", 4, "near_number"),
        ("云朵 NEAR/ 异物", 4, "near_number"),
        ("云朵 NEAR/x 异物", 4, "near_number"),
        ("云朵 NEAR/-1 异物", 4, "near_number"),
        ("云朵 NEAR/1.5 异物", 4, "near_number"),
        ("云朵 NEAR/1001 异物", 4, "near_number"),
        ("云朵 NEAR/99999999999 异物", 4, "near_number"),
        ("云朵 NEAR/5 -异物", 11, "near_operand"),
        ("云朵 NEAR/5 NOT 异物", 11, "near_operand"),
        ("云朵 NEAR/5 (异物 AND 过期)", 4, "near_operand"),
        ("云朵 NEAR/5 (异物 OR -过期)", 4, "near_operand"),
        ("云朵 NEAR/5 /异物/", 4, "near_operand"),
        ("云朵 NEAR/5 followers>5", 4, "near_operand"),
        ("云朵 NEAR/5 site:a.example", 4, "near_operand"),
        ("title:云朵 NEAR/5 body:异物", 10, "near_parts"),
        ("author:云朵 NEAR/5 异物", 11, "near_parts"),
        ("AND", 1, "no_left"),
        ("OR 云朵", 1, "no_left"),
        ("云朵 AND", 4, "no_right"),
        ("云朵 AND OR 异物", 4, "no_right"),
        ("云朵 OR", 4, "no_right"),
        ("NOT", 1, "no_right"),
        ("云朵 NOT", 4, "no_right"),
        ("(NOT)", 2, "no_right"),
        ("云朵 - 异物", 4, "minus"),
        ("云朵 -", 4, "minus"),
        ("-)", 1, "minus"),
        ("*", 1, "star"),
        ("*milk", 1, "star"),
        ("cl*ud", 3, "star"),
        ("云朵 cl**", 6, "star"),
        ("colour:red", 1, "unknown_field"),
        ("云朵 来源：微博", 4, "unknown_field"),
        ("https://a.example/", 1, "unknown_field"),
        ("likes>5", 1, "unknown_field"),
        ("title:", 1, "field_value"),
        ("title: AND 云朵", 1, "field_value"),
        ("title:)", 1, "field_value"),
        ("title:(body:云朵)", 8, "field_in_field"),
        ("title:(云朵 followers>5)", 11, "field_in_field"),
        ("title>5", 1, "field_operator"),
        ("site=a.example", 1, "field_operator"),
        ("platform:/wei.*/", 10, "field_pattern"),
        ("followers>abc", 11, "number"),
        ("followers>", 11, "number"),
        ("followers:", 11, "number"),
        ("followers>-5", 11, "number"),
        ("followers>1e9", 11, "number"),
        ("rank<=(5)", 7, "number"),
        ("followers>>5", 11, "number"),
        ("site:???", 6, "site"),
        ('site:""', 6, "site"),
        ("tag:#", 5, "empty_word"),
        ("/云朵", 1, "open_pattern"),
        ("云朵 /[/]", 4, "open_pattern"),
        ("//", 1, "pattern_empty"),
        ("/a/x", 4, "pattern_flag"),
        ("/(a/", 2, "pattern_bracket"),
        ("/a)/", 3, "pattern_bracket"),
        ("/[a/ b", 1, "open_pattern"),
        ("/*a/", 2, "pattern_repeat"),
        ("/a**/", 4, "pattern_repeat"),
        ("/a|?/", 4, "pattern_repeat"),
        ("/^*/", 3, "pattern_repeat"),
        ("/a++/", 4, "pattern_unsupported"),
        (r"/(a)\1/", 5, "pattern_unsupported"),
        ("/(?=a)/", 2, "pattern_unsupported"),
        ("/(?<!a)b/", 2, "pattern_unsupported"),
        ("/(?P<x>a)/", 2, "pattern_unsupported"),
        (r"/\p{Han}/", 2, "pattern_unsupported"),
        (r"/\u12/", 2, "pattern_unsupported"),
        ("/[z-a]/", 3, "pattern_range"),
        (r"/[a-\d]/", 3, "pattern_range"),
        ("/a{3,2}/", 3, "pattern_range"),
        ("/a{1001}/", 3, "pattern_large"),
        ("/(a{100}){100}/", 2, "pattern_large"),
    ],
)
def test_what_is_wrong_is_said_with_its_column(query, column, code):
    assert fault(query) == (column, code)


def test_every_fault_speaks_both_languages_and_starts_with_its_column():
    said = QueryError(7, "star")
    assert str(said) == "column 7: * is allowed at the end of a word only, as in Cloud*"
    assert said.say("zh") == "第 7 列：* 只能放在词尾，如 Cloud*"
    assert all(zh and en and zh != en for zh, en in FAULTS.values())


def test_limits_are_said_and_everything_up_to_them_works():
    assert compile_query(Query(query=" OR ".join(f"词{n}号" for n in range(5000)))).match("", "词4999号").hit
    assert compile_query(Query(query=" ".join(f"词{n}号" for n in range(500)))).match("", "词1号").hit is False
    assert fault(" OR ".join(f"词{n}号" for n in range(5001)))[1] == "too_many"
    assert fault("云" * 200_001) == (1, "too_long")
    assert compile_query(Query(query="(" * 50 + "云朵" + ")" * 50)).match("", "云朵").hit
    assert fault("(" * 51 + "云朵" + ")" * 51) == (52, "too_deep")
    assert fault("(" * 50_000)[1] == "too_deep"
    assert fault(" NEAR/1 ".join(["云朵"] * 60))[1] == "too_deep"
    assert fault("/" + "(" * 60 + "a" + ")" * 60 + "/")[1] == "too_deep"
    assert compile_query(Query(query="NOT " * 10_001 + "云朵")).match("", "茶").hit
    assert compile_query(Query(query="-" * 10_000 + "云朵")).match("", "云朵").hit


def test_a_deep_query_is_read_asked_and_explained():
    deep = "云朵"
    for _ in range(24):
        deep = f"(NOT (异物 OR {deep}) AND 退款)"
    matcher = compile_query(Query(query=deep))
    mention = Seen(body="退款")
    assert matcher.of(mention).hit is False
    assert len(matcher.explain(mention)) == 24 * 5 + 1


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from('ab云朵()（）"“”「」*? -/NEARfOTD:0139<>=.\\[]{}|^$\n\u200b🙂'), max_size=24))
def test_no_query_whatever_ends_in_anything_but_an_answer_or_a_fault(query):
    try:
        matcher = compile_query(Query(query=query))
    except InputError as error:
        column = getattr(error, "column", 1)
        assert 1 <= column <= len(query) + 1
        return
    mention = Seen("云朵 a", "a b 云 https://a.example/b", followers=3)
    assert matcher.of(mention).why
    assert matcher.explain(mention)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.text(max_size=60))
def test_no_text_whatever_breaks_a_query(title, body):
    matcher = compile_query(Query(query="云朵 NEAR/5 异物 OR /云.*朵/ OR tag:a OR url:b OR a* -c?d"))
    assert matcher.of(Seen(title, body, author=title, site=body, url=body, lang=title, platform=body)).why


def test_texts_of_any_kind_are_read():
    matcher = compile_query(Query(query="云朵 OR /异.?物/ OR 牛奶 NEAR/9 退款"))
    for odd in ("", "\x00", "\ud800", "🙂" * 50, "\u0301" * 1000, "﷽" * 100, "云\ud800朵\x00"):
        assert matcher.match(odd, odd).hit is False
    assert matcher.match("", "云朵\ud800").hit
    assert matcher.match("", "牛奶 " * 100_000).hit is False
    assert matcher.match("", "牛奶 " * 100_000 + "退款").hit


@pytest.mark.parametrize("query", ["", " \t\n\u3000"])
def test_an_empty_query_is_a_fault(query):
    with pytest.raises(QueryError) as raised:
        query_from(query)
    assert str(raised.value) == "column 1: the query is empty; write at least one word"


LISTS = "any, all, none, aliases, ambiguous, context, query, mute, competitors"
NUMBER = "column 11: followers is compared with a number, as in followers>10000; 'x' is none"
ONE_FORM = "any: stands beside `query`, which takes its place; use one of the two forms"
SIMPLE = [
    ({"any": ["云朵", "®"]}, "any, word 2: column 1: '®' holds nothing to look for; write letters or digits"),
    ({"none": ["site:??"]}, "none, word 1: column 6: '??' is no host name, as in site:news.example"),
    ({"mute": ["followers>x"]}, f"mute, word 1: {NUMBER}"),
]


@pytest.mark.parametrize(("lists", "said"), SIMPLE)
def test_a_fault_in_a_list_names_the_word(lists, said):
    with pytest.raises(QueryError) as raised:
        compile_query(query_from(lists))
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "query: must be a string or an object of word lists"),
        (5, "query: must be a string or an object of word lists"),
        (["云朵"], "query: must be a string or an object of word lists"),
        ({"anny": ["云朵"]}, f"query.anny: no such list; allowed: {LISTS}"),
        ({"any": 5}, "query.any: must be a list of words"),
        ({"any": ["云朵", None]}, "query.any: must be a list of words"),
        ({"query": ["云朵"]}, "query.query: must be a string"),
        ({"any": ["云朵"] * 20_001}, "query.any: has 20001 words; at most 20000 are allowed"),
        ({"query": "云朵", "any": ["云"]}, ONE_FORM),
    ],
)
def test_what_is_no_query_is_refused(value, said):
    with pytest.raises(InputError) as raised:
        compile_query(query_from(value))
    assert str(raised.value) == said


def test_the_faults_of_all_brands_come_at_once():
    queries = {
        "xinghe": Query(query="(星禾"),
        "yunduo": Query(any=("云朵",)),
        "cloud": Query(any=("Cloud",), none=("followers>x",)),
        "milk": Query(query="milk", any=("milk",)),
    }
    assert faults(queries) == [
        "brand.xinghe.query: column 1: this parenthesis is never closed; add a closing one",
        "brand.cloud.none, word 1: column 11: followers is compared with a number, as in followers>10000; 'x' is none",
        "brand.milk.any: stands beside `query`, which takes its place; use one of the two forms",
    ]


EXCLUDES = (
    "什么都没提到的内容也会命中：检索式里只有排除条件",
    "a mention that says nothing of you matches too: the query only excludes",
)


def test_a_verdict_says_how_a_query_was_read_and_what_may_not_be_meant():
    assert validate(Query(query="云朵 异物 OR -招聘号")) == Verdict(
        True,
        "((云朵 AND 异物) OR NOT 招聘号)",
        3,
        (EXCLUDES,),
    )
    assert [en for _, en in validate(Query(query="云朵 or 茶 near/5 ai")).notes] == [
        "'or' is looked for as a word; operators are upper case",
        "'near/5' is looked for as a word; operators are upper case",
        "'or' is short and finds much that is not yours",
        "'茶' is short and finds much that is not yours",
        "'ai' is short and finds much that is not yours",
    ]
    assert validate(Query(query='云朵 "a or b"')).notes == ()
    assert validate(Query(query="(云朵")) == Verdict(
        False,
        column=1,
        zh="第 1 列：括号没有配对；请补上右括号",
        en="column 1: this parenthesis is never closed; add a closing one",
    )
    assert validate(Query(any=("云朵", "®"))).place == "any, word 2"
    assert validate(Query(query="a", any=("b",))).ok is False


def test_platforms_are_asked_for_the_words_that_alone_make_a_mention_ours():
    query = Query(query='("云朵牛奶" OR CloudMilk* OR a?b) -招聘 title:异物 followers>5 /x/ (牛奶 NEAR/3 退款)')
    assert search_words(query) == ("云朵牛奶", "CloudMilk", "牛奶", "退款")
    assert search_words(Query(any=("星禾", "星禾茶饮"), ambiguous=("星禾",), context=("茶",))) == ("星禾茶饮",)
