"""Links and ids that are missing, wrong, dangerous or not one's own."""

from tests.monitor.sources.hostile.case import Case, atom, item, rss

_SAME = "<guid>https://a.example/all</guid>"
_PRIVATE = '<guid isPermaLink="false">{}</guid>'


def _linked(name: str, link: str, url: str, titles: tuple[str, ...] = ("甲",), *, degraded: bool = False) -> Case:
    return Case(name, rss(item("甲", link)), titles=titles, urls=(url,), degraded=degraded)


CASES = (
    _linked("a link that runs", "javascript:alert(document.cookie)", ""),
    _linked("a link that runs, hidden", " JaVa&#9;Script&#10;:alert(1)", ""),
    _linked("a link of data", "data:text/html;base64,PHNjcmlwdD4=", ""),
    _linked("a link to a file", "file:///etc/passwd", ""),
    _linked("a link to mail", "mailto:x@a.example", ""),
    _linked("a link of VBScript", "vbscript:msgbox(1)", ""),
    _linked("a link without a host", "https://", "https://place.example/"),
    _linked("a link with half an address", "http://[::1", ""),
    _linked("a relative link", "/t/7", "https://place.example/t/7"),
    _linked("a link up and out", "../../t/7", "https://place.example/t/7"),
    _linked("a link without a scheme", "//cdn.example/t/7", "https://cdn.example/t/7"),
    _linked("a link over lines", "\n  https://a.example/\n  7 ", "https://a.example/7"),
    _linked("a link of Chinese", "https://a.example/青禾?q=酸奶", "https://a.example/青禾?q=酸奶"),
    _linked("a link in CDATA", "<![CDATA[https://a.example/?a=1&b=2]]>", "https://a.example/?a=1&b=2"),
    Case("no link", rss(item("甲")), titles=("甲",), urls=("",)),
    Case("no link, and an id of 1", rss(item("甲", more="<guid>1</guid>")), titles=("甲",), urls=("",)),
    Case("no link, and an id that runs", rss(item("甲", more="<guid>javascript:alert(1)</guid>")), titles=("甲",),
         urls=("",)),
    Case("no link, and an id that is one", rss(item("甲", more="<guid>https://a.example/7</guid>")), titles=("甲",),
         urls=("https://a.example/7",)),
    Case("one id for ten", rss(*(item(f"第{n}", f"https://a.example/{n}", _SAME) for n in range(10))),
         titles=tuple(f"第{n}" for n in range(10))),
    Case("one id and one link for ten", rss(*(item(f"第{n}", "https://a.example/", _SAME) for n in range(10))),
         titles=tuple(f"第{n}" for n in range(10))),
    Case("one mention ten times", rss(item("甲", "https://a.example/1", _SAME) * 10), titles=("甲",)),
    Case("empty ids", rss(*(item(f"第{n}", more="<guid></guid>") for n in range(3))), titles=("第0", "第1", "第2")),
    Case("ids of blanks", rss(*(item(f"第{n}", more=_PRIVATE.format(" \n ")) for n in range(3))),
         titles=("第0", "第1", "第2")),
    Case("ids of 5,000 characters", rss(*(item(f"第{n}",
         more=_PRIVATE.format("x" * 5_000 + str(n))) for n in range(2))),
         titles=("第0", "第1")),
    Case("an id of control characters", rss(item("甲", more=_PRIVATE.format("a&#x9;&#xD;b&amp;#7;"))), titles=("甲",)),
    Case("no title", rss(item(more="<description>乙</description>")), titles=("",), texts=("乙",)),
    Case("a title of tags only", rss(item("<![CDATA[<img src='x'>]]>", more="<description>乙</description>")),
         titles=("",),
         texts=("乙",)),
    Case("Atom without ids", atom('<entry><title>甲</title><link href="/1"/></entry><entry><title>乙</title></entry>'),
         titles=("甲", "乙"), urls=("https://place.example/1", "")),
    Case("Atom with links that run", atom('<entry><title>甲</title><id>1</id><link href="javascript:x()"/></entry>'),
         titles=("甲",), urls=("",)),
    Case("Atom with bases within bases", atom(
        '<entry xml:base="posts/"><title>甲</title><id>urn:1</id><link href="1.html"/><content type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml">乙<a href="x">丙</a></div></content></entry>',
        root=' xml:base="https://b.example/deep/"'), titles=("甲",), texts=("乙丙",),
        urls=("https://b.example/deep/posts/1.html",)),
    Case("Atom with a base that runs",
         atom('<entry xml:base="javascript:"><title>甲</title><link href="x()"/></entry>'),
         titles=("甲",), urls=("https://place.example/x()",)),
)  # fmt: skip
