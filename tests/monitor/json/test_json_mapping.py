"""Items of an answer become mentions, each for itself: what is missing, bad or odd in one does not touch the others."""

from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from config.errors import SourceError
from config.mapping import OUTCOMES, JsonSpec
from config.pipes import FIELDS, KLASSES
from monitor.sources.described.mapping import map_items
from monitor.sources.described.text import parse_json
from store.nouns import Klass, Outcome, RawMention
from tests.monitor.json.conftest import NOW, heard


def spec(**more) -> JsonSpec:
    table = {"items": "items", "map": {"ext_id": "id", "title": "title", "text": "text", "url": "url"}} | more
    return JsonSpec.model_validate(table)


def mapped(items, made: JsonSpec | None = None, **more):
    document = items if isinstance(items, dict) else {"items": items}
    return map_items(made or spec(), document, zone=ZoneInfo("Asia/Shanghai"), now=NOW, **more)


def test_the_words_of_the_settings_are_those_of_the_house():
    ours = {"raw_date", "raw_excerpt", "date_estimated"}
    assert set(FIELDS) == {one.name for one in structs.fields(RawMention)} - ours
    assert set(KLASSES) == set(Klass)
    assert set(OUTCOMES) <= set(Outcome)


def test_one_bad_row_of_five_hundred_is_rejected_with_its_number():
    rows = [{"id": str(number), "text": f"第 {number} 条"} for number in range(500)]
    rows[137] = {"id": "137", "text": " \n "}
    found = mapped(rows)
    assert found.rejected == ((137, "has neither title nor text"),)
    assert [one.ext_id for one in found.mentions] == [str(number) for number in range(500) if number != 137]
    assert found.indexes == tuple(number for number in range(500) if number != 137)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (None, "is null, not an object"),
        (7, "is a number, not an object"),
        ([], "is a list, not an object"),
        ({"id": "1"}, "has neither title nor text"),
        ({"id": "5.23457E+15", "text": "a"}, "its id '5.23457E+15' has lost its last digits; save the column as text"),
    ],
)
def test_what_cannot_be_a_mention_is_rejected_with_the_reason(row, reason):
    assert mapped([row, {"id": "2", "text": "b"}]).rejected == ((0, reason),)


def test_without_an_id_the_address_names_it_and_without_both_its_words():
    one, two, three = ({"text": "a", "url": "https://x.example/1"}, {"text": "a", "title": "t"}, {"id": 0, "text": "a"})
    found = mapped([one, two, three])
    assert [mention.ext_id for mention in found.mentions] == [
        sha256(b"https://x.example/1").hexdigest(), sha256(b"t\na").hexdigest(), "0"
    ]  # fmt: skip


def test_an_id_too_long_for_the_store_is_hashed_and_long_ids_stay_different():
    rows = [{"id": "x" * 301 + end, "text": "a"} for end in "ab"]
    names = [mention.ext_id for mention in mapped(rows).mentions]
    assert names == [sha256(row["id"].encode()).hexdigest() for row in rows]


def test_an_object_is_a_list_of_one_and_a_list_can_be_the_whole_answer():
    row = {"id": "1", "text": "a"}
    assert mapped({"items": row}).mentions == (heard(row, ext_id="1", text="a"),)
    listed = map_items(spec(items="@"), [row], zone=ZoneInfo("UTC"), now=NOW)
    assert listed.mentions == (heard(row, ext_id="1", text="a"),)


def test_items_that_are_not_there_are_malformed_unless_it_says_that_there_are_none():
    with pytest.raises(SourceError) as caught:
        mapped({"data": [], "code": 0})
    assert (caught.value.outcome, str(caught.value)) == (
        Outcome.MALFORMED, "the items path 'items' hits nothing; the answer has the keys data, code"
    )  # fmt: skip
    honest = spec(empty="total == `0`")
    assert mapped({"total": 0}, honest).mentions == ()
    with pytest.raises(SourceError):
        mapped({"total": 3}, honest)
    with pytest.raises(SourceError):
        mapped({"items": "many"})


