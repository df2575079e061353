"""Fits the crisis n-grams and the fusion: what is fused was guessed about authors the n-grams had not seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.guessing import Guess
from monitor.language import language
from monitor.risk_record import Risk
from monitor.scoring.fusion import NAMES, Fusion, signs
from monitor.scoring.table import Table
from monitor.training.logistic import Floats, dense, fit
from monitor.training.table_fit import CRISIS, fit_table, scores_of
from monitor.training.texts import Labelled

FOLDS = 5
# Most harmless texts of the corpus were asked for to look like crises; a stream is kinder: of plain posts four or five
# in a hundred are called a crisis when ten of these are.
FALSE_ALARMS = 0.10
# Among the corpus' unsure texts these shares of crises lie below and above: a person should say.
BAND = (0.25, 0.75)
FUSED_STRENGTH = 1.0
Tick = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Told:
    """The labelled texts with what the rest of the scorer says of each: mood and risk words."""

    texts: Sequence[Labelled]
    mood: Floats
    risks: Sequence[Risk]

    @property
    def labels(self) -> Floats:
        return np.array([float(bool(one.crisis)) for one in self.texts])


@dataclass(frozen=True, slots=True)
class Fitted:
    """The table, the fusion, and what was said of every text by a model that never saw its author."""

    table: Table
    fusion: Fusion
    unseen: Floats


def fit_crisis(told: Told, tick: Tick) -> Fitted:
    """Author by author in folds for the fusion, then once more on everything for the table that ships."""
    labels = told.labels
    fold = folds(told.texts)
    odds = np.zeros(labels.size)
    for number in range(FOLDS):
        tick(f"crisis n-grams: part {number + 1} of {FOLDS}")
        away = fold == number
        if away.any() and not away.all():
            odds[away] = _guess_apart(told, away)
    rows = fused_rows(told, odds)
    unseen = np.zeros(labels.size)
    for number in range(FOLDS):
        away = fold == number
        point = fit(dense(rows[~away]), labels[~away], FUSED_STRENGTH)
        unseen[away] = rows[away] @ point[:-1] + point[-1]
    point = fit(dense(rows), labels, FUSED_STRENGTH)
    unseen = 1 / (1 + np.exp(-unseen))
    tick("crisis n-grams: all texts")
    table = fit_table([one.text for one in told.texts], labels, CRISIS, [one.author for one in told.texts])
    weights = dict(zip(NAMES, (float(one) for one in point[:-1]), strict=True))
    return Fitted(table, Fusion(weights, float(point[-1]), cutoff(unseen, labels)), unseen)


def fused_rows(told: Told, odds: Floats) -> Floats:
    """One row of signs per text."""
    rows = [
        signs(Guess(float(mood), float(guess)), risk, one.lang or language(one.text))
        for one, mood, guess, risk in zip(told.texts, told.mood, odds, told.risks, strict=True)
    ]
    return np.array(rows, np.float64)


def folds(texts: Sequence[Labelled]) -> Floats:
    """Which fold each text is in; an author's texts are all in one, languages spread over all."""
    authors = sorted({(one.lang[:2], one.author) for one in texts})
    place = {author: number % FOLDS for number, (_, author) in enumerate(authors)}
    return np.array([place[one.author] for one in texts])


def cutoff(unseen: Floats, labels: Floats, most: float = FALSE_ALARMS) -> float:
    """The probability from which no more than `most` of the harmless texts are called a crisis."""
    harmless = np.sort(unseen[labels == 0])[::-1]
    return float(harmless[int(most * harmless.size)]) if harmless.size else 0.5


def _guess_apart(told: Told, away: NDArray[np.bool_]) -> Floats:
    seen = [one for one, far in zip(told.texts, away, strict=True) if not far]
    asked = [one.text for one, far in zip(told.texts, away, strict=True) if far]
    table = fit_table([one.text for one in seen], told.labels[~away], CRISIS, [one.author for one in seen])
    return scores_of(table, asked, CRISIS)
