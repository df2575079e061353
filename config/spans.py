"""How people write lengths of time in the settings: "90s", "5m", "1h", "7d"."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_FORM = re.compile(r"(\d+)\s*([smhd])")


def parse_span(value: object) -> timedelta:
    """Read "90s", "5m", "1h" or "7d"; ValueError says what is allowed."""
    if isinstance(value, timedelta):
        return value
    found = _FORM.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError('a length of time such as "90s", "5m", "1h" or "7d"')
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def write_span(value: timedelta) -> str:
    """The shortest of the four forms that says `value` exactly."""
    seconds = int(value.total_seconds())
    for unit, size in reversed(_UNITS.items()):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


Span = Annotated[timedelta, BeforeValidator(parse_span), PlainSerializer(write_span)]
