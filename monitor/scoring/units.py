"""Cuts a batch of texts into units: each hanzi, each Latin word, each mark is one hash; folding is built in.

Evasion does not help: width, case, traditional characters, unseen marks and separators between hanzi are undone here
for a whole batch at once, by tables, because folding text by text costs more than all the rest of the scorer.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from monitor.folding import CJK, MARKS
from monitor.folding_batch import END, asked, between, plane_of

U32 = NDArray[np.uint32]
Ints = NDArray[np.int64]

# Longer texts say what they are about at their beginning and their end.
HEAD, TAIL = 1500, 500
_BLANK, _HAN, _WORD, _MARK, _OTHER, _TEXT_END, _GONE = range(7)
_STEM = 5
_MULTIPLIER = np.uint32(0x01000193)
# Hanzi and Hangul.
_HANZI = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7B0))


@dataclass(frozen=True, slots=True)
class Units:
    """Hashes of all units of all texts in one row: those of text t stand in order from begin[t] to begin[t + 1].

    `long` are the places of words longer than their stem, `stem` the hashes of those words' beginnings.
    """

    hash: U32
    begin: Ints
    long: Ints
    stem: U32

    @property
    def size(self) -> int:
        """The number of texts."""
        return self.begin.size - 1

    @property
    def text(self) -> Ints:
        """Whose each unit is."""
        return np.repeat(np.arange(self.size), np.diff(self.begin))


@dataclass(frozen=True, slots=True)
class _Tables:
    form: NDArray[np.uint16]
    kind: NDArray[np.uint8]
    mixed: U32
    power: U32


def units_of(texts: Sequence[str]) -> Units:
    """The units of each text; any string is accepted: empty, NUL, lone surrogates, a megabyte (its ends are read)."""
    if not texts:
        return Units(np.zeros(0, np.uint32), np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint32))
    tables = _tables()
    # Every text ends with a mark of its own, the last one too.
    joined = "\uffff".join([*map(_short, texts), ""])
    forms = tables.form.take(np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), np.uint16))
    kind = tables.kind.take(forms)
    gone = kind == _GONE
    dropped = gone | between(gone | (kind == _BLANK) | (kind == _MARK), kind == _HAN)
    if dropped.any():
        forms, kind = forms[~dropped], kind[~dropped]
    parts = tables.mixed.take(forms)
    words = np.flatnonzero(kind == _WORD)
    starts, longer, stem = None, words[:0], parts[:0]
    if words.size:
        # A word's characters count by their place in it; the unit is their sum and stands where the word begins.
        fresh = np.concatenate([[True], words[1:] != words[:-1] + 1])
        first = np.flatnonzero(fresh)
        place = np.arange(words.size) - np.repeat(first, np.diff(np.append(first, words.size)))
        parts[words] *= tables.power.take(np.minimum(place, tables.power.size - 1))
        starts = np.ones(forms.size, np.bool_)
        starts[words[~fresh]] = False
        longer, stem = _stems(parts, words, place, first)
    ends = kind == _TEXT_END
    real = ~(ends | (kind == _BLANK))
    if starts is not None:
        parts = _summed(parts, starts)
        real &= starts
        chosen = real[starts]
    else:
        chosen = real
    number = np.concatenate([[0], np.cumsum(real)])
    begin = np.concatenate([[0], number[np.flatnonzero(ends)]])
    return Units(parts[chosen], begin, number[longer], stem)


def _summed(parts: U32, starts: NDArray[np.bool_]) -> U32:
    return np.add.reduceat(parts, np.flatnonzero(starts), dtype=np.uint32)


def _stems(parts: U32, words: Ints, place: Ints, first: Ints) -> tuple[Ints, U32]:
    """Where the words longer than a stem begin, and the hashes of their first characters."""
    sizes = np.diff(np.append(first, words.size))
    longer = first[sizes > _STEM]
    if not longer.size:
        return words[:0], parts[:0]
    head = np.where(place < _STEM, parts[words], np.uint32(0))
    return words[longer], np.add.reduceat(head, first, dtype=np.uint32)[sizes > _STEM]


def _short(text: str) -> str:
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]} {text[-TAIL:]}"
    return text.replace("\uffff", " ") if "\uffff" in text else text


@cache
def _tables() -> _Tables:
    """One table look-up a character; the rare character that folds to several keeps the first."""
    form = plane_of().first
    kind = np.full(form.size, _OTHER, np.uint8)
    for begin, end in _HANZI:
        kind[begin:end] = _HAN
    cjk = re.compile(f"[{CJK}]")
    for code in asked():
        kind[code] = _kind(chr(code), cjk)
    kind[END] = _TEXT_END
    kind[0] = _GONE
    power = np.cumprod([1] + [_MULTIPLIER] * 31, dtype=np.uint32)
    return _Tables(form, kind, _mix(np.arange(0x10000, dtype=np.uint32)) * _MULTIPLIER, power)


def _kind(char: str, cjk: re.Pattern[str]) -> int:
    if cjk.match(char):
        return _HAN
    if char in MARKS:
        return _MARK
    if char.isalnum() or char == "_":
        return _WORD
    return _BLANK if char.isspace() or unicodedata.category(char) in ("Cc", "Zs") else _OTHER


def _mix(value: U32) -> U32:
    """A bijection that spreads near values far apart (the finaliser of MurmurHash3)."""
    value = value ^ (value >> np.uint32(16))
    value = value * np.uint32(0x85EBCA6B)
    value = value ^ (value >> np.uint32(13))
    value = value * np.uint32(0xC2B2AE35)
    return value ^ (value >> np.uint32(16))
