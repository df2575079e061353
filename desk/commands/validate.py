"""`validate`: can a query be read, and how was it read; with --estimate what it would have brought in."""

import argparse
import json
import sys
import unicodedata
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from config.clock import utc_now
from config.errors import InputError
from desk.commands import add_settings, say, settings_of
from monitor.matching import Query
from monitor.query.estimate import Estimate, Sample, estimate
from monitor.query.given import query_written
from monitor.query.validate import Verdict, validate
from store import migrations
from store.database import Store

DAYS, MOST_DAYS = 14, 366
SHOWN = 60


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="?", help="expert form or JSON object; standard input when left out")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--estimate", action="store_true", help="count what it would have found among stored mentions")
    parser.add_argument("--days", type=int, default=DAYS, help=f"how many days to count, today included ({DAYS})")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Exit 2 when the query cannot be read."""
    written = sys.stdin.read().strip("\ufeff\r\n") if args.query is None else args.query
    verdict = judged(written)
    counted = _counted(args, query_written(written)) if args.estimate and verdict.ok else None
    if args.json:
        say(json.dumps(_row(verdict, counted), ensure_ascii=False))
        return 0 if verdict.ok else 2
    for line in told(written, verdict):
        say(line)
    for line in _figures(counted) if counted else ():
        say(line)
    return 0 if verdict.ok else 2


def judged(written: str) -> Verdict:
    """The verdict on a query as a person types it."""
    try:
        return validate(query_written(written))
    except InputError as fault:
        return Verdict(False, column=getattr(fault, "column", 0), zh=str(fault), en=str(fault))


def told(written: str, verdict: Verdict) -> list[str]:
    """What a person reads: ok and how it was read, or the query with a mark under the fault."""
    if verdict.ok:
        notes = [f"note: {en}\n注意：{zh}" for zh, en in verdict.notes]
        return [f"ok: {verdict.words} word(s)", f"read as: {verdict.reading}", *notes]
    marked = [] if verdict.place or not verdict.column else marks(written, verdict.column)
    return [*marked, verdict.en, verdict.zh] if verdict.zh != verdict.en else [*marked, verdict.en]


def marks(written: str, column: int) -> list[str]:
    """The part of the query around a column, and a mark under it; Chinese characters are two wide."""
    plain = "".join(char if char.isprintable() else " " for char in written)
    at = column - 1
    start = max(0, at - SHOWN)
    head = "… " if start else ""
    wide = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in head + plain[start:at])
    return [head + plain[start : at + SHOWN], " " * wide + "^"]


def _counted(args: argparse.Namespace, query: Query) -> Estimate:
    if not 1 <= args.days <= MOST_DAYS:
        raise InputError(f"--days: must be 1 to {MOST_DAYS}")
    settings = settings_of(args)
    url = settings.service.store.url
    if url.startswith("sqlite:///") and not (settings.root / url.removeprefix("sqlite:///")).exists():
        raise InputError("--estimate: nothing is stored here yet; let the sources be read first")
    store = Store(url, settings.root)
    try:
        migrations.make_ready(store)
        with store.reading() as tx:
            return estimate(tx, query, args.days, now=utc_now(), zone=ZoneInfo(settings.service.zone))
    finally:
        store.close()


def _figures(found: Estimate) -> list[str]:
    most = max((count for _, count in found.days), default=0) or 1
    lines = [f"{day}  {count:6}  {'#' * round(30 * count / most)}" for day, count in found.days]
    lines.append(f"usual day: {found.usual:g}; {found.total} of {found.looked} stored mentions, {found.muted} muted")
    if found.days and found.complete_since > found.days[0][0]:
        lines.append(f"days before {found.complete_since} are counted in part: too many mentions are stored")
    lines += [f"+ {_sample(one)}" for one in found.hits]
    return lines + [f"- {_sample(one)}" for one in found.misses]


def _sample(one: Sample) -> str:
    said = " ".join(f"{one.mention.title} {one.mention.text}".split())
    return f"{said[:SHOWN]}  ({one.why})"


def _row(verdict: Verdict, found: Estimate | None) -> dict[str, Any]:
    row = asdict(verdict)
    if found is None:
        return row
    counted = {
        "days": [{"day": day.isoformat(), "mentions": count} for day, count in found.days],
        "total": found.total,
        "muted": found.muted,
        "usual": found.usual,
        "looked": found.looked,
        "complete_since": found.complete_since.isoformat(),
        "hits": [{"id": one.mention.id, "why": one.why} for one in found.hits],
        "misses": [{"id": one.mention.id, "why": one.why} for one in found.misses],
    }
    return row | {"estimate": counted}
