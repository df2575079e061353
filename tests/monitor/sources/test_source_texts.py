"""Texts: what a reader sees and nothing else, in any charset, at any length, at a bounded cost."""

import json
from datetime import UTC, datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.clock import stopwatch
from config.errors import SourceError
from monitor.sources.feeds.decode import decode
from monitor.sources.feeds.entries import count
from monitor.sources.feeds.feed import parse_feed
from monitor.sources.plain import LONGEST_TEXT, LONGEST_URL, plain, web_url

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
RSS = "<rss version='2.0'><channel><item>{}</item></channel></rss>"
HAN = "星河手机发热，客服一直推脱；第三次返修。"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain words", "plain words"),
        ("<p>One</p><p>two<br>three</p>", "One two three"),
        ("#<b>星河</b>手机#", "#星河手机#"),
        ("a&nbsp;&amp;amp;&#x4e2d;&hellip;", "a &中…"),
        ("&lt;b&gt;twice&lt;/b&gt; &amp;lt;i&amp;gt;three&amp;lt;/i&amp;gt;", "twice three"),
        ("x<script>alert('</p>')</script>y<STYLE>p{}</STYLE >z", "x y z"),
        ("before<script>never closed", "before"),
        ("a<!-- hidden -->b", "a b"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<a href='x>y' title=\"a>b\">link</a> text", "link text"),
        ("a<scr<b>ipt>alert(1)</scr</b>ipt>b", "a b"),
        ("cut <a href='https://x.exam", "cut"),
        ("<![CDATA[in cdata]]>", "in cdata"),
        ('怒<img src="x" alt="[怒]" onerror="alert(1)">', "怒[怒]"),
        ("{{ config }} ${7*7} {% raw %} #{x}", "{{ config }} ${7*7} {% raw %} #{x}"),
        ("bell\x07 nul\x00 half\ud83d", "bell nul half\ufffd"),
        ("  many \n\t spaces\u3000here ", "many spaces here"),
    ],
)
def test_markup_becomes_what_a_reader_sees(markup, text):
    assert plain(markup) == text


@given(st.text(alphabet="<>&;\"'= /!-[]abscriptyle#x0123", max_size=200))
def test_no_markup_makes_a_script_or_breaks_the_rules(markup):
    text = plain(markup)
    assert ("<script" in text.lower(), text == " ".join(text.split()), len(text) <= len(markup) * 2) == (
        False, True, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", '<a "', "<a =", "<!--", "<script>", "&amp;", "<img alt='[", "<p>", "]]>", "</script", "<![CDATA["],
)
def test_hostile_markup_costs_no_more_than_its_length(piece):
    began = stopwatch()
    plain(piece * (400_000 // len(piece)) + "< x")
    assert stopwatch() - began < 3


def test_a_long_run_of_attributes_is_read_once():
    began = stopwatch()
    assert plain("<a " + "=" * 200_000 + "< x").startswith("<a ===")
    assert stopwatch() - began < 1


@pytest.mark.parametrize("form", ["rss", "json"])
def test_a_text_of_100k_characters_is_cut_at_a_whole_character(form):
    text = ("😀" + HAN) * 5_000
    body = {
        "rss": RSS.format(f"<guid>1</guid><description>{text}</description>"),
        "json": json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_text": text}]}
        ),
    }[form]
    reading = parse_feed(body.encode(), zone=SHANGHAI, now=NOW)
    assert [one.text for one in reading.mentions] == [text[:LONGEST_TEXT]]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("/x", "https://base.example/x"),
        ("//cdn.example/x", "https://cdn.example/x"),
        (" https://a.example/\nx ", "https://a.example/x"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("http://", ""),
        ("http://[", ""),
        ("", ""),
        ("https://a.example/" + "x" * LONGEST_URL, ""),
    ],
)
def test_only_web_addresses_are_links(link, url):
    assert web_url(link, "https://base.example/feed") == url


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("0", 0), ("12,480", 12480), (" 7 ", 7),
        ("", None), ("-1", None), ("1.5", None), ("1万", None), ("٣", None), ("9" * 16, None),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_is_unknown_and_never_zero(said, number):
    assert count(said) == number


@pytest.mark.parametrize(
    ("encoded", "declared"),
    [
        ("utf-8", None), ("utf-8", "gbk"), ("utf-8", "iso-8859-1"), ("utf-8", "no-such-charset"), ("utf-8-sig", None),
        ("gb18030", None), ("gb18030", "utf-8"), ("gb18030", "gb2312"), ("gb18030", "iso-8859-1"), ("gb18030", "rot13"),
        ("utf-16", None), ("utf-16-le", "utf-16-le"), ("utf-32", None), ("big5", "big5"),
    ],
)  # fmt: skip
def test_chinese_survives_a_missing_or_lying_charset(encoded, declared):
    text = "<t>" + (HAN if encoded != "big5" else "手機發熱，客服一直推託") + "</t>"
    assert decode(text.encode(encoded), declared) == text


def test_text_that_was_misread_before_it_reached_us_is_repaired():
    assert decode(HAN.encode().decode("latin-1").encode(), None) == HAN


def test_western_text_is_left_alone():
    text = "Café Zoë sells crème brûlée to the neighbours, and it is a rather long sentence about that café."
    assert (decode(text.encode(), None), decode(text.encode("cp1252"), "iso-8859-1")) == (text, text)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_reading_or_a_clear_refusal(body):
    starts = (b"", b"<rss><channel><item><title>", b'{"version":"https://jsonfeed.org/version/1","items":[')
    for start in starts:
        try:
            assert parse_feed(start + body, zone=SHANGHAI, now=NOW).outcome in ("ok", "empty")
        except SourceError as error:
            assert error.outcome in ("malformed", "blocked")


@given(st.text(max_size=60), st.text(max_size=60))
def test_identity_depends_on_the_words_alone_when_a_feed_gives_none(title, text):
    body = RSS.format(f"<title>{escape(title)}</title><description>{escape(text)}</description>").encode(
        "utf-8", "replace"
    )
    first = parse_feed(body, zone=SHANGHAI, now=NOW)
    later = parse_feed(body, zone=SHANGHAI, now=NOW.replace(year=2027))
    assert first == later
