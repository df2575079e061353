"""`when`: what moment a date of a feed or file names, one JSON object per line in, one per line out."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.clock import utc_now
from config.errors import InputError
from desk.commands import say
from monitor.sources.dates import clamp, parse_when

ZONE = "Asia/Shanghai"


def add(parser: argparse.ArgumentParser) -> None:
    parser.epilog = 'reads {"raw": "昨天 10:05", "tz": "Asia/Shanghai", "now": "2026-11-22T12:00:00+08:00"} from stdin'


def run(args: argparse.Namespace) -> int:
    """`{"utc": "…Z"}` per line, null for what names no credible moment; exit 2 when a line could not be read."""
    faults = 0
    for number, line in _lines():
        try:
            moment = _moment(line)
        except InputError as error:
            faults += 1
            say(json.dumps({"utc": None, "error": str(error)}, ensure_ascii=False))
            sys.stderr.write(f"line {number}: {error}\n")
            continue
        say(json.dumps({"utc": f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None}))
    return 2 if faults else 0


def _lines() -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(sys.stdin.buffer, 1):
        line = raw.decode("utf-8", "replace").strip("\ufeff \t\r\n")
        if line:
            yield number, line


def _moment(line: str) -> datetime | None:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError("is not JSON; a line is {raw, tz, now}") from None
    if not isinstance(asked, dict) or not isinstance(asked.get("raw"), str | int | float):
        raise InputError("`raw` is missing; a line is {raw, tz, now}")
    now = _now(asked.get("now"))
    return clamp(parse_when(str(asked["raw"]), now=now, zone=_zone(asked.get("tz"))), now)


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name or ZONE))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"`tz` {str(name)[:40]!r} is no zone; allowed are names such as {ZONE}") from None


def _now(said: object) -> datetime:
    if said is None:
        return utc_now()
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        raise InputError(f"`now` {str(said)[:40]!r} is no moment; allowed is ISO 8601 with an offset") from None
    if moment.tzinfo is None:
        raise InputError("`now` has no offset; write it like 2026-11-22T12:00:00+08:00")
    return moment.astimezone(UTC)
