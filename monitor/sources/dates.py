"""Reads the dates that feeds really carry, Chinese and relative ones too, into aware UTC or an honest None."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.sources.clocktimes import CLOCK, MONTHS, OFFSET, clock_of, zone_of
from monitor.sources.feeds.fastdates import machine_moment

# A date in the future is a lie or a wrong clock; ten minutes are forgiven as skew.
SKEW: Final = timedelta(minutes=10)
# Nothing that matters today was published before social media: older means a broken date.
EARLIEST: Final = datetime(2005, 1, 1, tzinfo=UTC)
# A longer string is not a date; the bound also keeps every pattern below cheap.
LONGEST: Final = 80

_WEEKDAYS: Final = "一二三四五六日"
_HAN_NUMBERS: Final = {"半": 0.5, "两": 2.0, **{han: float(n) for n, han in enumerate("一二三四五六七八九十", 1)}}
_UNITS: Final = {
    "秒": 1, "s": 1, "分": 60, "m": 60, "时": 3600, "h": 3600, "天": 86400, "d": 86400,
    "周": 604800, "星": 604800, "礼": 604800, "w": 604800, "月": 2592000, "年": 31536000,
}  # fmt: skip
_DAYS_BACK: Final = {"今": 0, "昨": 1, "前": 2, "t": 0, "y": 1}

_Rule = Callable[[re.Match[str], datetime, ZoneInfo], datetime | None]


def parse_when(raw: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment `raw` names, as aware UTC; None when it names none. Never raises.

    `now` (aware) anchors relative forms; `zone` is the source's own zone and is used where the text names none.
    The moment may be in the future: pass it through `clamp` before believing it.
    """
    moment = machine_moment(raw)
    if moment is not None:
        return moment
    text = _tidy(raw)
    if not text or len(text) > LONGEST:
        return None
    for pattern, rule in _RULES:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        try:
            when = rule(match, now.astimezone(zone), zone)
            return when.astimezone(UTC) if when is not None else None
        except (ValueError, OverflowError):
            return None
    return None


def clamp(when: datetime | None, now: datetime) -> datetime | None:
    """`when` if it is credible, else None: not before 2005 and not more than ten minutes after `now`."""
    if when is None or when < EARLIEST or when > now + SKEW:
        return None
    return when


def is_coarse(raw: str) -> bool:
    """Whether `raw` names a day but no time of day, so the moment read from it is only a lower bound."""
    text = _tidy(raw)
    return not (_HAS_CLOCK.search(text) or _EPOCH.fullmatch(text) or _EXCEL.fullmatch(text))


def _tidy(raw: str) -> str:
    if len(raw) > LONGEST * 4:
        return ""
    text = unicodedata.normalize("NFKC", raw).strip()
    if "北京时间" in text:
        text = text.replace("北京时间", " ") + " +0800"
    text = _PREFIX.sub("", _REMARK.sub("", text).strip())
    return _SUFFIX.sub("", text).strip()


