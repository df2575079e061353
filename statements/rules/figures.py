"""Finds the figures of a text (pure): times, dates, money, shares and quantities, in a form two texts can share."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

GRAVE = ("people", "places", "things", "money", "share")
# Every repetition is bounded and begins nowhere inside its own run: a text of 20,000 digits costs no more than words.
_NUM = r"(?<!\d)\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,6})?"
# Bare 一 is an article ("一位顾客", "下一次"); after 第, 周 and the like the character is no quantity.
_HAN = (
    r"(?<![第周期拜零一二两三四五六七八九十百千])(?:[二两三四五六七八九十][零一二三四五六七八九十百千]{0,12}"
    r"|一[百千十][零一二三四五六七八九十百千]{0,12}|[数几上][十百千万]{1,3})"
)
_SCALE = r"\s?(?:[十百千]?万|亿|百|千)?"
_MORE = r"\s?[余多几]?\s?"
_WORDS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_WORD = "|".join((*sorted(_WORDS, key=len, reverse=True), *_TENS, "dozens", "hundreds", "thousands", "a dozen"))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b"
)
_NOUNS = {
    "people": r"people|persons?|customers?|children|kids|patients?|employees?|staff|workers?|users?|members?|students?"
    r"|consumers?|women|men|families|complainants?|accounts?",
    "places": r"stores?|shops?|restaurants?|outlets?|branches|cities|regions?|provinces?|countries|factories|sites?",
    "things": r"products?|batch(?:es)?|items?|cups?|bottles?|boxes|units?|devices?|orders?|cases?|records?|complaints?"
    r"|reports?|samples?|videos?|drinks?|meals?|packs?|vehicles?|tons?|tonnes|kg",
}
_MEASURES = {
    "people": "名|位|人|例|户",
    "places": r"家|间|座|所|个?(?:门店|城市|地区|省|市(?!场)|区|县|国家)",
    "things": "个?批|件|瓶|杯|箱|袋|盒|款|台|部|辆|份|起|宗|条|张|套|桶|吨|公斤|千克|克|毫升|升|单|笔|万?封|个",
}
_PATTERN = re.compile(
    "|".join(
        (
            # What looks like a figure and says nothing: addresses, links, letters with digits, offsets from UTC.
            r"(?P<skip>(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,200}"
            r"|https?://[!-~]{1,300}|UTC[+-]\d{1,2}(?::\d\d)?"
            r"|(?<![A-Za-z])(?!RMB|CNY|USD|EUR)[A-Za-z]{1,3}\d{1,3}(?![\d:.]))",
            r"(?P<phone>\+?\d{2,4}[- ]\d{3,4}[- ]\d{3,4}(?:[- ]\d{3,4})?(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d))",
            r"(?:(?P<zy>\d{4})年)?(?P<zm>\d{1,2})月(?P<zd>\d{1,2})[日号]",
            r"(?P<iy>\d{4})[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})(?!\d)",
            rf"(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<em>{_MONTH})(?:,? (?P<ey>\d{{4}}))?",
            rf"(?P<fm>{_MONTH}) (?P<fd>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:\d)(?:,? (?P<fy>\d{{4}})(?!\d))?",
            r"(?P<part>凌晨|早上|上午|中午|下午|晚上|晚)?(?P<hour>\d{1,2})(?:[:：](?P<minute>\d{2})(?!\d)"
            r"|[点时](?:(?P<minute2>\d{1,2})分?|(?P<half>半))?)"
            r"(?:\s{0,3}(?P<ampm>[ap])\.?m\b)?",
            r"(?P<hour3>\d{1,2})\s{0,3}(?P<ampm3>[ap])\.?m\b",
            rf"(?P<share>{_NUM})\s{{0,3}}(?:[%％]|percent|per cent|个百分点)"
            rf"|百分之(?P<share2>{_NUM}|[零一二三四五六七八九十百]{{1,12}})",
            rf"(?P<money>(?:{_NUM}|{_HAN}){_SCALE}){_MORE}(?:元|块钱?|美元|欧元|港元|人民币|yuan|dollars?|euros?|pounds?|RMB)"
            rf"|(?:[¥￥$€£]|RMB|CNY|USD|EUR)\s?(?P<money2>{_NUM}(?:\s(?:thousand|million|billion)|{_SCALE}))",
            rf"(?P<span>{_NUM}|{_HAN})\s?个?(?:半)?(?:分钟|小时|工作日|星期|周|天|个月|年|日(?=之?内|以内))",
            rf"(?P<span2>{_NUM}|\b(?:{_EN_WORD}|twenty-four|forty-eight))"
            r"[ -](?:minutes?|hours?|days?|weeks?|months?|years?)\b",
            *(rf"(?P<{kind}>(?:{_NUM}|{_HAN}){_SCALE}){_MORE}(?:{measure})" for kind, measure in _MEASURES.items()),
            *(
                rf"(?P<{kind}_en>(?:{_NUM}(?: (?:thousand|million))?|\b(?:{_EN_WORD})))(?: of(?: the| our)?)?"
                rf"(?: (?!(?:and|or|of|at|on|in|to)\b)[a-z-]+){{0,2}} (?:{nouns})\b"
                for kind, nouns in _NOUNS.items()
            ),
            rf"(?P<things_any>{_NUM}) (?!(?:and|or|of|at|on|in|to|by|is|was|we)\b)[a-z]{{3,}}",
            r"(?P<plain>\d+)",
        )
    ),
    re.IGNORECASE,
)
_HAN_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_UNIT = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10_000, "亿": 100_000_000, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure at characters start..end. `keys` is what it says, in words another text can share.

    `kind`: time, date, phone, span, plain, or one of GRAVE. "3 customers" and "三位顾客" have the same keys.
    """

    kind: str
    keys: frozenset[tuple[str, str]]
    start: int
    end: int


