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
        order = np.argsort(grams.text, kind="stable")
        self._text: NDArray[np.int64] = grams.text[order]
        self._slot = slots_of(grams.hash[order], 1 << BITS)
        number = np.bincount(self._text, minlength=size)
        self._value = 1 / np.sqrt(np.maximum(number, 1))[self._text]
        self._size = size

    def times(self, weights: Floats) -> Floats:
        return np.stack(
            [
                np.bincount(self._text, weights=self._value * column[self._slot], minlength=self._size)
                for column in weights.T
            ],
            axis=1,
        )

    def transposed(self, errors: Floats) -> Floats:
        return np.stack(
            [
                np.bincount(self._slot, weights=self._value * column[self._text], minlength=1 << BITS)
                for column in errors.T
            ],
            axis=1,
        )
