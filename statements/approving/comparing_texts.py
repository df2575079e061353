"""Two versions of a text side by side: what stayed, what was cut, what came in (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

# Words of Latin text, single characters of everything else, white space as it comes.
_UNIT = re.compile(r"[A-Za-z0-9]+|\s|.", re.DOTALL)
# Comparing unit by unit grows with the square; longer passages are shown as cut and written anew.
_MOST_UNITS = 4000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters; `kind` is same, cut (only in the older text) or new (only in the newer one)."""

    kind: str
    text: str


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """Lines first, then words (English) or characters (Chinese) inside the lines that differ.

    The pieces that are not new make the older text, those that are not cut the newer one.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return _joined(_lines(old, new))


def changed(pieces: Sequence[Piece]) -> bool:
    """Whether anything differs."""
    return any(one.kind != "same" for one in pieces)


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            yield Piece("same", was)
        else:
            yield from _inside(_UNIT.findall(was), _UNIT.findall(now))


def _inside(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if max(len(old), len(new)) > _MOST_UNITS:
        yield Piece("cut", "".join(old))
        yield Piece("new", "".join(new))
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[a:b]))
            continue
        yield Piece("cut", "".join(old[a:b]))
        yield Piece("new", "".join(new[c:d]))


def _joined(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one kind are one piece; empty ones go."""
    kept = (one for one in pieces if one.text)
    return tuple(Piece(kind, "".join(one.text for one in run)) for kind, run in groupby(kept, key=lambda one: one.kind))
