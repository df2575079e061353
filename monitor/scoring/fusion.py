"""What the n-grams, the mood and the risk words say together (pure): one log-odds, learned on authors apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from monitor.guessing import Guess
from monitor.risk_record import NOTHING, Risk

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
_WORSE = frozenset(AGGRAVATORS)
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
        worth = self.weights
        return sum([worth[name] * value for name, value in words(risk, lang).items()])


def signs(guess: Guess, risk: Risk, lang: str) -> Sequence[float]:
    """The numbers the fusion weighs, in the order of NAMES."""
    en = float(lang == "en")
    grams = guess.crisis or 0.0
    told = words(risk, lang)
    return (grams, grams * en, guess.p_negative, en, *[told.get(name, 0.0) for name in NAMES[WORDS:]])


def words(risk: Risk, lang: str) -> dict[str, float]:
    """The part of the signs that the risk words give, by name; those that are 0 are left out."""
    told = {name: 1.0 for name in risk.aggravators if name in _WORSE}
    if risk.suppressors:
        told["suppressors"] = min(risk.suppressors, 3)
    if risk.mild_suppressors:
        told["mild"] = min(risk.mild_suppressors, 3)
    if risk.weight:
        told["weight"] = min(risk.weight, 2.0)
        if lang == "en":
            told["weight_en"] = told["weight"]
    if risk.category:
        told |= {"category": 1.0, "categories": min(len(risk.categories), 3)}
    if risk.hard:
        told["hard"] = 1.0
    return told
