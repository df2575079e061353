"""Flavours of feeds: hot lists keep words and places, articles of 公众号 know their account."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.sources.feeds.feed import parse_feed
from store.nouns import Outcome, RawMention, Reading

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
URL = "https://bridge.example/weilan/search/hot?key=s3cret"


def listed(*titles: str, url: str = URL, klass: str = "hotlist", more: str = "") -> Reading:
    items = "".join(f"<item><title>{title}</title>{more}</item>" for title in titles)
    body = f'<rss version="2.0"><channel><title>微澜热搜榜</title>{items}</channel></rss>'
    return parse_feed(body.encode(), zone=ZoneInfo("Asia/Shanghai"), now=NOW, platform="weilan", url=url, klass=klass)


def places(reading: Reading) -> list[tuple[str, int | None]]:
    return [(one.title, one.rank) for one in reading.mentions]


def test_every_keyword_of_a_hot_list_is_a_mention_with_its_place():
    assert listed("青禾酸奶", "星河手机").mentions == (
        RawMention(
            "hot:weilan:weilan/search/hot:青禾酸奶", title="青禾酸奶", platform="weilan", klass="hotlist", rank=1
        ),
        RawMention(
            "hot:weilan:weilan/search/hot:星河手机", title="星河手机", platform="weilan", klass="hotlist", rank=2
        ),
    )


@pytest.mark.parametrize(
    "titles", [("星河手机", "青禾酸奶"), ("1. 星河手机", "2、青禾酸奶"), ("#星河手机#", "#青禾酸奶#")]
)
def test_a_keyword_that_moves_is_the_same_one_at_another_place(titles):
    before = {one.ext_id: one.rank for one in listed("青禾酸奶", "别的", "星河手机").mentions}
    after = {one.ext_id: one.rank for one in listed(*titles).mentions}
    assert {name: (before[name], rank) for name, rank in after.items()} == {
        "hot:weilan:weilan/search/hot:星河手机": (3, 1),
        "hot:weilan:weilan/search/hot:青禾酸奶": (1, 2),
    }


def test_the_same_keyword_of_two_lists_is_two_and_no_key_is_part_of_a_name():
    one, other = listed("星河手机"), listed("星河手机", url="https://bridge.example/weilan/search/fun?key=s3cret")
    names = [reading.mentions[0].ext_id for reading in (one, other)]
    assert names == ["hot:weilan:weilan/search/hot:星河手机", "hot:weilan:weilan/search/fun:星河手机"]


def test_a_keyword_twice_is_once_at_its_better_place():
    assert places(listed("星河 手机", "青禾酸奶", "星河手机", "ＸＹ", "xy")) == [
        ("星河 手机", 1), ("青禾酸奶", 2), ("ＸＹ", 4),
    ]  # fmt: skip


def test_a_number_that_is_no_place_belongs_to_the_keyword():
    said = ("12306 崩了", "2. 青禾酸奶", "3 岁孩子中毒", "4.5亿元罚款", "第5名：星河", "7. 不在第七")
    assert places(listed(*said)) == [
        ("12306 崩了", 1), ("青禾酸奶", 2), ("3 岁孩子中毒", 3), ("4.5亿元罚款", 4), ("星河", 5), ("7. 不在第七", 6),
    ]  # fmt: skip


def test_a_keyword_is_told_apart_however_long_it_is():
    long = listed("长" * 400 + "甲", "长" * 400 + "乙").mentions
    assert (len({one.ext_id for one in long}), max(len(one.ext_id) for one in long)) == (2, 64)


def test_a_list_of_nothing_is_empty():
    assert listed() == Reading(Outcome.EMPTY)


ARTICLE = "<link>https://mp.weixin.qq.com/s/{}</link><guid>{}</guid>"


def articles(feed: str, *authors: str, url: str = "https://mp.weixin.qq.com/s/{}") -> list[tuple[str, str, str]]:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed,
        "items": [
            {
                "id": f"urn:{number}",
                "title": "文",
                "url": url.format(number),
                **({"author": {"name": who}} if who else {}),
            }
            for number, who in enumerate(authors)
        ],
    }
    reading = parse_feed(json.dumps(document).encode(), zone=ZoneInfo("Asia/Shanghai"), now=NOW)
    return [(one.klass, one.author, one.ext_id) for one in reading.mentions]


def test_the_articles_of_one_account_are_by_that_account():
    assert articles("青禾观察", "", "编辑小李") == [("article", "青禾观察", "urn:0"), ("article", "编辑小李", "urn:1")]


@pytest.mark.parametrize("feed", ["WeWe-RSS All", "全部", ""])
def test_nobody_is_named_after_a_feed_of_several_accounts(feed):
    assert articles(feed, "青禾观察", "") == [("article", "青禾观察", "urn:0"), ("article", "", "urn:1")]


def test_what_is_no_article_is_left_as_it_is():
    assert articles("晚报", "", url="https://paper.example/{}") == [("", "", "urn:0")]


def test_a_feed_that_mixes_articles_and_others_names_no_account():
    items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in (
        "https://mp.weixin.qq.com/s/1", "https://paper.example/2",
    ))  # fmt: skip
    body = f"<rss version='2.0'><channel><title>每日</title>{items}</channel></rss>"
    reading = parse_feed(body.encode(), zone=ZoneInfo("Asia/Shanghai"), now=NOW, klass="")
    assert [(one.klass, one.author) for one in reading.mentions] == [("article", ""), ("", "")]


@pytest.mark.parametrize("form", ["rss", "rss by feedparser", "atom"])
def test_the_account_is_found_in_every_form_of_feed(form):
    item = f"<title>文</title>{ARTICLE.format(1, 1)}"
    body = {
        "rss": f"<rss version='2.0'><channel><title>青禾观察</title><item>{item}</item></channel></rss>",
        "rss by feedparser": f"<rss xml:base='https://b.example/'><channel><title>青禾观察</title><item>{item}</item>"
        "</channel></rss>",
        "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><title>青禾观察</title><entry><title>文</title>"
        "<id>1</id><link href='https://mp.weixin.qq.com/s/1'/></entry></feed>",
    }[form]
    reading = parse_feed(body.encode(), zone=ZoneInfo("Asia/Shanghai"), now=NOW)
    assert [(one.klass, one.author) for one in reading.mentions] == [("article", "青禾观察")]


def test_the_class_a_person_gave_a_source_stands():
    reading = listed("文", klass="review", more=ARTICLE.format(1, 1))
    assert [one.klass for one in reading.mentions] == ["review"]
