"""Fits one table of n-gram weights: vocabulary, worth of each n-gram, regression, pruning, regression again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.grams import Grams, grams_of, kinds
from monitor.scoring.table import Table, pack, placed
from monitor.scoring.units import units_of
from monitor.training.logistic import Floats, Sparse, fit


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a table is fitted. `rarest` is the fewest texts an n-gram must stand in, `most` how many are kept.

    The higher `power`, the more rare n-grams count; the higher `habit`, the less those that few authors repeat.
    """

    skips: bool
    rarest: int
    most: int
    bits: int
    strength: float
    power: float
    habit: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """N-grams, ascending, with the number of texts each stands in and of the authors who wrote it."""

    hash: NDArray[np.uint32]
    texts: NDArray[np.int64]
    authors: NDArray[np.int64]

    def only(self, chosen: NDArray[np.bool_]) -> "Vocabulary":
        return Vocabulary(self.hash[chosen], self.texts[chosen], self.authors[chosen])

    def worth(self, size: int, recipe: Recipe) -> Floats:
        """What each n-gram counts among `size` texts."""
        rare = np.log((1 + size) / (1 + self.texts)) + 1
        worth: Floats = rare**recipe.power * (self.authors / self.texts) ** recipe.habit
        return worth


POLARITY = Recipe(skips=False, rarest=3, most=60_000, bits=18, strength=6.0, power=0.0, habit=0.0)
# What stands in one text only tells little by itself, but takes away from what the others must explain.
CRISIS = Recipe(skips=True, rarest=1, most=620_000, bits=20, strength=0.015, power=2.5, habit=0.25)


def scores_of(table: Table, texts: list[str], recipe: Recipe) -> Floats:
    """What the table says of each text: log-odds."""
    units = units_of(texts)
    return table.scores(kinds(units, skips=recipe.skips), units.begin)


def fit_table(texts: list[str], labels: Floats, recipe: Recipe, authors: Sequence[str] | None = None) -> Table:
    """The table that tells texts labelled 1 from those labelled 0; without `authors`, each text is another's."""
    grams = grams_of(units_of(texts), skips=recipe.skips)
    everyone = np.ones(labels.size, np.bool_)
    fitted = fit_columns(grams, recipe, [Answer(labels, everyone)], authors)
    return pack(fitted.vocabulary.hash, fitted.weights[:, 0], float(fitted.constants[0]), recipe.bits)


@dataclass(frozen=True, slots=True)
class Answer:
    """One question to a table: `labels` 0..1 a text, and which texts are `asked` at all."""

    labels: Floats
    asked: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """The n-grams that are kept, their weights (n-grams × answers) and a constant an answer."""

    vocabulary: Vocabulary
    weights: Floats
    constants: Floats


def fit_columns(
    grams: Grams, recipe: Recipe, answers: Sequence[Answer], authors: Sequence[str] | None = None
) -> Columns:
    """One column of weights an answer, all on the same n-grams: those that matter to any of them."""
    size = answers[0].labels.size
    vocabulary = vocabulary_of(grams, recipe.rarest, authors)
    worth = vocabulary.worth(size, recipe)
    points = _points(rows_of(grams, size, vocabulary, worth), recipe, answers, [None] * len(answers))
    importance = np.abs(points[:-1] * worth[:, None]).max(axis=1) * np.sqrt(vocabulary.texts)
    chosen = kept(vocabulary.hash, importance, recipe)
    # What is left out changes every text's length: the rest is fitted to it once more.
    vocabulary, worth = vocabulary.only(chosen), worth[chosen]
    starts = np.concatenate([points[:-1][chosen], points[-1:]]).T
    points = _points(rows_of(grams, size, vocabulary, worth), recipe, answers, starts)
    return Columns(vocabulary, points[:-1] * worth[:, None], points[-1])


def _points(rows: Sparse, recipe: Recipe, answers: Sequence[Answer], starts: Iterable[Floats | None]) -> Floats:
    """One column an answer; the constants stand in the last row."""
    columns = []
    for one, start in zip(answers, starts, strict=True):
        own = rows if one.asked.all() else rows.rows(one.asked)
        columns.append(fit(own, one.labels[one.asked], recipe.strength, start))
    return np.stack(columns, axis=1)


def vocabulary_of(grams: Grams, rarest: int, authors: Sequence[str] | None = None) -> Vocabulary:
    """The n-grams that stand in enough texts; `authors` says whose each text is (each another's when left out)."""
    told, texts = _counted(grams.hash, grams.text)
    whose = texts if authors is None else _counted(grams.hash, _numbers(authors)[grams.text])[1]
    often = texts >= rarest
    return Vocabulary(told[often], texts[often], whose[often])


def _numbers(authors: Sequence[str]) -> NDArray[np.int64]:
    place = {author: number for number, author in enumerate(dict.fromkeys(authors))}
    return np.array([place[author] for author in authors])


def _counted(hashes: NDArray[np.uint32], owner: NDArray[np.int64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Each hash once, ascending, and how many different owners it has."""
    # One number holds both: sorting those is many times faster than looking for unique ones.
    pairs = np.sort(hashes.astype(np.uint64) << np.uint64(32) | owner.astype(np.uint64))
    told = (pairs[_changes(pairs)] >> np.uint64(32)).astype(np.uint32)
    first = np.flatnonzero(_changes(told))
    return told[first], np.diff(np.append(first, told.size))


def _changes(row: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.bool_]:
    """True where a sorted row's number is not the one before."""
    return np.concatenate([np.ones(min(row.size, 1), np.bool_), row[1:] != row[:-1]])


def kept(hashes: NDArray[np.uint32], importance: Floats, recipe: Recipe) -> NDArray[np.bool_]:
    if hashes.size > recipe.most:
        least = np.partition(importance, -recipe.most)[-recipe.most]
        importance = np.where(importance >= least, importance, -1.0)
    return placed(hashes, importance, recipe.bits) & (importance >= 0)


def rows_of(grams: Grams, size: int, vocabulary: Vocabulary, worth: Floats) -> Sparse:
    """Texts as rows of known n-grams, each as often as it stands there, over the root of their number."""
    place = np.minimum(np.searchsorted(vocabulary.hash, grams.hash), vocabulary.hash.size - 1)
    known = vocabulary.hash[place] == grams.hash
    order = np.argsort(grams.text[known], kind="stable")
    text, column = grams.text[known][order], place[known][order].astype(np.int32)
    number = np.bincount(text, minlength=size)
    value = worth[column] / np.sqrt(np.maximum(number, 1))[text]
    return Sparse(column, value.astype(np.float32), np.concatenate([[0], np.cumsum(number)]), worth.size)
