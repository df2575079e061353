"""Reads JSON as it is pushed or brought: one object, a list, {"items": […]}, or one object per line (pure)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from config.errors import InputError
from monitor.imports.tables import Record

# Where a document keeps its items, when nobody described it.
_ITEMS: Final = ("items", "data", "list", "records", "results")
LONGEST_LINE: Final = 1_000_000


def parse(text: str) -> object:
    """What a JSON text says; InputError with the place of the fault."""
    try:
        # NaN and Infinity are no JSON; a count that is one of them is unknown.
        return json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise InputError(f"is not JSON (line {error.lineno}, column {error.colno}: {error.msg})") from error
    except (ValueError, RecursionError) as error:
        raise InputError("is not JSON that can be read (nested too deep, or a number too long)") from error


def document_of(text: str, *, by_line: bool = False) -> list[Record] | object:
    """The whole document, or the records of a text with one JSON value per line; InputError when it is neither.

    `by_line`: the sender says that it is the latter.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if not (by_line and len(lines) > 1):
        try:
            return parse(text)
        except InputError:
            if len(lines) < 2 or not _is_object(lines[0]):
                raise
    return list(records_of(text.split("\n")))


def records_of(lines: Iterable[str], first: int = 1) -> Iterator[Record]:
    """One record per line that is not blank; a line that is no JSON is a record with a fault."""
    for number, line in enumerate(lines, first):
        text = line.strip().removeprefix("\ufeff")
        if not text:
            continue
        if len(text) > LONGEST_LINE:
            yield Record(number, fault=f"has {len(text)} characters; {LONGEST_LINE} are allowed", raw=(text[:200],))
            continue
        try:
            yield Record(number, parse(text), raw=(text,))
        except InputError as error:
            yield Record(number, fault=str(error), raw=(text,))


def items_of(document: object) -> Sequence[object]:
    """The items of a document nobody described; InputError when it holds none."""
    if isinstance(document, Mapping):
        found = next((document[name] for name in _ITEMS if isinstance(document.get(name), list)), None)
        return found if found is not None else [document]
    if isinstance(document, list):
        return document
    raise InputError('is neither an object nor a list; send {"items": [...]}')


def _is_object(line: str) -> bool:
    try:
        return isinstance(parse(line), Mapping)
    except InputError:
        return False
