"""Reads the time of day and the zone inside a date: 晚上8点半, 10:05:00.5 PM, CST, GMT+8, +0800."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}

_PART: Final = r"凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜里|深夜"
CLOCK: Final = (
    rf"(?P<part>{_PART})?\s*(?P<h>\d{{1,2}})\s*(?::|[点时])\s*(?P<half>半)?(?P<mi>\d{{1,2}})?\s*分?"
    r"(?:\s*:?\s*(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?\s*秒?)?(?:\s*(?P<ap>[ap]\.?m\.?))?"
)
OFFSET: Final = (
    r"(?P<offset>Z|\(?(?:GMT|UTC|UT)?\s*[+-]\s*\d{1,2}(?::?\d{2})?\)?|\(?[A-Z]{2,5}\)?)?(?:\s*\([A-Z\s]{2,30}\))?"
)

# CST is China Standard Time for a Chinese source and US Central Time for everybody else.
_CHINESE_CITIES: Final = (
    "Shanghai",
    "Chongqing",
    "Chungking",
    "Harbin",
    "Urumqi",
    "Kashgar",
    "Hong_Kong",
    "Macau",
    "Macao",
    "Taipei",
)
_CHINESE: Final = frozenset({"PRC", "ROC", "Hongkong", *(f"Asia/{city}" for city in _CHINESE_CITIES)})
_NAMED: Final = {
    "z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
    "hkt": 8, "sgt": 8, "bjt": 8, "jst": 9, "kst": 9, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7,
}  # fmt: skip
_SIGNED: Final = re.compile(r"(?:gmt|utc|ut)?\s*([+-])\s*(\d{1,2}):?(\d{2})?", re.ASCII)


def is_chinese(zone: ZoneInfo) -> bool:
    """Whether the zone is one where CST and silence both mean +08:00."""
    return zone.key in _CHINESE


def clock_of(match: re.Match[str]) -> tuple[int, int, int, int]:
    """Hour (0-24), minute, second and microsecond of a CLOCK match, zeros when absent; ValueError when impossible."""
    found = match.groupdict()
    if found.get("h") is None:
        return 0, 0, 0, 0
    minute = 30 if found.get("half") else int(found.get("mi") or 0)
    second = int(found.get("s") or 0)
    hour = _hour(int(found["h"]), found.get("part") or "", (found.get("ap") or "").lower())
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError("no such time of day")
    return hour, minute, second, int((found.get("f") or "0")[:6].ljust(6, "0"))


def _hour(hour: int, part: str, ap: str) -> int:
    if hour > 12:
        return hour
    if ap.startswith("a") or part == "凌晨":
        return hour % 12
    if ap.startswith("p") or part in ("下午", "傍晚"):
        return hour % 12 + 12
    if part in ("晚上", "晚间", "夜里", "深夜"):
        # 晚上8点 is 20:00, yet 夜里2点 and 晚上12点 are after midnight.
        return hour + 12 if 5 <= hour < 12 else (24 if hour == 12 else hour)
    if part == "中午":
        return hour + 12 if hour < 3 else hour
    return hour


def zone_of(name: str, zone: ZoneInfo) -> tzinfo:
    """The zone a date names, or `zone` when it names none; ValueError for a name nobody can place."""
    text = name.strip("() ").lower()
    if not text:
        return zone
    if text == "cst":
        return timezone(timedelta(hours=8 if is_chinese(zone) else -6))
    if text in _NAMED:
        return UTC if _NAMED[text] == 0 else timezone(timedelta(hours=_NAMED[text]))
    signed = _SIGNED.fullmatch(text)
    if signed is None:
        raise ValueError("unknown zone")
    span = timedelta(hours=int(signed[2]), minutes=int(signed[3] or 0))
    return timezone(-span if signed[1] == "-" else span)
