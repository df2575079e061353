"""Turns units into n-grams: single units, neighbours, threes, and pairs that skip one or two units."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from monitor.scoring.units import U32, Ints, Units

# Salts keep a pair that skips apart from a pair of neighbours; odd, so that no bit is lost.
_ONE, _TWO, _THREE, _SKIP_ONE, _SKIP_TWO, _STEM = (
    np.uint32(salt) for salt in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0x2545F491)
)
# How many kinds of pairs with a hole there are.
SKIPS = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """The n-grams of one kind. n-gram i begins at unit at[i], or at unit i when `at` is None.

    `crossing` are those that reach into the next text and so are none.
    """

    hash: U32
    at: Ints | None
    crossing: Ints


@dataclass(frozen=True, slots=True)
class Grams:
    """The hashes of all n-grams of all texts and whose text each is (ascending within one kind of n-gram)."""

    hash: U32
    text: Ints


def kinds(units: Units, *, skips: bool) -> list[Kind]:
    """Every n-gram of the texts by kind; `skips` adds, last, the two kinds with a hole: who did what to whom."""
    return list(_kinds(units, skips))


def grams_of(units: Units, *, skips: bool) -> Grams:
    """Every n-gram of the texts in one row."""
    text = units.text
    hashes, texts = [], []
    for kind in kinds(units, skips=skips):
        whose = text[: kind.hash.size] if kind.at is None else text[kind.at]
        hashes.append(np.delete(kind.hash, kind.crossing))
        texts.append(np.delete(whose, kind.crossing))
    return Grams(np.concatenate(hashes), np.concatenate(texts))


def _kinds(units: Units, skips: bool) -> Iterator[Kind]:
    one, ends = units.hash, units.begin[1:-1]
    yield Kind(one * _ONE, None, ends[:0])
    if units.long.size:
        yield Kind(units.stem * _STEM, units.long, ends[:0])
    yield _pairs(one, ends, 1, _TWO)
    if one.size > 2:
        triple = ((one[:-2] * _TWO + one[1:-1]) * _THREE + one[2:]) * _THREE
        yield Kind(triple, None, _crossing(ends, 2, triple.size))
    if skips:
        yield _pairs(one, ends, 2, _SKIP_ONE)
        yield _pairs(one, ends, 3, _SKIP_TWO)


def _pairs(one: U32, ends: Ints, apart: int, salt: np.uint32) -> Kind:
    if one.size <= apart:
        return Kind(one[:0], None, ends[:0])
    pair = (one[:-apart] * salt + one[apart:]) * salt
    return Kind(pair, None, _crossing(ends, apart, pair.size))


def _crossing(ends: Ints, reach: int, size: int) -> Ints:
    """Where n-grams begin that end `reach` units later, in another text."""
    places = (ends[:, None] - np.arange(1, reach + 1)).reshape(-1)
    return places[(places >= 0) & (places < size)]
