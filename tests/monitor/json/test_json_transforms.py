"""What the transforms of a field map make of values, and what counts as absent."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.pipes import TRANSFORMS, parse_pipe
from monitor.sources.described.paths import Item
from monitor.sources.described.transforms import LARGEST, TRANSFORMED, Where, cn_int, through, when_of

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
AT = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)


def piped(item, text: str, whole=None, **asked):
    pipe = parse_pipe(text)
    found = Item(item, whole, 3, asked)
    return through(found.find(pipe.path), pipe.steps, Where(found, ZoneInfo("Asia/Shanghai"), NOW))


def test_every_transform_of_the_settings_is_one():
    assert set(TRANSFORMED) == set(TRANSFORMS)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("1.2万", 12_000), ("10万+", 100_000), ("2,031", 2_031), ("1亿", 100_000_000), ("999+", 999), ("-", None),
        ("", None), (None, None), ("3.4k", 3_400), ("1.1w", 11_000), ("１２", 12), ("12万热度", 120_000), (0, 0),
        ("0", 0), (7.0, 7), ("1,234,567", 1_234_567), ("2M", 2_000_000), ("1.5億", 150_000_000), ("38 次", 38),
        ("无", None), ("12:5", None), ("1.2.3", None), (True, None), ("9" * 16, None), ([], None), ({}, None),
        ("3-5", None), ("0.29万", 2_900), ("1 200", 1_200), ("约1万", None),
    ],
)  # fmt: skip
def test_counts_as_people_write_them(said, count):
    assert cn_int(said) == count


@given(st.integers(0, LARGEST - 1))
def test_a_whole_number_stays_what_it_is_however_it_is_spelled(number):
    spellings = (number, str(number), f"{number:,}", f"{number}+", f" {number} ")
    assert {cn_int(one) for one in spellings} == {number}


@given(st.integers(0, 99_999), st.integers(0, 9), st.sampled_from([("万", 10_000), ("亿", 10**8), ("k", 1_000)]))
def test_a_unit_multiplies_exactly(whole, tenth, unit):
    assert cn_int(f"{whole}.{tenth}{unit[0]}+") == whole * unit[1] + tenth * unit[1] // 10


@given(st.one_of(st.text(), st.floats(), st.none(), st.booleans(), st.lists(st.text())))
def test_a_count_is_a_number_or_unknown_and_never_a_crash(value):
    found = cn_int(value)
    assert found is None or (isinstance(found, int) and abs(found) < LARGEST)


values = st.one_of(st.none(), st.just(""), st.integers(-5, 5), st.text(min_size=1).filter(str.strip), st.just(0.0))


@given(values, values)
def test_a_fallback_is_taken_for_null_and_nothing_only(first, second):
    expected = first if first not in (None, "") else second if second not in (None, "") else None
    found = piped({"a": first, "b": second}, "a || b")
    assert (found, type(found)) == (expected, type(expected))


def test_false_falls_through_but_stays_when_nothing_stands_in():
    assert piped({"a": False}, "a || b") is False
    assert piped({"a": False, "b": True}, "a || b") is True
    assert piped({"a": [], "b": "x"}, "a || b") == "x"


@pytest.mark.parametrize(
    ("item", "pipe", "made"),
    [
        ({"t": "a &amp; <b>b</b><br>c"}, "t -> html_text", "a & b c"),
        ({"t": '<em class="keyword">星禾</em>翻车 &lt;3'}, "t -> strip_em", "星禾翻车 <3"),
        ({"t": "&#x27;a&#x27;"}, "t -> unescape", "'a'"),
        ({"n": 42}, "n -> str", "42"),
        ({"n": 42.0}, "n -> str", "42"),
        ({"n": "12"}, "n -> int", 12),
        ({"n": "x"}, "n -> int", None),
        ({"u": "//a.example/x"}, "u -> urljoin(https://b.example)", "https://a.example/x"),
        ({"u": "/x?y=1"}, "u -> urljoin(https://b.example)", "https://b.example/x?y=1"),
        ({"u": "javascript:alert(1)"}, "u -> urljoin(https://b.example)", None),
        ({"id": "a b"}, "'https://x.example/{id}'", "https://x.example/a%20b"),
        ({"id": 7, "user": {"n": "小茶"}}, "'{user.n}#{id}'", "小茶#7"),
        ({"id": 7}, "url || 'https://x.example/{id}'", "https://x.example/7"),
        ({"id": 7}, "url || 'https://x.example/{nope}'", None),
        ({"id": 7, "url": "u"}, "url || 'https://x.example/{id}'", "u"),
        ({"id": 7}, "id -> template(https://x.example/{@}?again={id})", "https://x.example/7?again=7"),
        ({"id": 7}, "nope -> template(https://x.example/{id})", None),
        ({"a": 1}, 'b || `"{not a path}"`', None),
        ({}, "#", 3),
        ({}, "^list.name", "weibo"),
        ({"id": 1}, "'{^list.name}:{$query}:{id}'", "weibo:星禾:1"),
        ({"at": "at://did:plc:abc/app.bsky.feed.post/3k2"}, "at -> at_uri_url",
         "https://bsky.app/profile/did:plc:abc/post/3k2"),
        ({"at": "https://x"}, "at -> at_uri_url", None),
        ({"idstr": "4607741009594608", "user": {"idstr": "14"}}, "@ -> weibo_url", "https://weibo.com/14/K3fnuEfZK"),
        ({"a": "x -> y"}, "a || 'p -> q' -> str", "x -> y"),
        ({}, "a || 'p -> q' -> str", "p -> q"),
        ({"a": None}, "join(',', a)", None),
        ({"a": ["x", "y"]}, "a -> str", "x y"),
    ],
)  # fmt: skip
def test_values(item, pipe, made):
    assert piped(item, pipe, whole={"list": {"name": "weibo"}}, query="星禾") == made


@pytest.mark.parametrize(
    ("raw", "pipe", "moment"),
    [
        (1795313100, "d -> epoch_s", AT),
        ("1795313100", "d -> epoch_s", AT),
        (1795313100.5, "d -> epoch_s", AT.replace(microsecond=500_000)),
        (1795313100000, "d -> epoch_ms", AT),
        ("1795313100000", "d -> epoch_ms", AT),
        (1795313100, "d", AT),
        (0, "d -> epoch_s", None),
        (4070908800, "d -> epoch_s", None),
        ("Sun, 22 Nov 2026 10:05:00 +0800", "d -> rfc2822", AT),
        ("2026-11-22T02:05:00Z", "d -> iso", AT),
        ("2026-11-22 10:05:00", "d -> iso", AT),
        ("Sun Nov 22 10:05:00 +0800 2026", "d -> weibo_date", AT),
        ("20261122T020500Z", "d -> gdelt_date", AT),
        ("11月22日 10:05", "d -> cn_date", AT),
        ("半小时前", "d -> cn_date", datetime(2026, 11, 22, 3, 30, tzinfo=UTC)),
        ("Invalid Date", "d -> iso", None),
        (float("inf"), "d -> epoch_s", None),
        (True, "d -> epoch_s", None),
    ],
)
def test_dates(raw, pipe, moment):
    parsed = parse_pipe(pipe)
    where = Where(Item({"d": raw}, None), ZoneInfo("Asia/Shanghai"), NOW)
    made = through(where.item.find(parsed.path), parsed.steps, where)
    assert (None if made is None else when_of(made, where)) == moment
