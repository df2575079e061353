"""What the n-grams, the mood and the risk words say together (pure): one log-odds, learned on authors apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from monitor.guessing import Guess
from monitor.risk import NOTHING, Risk

AGGRAVATORS = (
    "death_injury",
    "hospital",
    "injury",
    "symptom",
    "vulnerable",
    "collective",
    "evidence",
    "insider",
    "escalation",
    "coverup",
)
NAMES = (
    "grams",
    "grams_en",
    "mood",
    "en",
    "weight",
    "weight_en",
    "hard",
    "category",
    "categories",
    "suppressors",
    "mild",
    *AGGRAVATORS,
)
# From here on they are of the risk words.
WORDS = NAMES.index("weight")


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights by the names above and a constant; `cutoff` is the probability from which a text is called a crisis."""

    weights: Mapping[str, float]
    constant: float
    cutoff: float

    def p(self, guesses: Sequence[Guess], risks: Sequence[Risk], langs: Sequence[str]) -> list[float]:
        """0..1 for each text."""
        if not guesses:
            return []
        worth = self.weights
        en = np.array([lang == "en" for lang in langs], np.float64)
        grams = np.array([guess.crisis or 0.0 for guess in guesses])
        # The mood itself, not its log-odds: between bad and very bad it tells nothing of a crisis.
        mood = np.array([guess.p_negative for guess in guesses])
        odds = self.constant + (worth["grams"] + worth["grams_en"] * en) * grams + worth["en"] * en
        odds += worth["mood"] * mood
        odds += [
            self._words(risk, lang) if risk is not NOTHING else 0.0 for risk, lang in zip(risks, langs, strict=True)
        ]
        p: list[float] = (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).tolist()
        return p

    def _words(self, risk: Risk, lang: str) -> float:
        """What the risk words add."""
        seen = zip(NAMES[WORDS:], words(risk, lang), strict=True)
        return sum(self.weights[name] * value for name, value in seen if value)


def signs(guess: Guess, risk: Risk, lang: str) -> Sequence[float]:
    """The numbers the fusion weighs, in the order of NAMES."""
    en = float(lang == "en")
    grams = guess.crisis or 0.0
    return (grams, grams * en, guess.p_negative, en, *words(risk, lang))


def words(risk: Risk, lang: str) -> Sequence[float]:
    """The part of the signs that the risk words give."""
    weight = min(risk.weight, 2.0)
    return (
        weight,
        weight * (lang == "en"),
        float(risk.hard),
        float(bool(risk.category)),
        float(min(len(risk.categories), 3)),
        float(min(risk.suppressors, 3)),
        float(min(risk.mild_suppressors, 3)),
        *[float(name in risk.aggravators) for name in AGGRAVATORS],
    )
