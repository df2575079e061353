"""Who says what a text is: the Scorer interface, and the scorer that has risk words and a mood and nothing trained."""

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from monitor.risk_record import Risk
from monitor.scorer import Polarity

# Log-odds of a crisis: where a text without any risk term starts, and what each sign adds.
START = -3.4
PER_WEIGHT = 6.0
MOST_HEARD, LEAST_HEARD = 1.6, 1.2
AGGRAVATOR = {
    "death_injury": 1.5,
    "hospital": 1.5,
    "injury": 1.2,
    "symptom": 1.0,
    "vulnerable": 0.4,
    "collective": 0.7,
    "evidence": 0.4,
    "insider": 0.6,
    "escalation": 0.6,
    "coverup": 0.8,
}
SUPPRESSOR, MILD = -2.2, -0.5


class Guess(NamedTuple):
    """What a model thinks of one text: how negative it is (0..1), and the log-odds that it tells of a crisis.

    `crisis` is None when the model has no opinion of its own about that.
    """

    p_negative: float
    crisis: float | None = None


class Scorer(Protocol):
    """`guess` gives one Guess per text, in order; `p_crisis` says of each what it and the risk words mean together.

    `cutoff` is the p_crisis from which a text is called a crisis, `band` the two probabilities between which a person
    should say; `categories` names the likeliest kind of crisis of each text, "" when it cannot; `degraded`: the
    stand-in answered.
    """

    @property
    def name(self) -> str: ...

    @property
    def degraded(self) -> bool: ...

    @property
    def cutoff(self) -> float: ...

    @property
    def band(self) -> tuple[float, float]: ...

    def guess(self, texts: Sequence[str]) -> list[Guess]: ...

    def p_crisis(self, guesses: Sequence[Guess], risks: Sequence[Risk], langs: Sequence[str]) -> list[float]: ...

    def categories(self, texts: Sequence[str]) -> list[str]: ...

    def close(self) -> None: ...


class WordScorer:
    """Risk words decide, a polarity model adds the mood: what snownlp, vader and the word list are heard through."""

    cutoff = 0.5
    band = (0.25, 0.75)

    def __init__(self, polarity: Polarity) -> None:
        self._polarity = polarity

    @property
    def name(self) -> str:
        return self._polarity.name

    @property
    def degraded(self) -> bool:
        return self._polarity.degraded

    def guess(self, texts: Sequence[str]) -> list[Guess]:
        return [Guess(p) for p in self._polarity.p_negative(texts)]

    def p_crisis(self, guesses: Sequence[Guess], risks: Sequence[Risk], langs: Sequence[str]) -> list[float]:
        return [p_crisis(risk, guess.p_negative) for risk, guess in zip(risks, guesses, strict=True)]

    def categories(self, texts: Sequence[str]) -> list[str]:
        return [""] * len(texts)

    def close(self) -> None:
        self._polarity.close()


def p_crisis(risk: Risk, p_negative: float) -> float:
    """How likely the text tells of a crisis; without a category's word hardly: rumour words alone prove nothing."""
    if not risk.category:
        return 0.02
    # Drills, advice and fiction are full of risk words: many of them prove no more than two.
    most = LEAST_HEARD if risk.suppressors else MOST_HEARD
    odds = START + PER_WEIGHT * min(risk.weight, most)
    odds += sum(AGGRAVATOR.get(name, 0.0) for name in risk.aggravators)
    odds += SUPPRESSOR * min(risk.suppressors, 3) + MILD * min(risk.mild_suppressors, 3)
    odds += 1.2 * (p_negative - 0.5)
    return 1 / (1 + math.exp(-odds))
