"""The shipped scorer: three small files of weights, loaded in milliseconds, many texts at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.errors import InputError
from monitor.guessing import Guess
from monitor.risk_record import Risk
from monitor.scoring import categories, table
from monitor.scoring.fusion import NAMES, Fusion
from monitor.scoring.grams import SKIPS, kinds
from monitor.scoring.units import units_of

WEIGHTS = Path(__file__).parent / "weights"
POLARITY, CRISIS, CATEGORY = "polarity.zip", "crisis.zip", "category.zip"
# A kind of crisis is named only when it is at least this likely.
SURE_OF_KIND = 0.25


class TrainedScorer:
    """`folder` holds the three files; InputError says which of them is missing or damaged."""

    degraded = False

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self._polarity, _ = table.load(folder / POLARITY)
        self._crisis, head = table.load(folder / CRISIS)
        self._categories = categories.load(folder / CATEGORY)
        self._fusion, self.band = _fusion(head)
        self.name = str(head.get("version", "trained"))

    @property
    def cutoff(self) -> float:
        return self._fusion.cutoff

    def p_negative(self, texts: Sequence[str]) -> list[float]:
        """The mood alone: 0..1 per text; a text of which nothing is known is what an average text is."""
        units = units_of(texts)
        return chances(self._polarity.scores(kinds(units, skips=False), units.begin))

    def guess(self, texts: Sequence[str]) -> list[Guess]:
        units = units_of(texts)
        every = kinds(units, skips=True)
        mood = chances(self._polarity.scores(every[:-SKIPS], units.begin))
        crisis = self._crisis.scores(every, units.begin)
        return list(map(Guess, mood, crisis.tolist()))

    def p_crisis(self, guesses: Sequence[Guess], risks: Sequence[Risk], langs: Sequence[str]) -> list[float]:
        return self._fusion.p(guesses, risks, langs)

    def categories(self, texts: Sequence[str]) -> list[str]:
        return self._categories.likeliest(texts, SURE_OF_KIND)

    def close(self) -> None:
        """Nothing to close."""


def chances(odds: NDArray[np.float64]) -> list[float]:
    """Log-odds as probabilities, 0..1."""
    p: list[float] = (1 / (1 + np.exp(-odds))).tolist()
    return p


def _fusion(head: dict[str, Any]) -> tuple[Fusion, tuple[float, float]]:
    try:
        told = head["fusion"]
        weights = {name: float(told["weights"][name]) for name in NAMES}
        low, high = (float(one) for one in told["band"])
        return Fusion(weights, float(told["constant"]), float(told["cutoff"])), (low, high)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"weights {CRISIS}: the fusion is incomplete ({error}); run `train`") from error
