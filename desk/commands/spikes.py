"""`spikes`: which rows of a CSV of 5-minute counts would have been told to somebody, and why."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from typing import TextIO

from msgspec import structs

from config.errors import InputError
from config.watch import Thresholds
from desk.commands import add_settings, say, settings_of
from monitor.saying import sentence
from monitor.series import LATE, NO_DATA, Detector, Reading, Row
from monitor.signals import PAGE

NEEDED = ("timestamp", "value")
MORE = ("neg", "authors", "dups", "max_followers", "planned", "polled")
LEVELS = {"zh": ("", "通知", "呼叫"), "en": ("", "notice", "page")}


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument(
        "--plain",
        action="store_true",
        help="one line per row: score, and with the columns of moods the level (0, 1 notice, 2 page)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per page or notice")
    parser.add_argument("--lang", choices=sorted(LEVELS), default="zh", help="language of the sentences (default zh)")


def run(args: argparse.Namespace) -> int:
    """Reads standard input: columns timestamp,value and any of neg,authors,dups,max_followers,planned,polled.

    --plain always ends with 0; else 1 when somebody would have been called.
    """
    limits = settings_of(args).watch.thresholds if args.config else Thresholds()
    table = _Table(sys.stdin)
    if args.plain:
        _plain(table, limits)
        paged = False
    else:
        paged = _told(table, limits, args)
    for line in table.faults():
        sys.stderr.write(f"goldenhour: {line}\n")
    return int(paged)


def _plain(table: "_Table", limits: Thresholds) -> None:
    form = "{0.score:.6f} {0.told}\n" if table.more else "{0.score:.6f}\n"
    sys.stdout.writelines(form.format(reading) for reading in table.readings(limits))
    sys.stdout.flush()


def _told(table: "_Table", limits: Thresholds, args: argparse.Namespace) -> bool:
    paged = False
    for reading in table.readings(limits):
        if reading.told:
            paged = paged or reading.told == PAGE
            say(_json(reading, args.lang) if args.json else _line(reading, args.lang))
    return paged


def _line(reading: Reading, lang: str) -> str:
    return f"{reading.at:%Y-%m-%d %H:%M}  {LEVELS[lang][reading.told]}  {sentence(reading, lang)}"


def _json(reading: Reading, lang: str) -> str:
    evidence = [asdict(one) for one in reading.evidence]
    row = structs.asdict(reading) | {"at": reading.at.isoformat(), "evidence": evidence, "why": sentence(reading, lang)}
    return json.dumps(row, ensure_ascii=False)


class _Table:
    """The rows of a CSV; times without a zone stand for the hours people live by."""

    def __init__(self, lines: TextIO) -> None:
        self._rows: Iterator[list[str]] = csv.reader(_whole(lines))
        head = [name.strip().lower() for name in next(self._rows, [])]
        missing = [name for name in NEEDED if name not in head]
        if missing:
            allowed = f"a first line with {','.join(NEEDED)}[,{','.join(MORE)}] is needed"
            raise InputError(f"spikes: line 1: no column {' and '.join(map(repr, missing))}; {allowed}")
        self._at, self._value = (head.index(name) for name in NEEDED)
        self.more = {name: head.index(name) for name in MORE if name in head}
        self._width = len(head)
        # fault -> (first line, how many)
        self._faults: dict[str, tuple[int, int]] = {}

    def readings(self, limits: Thresholds) -> Iterator[Reading]:
        """One per row, in order."""
        detector: Detector | None = None
        for number, cells in enumerate(self._rows, 2):
            if not cells:
                continue
            row = self._row(cells, number)
            if detector is None:
                detector = Detector(limits, _zone(row.at))
            reading = detector.update(row)
            if reading.fault == LATE or (reading.fault == NO_DATA and not 0 <= row.value < float("inf")):
                first, count = self._faults.get(reading.fault, (number, 0))
                self._faults[reading.fault] = (first, count + 1)
            yield reading

    def faults(self) -> Iterator[str]:
        """What was passed over, in one line for each kind."""
        said = {
            NO_DATA: "without a usable number, taken as not polled",
            LATE: "not later than the row before, passed over",
        }
        for kind, (first, count) in self._faults.items():
            yield f"spikes: {count} row{'s' if count > 1 else ''} {said[kind]} (the first in line {first})"

    def _row(self, cells: list[str], number: int) -> Row:
        if len(cells) < self._width:
            raise InputError(f"spikes: line {number}: {len(cells)} cells, the first line names {self._width}")
        at = _time(cells[self._at], number)
        value = _number(cells[self._value], number, "value")
        if not self.more:
            return Row(at, float("nan") if value is None else value)
        found = {name: _number(cells[place], number, name) for name, place in self.more.items()}
        polled, planned = found.pop("polled", 1), found.pop("planned", 0)
        return Row(at, float("nan") if value is None else value, planned=planned or 0, polled=polled != 0, **found)


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Without a byte order mark and without what csv refuses."""
    try:
        for line in lines:
            yield line.lstrip("\ufeff").replace("\x00", "")
    except UnicodeDecodeError as error:
        raise InputError("spikes: the input is not UTF-8 text") from error


def _time(cell: str, number: int) -> datetime:
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        at = _lenient(cell.strip(), number)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _lenient(cell: str, number: int) -> datetime:
    """A fraction of a second of any length is left out."""
    try:
        return datetime.fromisoformat(cell.partition(".")[0])
    except ValueError as error:
        raise InputError(f"spikes: line {number}: {cell[:40]!r} is no time such as 2026-03-12 14:05:00") from error


def _number(cell: str, number: int, name: str) -> float | None:
    """None for an empty cell."""
    try:
        return float(cell) if cell.strip() else None
    except ValueError as error:
        raise InputError(f"spikes: line {number}: {name}: {cell[:40]!r} is no number") from error


def _zone(at: datetime) -> tzinfo:
    return at.tzinfo or UTC
