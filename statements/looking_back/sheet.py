"""A written sheet as blocks (pure), and its Markdown; words from outside can form no markup in it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from statements.writing.marks import plain, plain_address

LONGEST = 2000


class Address(str):
    """The address of our own post, which stays readable; everything else loses what would make it a link."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Head:
    """A heading; level 1 is the title of the sheet."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. It begins with our own words, so that nobody else's can begin a list or a heading."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of lines, each in parts; `numbered` counts them."""

    rows: tuple[tuple[str, ...], ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the words above the columns, and its rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Head | Line | Items | Grid


def line(*parts: str) -> Line:
    return Line(parts)


def items(rows: Iterable[Sequence[str] | str], numbered: bool = False) -> Items:
    """A list; a row that is one string has one part."""
    return Items(tuple((one,) if isinstance(one, str) else tuple(one) for one in rows), numbered)


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Grid:
    return Grid(tuple(head), tuple(tuple(row) for row in rows))


def to_markdown(blocks: Sequence[Block]) -> str:
    """The blocks with a blank line between; every part is neutralised by itself."""
    return "\n\n".join("\n".join(_lines(block)) for block in blocks) + "\n"


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Head):
        # The number of an incident may keep its sign there: a heading is none inside a heading.
        yield "#" * block.level + " " + re.sub(r"＃(?=\d)", "#", _said(block.text))
    elif isinstance(block, Line):
        yield "".join(map(_said, block.parts))
    elif isinstance(block, Items):
        for number, row in enumerate(block.rows, 1):
            yield (f"{number}. " if block.numbered else "- ") + "".join(map(_said, row))
    else:
        yield "| " + " | ".join(map(_said, block.head)) + " |"
        yield "|" + "---|" * len(block.head)
        for row in block.rows:
            yield "| " + " | ".join(map(_said, row)) + " |"


def _said(part: str) -> str:
    if isinstance(part, Address):
        return plain_address(part)
    # `plain` trims; what stands between two parts must stay.
    before, after = " " * part.startswith(" "), " " * (part.endswith(" ") and len(part) > 1)
    return before + plain(part, LONGEST) + after
