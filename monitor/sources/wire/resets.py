"""When a source that said "too much" may be asked again: the spellings of a reset, as one moment (pure)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

SHORTEST: Final = timedelta(seconds=1)
LONGEST: Final = timedelta(hours=6)
# A number above this is a moment in Unix seconds, below it seconds that remain.
_EPOCH: Final = 1_000_000_000
_HEADERS: Final = ("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset")


def parse_reset(value: str, now: datetime, window: timedelta = timedelta(minutes=1)) -> datetime | None:
    """The moment `value` names: ISO 8601, Unix seconds, seconds that remain or an HTTP date; None when it names none.

    At least 1 s and at most 6 h from `now`; a moment that is past means one whole `window` from now.
    """
    at = _moment(value.strip(), now)
    if at is None:
        return None
    if at <= now:
        at = now + window
    return min(max(at, now + SHORTEST), now + LONGEST)


def reset_of(headers: Mapping[str, str], now: datetime, window: timedelta = timedelta(minutes=1)) -> datetime | None:
    """The latest moment the headers (lower-case names) name; None when they name none."""
    named = [parse_reset(headers[name], now, window) for name in ("retry-after", *_HEADERS) if name in headers]
    return max((one for one in named if one is not None), default=None)


def _moment(text: str, now: datetime) -> datetime | None:
    try:
        number = float(text)
    except ValueError:
        return _written(text)
    try:
        return datetime.fromtimestamp(number, UTC) if number > _EPOCH else now + timedelta(seconds=number)
    except (ValueError, OverflowError, OSError):
        return None


def _written(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None
