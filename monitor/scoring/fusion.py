"""What the n-grams, the mood and the risk words say together (pure): one log-odds, learned on authors apart."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.guessing import Guess
from monitor.risk import Risk

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
    "negative",
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


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights by the names above and a constant; `cutoff` is the probability from which a text is called a crisis."""

    weights: Mapping[str, float]
    constant: float
    cutoff: float

    def p(self, guess: Guess, risk: Risk, lang: str) -> float:
        """0..1."""
        worth = self.weights
        odds = self.constant + sum(
            worth[name] * value for name, value in zip(NAMES, signs(guess, risk, lang), strict=True) if value
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def signs(guess: Guess, risk: Risk, lang: str) -> Sequence[float]:
    """The numbers the fusion weighs, in the order of NAMES."""
    en = float(lang == "en")
    grams = guess.crisis or 0.0
    weight = min(risk.weight, 2.0)
    mood = min(max(guess.p_negative, 0.001), 0.999)
    return (
        grams,
        grams * en,
        math.log(mood / (1 - mood)),
        en,
        weight,
        weight * en,
        float(risk.hard),
        float(bool(risk.category)),
        float(min(len(risk.categories), 3)),
        float(min(risk.suppressors, 3)),
        float(min(risk.mild_suppressors, 3)),
        *(float(name in risk.aggravators) for name in AGGRAVATORS),
    )
