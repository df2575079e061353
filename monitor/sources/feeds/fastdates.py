"""Reads the two forms of a date that machines write, which is nearly every date of a feed, without trying all rules."""

import re
from datetime import UTC, datetime
from typing import Final

from monitor.sources.clocktimes import MONTHS

_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_OFFSET: Final = r"[+-][01]\d:?[0-5]\d"
# Sun, 22 Nov 2026 10:05:00 +0800
_MAIL: Final = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d?) ([A-Z][a-z][a-z]) ([12]\d{{3}}) ({_CLOCK}) (GMT|{_OFFSET})", re.ASCII
)
# 2026-11-22T10:05:00.123+08:00
_ISO: Final = re.compile(rf"([12]\d{{3}}-\d\d-\d\d)[T ]({_CLOCK})(?:(\.\d{{1,6}})\d{{0,3}})?(Z|{_OFFSET})", re.ASCII)
_MONTHS: Final = {name.title(): f"{number:02d}" for name, number in MONTHS.items()}


def machine_moment(raw: str) -> datetime | None:
    """The moment as aware UTC; None when `raw` is not exactly in one of the two forms or names no moment."""
    match = _MAIL.fullmatch(raw)
    if match is not None:
        day, month, year, clock, offset = match.groups()
        date, fraction = f"{year}-{_MONTHS.get(month)}-{day:0>2}", ""
    else:
        match = _ISO.fullmatch(raw)
        if match is None:
            return None
        date, clock, fraction, offset = match.groups("")
    zone = "+00:00" if offset in ("GMT", "Z", "+0000") else offset
    try:
        when = datetime.fromisoformat(f"{date}T{clock}{fraction}{zone}")
        return when if zone == "+00:00" else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
