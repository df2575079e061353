"""Fits one table of n-gram weights: vocabulary, worth of each n-gram, regression, pruning, regression again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.grams import Grams, grams_of, kinds
from monitor.scoring.table import Table, pack, placed
from monitor.scoring.units import units_of
from monitor.training.logistic import Floats, Sparse, fit

Worth = Callable[[NDArray[np.int64], int], Floats]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a table is fitted. `rarest` is the fewest texts an n-gram must stand in, `most` how many are kept."""

    skips: bool
    rarest: int
    most: int
    bits: int
    strength: float
    power: float


POLARITY = Recipe(skips=False, rarest=3, most=60_000, bits=18, strength=6.0, power=0.0)
CRISIS = Recipe(skips=True, rarest=2, most=400_000, bits=19, strength=0.015, power=2.5)


def scores_of(table: Table, texts: list[str], recipe: Recipe) -> Floats:
    """What the table says of each text: log-odds."""
    units = units_of(texts)
    return table.scores(kinds(units, skips=recipe.skips), units.begin)


def fit_table(texts: list[str], labels: Floats, recipe: Recipe, weights: Floats | None = None) -> Table:
    """The table that tells texts labelled 1 from those labelled 0; `weights` say how much each text counts."""
    grams = grams_of(units_of(texts), skips=recipe.skips)
    vocabulary, spread = vocabulary_of(grams, recipe.rarest)
    worth = (np.log((1 + len(texts)) / (1 + spread)) + 1) ** recipe.power
    rows = rows_of(grams, len(texts), vocabulary, worth)
    point = fit(rows, labels, recipe.strength, weights)
    weight = point[:-1] * worth
    chosen = kept(vocabulary, np.abs(weight) * np.sqrt(spread), recipe)
    # What is left out changes every text's length: the rest is fitted to it once more.
    rows = rows_of(grams, len(texts), vocabulary[chosen], worth[chosen])
    point = fit(rows, labels, recipe.strength, weights, start=np.append(point[:-1][chosen], point[-1]))
    return pack(vocabulary[chosen], point[:-1] * worth[chosen], float(point[-1]), recipe.bits)


def vocabulary_of(grams: Grams, rarest: int) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The n-grams that stand in enough texts, and in how many."""
    # One number holds both: sorting those is many times faster than looking for unique ones.
    pairs = np.sort(grams.hash.astype(np.uint64) << np.uint64(32) | grams.text.astype(np.uint64))
    told = (pairs[_changes(pairs)] >> np.uint64(32)).astype(np.uint32)
    first = np.flatnonzero(_changes(told))
    spread = np.diff(np.append(first, told.size))
    often = spread >= rarest
    return told[first][often], spread[often]


def _changes(row: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.bool_]:
    """True where a sorted row's number is not the one before."""
    return np.concatenate([np.ones(min(row.size, 1), np.bool_), row[1:] != row[:-1]])


def kept(hashes: NDArray[np.uint32], importance: Floats, recipe: Recipe) -> NDArray[np.bool_]:
    if hashes.size > recipe.most:
        least = np.partition(importance, -recipe.most)[-recipe.most]
        importance = np.where(importance >= least, importance, -1.0)
    return placed(hashes, importance, recipe.bits) & (importance >= 0)


def rows_of(grams: Grams, size: int, vocabulary: NDArray[np.uint32], worth: Floats) -> Sparse:
    """Texts as rows of known n-grams, each as often as it stands there, over the root of their number."""
    place = np.minimum(np.searchsorted(vocabulary, grams.hash), vocabulary.size - 1)
    known = vocabulary[place] == grams.hash
    order = np.argsort(grams.text[known], kind="stable")
    text, column = grams.text[known][order], place[known][order].astype(np.int32)
    number = np.bincount(text, minlength=size)
    value = worth[column] / np.sqrt(np.maximum(number, 1))[text]
    return Sparse(column, value.astype(np.float32), np.concatenate([[0], np.cumsum(number)]), vocabulary.size)
