"""Fits the kinds of crisis: one softmax regression over hashed n-grams of texts that tell of a crisis."""

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.categories import Categories, slots_of
from monitor.scoring.grams import Grams, grams_of
from monitor.scoring.units import units_of
from monitor.training.logistic import Floats

BITS, ROUNDS, STEP, SHRINK = 14, 60, 40.0, 1e-5


def fit_categories(texts: list[str], names: list[str]) -> Categories:
    """`names` says the kind of each text. Deterministic; full-batch gradient with momentum."""
    kinds = tuple(sorted(set(names)))
    grams = grams_of(units_of(texts), skips=False)
    rows = _Rows(grams, len(texts))
    wanted = np.zeros((len(texts), len(kinds)))
    wanted[np.arange(len(texts)), [kinds.index(name) for name in names]] = 1
    weights, speed = np.zeros((1 << BITS, len(kinds))), np.zeros((1 << BITS, len(kinds)))
    for _ in range(ROUNDS):
        odds = rows.times(weights)
        share = np.exp(odds - odds.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        slope = rows.transposed(share - wanted) / len(texts) + SHRINK * weights
        speed = 0.9 * speed - STEP * slope
        weights = weights + speed
    scale = float(np.abs(weights).max()) / 127 or 1.0
    return Categories(kinds, np.clip(np.rint(weights / scale), -127, 127).astype(np.int8), scale)


class _Rows:
    """Texts × slots, every n-gram over the root of the text's number of n-grams."""

    def __init__(self, grams: Grams, size: int) -> None:
        slot = slots_of(grams.hash, 1 << BITS)
        value = 1 / np.sqrt(np.maximum(np.bincount(grams.text, minlength=size), 1))[grams.text]
        # Kept in both orders: sums of neighbours are many times faster than sums by number.
        self._by_text = _Sorted(grams.text, slot, value, size)
        self._by_slot = _Sorted(slot, grams.text, value, 1 << BITS)

    def times(self, weights: Floats) -> Floats:
        return self._by_text.sums(weights)

    def transposed(self, errors: Floats) -> Floats:
        return self._by_slot.sums(errors)


class _Sorted:
    """Entries in the order of `key`; `other` is the row of what they are summed from."""

    def __init__(self, key: NDArray[np.int64], other: NDArray[np.int64], value: Floats, size: int) -> None:
        order = np.argsort(key, kind="stable")
        self._other, self._value = other[order], value[order].astype(np.float32)
        number = np.bincount(key, minlength=size)
        self._full = np.flatnonzero(number)
        self._begin = np.concatenate([[0], np.cumsum(number)[:-1]])[self._full]
        self._size = size

    def sums(self, rows: Floats) -> Floats:
        """For each key the sum of its entries' values times their row of `rows`."""
        found = np.zeros((self._size, rows.shape[1]))
        if self._full.size:
            # Column by column: sums over what lies side by side are several times faster.
            for name, column in enumerate(np.ascontiguousarray(rows.T, np.float32)):
                parts = column.take(self._other) * self._value
                found[self._full, name] = np.add.reduceat(parts, self._begin, dtype=np.float64)
        return found
