"""Turns units into n-grams: single units, neighbours, threes, and pairs that skip one or two units."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from monitor.scoring.units import U32, Ints, Units

# Salts keep a pair that skips apart from a pair of neighbours; odd, so that no bit is lost.
_ONE, _TWO, _THREE, _SKIP_ONE, _SKIP_TWO, _STEM = (
    np.uint32(salt) for salt in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0x2545F491)
)


@dataclass(frozen=True, slots=True)
class Grams:
    """The hashes of all n-grams of all texts and whose text each is (ascending within one kind of n-gram)."""

    hash: U32
    text: Ints


def grams_of(units: Units, *, skips: bool) -> Grams:
    """Every n-gram of the texts; `skips` adds the pairs with a hole, which tell who did what to whom."""
    kinds = list(_kinds(units, skips))
    return Grams(np.concatenate([hash_ for hash_, _ in kinds]), np.concatenate([text for _, text in kinds]))


def _kinds(units: Units, skips: bool) -> Iterator[tuple[U32, Ints]]:
    one, text = units.hash, units.text
    yield one * _ONE, text
    longer = units.stem != one
    if longer.any():
        yield units.stem[longer] * _STEM, text[longer]
    yield _pairs(one, text, 1, _TWO)
    if one.size > 2:
        same = text[2:] == text[:-2]
        triple = ((one[:-2] * _TWO + one[1:-1]) * _THREE + one[2:]) * _THREE
        yield triple[same], text[2:][same]
    if skips:
        yield _pairs(one, text, 2, _SKIP_ONE)
        yield _pairs(one, text, 3, _SKIP_TWO)


def _pairs(one: U32, text: Ints, apart: int, salt: np.uint32) -> tuple[U32, Ints]:
    if one.size <= apart:
        return one[:0], text[:0]
    same = text[apart:] == text[:-apart]
    pair = (one[:-apart] * salt + one[apart:]) * salt
    return pair[same], text[apart:][same]
