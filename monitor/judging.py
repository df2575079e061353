"""Two axes become one score: what a model guesses of a text, and what the risk words in it say."""

import re
from collections.abc import Sequence

from monitor.folding import HAN
from monitor.guessing import Guess, Scorer
from monitor.risk import HARD, Risk, RiskTerms
from store.nouns import Score

_HAN = re.compile(f"[{HAN}]")
_LETTERS = re.compile(rf"[^\W\d_{HAN}]++")
NEGATIVE_AT = 0.6
# A person's, not a model's, to decide: why a mention goes to the triage queue.
UNSURE, SARCASM = "unsure", "sarcasm"


def judge(texts: Sequence[tuple[str, str]], *, scorer: Scorer, risk: RiskTerms) -> list[Score]:
    """One Score per (title, text), in order."""
    found = risk.find_all(texts)
    whole = [f"{title} {text}".strip() for title, text in texts]
    guesses = scorer.guess(whole)
    return [_score(one, guess, text, scorer, risk) for one, guess, text in zip(found, guesses, whole, strict=True)]


def language(text: str) -> str:
    """zh when a fifth of the letters are hanzi, else en."""
    begin = text[:400]
    han = len(_HAN.findall(begin))
    others = sum(map(len, _LETTERS.findall(begin)))
    return "zh" if han * 5 >= han + others else "en"


def _score(risk: Risk, guess: Guess, text: str, scorer: Scorer, terms: RiskTerms) -> Score:
    lang = language(text)
    p = scorer.p_crisis(guess, risk, lang)
    crisis = p >= scorer.cutoff
    if crisis and not risk.category:
        # Told without a risk word: the model names the kind, the taxonomy says what that kind means for people.
        risk = terms.of_kind(risk, scorer.category(text))
    low, high = scorer.band
    return Score(
        p_negative=round(guess.p_negative, 4),
        p_crisis=round(p, 4),
        # What tells of a crisis is negative whatever the model thinks of its words.
        negative=crisis or guess.p_negative >= NEGATIVE_AT,
        crisis=crisis,
        category=risk.category if crisis else "",
        categories=risk.categories if crisis else (),
        spans=risk.spans,
        aggravators=risk.aggravators,
        harm=risk.harm if crisis else 0,
        hard=crisis and risk.hard and risk.weight >= HARD,
        lang=lang,
        model=scorer.name + ("*" if scorer.degraded else ""),
        triage=UNSURE if low <= p < high else "",
    )