def figures_in(text: str) -> Iterator[Figure]:
    """Every figure in order of place; never raises on any text."""
    for hit in _PATTERN.finditer(text):
        found = _read(hit)
        if found:
            kind, keys = found
            yield Figure(kind, frozenset(keys), hit.start(), hit.end())


def amount(text: str) -> int:
    """The whole number a short numeral says in Chinese characters, English words or digits; 0 when it says none."""
    said = text.strip().lower()
    if said.isdecimal():
        return int(said)
    if said in _WORDS:
        return _WORDS.index(said) + 2
    tens, _, ones = said.partition("-")
    if tens in _TENS:
        return 10 * (_TENS.index(tens) + 2) + ((_WORDS.index(ones) + 2) if ones in _WORDS else int(ones == "one"))
    return 1 if said in ("a", "an", "one") else _han(said)


def clock(hour: int, minute: int, part: str = "") -> tuple[int, int]:
    """Hour (0..24) and minute as a 24-hour clock shows them; `part` is 凌晨 … 晚上, am or pm."""
    if part in ("凌晨", "早上", "上午", "a", "am"):
        return (0 if hour == 12 else hour), minute
    if part in ("晚上", "晚") and hour == 12:
        return 24, minute
    later = part in ("下午", "晚上", "晚", "p", "pm") or (part == "中午" and hour < 3)
    return (hour + 12 if later and hour < 12 else hour), minute


def _read(hit: re.Match[str]) -> tuple[str, set[tuple[str, str]]] | None:
    name = hit.lastgroup or ""
    kind = re.sub(r"\d|_en|_any", "", name)
    if kind in (*GRAVE, "span", "plain"):
        return kind, {(kind, _value(hit[name]))}
    if name == "skip":
        return None
    if name == "phone":
        return "phone", {("phone", re.sub(r"\D", "", hit[name])[-10:])}
    part = hit.groupdict()
    for day, month, year in (("zd", "zm", "zy"), ("id", "im", "iy"), ("ed", "em", "ey"), ("fd", "fm", "fy")):
        if part[day]:
            return "date", _date(part[year], part[month], part[day])
    minute = part["minute"] or part["minute2"] or ("30" if part["half"] else "0")
    named = (part["ampm"] or part["ampm3"] or part["part"] or "").lower()
    hour, minutes = clock(int(part["hour"] or part["hour3"]), int(minute), named)
    return "time", {("time", f"{hour % 24}:{minutes:02d}")}


def _date(year: str | None, month: str, day: str) -> set[tuple[str, str]]:
    number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
    keys = {("date", f"{number}-{int(day)}")}
    return keys | {("year", str(int(year)))} if year else keys


def _value(said: str) -> str:
    """A number in one spelling: 1,000 and 1000, 1.2万 and 12000, 三 and three are the same."""
    bare, scale = said.strip().lower().replace(",", ""), Decimal(1)
    for word, factor in _SCALES.items():
        if bare.endswith(word):
            bare, scale = bare.removesuffix(word).strip(), scale * factor
            break
    try:
        value = Decimal(bare)
    except InvalidOperation:
        value = _mixed(bare)
    return f"{(value * scale).normalize():f}" if value else (bare if bare.strip("0.") else "0")


def _mixed(bare: str) -> Decimal:
    """Digits before a Chinese scale (3百, 20十) or a numeral in words."""
    hit = re.fullmatch(r"(\d+(?:\.\d+)?)\s?([十百千])", bare)
    return Decimal(hit[1]) * _HAN_UNIT[hit[2]] if hit else Decimal(amount(bare))


def _han(said: str) -> int:
    total, digit = 0, 0
    for char in said:
        if char in _HAN_DIGIT:
            digit = _HAN_DIGIT[char]
        elif char in _HAN_UNIT:
            total, digit = total + (digit or 1) * _HAN_UNIT[char], 0
        else:
            return 0
    return total + digit
