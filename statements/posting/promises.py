"""Finds what a text promises (pure): "今天17:00前", "within two hours" and remedies become moments to keep."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from statements.rules.figures import amount, clock

_SENTENCE = re.compile(r"[^。！？!?\n；;]+")
# The dot of "5 p.m. today" or "No. 2" ends no sentence.
_SENTENCE_EN = re.compile(r"(?:[^.!?\n;]|(?<=\b[ap]\.m)\.|(?<=\b[ap])\.(?=m\b)|(?<=\bNo)\.|\.(?=\S))+", re.IGNORECASE)
# A deadline binds us only where we say that we will do something.
_CUE = {
    "zh": re.compile(r"更新|公布|公告|通报|发布|说明|告知|答复|回复|退款|赔付|退还|完成|联系|处理|恢复|公开"),
    "en": re.compile(r"update|publish|post|report|answer|reply|refund|contact|restore|complete|tell|announce", re.I),
}
_CLOCK_ZH = re.compile(
    r"(?:(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]|(?P<word>今[天日晚早]|明[天日晚早]|后天))?\s{0,3}"
    r"(?P<part>凌晨|早上|上午|中午|下午|晚上|晚)?\s{0,3}"
    r"(?:(?P<hour>\d{1,2})[:：](?P<minute>\d{2})|(?P<hour2>\d{1,2})[时点](?:(?P<minute2>\d{1,2})分?|(?P<half>半))?)"
    r"\s{0,3}(?:[（(][^）)\n]{0,12}[）)])?\s{0,3}(?:之前|以前|前)"
)
_SPAN_ZH = re.compile(
    r"(?P<number>\d{1,3}|[一二两三四五六七八九十百]{1,4})\s{0,3}个?(?P<unit>分钟|小时|天|日)(?:之|以)?内"
)
_CLOCK_EN = re.compile(
    r"(?:\b(?P<early>today|tomorrow)\s{1,3})?\b(?:by|before|no later than)\s{1,3}"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s{0,3}(?:(?P<half>[ap])\.?m\b\.?)?\s{0,3}(?:\([^)\n]{0,20}\))?"
    r"(?:\s{0,3}(?P<word>today|tomorrow)\b|\s{0,3}on\s{1,3}(?P<day>\d{1,2})\s{1,3}(?P<month>[A-Z]{3,9})\b(?:\s{1,3}(?P<year>\d{4}))?"
    r"|\s{0,3}on\s{1,3}(?P<month2>[A-Z]{3,9})\s{1,3}(?P<day2>\d{1,2})\b(?:,?\s{1,3}(?P<year2>\d{4}))?)?",
    re.IGNORECASE,
)
_SPAN_EN = re.compile(r"\bwithin\s{1,3}(?P<number>\d{1,3}|[a-z-]{1,12})\s{1,3}(?P<unit>minute|hour|day)s?\b", re.I)
_UNIT = {
    **dict.fromkeys(("分钟", "minute"), timedelta(minutes=1)),
    **dict.fromkeys(("小时", "hour"), timedelta(hours=1)),
    **dict.fromkeys(("天", "日", "day"), timedelta(days=1)),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Named without its year and longer ago than this, a day is next year's.
_LONG_AGO = timedelta(days=180)
LONGEST = 120
# What a text itself keeps, when it is the next one.
_TOLD = {
    "zh": re.compile(r"更新|公布|公告|通报|发布|说明|告知|公开"),
    "en": re.compile(r"update|publish|post|report|tell|announce", re.I),
}
_REMEDY = {
    "zh": re.compile(r"[赔补]偿|[赔补]付|退款|退货|退还|换货|召回|慰问金|垫付|先行支付|代金券|减免|治疗费|医疗费"),
    "en": re.compile(
        r"\b(?:compensat\w+|refund\w*|reimburs\w+|replace\w*|recall\w*|medical (?:costs?|bills?)|vouchers?)\b",
        re.I,
    ),
}
# A remedy that was given is no promise, one that is refused or only checked neither.
_GIVEN = {
    "zh": re.compile(
        r"(?:已经?|均已)[^，,]{0,12}(?:退款|退还|赔付|赔偿|补偿|垫付|召回|换货|支付)|(?:不予|无法|正在核实|尚未)"
    ),
    "en": re.compile(
        r"\b(?:have|has|had|was|were)\b[^,.;]{0,30}(?:refunded|paid|compensated|recalled|replaced)|\bno refund", re.I
    ),
}


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise of a text: its sentence, until when (aware UTC) and its kind: update, deed or remedy.

    `timed` False: the text names no time, `due_at` is when somebody looks whether it was done.
    """

    what: str
    due_at: datetime
    kind: str
    timed: bool = True


