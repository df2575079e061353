"""Finds the public deadlines a text sets (pure): "今天17:00前", "within two hours" become moments to keep."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_SENTENCE = re.compile(r"[^。！？!?\n；;]+")
_SENTENCE_EN = re.compile(r"(?:[^.!?\n;]|\.(?=\S))+")
# A deadline binds us only where we say that we will do something.
_CUE = {
    "zh": re.compile(r"更新|公布|公告|通报|发布|说明|告知|答复|回复|退款|赔付|退还|完成|联系|处理|恢复|公开"),
    "en": re.compile(r"update|publish|post|report|answer|reply|refund|contact|restore|complete|tell|announce", re.I),
}
_CLOCK_ZH = re.compile(
    r"(?:(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日|(?P<word>今[天日晚]|明[天日晚]|后天))?\s*"
    r"(?P<part>凌晨|早上|上午|中午|下午|晚上|晚)?\s*"
    r"(?:(?P<hour>\d{1,2})[:：](?P<minute>\d{2})|(?P<hour2>\d{1,2})[时点](?:(?P<minute2>\d{1,2})分?|(?P<half>半))?)"
    r"\s*(?:[（(][^）)]{0,12}[）)])?\s*(?:之前|以前|前)"
)
_SPAN_ZH = re.compile(r"(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3})\s*个?(?P<unit>分钟|小时|天|日)(?:之|以)?内")
_CLOCK_EN = re.compile(
    r"\bby\s+(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?\s*(?:\([^)]{0,20}\))?"
    r"(?:\s*(?P<word>today|tomorrow)|\s*on\s+(?P<day>\d{1,2})\s+(?P<month>[A-Z][a-z]+)(?:\s+(?P<year>\d{4}))?)",
    re.I,
)
_SPAN_EN = re.compile(r"\bwithin\s+(?P<number>\d{1,3}|[a-z-]+)\s+(?P<unit>minutes?|hours?|days?)", re.I)
_HAN_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_EN_NUMBER = {
    word: value
    for value, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())  # noqa: SIM905
} | {"twenty-four": 24, "forty-eight": 48, "an": 1, "a": 1}
_UNIT = {
    **dict.fromkeys(("分钟", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("小时", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("天", "日", "day", "days"), timedelta(days=1)),
}
_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_AFTERNOON = ("下午", "晚上", "晚", "中午")
LONGEST = 120


def promises_in(body: str, lang: str, *, now: datetime, zone: ZoneInfo) -> list[tuple[str, datetime]]:
    """(sentence, aware UTC deadline) of every future deadline, once per moment; `now` is when the text is said."""
    found: dict[datetime, str] = {}
    sentences = _SENTENCE if lang == "zh" else _SENTENCE_EN
    for sentence in sentences.finditer(body):
        text = sentence[0].strip()
        if not _CUE["zh" if lang == "zh" else "en"].search(text):
            continue
        moments = _zh(text, now, zone) if lang == "zh" else _en(text, now, zone)
        for moment in moments:
            if moment > now:
                found.setdefault(moment.astimezone(UTC), text[:LONGEST])
    return [(text, moment) for moment, text in sorted(found.items())]


def _zh(text: str, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    local = now.astimezone(zone)
    for hit in _CLOCK_ZH.finditer(text):
        hour = int(hit["hour"] or hit["hour2"])
        minute = int(hit["minute"] or hit["minute2"] or (30 if hit["half"] else 0))
        if (hit["part"] in _AFTERNOON or (hit["word"] or "").endswith("晚")) and hour < 12:
            hour += 12
        days = {"今": 0, "明": 1, "后": 2}.get((hit["word"] or "今")[0], 0)
        day = _day(hit["year"], hit["month"], hit["day"], local) if hit["month"] else local.date() + timedelta(days)
        yield from _moment(day, hour, minute, zone)
    for hit in _SPAN_ZH.finditer(text):
        yield from _after(now, _han(hit["number"]), hit["unit"])


def _en(text: str, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    local = now.astimezone(zone)
    for hit in _CLOCK_EN.finditer(text):
        hour = int(hit["hour"])
        if hit["half"] and hit["half"].lower().startswith("p") and hour < 12:
            hour += 12
        day: date | None = local.date() + timedelta(days=(hit["word"] or "").lower() == "tomorrow")
        if hit["month"]:
            name = hit["month"].lower()
            month = _MONTHS.index(name) + 1 if name in _MONTHS else 0
            day = _day(hit["year"], str(month), hit["day"], local)
        yield from _moment(day, hour, int(hit["minute"] or 0), zone)
    for hit in _SPAN_EN.finditer(text):
        number = hit["number"].lower()
        yield from _after(now, int(number) if number.isdecimal() else _EN_NUMBER.get(number, 0), hit["unit"].lower())


def _day(year: str | None, month: str, day: str, local: datetime) -> date | None:
    try:
        return date(int(year or local.year), int(month), int(day))
    except ValueError:
        return None


def _moment(day: date | None, hour: int, minute: int, zone: ZoneInfo) -> Iterator[datetime]:
    if day is None or not (0 <= hour <= 24 and 0 <= minute < 60):
        return
    try:
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        yield (midnight + timedelta(hours=hour, minutes=minute)).astimezone(UTC)
    except (OverflowError, ValueError):
        return


def _after(now: datetime, number: int, unit: str) -> Iterator[datetime]:
    if number > 0:
        yield now + number * _UNIT[unit]


def _han(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return 10 * _HAN_DIGIT.get(tens or "一", 1) + _HAN_DIGIT.get(ones, 0)
    return _HAN_DIGIT.get(text, 0)
