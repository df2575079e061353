"""Feeds as the world really serves them: each file in feeds/ against the whole Reading it must give."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.sources.feeds.feed import parse_feed
from store.nouns import Outcome, RawMention, Reading

FEEDS = Path(__file__).parent / "feeds"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TEN_FIVE = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)


def said(ext_id: str, url: str = "", title: str = "", text: str = "", **more) -> RawMention:
    return RawMention(ext_id, url, title, text, **{"platform": "web", **more})


def ok(*mentions: RawMention, broken: str = "") -> Reading:
    return Reading(Outcome.OK, mentions, note=broken, degraded=bool(broken))


def dated(raw: str, at: datetime = TEN_FIVE) -> dict[str, Any]:
    return {"raw_date": raw, "published_at": at}


EVENING_PAPER = said(
    "https://wanbao.example/a1", "https://wanbao.example/a1", "朱镕喆：锅炉厂爆炸",
    "昨夜十一点，三人受伤，警方已到场。", **dated("2026年11月22日 10:05"),
)  # fmt: skip
SHAPES = {
    "rss20_golden_hour.xml": ok(
        said(
            "9001", "https://weilan.example/p/9001", "青禾酸奶喝出异物", "孩子喝了拉肚子，客服 不回",
            author="小满妈妈", platform="weilan", followers=12480, likes=0, comments=56,
            **dated("Sun, 22 Nov 2026 10:05:00 +0800"),
        ),
        said(
            "weilan.example#9002", "https://weilan.example/p/9002", "路过说一句", "没事",
            **dated("Sun, 22 Nov 2026 10:06:00 +0800", TEN_FIVE.replace(minute=6)),
        ),
    ),
    "rss20_foreign_prefix.xml": ok(said("place.example#a", title="Ours has another prefix", likes=7)),
    "rss091_doctype.xml": ok(
        said("http://paper.example/1", "http://paper.example/1", "Café recalls cups", "Handle breaks — 3 hurt")
    ),
    "rss090.rdf": ok(said("http://oldest.example/first", "http://oldest.example/first", "First of its kind")),
    "rss10.rdf": ok(
        said(
            "https://board.example/t/5", "https://board.example/t/5", "Kettle melts", "Second one this week.",
            author="nina", **dated("2026-11-22T02:05:00Z"),
        )
    ),
    "atom_base.xml": ok(
        said(
            "urn:x:1", "https://atom.example/deep/posts/1.html", "A bold claim", "One two < three",
            author="Old Hand", followers=88, **dated("2026-11-22T10:05:00+08:00"),
        ),
        said(
            "urn:x:2", "https://atom.example/2", "Only updated", "short",
            **dated("2026-11-22T02:30:00Z", TEN_FIVE.replace(minute=30)),
        ),
    ),
    "jsonfeed11.json": ok(
        said(
            "https://json.example/1", "https://json.example/1", "标题", "正文 第二句", author="阿青",
            platform="xiaodian", followers=1204, likes=0, reposts=17, **dated("2026-11-22T10:05:00+08:00"),
        ),
        said("json.example#42", "https://json.example/two", "", "只有正文", author="有名字"),
        said("json.example#3", title="bad link"),
    ),
    "jsonfeed10.json": ok(
        said(
            "place.example#a", "https://elsewhere.example/a", "", "raw tab and nul",
            author="solo", **dated("2026-11-22 10:05"),
        ),
        broken="1 items are no objects",
    ),
    "gb18030_called_gb2312.xml": ok(EVENING_PAPER),
    "gbk_called_utf8.xml": ok(EVENING_PAPER),
    "utf8_called_gbk.xml": ok(EVENING_PAPER),
    "utf16.xml": ok(EVENING_PAPER),
    "bom_and_blanks.xml": ok(EVENING_PAPER),
    "php_warning.xml": ok(EVENING_PAPER, broken="63 characters before the feed"),
    "bare_ampersands.xml": ok(
        said(
            "amp.example#1&2", "https://amp.example/p?id=1&from=rss",
            "Salt & Straw: it's &foo; …", "R&D says “fine” here",
        ),
        said(
            "https://amp.example/p?id=2&from=rss", "https://amp.example/p?id=2&from=rss", "Bad\ufffdnumber😀", "AT&T"
        ),
    ),
    "control_characters.xml": ok(
        said("place.example#c1", "https://ctl.example/1", "Bell and escape"), broken="2 control characters were dropped"
    ),
    "cut_off.xml": ok(
        said("place.example#k1", "https://cut.example/1", "Whole", "complete"),
        said("place.example#k2", "https://cut.example/2", "Half"),
        broken="broken XML at line 5: no element found",
    ),
    "twin_guids.xml": ok(
        said("https://twin.example/1", "https://twin.example/1", "One"),
        said("https://twin.example/2", "https://twin.example/2", "Two"),
        said("twin.example#z", "https://twin.example/3", "Single"),
    ),
    "no_guid.xml": ok(
        said("https://place.example/story/1.html", "https://place.example/story/1.html", "By its link"),
        said(
            "9070af263892cdf7273b982d5ca7b74c95af45d45f5b2d86a4dc0eafdcb25d19", "", "By its words",
            "nothing else to go by",
        ),
        said("place.example#17", title="A guid is no link"),
        said("https://noguid.example/g", "https://noguid.example/g", "A guid that is one"),
    ),
    "media_and_scripts.xml": ok(
        said(
            "place.example#v1", "https://video.example/v1", "Bottle & cap",
            "Long text. Second{{ 7*7 }} ${x} {% raw %} <%= y %> line", author="Mo", comments=12,
            **dated("Sun, 22 Nov 2026 02:05:00 GMT"),
        ),
        said("place.example#v2", "", "Reader", "[怒]生气", author="R. Eader"),
    ),
    "dates_of_all_kinds.xml": ok(
        said("place.example#d0", title="d0"),
        said("place.example#d1", title="d1", raw_date="Invalid Date"),
        said("place.example#d2", title="d2", raw_date="Thu, 01 Jan 2099 00:00:00 GMT"),
        said("place.example#d3", title="d3", **dated("3分钟前", datetime(2026, 11, 22, 3, 57, tzinfo=UTC))),
        said("place.example#d4", title="d4", **dated("22 Nov 2026 10:05 CST")),
        said("place.example#d5", title="d5", **dated("2026/11/22 10:05")),
        said(
            "place.example#d6", title="d6", date_estimated=True,
            **dated("2026年11月22日", datetime(2026, 11, 21, 16, tzinfo=UTC)),
        ),
        said("place.example#d7", title="d7", **dated("1795314300", TEN_FIVE.replace(minute=25))),
    ),
    "rsshub_atom.xml": ok(
        said(
            "https://weilan.example/7/Ox1", "https://weilan.example/7/Ox1", "星河手机 烫手",
            "老周：星河手机 烫手 #星河发热#", author="老周",
        )
    ),
    "empty_channel.xml": Reading(Outcome.EMPTY),
}  # fmt: skip


def parse(body: bytes, **more) -> Reading:
    given = {"platform": "web", "zone": ZoneInfo("Asia/Shanghai"), "now": NOW, "url": "https://place.example/feed"}
    return parse_feed(body, **{**given, **more})


@pytest.mark.parametrize(("name", "expected"), SHAPES.items(), ids=list(SHAPES))
def test_a_feed_of_this_shape_gives_exactly_this(name: str, expected: Reading) -> None:
    assert parse((FEEDS / name).read_bytes()) == expected


def test_every_shape_has_its_expectation() -> None:
    assert {file.name for file in FEEDS.iterdir()} == set(SHAPES)


@pytest.mark.parametrize("name", [name for name in SHAPES if not name.startswith("dates")])
def test_identity_does_not_move_with_the_time_of_the_read(name: str) -> None:
    later = parse((FEEDS / name).read_bytes(), now=datetime(2027, 5, 1, tzinfo=UTC))
    assert [one.ext_id for one in later.mentions] == [one.ext_id for one in SHAPES[name].mentions]


def test_only_so_many_entries_are_taken_and_the_rest_is_told() -> None:
    reading = parse((FEEDS / "dates_of_all_kinds.xml").read_bytes(), max_entries=2)
    assert ([one.ext_id for one in reading.mentions], reading.note) == (
        ["place.example#d0", "place.example#d1"], "6 entries beyond 2 were left out",
    )  # fmt: skip


def test_the_charset_of_the_header_is_believed_when_the_bytes_allow_it() -> None:
    body = '<rss version="2.0"><channel><item><title>Кружка треснула</title></item></channel></rss>'.encode("cp1251")
    berlin = ZoneInfo("Europe/Berlin")
    titles = [one.title for one in parse(body, content_type="text/xml; charset=windows-1251", zone=berlin).mentions]
    assert titles == ["Кружка треснула"]


def test_a_prefix_spelled_like_ours_is_not_ours_without_our_namespace() -> None:
    body = (FEEDS / "rss20_foreign_prefix.xml").read_bytes().replace(b"urn:golden-hour:mention", b"urn:other")
    assert parse(body) == ok(said("place.example#a", title="Ours has another prefix"))


def test_bare_numbers_of_two_sites_are_two_mentions():
    item = (
        "<rss version='2.0'><channel><link>https://{site}/</link>"
        "<item><guid>17</guid><title>t</title></item></channel></rss>"
    )
    one, other = (parse(item.format(site=site).encode()) for site in ("one.example", "two.example"))
    assert [found.mentions[0].ext_id for found in (one, other)] == ["one.example#17", "two.example#17"]
    long_ = item.replace("<guid>17<", "<guid>5123456789012345<").format(site="one.example").encode()
    assert parse(long_).mentions[0].ext_id == "5123456789012345"