def test_platform_and_klass_of_an_item_win_over_those_of_the_source_and_those_over_the_shape():
    rows = [{"id": "1", "text": "a", "p": "微博", "k": "comment"}, {"id": "2", "text": "b", "k": "advert"}]
    table = {"ext_id": "id", "text": "text", "platform": "p", "klass": "k"}
    made = spec(map=table, klass="article", platform="news", words={"platform": {"微博": "weibo"}})
    assert [(one.platform, one.klass) for one in mapped(rows, made).mentions] == [
        ("weibo", "comment"), ("news", "article")
    ]  # fmt: skip
    found = mapped(rows, made, platform="vendor", klass="post").mentions
    assert [(one.platform, one.klass) for one in found] == [("weibo", "comment"), ("vendor", "post")]


def test_unknown_is_none_and_never_nothing():
    counts = {name: name for name in ("likes", "comments", "reposts", "views", "points", "followers")}
    made = spec(map={"ext_id": "id", "text": "text"} | counts)
    row = {"id": "1", "text": "a", "likes": 0, "comments": "-", "reposts": "0", "views": "1.2万", "points": -3,
           "followers": -1}  # fmt: skip
    assert mapped([row], made).mentions == (
        heard(row, ext_id="1", text="a", likes=0, reposts=0, views=12_000, points=-3),
    )


def test_constants_stand_in_and_flags_are_read():
    made = spec(
        map={"ext_id": "id", "text": "text", "verified": "v", "bot": "b", "truncated": "cut", "region": "r"},
        constants={"lang": "zh", "region": "不明", "likes": "0"},
    )
    row = {"id": "1", "text": "a", "v": "是", "b": 0, "cut": True, "r": "发布于 北京"}
    assert mapped([row, {"id": "2", "text": "b", "v": "?"}], made).mentions == (
        heard(row, ext_id="1", text="a", verified=True, bot=False, truncated=True, region="北京", lang="zh", likes=0),
        heard({"id": "2", "text": "b", "v": "?"}, ext_id="2", text="b", region="不明", lang="zh", likes=0),
    )


def test_a_date_without_a_time_of_day_is_an_estimate_and_one_in_the_future_is_none():
    made = spec(map={"ext_id": "id", "text": "text", "published_at": "at"})
    rows = [{"id": str(number), "text": "a", "at": at} for number, at in enumerate(("2026-11-21", "2099-01-01", "", 0))]
    found = [(one.published_at and one.published_at.isoformat(), one.raw_date, one.date_estimated)
             for one in mapped(rows, made).mentions]  # fmt: skip
    assert found == [
        ("2026-11-20T16:00:00+00:00", "2026-11-21", True), (None, "2099-01-01", False), (None, "", False),
        (None, "0", False),
    ]  # fmt: skip


def test_control_characters_half_characters_and_scripts_do_not_get_through():
    row = {"id": "1", "text": "a\x00b\ud83d c\n\td", "url": "javascript:alert(1)", "title": "x" * 30_000}
    (found,) = mapped([row]).mentions
    assert (found.text, found.url, len(found.title), len(found.raw_excerpt)) == ("ab\ufffd c d", "", 20_000, 4_000)


def test_items_to_be_left_out_are_counted_not_rejected():
    rows = [{"id": "1", "text": "a", "ad": True}, {"id": "2", "text": "b", "ad": False}]
    found = mapped(rows, spec(drop="ad"))
    assert ([one.ext_id for one in found.mentions], found.dropped, found.rejected) == (["2"], 1, ())


@pytest.mark.parametrize(
    "text", ["", "   ", "[", "{'a': 1}", "null x", "[" * 5_000, "a(b)", '{"a": ' + "9" * 6_000 + "}"]
)
def test_what_is_no_json_is_malformed(text):
    with pytest.raises(SourceError) as caught:
        parse_json(text.strip(), jsonp=True)
    assert caught.value.outcome is Outcome.MALFORMED


@pytest.mark.parametrize(
    ("text", "document", "repaired"),
    [
        ('{"a": "x\ty"}', {"a": "x\ty"}, False),
        ('{"a": "\\x\\d \\u12 \\\\ \\n"}', {"a": "\\x\\d \\u12 \\ \n"}, True),
        ('{"a":\x02 "b"}', {"a": "b"}, True),
        ('{"a": NaN}', {"a": None}, False),
        ("7", 7, False),
    ],
)
def test_small_damage_is_repaired_and_said(text, document, repaired):
    parsed = parse_json(text)
    assert (parsed.document, parsed.repaired) == (document, repaired)
