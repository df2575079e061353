"""Titles that hold markup, scripts, escapes, invisible characters or the syntax of some other program."""

from tests.monitor.sources.hostile.case import Case, atom, item, rss

_FAMILY = "👨‍👩‍👧‍👦"


def _titled(name: str, title: str, said: str, **more: bool) -> Case:
    return Case(name, rss(item(title)), titles=(said,), **more)  # type: ignore[arg-type]


CASES = (
    _titled("a script in a title", "甲&lt;script&gt;alert(1)&lt;/script&gt;乙", "甲 乙"),
    _titled("a script in CDATA", "<![CDATA[甲<script>alert('</title>')</script>乙]]>", "甲 乙"),
    _titled("a script escaped twice", "甲&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;乙", "甲 乙"),
    _titled("a script within a script", "<![CDATA[甲<scr<script></script>ipt>alert(1)</script>乙]]>", "甲alert(1)乙"),
    _titled("a style in a title", "<![CDATA[甲<style>body{display:none}</style>乙]]>", "甲 乙"),
    _titled("a frame in a title", "<![CDATA[甲<iframe src='https://evil.example/'>x</iframe>乙]]>", "甲 乙"),
    _titled("an image that runs", "<![CDATA[甲<img src=x onerror=alert(1)>乙]]>", "甲乙"),
    _titled("an SVG that runs", "<![CDATA[甲<svg onload=alert(1)><desc>x</desc></svg>乙]]>", "甲 乙"),
    _titled("tags in a title", "<![CDATA[#<b>青禾</b>酸奶# <a href='javascript:x()'>点</a>]]>", "#青禾酸奶# 点"),
    _titled("an element in a title", "甲<b>乙</b>丙", "甲乙丙"),
    _titled("escaped twice", "甲 &amp;amp; 乙&amp;hellip;", "甲 & 乙…"),
    _titled("escaped three times", "甲 &amp;amp;amp; 乙 &amp;amp;lt;b&amp;amp;gt;丙", "甲 & 乙 丙"),
    _titled("&nbsp; in a title", "&amp;nbsp;甲&amp;nbsp;&amp;ensp;乙&#160;", "甲 乙"),
    _titled("lines in a title", "\n  甲\r\n\t乙&#10;丙\u2028丁　戊 ", "甲 乙 丙 丁 戊"),
    _titled("emoji joined", f"{_FAMILY}怒了🏳️‍🌈👍🏽", f"{_FAMILY}怒了🏳️‍🌈👍🏽"),
    _titled("letters right to left", "甲‮txt.exe乙‬", "甲‮txt.exe乙‬"),
    _titled("marks upon marks", "Z" + "\u0351\u036b" * 500, "Z" + "\u0351\u036b" * 500),
    _titled("templates", "{{ config.items() }} {% raw %} ${7*7} #{x}", "{{ config.items() }} {% raw %} ${7*7} #{x}"),
    _titled("templates that are no XML", "甲 <%= y %>", "甲 <%= y %>", degraded=True),
    _titled("a formula", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    _titled("a query", "'; DROP TABLE mentions; --", "'; DROP TABLE mentions; --"),
    _titled("a mail header", "甲&#13;&#10;Bcc: x@evil.example", "甲 Bcc: x@evil.example"),
    _titled("traditional characters", "手機發熱，臺灣消費者怒了", "手機發熱，臺灣消費者怒了"),
    _titled("a title of digits", "0", "0"),
    _titled("a comment that hides", "甲&lt;!-- 乙 --&gt;丙", "甲 丙"),
    Case("Atom: a title of HTML",
         atom('<entry><title type="html">甲 &lt;i&gt;乙&lt;/i&gt; &amp;amp; 丙</title></entry>'),
         titles=("甲 乙 & 丙",)),
    Case("Atom: a title of XHTML",
         atom('<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">甲<em>乙</em>'
         "<script>alert(1)</script></div></title></entry>"), titles=("甲乙",)),
    Case("Atom: a title of text", atom("<entry><title type='text'>甲 &amp;lt; 乙</title></entry>"), titles=("甲 < 乙",
         )),
    Case("a script in a text", rss(item("甲",
         more="<description>乙&lt;script&gt;x&lt;/script&gt;&lt;p onclick='y'&gt;丙&lt;/p&gt;"
         "&lt;style&gt;z&lt;/style&gt;</description>")), titles=("甲",), texts=("乙 丙",)),
)  # fmt: skip