def commitments_in(
    body: str, lang: str, *, now: datetime, zone: ZoneInfo, remedy_due: timedelta
) -> tuple[Commitment, ...]:
    """Every time, deadline and remedy of a text said at `now`; a remedy without a time is due after `remedy_due`."""
    timed = promises_in(body, lang, now=now, zone=zone)
    found = [Commitment(text, due, kind_of(text, lang)) for text, due in timed]
    said = {text for text, _ in timed}
    for sentence in (_SENTENCE if lang == "zh" else _SENTENCE_EN).finditer(body):
        text = sentence[0].strip()[:LONGEST]
        if text not in said and _REMEDY[lang].search(text) and not _GIVEN[lang].search(text):
            said.add(text)
            found.append(Commitment(text, now + remedy_due, "remedy", timed=False))
    return tuple(found)


def kind_of(sentence: str, lang: str) -> str:
    """remedy when money or care is meant, update when the next text keeps it, else deed."""
    if _REMEDY[lang].search(sentence):
        return "remedy"
    return "update" if _TOLD[lang].search(sentence) else "deed"


def promises_in(body: str, lang: str, *, now: datetime, zone: ZoneInfo) -> list[tuple[str, datetime]]:
    """(sentence, aware UTC deadline) of every future deadline, once per moment; `now` is when the text is said."""
    return [(text, due) for text, due in deadlines_in(body, lang, now=now, zone=zone) if due > now]


def deadlines_in(body: str, lang: str, *, now: datetime, zone: ZoneInfo) -> list[tuple[str, datetime]]:
    """Like `promises_in`, those already past as well, earliest first."""
    found: dict[datetime, str] = {}
    zh = lang == "zh"
    for sentence in (_SENTENCE if zh else _SENTENCE_EN).finditer(body):
        text = sentence[0].strip()
        if not _CUE["zh" if zh else "en"].search(text):
            continue
        for moment in _zh(text, now, zone) if zh else _en(text, now, zone):
            found.setdefault(moment.astimezone(UTC), text[:LONGEST])
    return [(text, moment) for moment, text in sorted(found.items())]


def _zh(text: str, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    local = now.astimezone(zone)
    for hit in _CLOCK_ZH.finditer(text):
        word = hit["word"] or "今"
        part = hit["part"] or {"晚": "晚", "早": "早上"}.get(word[-1], "")
        hour, minute = clock(int(hit["hour"] or hit["hour2"]), _minute(hit), part)
        ahead = {"今": 0, "明": 1, "后": 2}[word[0]]
        day = _day(hit["year"], int(hit["month"]), hit["day"], local) if hit["month"] else _ahead(local, ahead)
        yield from _moment(day, hour, minute, zone)
    for hit in _SPAN_ZH.finditer(text):
        yield from _after(now, amount(hit["number"]), hit["unit"])


def _minute(hit: re.Match[str]) -> int:
    return int(hit["minute"] or hit["minute2"] or (30 if hit["half"] else 0))


def _en(text: str, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    local = now.astimezone(zone)
    for hit in _CLOCK_EN.finditer(text):
        named = hit["early"] or hit["word"] or hit["month"] or hit["month2"]
        if not (named or hit["minute"] or hit["half"]):
            continue  # "by 3 customers"
        hour, minute = clock(int(hit["hour"]), int(hit["minute"] or 0), (hit["half"] or "").lower())
        month = (hit["month"] or hit["month2"] or "")[:3].lower()
        tomorrow = (hit["early"] or hit["word"] or "").lower() == "tomorrow"
        day = _ahead(local, int(tomorrow))
        if month:
            number = _MONTHS.index(month) + 1 if month in _MONTHS else 0
            day = _day(hit["year"] or hit["year2"], number, hit["day"] or hit["day2"], local)
        yield from _moment(day, hour, minute, zone)
    for hit in _SPAN_EN.finditer(text):
        yield from _after(now, amount(hit["number"]), hit["unit"].lower())


def _ahead(local: datetime, days: int) -> date | None:
    try:
        return local.date() + timedelta(days=days)
    except OverflowError:
        return None


def _day(year: str | None, month: int, day: str, local: datetime) -> date | None:
    try:
        found = date(int(year or local.year), month, int(day))
        if not year and local.date() - found > _LONG_AGO:
            found = date(local.year + 1, month, int(day))
    except ValueError:
        return None
    return found


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
        try:
            yield now + number * _UNIT[unit]
        except OverflowError:
            return
