"""Dates: the table of forms that feeds carry, and what must never happen whatever the string."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.dates import EARLIEST, SKEW, clamp, is_coarse, parse_when

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
CHICAGO = ZoneInfo("America/Chicago")
# Sunday.
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI).astimezone(UTC)

TABLE = {
    "刚刚": "2026-11-22T12:00:00",
    "3分钟前": "2026-11-22T11:57:00",
    "３分钟前": "2026-11-22T11:57:00",
    "30 秒前": "2026-11-22T11:59:30",
    "半小时前": "2026-11-22T11:30:00",
    "两个小时前": "2026-11-22T10:00:00",
    "1个半小时前": "2026-11-22T10:30:00",
    "2小时前": "2026-11-22T10:00:00",
    "3天前": "2026-11-19T12:00:00",
    "an hour ago": "2026-11-22T11:00:00",
    "5 mins ago": "2026-11-22T11:55:00",
    "今天 10:05": "2026-11-22T10:05:00",
    "今天10:05": "2026-11-22T10:05:00",
    "昨天 10:05": "2026-11-21T10:05:00",
    "发布于 昨天 10:05 来自 手机": "2026-11-21T10:05:00",
    "昨天晚上8点半": "2026-11-21T20:30:00",
    "前天": "2026-11-20T00:00:00",
    "大前天 01:00": "2026-11-19T01:00:00",
    "周三": "2026-11-18T00:00:00",
    "星期三 08:00": "2026-11-18T08:00:00",
    "周日 11:00": "2026-11-22T11:00:00",
    "周日 13:00": "2026-11-15T13:00:00",
    "上周三": "2026-11-11T00:00:00",
    "11月22日 10:05": "2026-11-22T10:05:00",
    "11-22 10:05": "2026-11-22T10:05:00",
    "12月31日 23:59": "2025-12-31T23:59:00",
    "2月29日 08:00": "2024-02-29T08:00:00",
    "2026年11月22日 10:05": "2026-11-22T10:05:00",
    "2026年11月22日 星期日 10时05分30秒": "2026-11-22T10:05:30",
    "2026年11月22日上午10:05": "2026-11-22T10:05:00",
    "２０２６年１１月２２日　１０：０５": "2026-11-22T10:05:00",
    "2026/11/22 10:05:00": "2026-11-22T10:05:00",
    "2026.11.22 10:05": "2026-11-22T10:05:00",
    "11/22/2026 10:05": "2026-11-22T10:05:00",
    "22/11/2026 10:05": "2026-11-22T10:05:00",
    "2026-11-22 10:05:00": "2026-11-22T10:05:00",
    "2026-11-22T10:05:00": "2026-11-22T10:05:00",
    "2026-11-22T02:05:00Z": "2026-11-22T10:05:00",
    "2026-11-22T02:05:00.123Z": "2026-11-22T10:05:00.123000",
    "2026-11-22T10:05:00.123456789+08:00": "2026-11-22T10:05:00.123456",
    "2026-11-22 10:05:00 +0800": "2026-11-22T10:05:00",
    "2026-11-22 10:05:00 (UTC+8)": "2026-11-22T10:05:00",
    "2026-11-22T02:05:00 UTC": "2026-11-22T10:05:00",
    "2026-11-22": "2026-11-22T00:00:00",
    "2026-11-21 24:00": "2026-11-22T00:00:00",
    "22 Nov 2026 10:05 CST": "2026-11-22T10:05:00",
    "Sun, 22 Nov 2026 10:05:00 CST": "2026-11-22T10:05:00",
    "Sun, 22 Nov 2026 10:05:00": "2026-11-22T10:05:00",
    "Sun, 22 Nov 2026 10:05:00 GMT+8": "2026-11-22T10:05:00",
    "Sun, 22 Nov 2026 02:05:00 GMT": "2026-11-22T10:05:00",
    "Sun, 22 Nov 2026 10:05:00 +0800": "2026-11-22T10:05:00",
    "Sun, 22 Nov 2026 10:05:00 +0800 (CST)": "2026-11-22T10:05:00",
    "Sun, 22 Nov 2026 10:04:60 +0800": "2026-11-22T10:05:00",
    "Sunday, 22-Nov-26 02:05:00 GMT": "2026-11-22T10:05:00",
    "Sat, 21 Nov 2026 18:05:00 PST": "2026-11-22T10:05:00",
    "November 22, 2026 10:05 AM": "2026-11-22T10:05:00",
    "Nov 21, 2026 at 12:30 AM": "2026-11-21T00:30:00",
    "Sun Nov 22 10:05:00 +0800 2026": "2026-11-22T10:05:00",
    "Sun Nov 22 10:05:00 2026": "2026-11-22T10:05:00",
    "1795314300": "2026-11-22T10:25:00",
    "1795314300.5": "2026-11-22T10:25:00.500000",
    "1795314300000": "2026-11-22T10:25:00",
    "1795314300000000": "2026-11-22T10:25:00",
    "20261122T031500Z": "2026-11-22T11:15:00",
    "20261122101500": "2026-11-22T10:15:00",
    "20261122": "2026-11-22T00:00:00",
    "46348.42": "2026-11-22T10:04:48",
    "Excel 46348.42": "2026-11-22T10:04:48",
    "上午10:05": "2026-11-22T10:05:00",
    "10:05": "2026-11-22T10:05:00",
    "晚上8点": "2026-11-21T20:00:00",
    "凌晨2点": "2026-11-22T02:00:00",
    "中午12:00": "2026-11-22T12:00:00",
    "下午1点": "2026-11-21T13:00:00",
    "夜里12点": "2026-11-22T00:00:00",
    "Mon, 01 Jan 0001 08:05:43 GMT": "0001-01-01T16:11:26",
    "1899-12-31 08:05:43": "1899-12-31T08:05:43",
    "2099-01-01T00:00:00Z": "2099-01-01T08:00:00",
}


@pytest.mark.parametrize(("raw", "local"), TABLE.items(), ids=list(TABLE))
def test_every_form_of_the_table_is_read(raw: str, local: str) -> None:
    expected = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI).astimezone(UTC)
    when = parse_when(raw, now=NOW, zone=SHANGHAI)
    assert (when, when and when.tzinfo) == (expected, UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "", "   ", "Invalid Date", "2026-13-40", "2026-02-30", "25:99", "99999年前", "10:05 XYZ",
        "2026-11-22T10:05:00+99:00", "Mon, 01 Jan 0000 00:00:00 GMT", "9999-12-31T23:59:59-12:00",
        "0000-00-00 00:00:00", "13月1日", "1/11/2026", "明天 10:05", "123", "-1795314300",
        "1795314300" * 20, "null", "\x00", "𝟚", "周八", "٢٠٢٦-١١-٢٢",
    ],
)  # fmt: skip
def test_what_names_no_moment_is_unknown(raw: str) -> None:
    assert parse_when(raw, now=NOW, zone=SHANGHAI) is None


@pytest.mark.parametrize(
    ("raw", "zone", "utc"),
    [
        ("2026-11-22 10:05:00", BERLIN, "2026-11-22T09:05:00"),
        ("2026-07-22 10:05:00", BERLIN, "2026-07-22T08:05:00"),
        ("22 Nov 2026 10:05 CST", CHICAGO, "2026-11-22T16:05:00"),
        ("22 Nov 2026 10:05 CST", ZoneInfo("Asia/Taipei"), "2026-11-22T02:05:00"),
        ("今天 10:05", ZoneInfo("Asia/Urumqi"), "2026-11-22T04:05:00"),
    ],
)
def test_a_date_without_zone_is_in_the_zone_of_its_source(raw: str, zone: ZoneInfo, utc: str) -> None:
    assert parse_when(raw, now=NOW, zone=zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "kept"),
    [
        (NOW + SKEW, True),
        (NOW + SKEW + timedelta(seconds=1), False),
        (EARLIEST, True),
        (EARLIEST - timedelta(seconds=1), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
        (datetime(2099, 1, 1, tzinfo=UTC), False),
    ],
)
def test_only_credible_moments_pass(when: datetime, kept: bool) -> None:
    assert clamp(when, NOW) == (when if kept else None)


@pytest.mark.parametrize(
    ("raw", "coarse"),
    [
        ("前天", True), ("周三", True), ("2026-11-22", True), ("3天前", True), ("11月22日", True),
        ("昨天 10:05", False), ("刚刚", False), ("2小时前", False), ("1795314300", False), ("20261122T031500Z", False),
        ("46348.42", False), ("晚上8点", False),
    ],
)  # fmt: skip
def test_a_day_without_a_time_is_told_apart(raw: str, coarse: bool) -> None:
    assert is_coarse(raw) is coarse


def moments(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Aware UTC moments; hypothesis wants its bounds naive."""
    return st.datetimes(datetime.fromisoformat(first), datetime.fromisoformat(last), timezones=st.just(UTC))


ALPHABET = "0123456789-/:.+ TZ年月日时分秒点前天昨今周一三上下午晚半小GMTCSNov,()\x00"


@given(
    raw=st.text() | st.text(alphabet=ALPHABET, max_size=40) | st.sampled_from(list(TABLE)),
    now=moments("2006-01-01", "2090-01-01"),
)
def test_whatever_the_text_the_answer_is_credible_or_none(raw: str, now: datetime) -> None:
    when = clamp(parse_when(raw, now=now, zone=SHANGHAI), now)
    assert when is None or (when.tzinfo is UTC and EARLIEST <= when <= now + timedelta(minutes=10))


@given(when=moments("2006-01-01", "2026-11-22"))
def test_machine_forms_come_back_unchanged(when: datetime) -> None:
    second = when.replace(microsecond=0)
    forms = {
        when.isoformat(): when,
        second.strftime("%a, %d %b %Y %H:%M:%S +0000"): second,
        second.astimezone(SHANGHAI).strftime("%Y年%m月%d日 %H:%M:%S"): second,
        str(int(second.timestamp())): second,
    }
    assert {raw: parse_when(raw, now=NOW, zone=SHANGHAI) for raw in forms} == forms
