"""Documents that are costly to read: long, deep, wide, or many of something."""

from hashlib import shake_256

from store.nouns import Outcome
from tests.monitor.sources.hostile.case import HAN, HEAD, Case, item, refused, rss

_LONG = 20_000


def _many(count: int, words: int, tail: str = "</channel></rss>", declared: str = "") -> str:
    body = (HAN * (words // len(HAN) + 1))[:words]
    items = "".join(
        f"<item><title>第{n}条</title><link>https://place.example/{n}</link><guid>{n}</guid>"
        f"<pubDate>Sun, 22 Nov 2026 10:05:00 +0800</pubDate><description>{body}</description></item>"
        for n in range(count)
    )
    return rss(declared=declared).removesuffix("</channel></rss>") + items + tail


def _described(markup: str) -> str:
    return rss(item("短", more=f"<description>{markup}</description>"))


def _beside(markup: str) -> str:
    """A title first, so that there is something to find."""
    return rss(item("短", more=markup))


def _numbered(pattern: str, count: int) -> str:
    return " ".join(pattern.format(n) for n in range(count))


_ONE = ("短",)
TOO_LONG = (
    refused("10.1 MB of 10,699 items", lambda: _many(10_699, 260), Outcome.TOO_LARGE),
    refused("10.1 MB of 10,699 items, malformed", lambda: _many(10_699, 260, "&foo;</chan"), Outcome.TOO_LARGE),
    refused("25 MB of blanks", lambda: b" " * 25_000_000, Outcome.TOO_LARGE),
    refused("6 MB of JSON", lambda: '{"version":"https://jsonfeed.org/version/1.1","items":[' + "{}," * 2_000_000,
            Outcome.TOO_LARGE),
)  # fmt: skip
MANY = (
    Case("4.9 MB of items", lambda: _many(5_000, 250), titles=1_000),
    Case("4.9 MB of items, malformed at the end", lambda: _many(5_000, 250, "</chan"), titles=1_000),
    Case("4.9 MB of items, malformed throughout",
         lambda: _many(5_000, 250).replace("<guid>", "<guid>&nbsp;&foo; & "), titles=1_000),
    Case("1,000 long items, cut", lambda: _many(1_000, 1_000, "<item><title>半"), titles=1_000),
    Case("999 long items, cut", lambda: _many(999, 1_000, "<item><title>半"), titles=999, degraded=True),
    Case("999 long items with two titles each", lambda: _many(999, 1_000).replace("<guid>", "<title/><guid>"),
         titles=999),
    Case("160,000 tiny items", lambda: rss(item("短") * 160_000), titles=_ONE),
    Case("160,000 tiny items without an end", lambda: f"<rss version='2.0'>{HEAD}" + item("短") * 160_000, titles=_ONE),
    Case("300,000 items without words", lambda: rss("<item/>" * 300_000), Outcome.EMPTY),
    Case("3 MB of GBK without a word about it", lambda: _many(5_000, 250).encode("gbk"), titles=1_000),
    Case("2 MB of GBK, cut", lambda: _many(900, 1_100, "<item><title>半").encode("gbk") + b"\xd2", titles=900,
         degraded=True),
    Case("4 MB of UTF-16", lambda: _many(5_000, 250, declared="utf-16").encode("utf-16"), titles=1_000),
    Case("4 MB of Big5 called UTF-8", lambda: rss(
        item("產品召回") + item("客服推託", more=f"<description>{'手機發熱，' * 400_000}</description>"),
        declared="utf-8",
    ).encode("big5"), titles=("產品召回", "客服推託")),
)  # fmt: skip
LONG = (
    Case("title of 1 MB", lambda: rss(item("酸" * 340_000)), titles=("酸" * _LONG,)),
    Case("title of 1 MB of escapes", lambda: rss(item("&amp;amp;" * 120_000)), titles=("&" * _LONG,)),
    Case("text of one line of 4.9 MB", lambda: _described("酸" * 1_600_000), titles=_ONE, texts=("酸" * _LONG,)),
    Case("attribute of 3 MB", lambda: _beside(f'<enclosure url="{"a" * 3_000_000}"/>'), titles=_ONE),
    Case("link of 4.9 MB", lambda: _beside(f"<link>https://a.example/{'a' * 4_900_000}</link>"), titles=_ONE, urls=("",
         )),
    Case("id of 4.9 MB", lambda: _beside(f"<guid>{'a' * 4_900_000}</guid>"), titles=_ONE),
    Case("date of 4.9 MB", lambda: _beside(f"<pubDate>{'1' * 4_900_000}</pubDate>"), titles=_ONE, dates=(None,)),
    Case("author of 4.8 MB", lambda: _beside(f"<author>{'a@' * 2_400_000}</author>"), titles=_ONE),
    Case("comment of 4.9 MB first", lambda: f"<!--{'x' * 4_900_000}-->" + rss(item("短")), titles=_ONE),
    Case("name of 1 MB", lambda: _beside(f"<{'a' * 1_000_000}/>"), titles=_ONE),
    Case("CDATA of 4.9 MB without an end",
         lambda: f"<rss version='2.0'>{HEAD}<item><title>短</title><description><![CDATA["
         + "a]]" * 1_600_000, titles=_ONE, degraded=True),
    refused("4.9 MB of blanks", lambda: b" \n" * 2_450_000, Outcome.MALFORMED),
    refused("4.9 MB of NUL", lambda: b"\x00" * 4_900_000, Outcome.MALFORMED),
    refused("4.9 MB of HTML without a title", lambda: "<html>" + "<title" * 800_000, Outcome.MALFORMED),
    refused("1 MB of noise", lambda: shake_256(b"noise").digest(1_000_000), Outcome.MALFORMED),
)  # fmt: skip
DEEP = (
    Case("20,000 nested tags in a text", lambda: _described("<div>" * 20_000 + "x" + "</div>" * 20_000), titles=_ONE,
         degraded=True),
    Case("20,000 nested elements", lambda: _beside("<a>" * 20_000 + "</a>" * 20_000), titles=_ONE, degraded=True),
    Case("20,000 nested escaped tags", lambda: _described("&lt;div&gt;" * 20_000 + "x"), titles=_ONE, texts=("x",)),
    Case("400,000 nested tags without an end", lambda: _described("<b>" * 400_000), titles=_ONE, degraded=True),
    Case("100,000 nested items", lambda: rss(item("短") + "<item>" * 100_000), titles=_ONE, degraded=True),
    Case("400,000 nested CDATA", lambda: _described("<![CDATA[" * 400_000), titles=_ONE, degraded=True),
    Case("370,000 CDATA in a row", lambda: _described("<![CDATA[x]]>" * 370_000), titles=_ONE, texts=("x" * _LONG,)),
    Case("100,000 attributes", lambda: _beside("<enclosure " + _numbered('a{}="1"', 100_000) + "/>"), titles=_ONE),
    Case("100,000 times one attribute", lambda: _beside("<enclosure " + 'a="1" ' * 100_000 + "/>"), titles=_ONE,
         degraded=True),
    Case("100,000 namespaces", lambda: _beside("<x " + _numbered('xmlns:a{0}="urn:{0}"', 100_000) + "/>"), titles=_ONE,
         degraded=True),
    refused("100,000 namespaces on the root",
            lambda: rss(item("短"), spaces=" " + _numbered('xmlns:a{0}="urn:{0}"', 100_000)), Outcome.MALFORMED),
)  # fmt: skip
WIDE = (
    Case("4.9 million ampersands", lambda: _described("&" * 4_900_000), titles=_ONE, degraded=True),
    Case("4.9 million angles", lambda: _described("<" * 4_900_000), titles=_ONE, degraded=True),
    Case("800,000 &nbsp;", lambda: _described("&nbsp;" * 800_000), titles=_ONE, texts=("",), degraded=True),
    Case("800,000 names nobody knows", lambda: _described("&what;" * 800_000), titles=_ONE, degraded=True),
    Case("600,000 numbered characters", lambda: _described("&#20013;" * 600_000), titles=_ONE, texts=("中" * _LONG,)),
    Case("4.9 million control characters", lambda: _described("\x01" * 4_900_000), titles=_ONE, degraded=True),
    Case("200,000 categories", lambda: _beside("<category>a</category>" * 200_000), titles=_ONE),
    Case("200,000 authors", lambda: _beside("<author>a</author>" * 200_000), titles=_ONE, degraded=True),
    Case("100,000 links", lambda: _beside("<link>https://a.example/</link>" * 100_000), titles=_ONE, degraded=True),
    Case("100,000 enclosures", lambda: _beside('<enclosure url="https://a.example/"/>' * 100_000), titles=_ONE,
         degraded=True),
    Case("100,000 contents", lambda: _beside("<content:encoded>a</content:encoded>" * 100_000), titles=_ONE,
         degraded=True),
    Case("700,000 comments first", lambda: "<!---->" * 690_000 + rss(item("短")), titles=_ONE),
    Case("900,000 instructions first", lambda: "<?a?>" * 900_000 + rss(item("短")), titles=_ONE),
    Case("images without an end", lambda: _described("&lt;img alt='[" * 350_000), titles=_ONE),
    Case("scripts without an end", lambda: _described("&lt;script&gt;" * 350_000), titles=_ONE, texts=("",)),
    Case("4.9 MB of zero-width marks", lambda: _described("\u200d\u200b" * 800_000), titles=_ONE),
)  # fmt: skip
CASES = (*TOO_LONG, *MANY, *LONG, *DEEP, *WIDE)
