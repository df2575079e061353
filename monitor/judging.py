"""Two axes become one score: polarity guessed by a scorer, crisis told by risk terms that overrule it."""

import math
import re
from collections.abc import Sequence

from monitor.folding import HAN
from monitor.risk import HARD, Risk, RiskTerms
from monitor.scorer import Scorer
from store.nouns import Score

_HAN = re.compile(f"[{HAN}]")
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
NEGATIVE_AT = 0.6


def judge(texts: Sequence[tuple[str, str]], *, scorer: Scorer, risk: RiskTerms) -> list[Score]:
    """One Score per (title, text), in order."""
    found = [risk.find(title, text) for title, text in texts]
    guessed = scorer.p_negative([f"{title} {text}".strip() for title, text in texts])
    model = scorer.name + ("*" if scorer.degraded else "")
    return [
        _score(one, p, model, language(title + text))
        for one, p, (title, text) in zip(found, guessed, texts, strict=True)
    ]


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


def language(text: str) -> str:
    """zh when a fifth of the letters are hanzi, else en."""
    letters = [char for char in text[:400] if char.isalpha()]
    return "zh" if len(_HAN.findall("".join(letters))) * 5 >= len(letters) else "en"


def _score(risk: Risk, p_negative: float, model: str, lang: str) -> Score:
    p = p_crisis(risk, p_negative)
    crisis = p >= 0.5
    return Score(
        p_negative=round(p_negative, 4),
        p_crisis=round(p, 4),
        # What tells of a crisis is negative whatever the model thinks of its words.
        negative=crisis or p_negative >= NEGATIVE_AT,
        crisis=crisis,
        category=risk.category if crisis else "",
        categories=risk.categories if crisis else (),
        spans=risk.spans,
        aggravators=risk.aggravators,
        harm=risk.harm if crisis else 0,
        hard=crisis and risk.hard and risk.weight >= HARD,
        lang=lang,
        model=model,
    )
