"""Opens what a person brings: a table, a workbook or JSON, told by what stands in it and not by its name."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import IO, Final

from config.errors import InputError
from monitor.imports.lines import LONGEST_LINE, parse, records_of
from monitor.imports.shapes import Shape
from monitor.imports.sheets import Said, sheet
from monitor.imports.tables import Lines, Record, delimiter_of, rows_of, with_header

LARGEST_JSON: Final = 200_000_000
_SNIFFED: Final = 65_536
_HEAD_LINES: Final = 12
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Brought:
    """An opened file: its records in order, the names of its columns (() for JSON) and what there is to say of it.

    `done` is the share that has been read, None when nobody can tell; `remarks` are complete once all is read.
    """

    kind: str
    records: Iterator[Record]
    columns: tuple[str, ...] = ()
    done: Callable[[], float | None] = lambda: None
    remarks: Callable[[], list[str]] = field(default=list)


def digest_of(path: Path) -> str:
    """SHA-256 of the whole file, which is its name among all that were ever imported; InputError when unreadable."""
    try:
        if not path.is_file():
            raise InputError(f"{path}: is no file; a CSV, .xlsx, JSON or JSONL file is needed")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


@contextmanager
def opened(path: Path, shape: Shape, said: Said = ()) -> Iterator[Brought]:
    """The file's records. `said` are (field, header) a person fixed. InputError says what to do instead."""
    try:
        with path.open("rb") as file:
            head = file.read(_SNIFFED)
            file.seek(0)
            _refuse(path, head)
            if head.startswith(b"PK\x03\x04"):
                with sheet(path, said) as (names, records, others):
                    yield Brought("xlsx", records, names, remarks=lambda: _unread(others))
                return
            total = max(path.stat().st_size, 1)
            text = _Text(path, file, head)
            try:
                brought = _read(text, head, shape, said)
            except InputError as error:
                raise InputError(f"{path.name}: {error}") from error
            yield replace(brought, done=lambda: min(1.0, file.tell() / total))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _refuse(path: Path, head: bytes) -> None:
    if not head.strip():
        raise InputError(f"{path.name}: is empty")
    if head.startswith(_OLD_EXCEL):
        raise InputError(
            f"{path.name}: is an old Excel workbook (.xls) or one with a password; "
            "open it in Excel or WPS and save it as .xlsx without a password, or as CSV UTF-8"
        )
    if _text_head(head).lstrip()[:200].lower().startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise InputError(f"{path.name}: is a web page or XML under another name; open it in Excel, save it as .xlsx")


def _text_head(head: bytes) -> str:
    charset = next((name for mark, name in _UTF16 if head.startswith(mark)), "utf-8")
    return head[:2000].decode(charset, "replace").lstrip("\ufeff")


@dataclass(frozen=True, slots=True)
class _Text:
    """A file of text, whose lines can be asked for from the beginning more than once."""

    path: Path
    file: IO[bytes]
    head: bytes

    def lines(self) -> Lines:
        self.file.seek(0)
        return Lines(self._raw())

    def first(self, count: int) -> list[str]:
        """The first lines that are not blank."""
        return list(islice((line.text for line in self.lines() if line.text.strip()), count))

    def whole(self) -> str:
        if self.path.stat().st_size > LARGEST_JSON:
            raise InputError(f"is larger than {LARGEST_JSON // 1_000_000} MB; bring it as JSON lines")
        return "".join(line.text for line in self.lines())

    def _raw(self) -> Iterator[bytes]:
        """Lines as bytes of UTF-8 or GB18030; UTF-16 is turned, the line ends of old Macs are known."""
        charset = next((name for mark, name in _UTF16 if self.head.startswith(mark)), "")
        if charset or (b"\n" not in self.head and b"\r" in self.head):
            whole = self.file.read(LARGEST_JSON)
            yield from (whole.decode(charset, "replace").encode() if charset else whole).splitlines(keepends=True)
            return
        while line := self.file.readline(LONGEST_LINE * 4):
            yield line


def _read(text: _Text, head: bytes, shape: Shape, said: Said) -> Brought:
    begins = _text_head(head).lstrip()[:1]
    return _json(text, shape) if begins in ("{", "[") or shape.jsonp else _csv(text, said)


def _csv(text: _Text, said: Said) -> Brought:
    delimiter = delimiter_of(text.first(_HEAD_LINES), said)
    lines = text.lines()
    names, records = with_header(rows_of(lines, delimiter), said)
    return Brought("csv", records, names, remarks=lambda: _mixed(lines.odd))


def _json(text: _Text, shape: Shape) -> Brought:
    """JSON lines when the first line is a whole value and more follow, else one document."""
    first = text.first(_HEAD_LINES)
    if len(first) > 1 and _is_json(first[0]):
        return _json_lines(text)
    try:
        items = shape.items(shape.parse(text.whole()))
    except InputError:
        # Lines of JSON whose first is broken are still lines of JSON.
        if len(first) > 1 and any(line.lstrip().startswith("{") and _is_json(line) for line in first[1:]):
            return _json_lines(text)
        raise
    return Brought("json", (Record(number, item, raw=(str(item)[:2000],)) for number, item in enumerate(items, 1)))


def _json_lines(text: _Text) -> Brought:
    lines = text.lines()
    return Brought("jsonl", records_of(line.text for line in lines), remarks=lambda: _mixed(lines.odd))


def _is_json(line: str) -> bool:
    try:
        parse(line)
    except InputError:
        return False
    return True


def _unread(others: tuple[str, ...]) -> list[str]:
    return [f"sheets that were not read: {', '.join(others)}"] if others else []


def _mixed(odd: list[tuple[int, str]]) -> list[str]:
    """Lines in another charset than most, so that somebody can look whether they read well."""
    found = [f"{number} ({charset})" for number, charset in odd if charset != "?"]
    if not found:
        return []
    more = f" and {len(found) - 20} more" if len(found) > 20 else ""
    return [f"lines in another charset than the first: {', '.join(found[:20])}{more}"]