def _at(day: datetime, match: re.Match[str], zone: ZoneInfo) -> datetime:
    """`day` (only its date counts) at the clock time and zone the match carries; midnight when it carries none."""
    hour, minute, second, micro = clock_of(match)
    tz = zone_of(match["offset"] or "", zone)
    # 24:00 and a leap second are legal spellings of the moment after.
    start = datetime(day.year, day.month, day.day, tzinfo=tz)
    return start + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def _numeric(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    return _at(datetime(int(match["y"]), int(match["mo"]), int(match["d"]), tzinfo=zone), match, zone)


def _named(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    year = int(match["y"])
    if len(match["y"]) == 2:
        year += 2000 if year < 70 else 1900
    return _at(datetime(year, MONTHS[match["mon"][:3].lower()], int(match["d"]), tzinfo=zone), match, zone)


def _yearless(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    month, day = int(match["mo"]), int(match["d"])
    # 29 February is looked for in the last leap year, everything else in this year or the last.
    for year in range(now.year, now.year - 9, -1):
        if (month, day) == (2, 29) and not _leap(year):
            continue
        when = _at(datetime(year, month, day, tzinfo=zone), match, zone)
        if when <= now + timedelta(days=1):
            return when
    raise ValueError("no such day")


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _slashed(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime | None:
    """11/22/2026 or 22/11/2026: read only when one order is possible."""
    a, b = int(match["a"]), int(match["b"])
    if a <= 12 and b <= 12 and a != b:
        return None
    month, day = (a, b) if a <= 12 else (b, a)
    return _at(datetime(int(match["y"]), month, day, tzinfo=zone), match, zone)


def _epoch(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    digits = match["n"]
    scale = {10: 1, 13: 1_000, 16: 1_000_000}[len(digits)]
    micros = int(digits) * 1_000_000 // scale + int((match["f"] or "0")[:6].ljust(6, "0")) // scale
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def _excel(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    start = datetime(1899, 12, 30, tzinfo=zone)
    return start + timedelta(seconds=round(float(match["days"]) * 86400))


def _just_now(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    return now


def _ago(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    number = match["n"].lower()
    amount = _HAN_NUMBERS.get(number) or (1.0 if number in ("a", "an") else float(number))
    unit = "月" if match["unit"].lower().startswith("mo") else match["unit"].lower().lstrip("个")[0]
    unit = {"小": "时", "钟": "时", "y": "年"}.get(unit, unit)
    half = _UNITS[unit] / 2 if match["half"] else 0
    return now.astimezone(UTC) - timedelta(seconds=amount * _UNITS[unit] + half)


def _hours_ago(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    return now.astimezone(UTC) - timedelta(hours=int(match["h"]), minutes=int(match["mi"]))


def _day_back(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    word = match["day"].lower()
    back = 3 if word.startswith("大前") else _DAYS_BACK[word[0]]
    return _at(now - timedelta(days=back), match, zone)


def _weekday(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    wanted = _WEEKDAYS.index(match["wd"].replace("天", "日"))
    back = (now.weekday() - wanted) % 7
    if match["last"]:
        back = now.weekday() - wanted + 7
    when = _at(now - timedelta(days=back), match, zone)
    return when - timedelta(days=7) if when > now + SKEW else when


def _time_only(match: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime:
    when = _at(now, match, zone)
    return _at(now - timedelta(days=1), match, zone) if when > now + SKEW else when


_FLAGS: Final = re.ASCII | re.IGNORECASE
_WD: Final = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_REST: Final = rf"(?:\s*(?:T|,|\s)?\s*{CLOCK}\s*{OFFSET})?"
_MON: Final = r"(?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DOW: Final = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?\s*,?\s*)?"
_EPOCH: Final = re.compile(r"(?P<n>\d{10}|\d{13}|\d{16})(?:\.(?P<f>\d{1,9}))?", _FLAGS)
_EXCEL: Final = re.compile(r"(?:Excel\s+)?(?P<days>[2-7]\d{4}(?:\.\d{1,12})?)", _FLAGS)
_HAS_CLOCK: Final = re.compile(r"\d[:点时h]|\d{8}T?\d{4}|刚|just|now|[秒分]|(?:小时|钟头|min|sec|hour)", _FLAGS)
# (中国标准时间), (周日): what a Chinese browser adds in brackets says nothing new.
_REMARK: Final = re.compile(r"\s*\([^()]*[\u4e00-\u9fff][^()]*\)")
_PREFIX: Final = re.compile(r"^(?:发布|发表|更新|编辑|回复|修改|posted|published)\s*(?:于|时间|on|at)?\s*:?\s*", _FLAGS)
_SUFFIX: Final = re.compile(r"\s*(?:来自.*|发布|发表|更新|编辑过?)$", _FLAGS)

_COMPACT: Final = (
    r"(?P<y>\d{4})(?P<mo>\d\d)(?P<d>\d\d)T?(?P<part>)(?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d)?"
    rf"(?:\.(?P<f>\d{{1,9}}))?(?P<half>)\s*{OFFSET}"
)
_HAN_UNIT: Final = r"秒钟?|分钟?|个?小时|个?钟头|天|周|个?星期|个?礼拜|个?月|年"
_UNIT: Final = r"s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?|mo(?:nths?)?|years?"
_AMOUNT: Final = r"\d{1,5}(?:\.\d)?|[半一二两三四五六七八九十]|an?"

# Tried in this order; the first pattern that fits the whole text decides. Common machine forms come first.
_RULES: Final[tuple[tuple[re.Pattern[str], _Rule], ...]] = tuple(
    (re.compile(pattern, _FLAGS), rule)
    for pattern, rule in (
        (rf"(?P<y>\d{{4}})\s*[-/.年]\s*(?P<mo>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})\s*[日号]?{_WD}{_REST}", _numeric),
        (rf"{_DOW}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MON}[\s,-]+(?P<y>\d{{4}}|\d{{2}}){_REST}", _named),
        (rf"{_DOW}{_MON}\s+(?P<d>\d{{1,2}})\s+{CLOCK}\s*{OFFSET}\s*(?P<y>\d{{4}})", _named),
        (rf"{_DOW}{_MON}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y>\d{{4}})(?:\s+at)?{_REST}", _named),
        (_COMPACT, _numeric),
        (rf"(?P<y>(?:19|20)\d\d)(?P<mo>\d\d)(?P<d>\d\d){_REST}", _numeric),
        (_EPOCH.pattern, _epoch),
        (_EXCEL.pattern, _excel),
        (r"刚刚|刚才|几秒(?:钟)?前|just\s*now|now", _just_now),
        (r"(?P<h>\d{1,2})\s*个?(?:小时|钟头)\s*(?P<mi>\d{1,2})\s*分钟?(?:以?前|之前)", _hours_ago),
        (rf"(?P<n>{_AMOUNT})\s*(?P<half>个半)?\s*(?P<unit>{_HAN_UNIT}|{_UNIT})\s*(?:以?前|之前|ago)", _ago),
        (rf"(?P<day>今[天日]|昨[天日]|大?前[天日]|today|yesterday){_REST}", _day_back),
        (rf"(?P<last>上)?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天]){_REST}", _weekday),
        (rf"(?P<mo>\d{{1,2}})\s*(?:月|[-/.])\s*(?P<d>\d{{1,2}})\s*[日号]?{_WD}{_REST}", _yearless),
        (rf"(?P<a>\d{{1,2}})[/.](?P<b>\d{{1,2}})[/.](?P<y>\d{{4}}){_REST}", _slashed),
        (rf"{CLOCK}\s*{OFFSET}", _time_only),
    )
)
