"""How a statement says a moment, in the brand's own time and with the zone spelt out."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_BEIJING = {"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def zone_name(at: datetime, zone: str, lang: str) -> str:
    """北京时间 / Beijing time, elsewhere the offset at that moment such as UTC+9 or UTC-3:30."""
    if zone in _BEIJING:
        return "北京时间" if lang == "zh" else "Beijing time"
    minutes = int((at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


def day(at: datetime, zone: str, lang: str) -> str:
    """2026年3月12日 / 12 March 2026."""
    local = at.astimezone(ZoneInfo(zone))
    if lang == "zh":
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def hour(at: datetime, zone: str) -> str:
    """14:05."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.hour:02d}:{local.minute:02d}"


def full(at: datetime, zone: str, lang: str, *, with_zone: bool = True) -> str:
    """2026年3月12日14:05（北京时间） / 14:05 on 12 March 2026 (Beijing time)."""
    named = zone_name(at, zone, lang)
    if lang == "zh":
        return f"{day(at, zone, lang)}{hour(at, zone)}" + (f"（{named}）" if with_zone else "")
    return f"{hour(at, zone)} on {day(at, zone, lang)}" + (f" ({named})" if with_zone else "")


def beside(at: datetime, other: datetime, zone: str, lang: str) -> str:
    """The hour alone when `at` is on the same day as `other`, else date and hour; the zone stands with `other`."""
    if day(at, zone, lang) == day(other, zone, lang):
        return hour(at, zone)
    return full(at, zone, lang, with_zone=False)


def deadline(at: datetime, now: datetime, zone: str, lang: str) -> str:
    """今天17:00前（北京时间） / by 17:00 (Beijing time) today; 明天 / tomorrow; else the date."""
    local = ZoneInfo(zone)
    days = (at.astimezone(local).date() - now.astimezone(local).date()).days
    named = zone_name(at, zone, lang)
    if lang == "zh":
        return f"{ {0: '今天', 1: '明天'}.get(days, day(at, zone, lang)) }{hour(at, zone)}前（{named}）"
    when = {0: "today", 1: "tomorrow"}.get(days, f"on {day(at, zone, lang)}")
    return f"by {hour(at, zone)} ({named}) {when}"
