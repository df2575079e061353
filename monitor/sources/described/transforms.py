"""The transforms of a field map: each takes what the one before it made and returns a value, or None for absent."""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.pipes import Step
from monitor.sources.dates import clamp, parse_when
from monitor.sources.described.paths import Item, filled, is_absent, text_of
from monitor.sources.plain import plain, web_url
from monitor.sources.weibo.ids import permalink

_EM: Final = re.compile(r"</?em\b[^<>]*>", re.IGNORECASE)
_COUNT: Final = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*([万萬亿億千百kKwWmM]?)\s*\+?[^\d.]*")
_UNITS: Final = {"百": 100, "千": 1_000, "k": 1_000, "万": 10_000, "萬": 10_000, "w": 10_000, "m": 1_000_000,
                 "亿": 100_000_000, "億": 100_000_000}  # fmt: skip
_COMMA: Final = re.compile(r"(?<=\d)[,，_ ](?=\d{3}(?!\d))")
LARGEST: Final = 10**15
_AT_URI: Final = re.compile(r"at://(did:[a-z0-9:._%-]+)/app\.bsky\.feed\.post/([A-Za-z0-9._~:-]+)")
_MILLIS: Final = 100_000_000_000


@dataclass(frozen=True, slots=True)
class Where:
    """What a transform may need beside its value: the item it comes from, and the source's zone and time."""

    item: Item
    zone: ZoneInfo
    now: datetime


Transform = Callable[[Any, str, Where], Any]


def through(value: Any, steps: tuple[Step, ...], where: Where) -> Any:
    """`value` after all its transforms; absent values (None, "") stay absent."""
    for step in steps:
        if is_absent(value):
            return None
        value = TRANSFORMED[step.name](value, step.argument, where)
    return None if is_absent(value) else value


def cn_int(value: Any) -> int | None:
    """A count as people write it: 1.2万, 10万+, 2,031, 1亿, 999+, 3.4k; None for "-", "" and what is no count."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return whole(value)
    text = _COMMA.sub("", unicodedata.normalize("NFKC", text_of(value)).strip())
    found = _COUNT.fullmatch(text)
    if found is None:
        return None
    return whole(str(Decimal(found[1]) * _UNITS.get(found[2].lower(), 1)))


def whole(value: Any) -> int | None:
    """A number without its fraction; None for what is no number, or one too large to be a count."""
    try:
        number = int(Decimal(text_of(value).strip().replace(",", "")))
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return number if abs(number) < LARGEST else None


def when_of(value: Any, where: Where) -> datetime | None:
    """The credible moment a value names, as aware UTC; numbers are seconds or milliseconds since 1970."""
    if isinstance(value, datetime):
        return clamp(value, where.now)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch(value, "", where)
    return clamp(parse_when(text_of(value), now=where.now, zone=where.zone), where.now)


def _date(value: Any, _: str, where: Where) -> datetime | None:
    return when_of(value, where)


def _epoch(value: Any, _: str, where: Where) -> datetime | None:
    """Seconds since 1970; what is far too many for that is read as milliseconds."""
    try:
        number = Decimal(text_of(value).strip())
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    seconds = number / 1000 if number >= _MILLIS else number
    return clamp(parse_when(f"{seconds:.6f}", now=where.now, zone=where.zone), where.now)


def _html_text(value: Any, _: str, where: Where) -> str:
    return plain(text_of(value))


def _strip_em(value: Any, _: str, where: Where) -> str:
    return html.unescape(_EM.sub("", text_of(value)))


def _unescape(value: Any, _: str, where: Where) -> str:
    return html.unescape(text_of(value))


def _urljoin(value: Any, base: str, where: Where) -> str:
    return web_url(text_of(value), base)


def _template(value: Any, template: str, where: Where) -> str | None:
    return filled(template, lambda path: value if path == "@" else where.item.find(path))


def _weibo_url(value: Any, _: str, where: Where) -> str:
    """The permalink of a status object, which the API itself never gives."""
    found = value if isinstance(value, dict) else {}
    user = found.get("user")
    uid = text_of(user.get("idstr") or user.get("id")) if isinstance(user, dict) else ""
    return permalink(uid, text_of(found.get("idstr") or found.get("mid") or found.get("id")))


def _at_uri_url(value: Any, _: str, where: Where) -> str:
    found = _AT_URI.fullmatch(text_of(value))
    return f"https://bsky.app/profile/{found[1]}/post/{found[2]}" if found else ""


# One for every name in config.pipes.TRANSFORMS. All dates go through our own parser; the names say what is expected.
TRANSFORMED: Final[dict[str, Transform]] = {
    "html_text": _html_text, "strip_em": _strip_em, "unescape": _unescape,
    "str": lambda value, _, where: text_of(value), "int": lambda value, _, where: whole(value),
    "cn_int": lambda value, _, where: cn_int(value),
    "epoch_s": _epoch, "epoch_ms": _epoch, "rfc2822": _date, "iso": _date, "weibo_date": _date, "gdelt_date": _date,
    "cn_date": _date, "urljoin": _urljoin, "template": _template, "weibo_url": _weibo_url, "at_uri_url": _at_uri_url,
}  # fmt: skip
