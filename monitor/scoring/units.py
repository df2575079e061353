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

from monitor.folding import CJK, VARIANTS, fold, simplified

U32 = NDArray[np.uint32]
Ints = NDArray[np.int64]

# Longer texts say what they are about at their beginning and their end.
HEAD, TAIL = 1500, 500
_END = 0xFFFF
_BLANK, _HAN, _WORD, _MARK, _OTHER = 0, 1, 2, 3, 4
_MARKS = frozenset("-._*/|~+=^'`·•・…—")
_STEM = 5
_MULTIPLIER = 0x01000193
# Where characters fold to others or are no hanzi: all but hanzi, Hangul, surrogates and private use.
_ODD = ((0, 0x3400), (0x4DC0, 0x4E00), (0xA000, 0xAC00), (0xD7B0, 0xD800), (0xF900, 0x10000))


@dataclass(frozen=True, slots=True)
class Units:
    """Hashes of all units of all texts in one row; `text` says whose each one is, `stem` hashes a word's beginning.

    `size` is the number of texts. Units of one text stand together, in order.
    """

    hash: U32
    stem: U32
    text: Ints
    size: int


@dataclass(frozen=True, slots=True)
class _Tables:
    form: NDArray[np.uint16]
    kind: NDArray[np.uint8]
    mixed: U32
    power: U32


def units_of(texts: Sequence[str]) -> Units:
    """The units of each text; any string is accepted: empty, NUL, lone surrogates, a megabyte (its ends are read)."""
    tables = _tables()
    codes = np.frombuffer("\uffff".join(map(_short, texts)).encode("utf-16-le", "surrogatepass"), np.uint16)
    forms = tables.form[codes]
    forms = forms[forms != 0]
    kind = tables.kind[forms]
    kept = ~_hides(kind)
    forms, kind = forms[kept], kind[kept]
    text = np.cumsum(forms == _END)
    word = kind == _WORD
    begins: NDArray[np.bool_] = ~word
    begins[1:] |= ~word[:-1]
    if begins.size:
        begins[0] = True
    unit = np.cumsum(begins) - 1
    starts = np.flatnonzero(begins)
    place = np.arange(forms.size) - starts[unit]
    parts = tables.mixed[forms] * tables.power[np.minimum(place, 31)]
    if not starts.size:
        return Units(np.zeros(0, np.uint32), np.zeros(0, np.uint32), np.zeros(0, np.int64), len(texts))
    whole = np.add.reduceat(parts, starts, dtype=np.uint32)
    stem = np.add.reduceat(np.where(place < _STEM, parts, np.uint32(0)), starts, dtype=np.uint32)
    real = (kind[starts] != _BLANK) & (forms[starts] != _END)
    return Units(whole[real], stem[real], text[starts][real], len(texts))


def _short(text: str) -> str:
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]} {text[-TAIL:]}"
    return text.replace("\uffff", " ") if "\uffff" in text else text


def _hides(kind: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Blanks and separators that stand between two hanzi."""
    gap = (kind == _BLANK) | (kind == _MARK)
    if not gap.any():
        return np.zeros(kind.size, np.bool_)
    places = np.arange(kind.size)
    left = np.maximum.accumulate(np.where(gap, 0, places))
    right = np.minimum.accumulate(np.where(gap, kind.size - 1, places)[::-1])[::-1]
    hidden: NDArray[np.bool_] = gap & (kind[left] == _HAN) & (kind[right] == _HAN)
    return hidden


@cache
def _tables() -> _Tables:
    """One table look-up a character; the rare character that folds to several keeps the first."""
    form = np.arange(0x10000, dtype=np.uint16)
    kind = np.full(0x10000, _OTHER, np.uint8)
    cjk = re.compile(f"[{CJK}]")
    # Most of the plane is hanzi and Hangul that fold to themselves: only the others are asked one by one.
    for begin, end in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7B0)):
        kind[begin:end] = _HAN
    traditional = sorted(code for code in simplified() if 0x3400 <= code < 0xA000)
    variants = [ord(char) for char in VARIANTS]
    odd = [code for begin, end in _ODD for code in range(begin, end)]
    for code in (*odd, *traditional, *variants):
        char = chr(code)
        folded = fold(char).text[:1]
        form[code] = ord(folded) if folded and ord(folded) < _END else 0
        if cjk.match(char):
            kind[code] = _HAN
        elif char in _MARKS:
            kind[code] = _MARK
        elif char.isalnum() or char == "_":
            kind[code] = _WORD
        elif char.isspace() or unicodedata.category(char) in ("Cc", "Zs"):
            kind[code] = _BLANK
    form[_END], kind[_END] = _END, _OTHER
    return _Tables(form, kind, _mix(np.arange(0x10000, dtype=np.uint32)), _powers())


def _powers() -> U32:
    return np.cumprod(np.full(32, _MULTIPLIER, np.uint32), dtype=np.uint32)


def _mix(value: U32) -> U32:
    """A bijection that spreads near values far apart (the finaliser of MurmurHash3)."""
    value = value ^ (value >> np.uint32(16))
    value = value * np.uint32(0x85EBCA6B)
    value = value ^ (value >> np.uint32(13))
    value = value * np.uint32(0xC2B2AE35)
    return value ^ (value >> np.uint32(16))
