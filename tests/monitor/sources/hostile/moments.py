"""Dates as feeds write them; now is 2026-11-22 12:00 in Shanghai."""

from tests.monitor.sources.hostile.case import Case, atom, item, rss

_TEN_FIVE = "2026-11-22T02:05:00+00:00"
_MIDNIGHT = "2026-11-21T16:00:00+00:00"


def _dated(name: str, *dates: tuple[str, str | None], zone: str = "Asia/Shanghai") -> Case:
    items = (item(f"第{n}", more=f"<guid>{n}</guid><pubDate>{raw}</pubDate>") for n, (raw, _) in enumerate(dates))
    titles = tuple(f"第{n}" for n in range(len(dates)))
    return Case(name, rss(*items), titles=titles, dates=tuple(when for _, when in dates), zone=zone)


CASES = (
    _dated("dates in CST", ("Sun, 22 Nov 2026 10:05:00 CST", _TEN_FIVE), ("Sun Nov 22 10:05:00 CST 2026", _TEN_FIVE)),
    _dated("dates in CST of Chicago", ("Sat, 21 Nov 2026 20:05:00 CST", _TEN_FIVE), zone="America/Chicago"),
    _dated("dates without a zone", ("2026-11-22 10:05:00", _TEN_FIVE), ("Sun, 22 Nov 2026 10:05:00", _TEN_FIVE)),
    _dated("dates in GMT+8", ("Sun, 22 Nov 2026 10:05:00 GMT+8", _TEN_FIVE), ("2026-11-22 10:05 GMT+0800", _TEN_FIVE)),
    _dated("dates with slashes", ("2026/11/22 10:05", _TEN_FIVE), ("2026/11/22", _MIDNIGHT)),
    _dated("dates in Chinese", ("2026年11月22日 10:05", _TEN_FIVE), ("2026年11月22日", _MIDNIGHT), ("11月22日 10时5分",
         _TEN_FIVE)),
    _dated("dates in seconds and less", ("1795313100", _TEN_FIVE), ("1795313100000", _TEN_FIVE)),
    _dated("relative dates", ("刚刚", "2026-11-22T04:00:00+00:00"), ("3分钟前", "2026-11-22T03:57:00+00:00"),
           ("昨天 10:05", "2026-11-21T02:05:00+00:00"), ("半小时前", "2026-11-22T03:30:00+00:00")),
    _dated("dates of the future", ("Thu, 01 Jan 2099 00:00:00 GMT", None), ("Sun, 22 Nov 2026 12:30:00 +0800", None)),
    _dated("dates of the past", ("0001-01-01T00:00:00Z", None), ("Thu, 01 Jan 1970 00:00:00 GMT", None), ("0", None)),
    _dated("dates that are none", ("Invalid Date", None), ("NaN", None), ("null", None), ("", None), ("明天", None)),
    _dated("dates that cannot be", ("2026-02-30 10:05", None), ("2026-11-22 25:61", None), ("32 Nov 2026 10:05", None)),
    _dated("dates of numbers without end", ("9" * 300, None), ("1795313100" * 9, None), ("2026-11-22T10:05:00+99:99",
         None)),
    _dated("dates in full width", ("２０２６－１１－２２ １０：０５", _TEN_FIVE)),
    _dated("dates with markup", ("<![CDATA[<b>2026-11-22</b> 10:05]]>", None), (" \n 2026-11-22T10:05:00+08:00 \n ",
         _TEN_FIVE)),
    _dated("a date around the year", ("12月31日 23:59", "2025-12-31T15:59:00+00:00")),
    Case("no dates", rss(item("甲")), titles=("甲",), dates=(None,)),
    Case("Atom dates", atom("<entry><title>甲</title><published>2026-11-22T10:05:00.123456789+08:00</published></entry>"
         "<entry><title>乙</title><updated>2026-11-22T02:05:00Z</updated></entry>"), titles=("甲", "乙"),
         dates=("2026-11-22T02:05:00.123456+00:00", _TEN_FIVE)),
    Case("two dates, the first is none", rss(
        item("甲", more="<pubDate>Invalid Date</pubDate><dc:date>2026-11-22T02:05:00Z</dc:date>"),
        spaces=' xmlns:dc="http://purl.org/dc/elements/1.1/"'), titles=("甲",), dates=(_TEN_FIVE,)),
)  # fmt: skip
