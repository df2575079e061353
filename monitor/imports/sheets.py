"""Reads an .xlsx workbook row by row: bombs are refused before anything is unpacked, formulas are never evaluated."""

import io
import lzma
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from itertools import count
from pathlib import Path
from typing import IO, Any, Final

from openpyxl import load_workbook

from config.errors import InputError
from monitor.imports.tables import Record, with_header

LARGEST_UNPACKED: Final = 200_000_000
MOST_PARTS: Final = 2_000
MOST_COLUMNS: Final = 200
_PROLOG: Final = 65_536
# A number of more digits than a spreadsheet keeps, with zeros where the rest was.
_ROUNDED: Final = re.compile(r"\d{15}0+")
# What a broken or malicious workbook makes the library raise.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    # Both XML parsers the library may use say it with a kind of this.
    SyntaxError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    RuntimeError,
    struct.error,
    lzma.LZMAError,
)

Said = tuple[tuple[str, str], ...]


@contextmanager
def sheet(path: Path, said: Said = ()) -> Iterator[tuple[tuple[str, ...], Iterator[Record], tuple[str, ...]]]:
    """(names, records, sheets that are not read) of the first sheet whose header is recognised; InputError."""
    refuse_bombs(path)
    # An open file, because by its path the library would judge it by its name.
    with path.open("rb") as file:
        book = _opened(path, file)
        try:
            yield _first_table(path, book, said)
        finally:
            book.close()


def _opened(path: Path, file: IO[bytes]) -> Any:
    try:
        # Of some damage it prints a word of its own, which is no part of our answer.
        with _unwarned(), redirect_stdout(io.StringIO()):
            return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except _BROKEN as error:
        raise _broken(path, error) from error


@contextmanager
def _unwarned() -> Iterator[None]:
    """The library warns of styles, extensions and impossible dates, which nobody here can mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _first_table(path: Path, book: Any, said: Said) -> tuple[tuple[str, ...], Iterator[Record], tuple[str, ...]]:
    refusal = InputError(f"{path.name}: the workbook has no sheet")
    for found in book.worksheets:
        try:
            names, records = with_header(_rows(path, found), said)
        except InputError as error:
            refusal = InputError(f"{path.name}: sheet {found.title}: {str(error).removeprefix(f'{path.name}: ')}")
            continue
        return names, records, tuple(one.title for one in book.worksheets if one is not found)
    raise refusal


def refuse_bombs(path: Path) -> None:
    """InputError when the workbook would unpack to too much, or brings entities of its own."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                most = f"{LARGEST_UNPACKED // 1_000_000} MB"
                raise InputError(f"{path.name}: would unpack to more than {most}; split it, or save it as CSV")
            for part in parts:
                with packed.open(part) as opened:
                    _refuse_entities(path, opened.read(_PROLOG))
    except _BROKEN as error:
        raise _broken(path, error) from error


def _refuse_entities(path: Path, prolog: bytes) -> None:
    if b"<!DOCTYPE" in prolog or "<!DOCTYPE".encode("utf-16-le") in prolog or "<!DOCTYPE".encode("utf-16-be") in prolog:
        raise InputError(f"{path.name}: carries a document type, which no spreadsheet program writes; not read")


def _rows(path: Path, found: Any) -> Iterator[Record]:
    """The rows with `raw` filled; `item` keeps the cells as Excel typed them."""
    try:
        # The size a sheet says it has may be a lie of a million empty rows.
        found.reset_dimensions()
        rows = iter(found.iter_rows(values_only=True, max_col=MOST_COLUMNS))
        for number in count(1):
            with _unwarned():
                cells = next(rows, None)
            if cells is None:
                return
            values = tuple(_value(cell) for cell in cells)
            raw = tuple("" if value is None else str(value) for value in values)
            if any(cell.strip() for cell in raw):
                yield Record(number, values, raw=raw)
    except _BROKEN as error:
        raise _broken(path, error) from error


def _value(cell: object) -> object:
    """A number Excel has rounded is handed on as one that says so."""
    if isinstance(cell, int) and not isinstance(cell, bool) and _ROUNDED.fullmatch(str(cell)):
        return float(cell)
    return cell


def _broken(path: Path, error: BaseException) -> InputError:
    return InputError(f"{path.name}: is no readable .xlsx workbook ({type(error).__name__}); save it again, or as CSV")
