"""What stands in a cell of somebody else's table: words, counts, yes and no, ids and dates (pure)."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.errors import InputError
from monitor.sources.dates import clamp, is_coarse, parse_when
from monitor.sources.described.transforms import cn_int
from monitor.sources.plain import LONGEST_TEXT, fold, plain

_SCIENTIFIC: Final = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d{1,3}")
# A spreadsheet keeps 15 digits of a number; what stood behind them is lost.
_SURE_DIGITS: Final = 10**15
_YES: Final = frozenset({"1", "true", "yes", "y", "是", "已认证", "认证", "有"})
_NO: Final = frozenset({"0", "false", "no", "n", "否", "未认证", "无", "-1"})
_NOTHING: Final = frozenset({"", "-", "--", "—", "/", "\\", "null", "none", "nan", "n/a", "#n/a", "无", "暂无", "\\n"})
_LONGEST_ID: Final = 200
LONGEST_DATE: Final = 100


def words_of(value: object, *, limit: int = LONGEST_TEXT) -> str:
    """The words of a cell on one line, markup taken out; "" for nothing and for what is no single value."""
    text = _text(value)
    return plain(text, limit=limit) if "<" in text or "&" in text else fold(text, limit=limit)


def name_of(value: object, *, limit: int = 200) -> str:
    """The same for short things, where a dash or "null" says that there is nothing."""
    text = words_of(value, limit=limit)
    return "" if text.casefold() in _NOTHING else text


def count_of(value: object) -> int | None:
    """12000 for "1.2万", 100000 for "10万+", 2031 for "2,031"; None for whatever is no count."""
    count = cn_int(value)
    return count if count is not None and count >= 0 else None


def yes_of(value: object) -> bool | None:
    """True, False, or None when the cell says neither."""
    word = _text(value).strip().casefold()
    if word in _YES:
        return True
    return False if word in _NO else None


def id_of(value: object, name: str) -> str:
    """An id as text; InputError when a spreadsheet has rounded it, because another thing may own what is left."""
    text = name_of(value, limit=10_000)
    rounded = isinstance(value, float) and abs(value) >= _SURE_DIGITS
    if rounded or _SCIENTIFIC.fullmatch(text):
        raise InputError(f"{name}: the number was rounded by a spreadsheet ({text[:24]}); export ids as text")
    if len(text) > _LONGEST_ID:
        raise InputError(f"{name}: has {len(text)} characters; {_LONGEST_ID} are allowed")
    return text


def when_of(value: object, *, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, str, bool]:
    """(moment or None, what stood there, whether it is only a day). Never raises; a future date is no date."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=zone)
        raw, coarse = value.isoformat(sep=" "), value.time() == time()
        return clamp(aware.astimezone(now.tzinfo), now), raw[:LONGEST_DATE], coarse
    if isinstance(value, date):
        return when_of(datetime(value.year, value.month, value.day, tzinfo=zone), now=now, zone=zone)
    raw = name_of(value, limit=LONGEST_DATE)
    when = clamp(parse_when(raw, now=now, zone=zone), now)
    return when, raw, when is not None and is_coarse(raw)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None or isinstance(value, Mapping | list | tuple):
        return {True: "true", False: "false"}.get(value, "") if isinstance(value, bool) else ""
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _SURE_DIGITS
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime | date | time | timedelta):
        return str(value)
    return str(value) if isinstance(value, int) and abs(value) < 10**40 else ""
