"""Letters that stand together, by which mentions are found (pure): A to Z as a to z, every other only as itself."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from operator import add
from typing import Final

import numpy as np
from numpy.typing import NDArray

# What may stand in a pair. Written out because Python's own idea of a letter changes with its Unicode; one character
# more or less costs a little space or a little time, never an answer. Those beyond the first plane are left out, so
# that a pair fits 32 bits.
_LETTERS: Final = (
    "0-9A-Za-z\u00c0-\u1fff\u2070-\u2fff\u3005-\u3007\u3021-\u3029\u3031-\ud7ff\ue000-\ufdff\ufe70-\ufefe"
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc"
)
_RUNS: Final = re.compile(f"[{_LETTERS}]{{2,}}")
_RANGE: Final = re.compile("(.)-(.)")
# Between texts: a store's text holds none, and no pair does.
_END: Final = "\x00"
# A pair as a number of two UTF-16 units fits a column of 32 bits with a sign.
_LEAST: Final = 2**31


def fold(said: str) -> str:
    """A to Z made small and nothing else, as the stores' own lower() does it here."""
    return said.encode("utf-8", "replace").lower().decode()


def pairs(*texts: str) -> set[str]:
    """Every two letters that stand side by side in one of the texts."""
    found: set[str] = set()
    for one in texts:
        for run in _RUNS.findall(fold(one)):
            found.update(map(add, run, run[1:]))
    return found


def coded(found: Iterable[str]) -> list[int]:
    """Pairs as PostgreSQL's index takes them: as numbers."""
    return [((ord(one[0]) << 16) | ord(one[1])) - _LEAST for one in found]


def lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """The pairs of each row of texts as SQLite's index takes them: as words, in the order of the letters. Many at once
    for half the time."""
    found, ends = _all_pairs(rows)
    words = np.stack([found >> 16, found, np.full_like(found, ord(" "))], axis=1).astype(np.uint16)
    said = words.tobytes().decode("utf-16-le")
    return [said[3 * begin : max(3 * begin, 3 * end - 1)] for begin, end in zip([0, *ends], ends, strict=False)]


def coded_all(rows: Sequence[Sequence[str]]) -> list[list[int]]:
    """`coded(pairs(*texts))` for each row of texts, in the order of the letters."""
    found, ends = _all_pairs(rows)
    numbers: list[int] = ((found & 0xFFFFFFFF) - _LEAST).tolist()
    return [numbers[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def _all_pairs(rows: Sequence[Sequence[str]]) -> tuple[NDArray[np.int64], list[int]]:
    """The pairs of all rows, each row's once and in order, with the row's number above; and where each row's end."""
    told = _END.join(["\n".join(row).replace(_END, "\n") for row in rows])
    codes = np.frombuffer(fold(told).encode("utf-16-le"), np.uint16)
    letter = _plane().take(codes)
    at = np.flatnonzero(letter[:-1] & letter[1:])
    row = np.searchsorted(np.flatnonzero(codes == ord(_END)), at)
    units = codes.astype(np.int64)
    found = np.unique(row << 32 | units[at] << 16 | units[at + 1])
    ends: list[int] = np.searchsorted(found, np.arange(1, len(rows) + 1) << 32).tolist()
    return found, ends


@cache
def _plane() -> NDArray[np.bool_]:
    """For each UTF-16 unit whether it may stand in a pair."""
    plane = np.zeros(1 << 16, np.bool_)
    for first, last in _RANGE.findall(_LETTERS):
        plane[ord(first) : ord(last) + 1] = True
    return plane
