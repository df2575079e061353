"""Reads CSV as it really comes: two encodings in one file, three separators, a header that is not the first line."""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from config.errors import InputError
from monitor.imports.aliases import known_names

DELIMITERS: Final = ",\t;"
# One record with more lines, or one cell with more characters, is a quote that was never closed.
LONGEST_RECORD: Final = 500
LONGEST_CELL: Final = 1_000_000
# A title and a date may stand above the header.
HEADER_WITHIN: Final = 10
_BOM: Final = b"\xef\xbb\xbf"
_UNREADABLE: Final = "is neither UTF-8 nor GB18030"


@dataclass(frozen=True, slots=True)
class Record:
    """One row: `line` is where it begins (1 = first), `item` what it holds, `fault` why it cannot be read, else "".

    `raw` are its cells as they came, for whoever has to mend them.
    """

    line: int
    item: object = None
    fault: str = ""
    raw: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str
    charset: str


class Lines:
    """The lines of a file, each decoded for itself; `odd` are (line, charset) of those unlike most before them."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._raw = iter(chunks)
        self._first = ""
        self.odd: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[Line]:
        for number, raw in enumerate(self._raw, 1):
            yield self._decoded(number, raw.removeprefix(_BOM) if number == 1 else raw)

    def _decoded(self, number: int, raw: bytes) -> Line:
        for charset in ("utf-8", "gb18030"):
            try:
                text = raw.decode(charset)
            except UnicodeDecodeError:
                continue
            self._note(number, "" if raw.isascii() else charset)
            return Line(number, _ended(text), charset)
        self._note(number, "?")
        return Line(number, _ended(raw.decode("gb18030", "replace")), "")

    def _note(self, number: int, charset: str) -> None:
        """The first line that is not plain ASCII sets the file's charset; others that differ are told."""
        self._first = self._first or charset
        if charset and charset != self._first:
            self.odd.append((number, charset))


def _ended(text: str) -> str:
    """One line with one end: the csv module takes a lone carriage return for a fault of ours."""
    return text.replace("\x00", "").rstrip("\r\n").replace("\r", " ") + "\n"


def rows_of(lines: Iterable[Line], delimiter: str) -> Iterator[Record]:
    """The records, `raw` filled only; a quote that is never closed costs its own line, not the rest of the file."""
    csv.field_size_limit(LONGEST_CELL)
    source, waiting = iter(lines), deque[Line]()
    while True:
        taken: list[Line] = []
        row = _next_row(source, waiting, taken, delimiter)
        if not taken:
            return
        first = taken[0]
        if row is None:
            waiting.extendleft(reversed(taken[1:]))
            yield Record(first.number, fault="has a quote that is never closed", raw=(first.text.rstrip("\r\n"),))
        elif any(not line.charset for line in taken):
            yield Record(first.number, fault=_UNREADABLE, raw=tuple(row))
        elif any(cell.strip() for cell in row):
            yield Record(first.number, raw=tuple(row))


def _next_row(source: Iterator[Line], waiting: deque[Line], taken: list[Line], delimiter: str) -> Sequence[str] | None:
    """One row of cells; None when it never ends. `taken` becomes the lines it used."""

    def feed() -> Iterator[str]:
        while len(taken) < LONGEST_RECORD:
            line = waiting.popleft() if waiting else next(source, None)
            if line is None:
                return
            taken.append(line)
            yield line.text

    try:
        return next(csv.reader(feed(), delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        if "unexpected end of data" in str(error) or "field larger" in str(error):
            return None
    # Quotes inside a cell that is not quoted: read as they stand.
    try:
        return next(csv.reader(iter([line.text for line in taken]), delimiter=delimiter), [])
    except csv.Error:
        return None


def delimiter_of(head: Sequence[str], said: tuple[tuple[str, str], ...] = ()) -> str:
    """Which of the separators makes the most sense of the first lines."""
    if head and head[0].startswith("sep=") and head[0][4:5] in DELIMITERS:
        return head[0][4]
    scored = [(_sense(head, one, said), one) for one in DELIMITERS]
    return max(scored, key=lambda pair: pair[0])[1]


def _sense(head: Sequence[str], delimiter: str, said: tuple[tuple[str, str], ...]) -> tuple[int, int]:
    rows = list(csv.reader(io.StringIO("".join(head)), delimiter=delimiter))
    return max((known_names(row, said), len(row)) for row in rows) if rows else (0, 0)


def with_header(
    records: Iterable[Record], said: tuple[tuple[str, str], ...] = ()
) -> tuple[tuple[str, ...], Iterator[Record]]:
    """(names, the records below with their item filled); InputError when none of the first lines names our fields."""
    source = iter(records)
    head = list(islice(source, HEADER_WITHIN))
    at = _header_at([() if one.fault else one.raw for one in head], said)
    if at is None:
        seen = ", ".join(max((one.raw for one in head), key=len, default=())[:12]) or "none"
        raise InputError(f"no column is recognised (found: {seen[:200]}); name them with --columns text=HEADER")
    names = head[at].raw
    return names, _filled(chain(head[at + 1 :], source), names)


def _header_at(rows: Sequence[tuple[str, ...]], said: tuple[tuple[str, str], ...]) -> int | None:
    """The first line that names two of our fields, else the first that names one."""
    known = [known_names(row, said) for row in rows]
    return next((at for least in (2, 1) for at, count in enumerate(known) if count >= least), None)


def _filled(records: Iterable[Record], names: tuple[str, ...]) -> Iterator[Record]:
    for record in records:
        yield record if record.fault else _item(record, names)


def _item(record: Record, names: tuple[str, ...]) -> Record:
    cells = record.raw
    if any(cell.strip() for cell in cells[len(names) :]):
        fault = f"has {len(cells)} cells, the header {len(names)}: a separator inside a text without quotes?"
        return Record(record.line, fault=fault, raw=cells)
    # A workbook has typed its cells already.
    values: Sequence[object] = record.item if isinstance(record.item, tuple) else cells
    item: dict[str, object] = {}
    for name, value in zip(names, values, strict=False):
        # Of two columns with one name the first that says something counts.
        if name.strip() and item.get(name) in (None, ""):
            item[name] = value
    return Record(record.line, item, "", cells)
