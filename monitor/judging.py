"""Two axes become one score: what a model guesses of a text, and what the risk words in it say."""

from collections.abc import Sequence

import numpy as np

from monitor.guessing import Guess, Scorer
from monitor.language import languages
from monitor.risk import HARD, Looked, RiskTerms
from monitor.risk_record import Risk
from monitor.sarcasm import sarcastic
from store.nouns import Score

NEGATIVE_AT = 0.6
# A person's, not a model's, to decide: why a mention goes to the triage queue.
UNSURE, SARCASM = "unsure", "sarcasm"


def judge(texts: Sequence[tuple[str, str]], *, scorer: Scorer, risk: RiskTerms) -> list[Score]:
    """One Score per (title, text), in order."""
    looked = risk.look(texts)
    found = looked.risks
    whole = [f"{title} {text}".strip() for title, text in texts]
    guesses = scorer.guess(whole)
    langs = languages(whole)
    # No scorer has learned the company's own words; who added one as a crisis has decided it.
    cutoff = scorer.cutoff
    chances = [
        max(p, cutoff) if one.own and not one.suppressors else p
        for p, one in zip(scorer.p_crisis(guesses, found, langs), found, strict=True)
    ]
    _name_kinds(found, whole, chances, scorer, risk)
    return _Writer(scorer, looked).scores(langs, guesses, chances)


def _name_kinds(
    found: list[Risk], whole: Sequence[str], chances: Sequence[float], scorer: Scorer, terms: RiskTerms
) -> None:
    """Told without a risk word: the model names the kind, the taxonomy says what that kind means for people."""
    cutoff = scorer.cutoff
    places = [place for place, p in enumerate(chances) if p >= cutoff and not found[place].category]
    for place, kind in zip(places, scorer.categories([whole[one] for one in places]), strict=True):
        found[place] = terms.of_kind(found[place], kind)


class _Writer:
    """Puts what is known of some texts into a Score each."""

    def __init__(self, scorer: Scorer, looked: Looked) -> None:
        self._cutoff, self._band = scorer.cutoff, scorer.band
        self._model = scorer.name + ("*" if scorer.degraded else "")
        self._looked = looked

    def scores(self, langs: Sequence[str], guesses: Sequence[Guess], chances: Sequence[float]) -> list[Score]:
        shown = np.round([[guess.p_negative for guess in guesses], chances], 4).tolist()
        every = zip(langs, guesses, self._looked.risks, chances, *shown, strict=True)
        return [self._score(at, *one) for at, one in enumerate(every)]

    def _score(
        self, at: int, lang: str, guess: Guess, risk: Risk, p: float, p_negative: float, p_crisis: float
    ) -> Score:
        crisis = p >= self._cutoff
        return Score(
            p_negative=p_negative,
            p_crisis=p_crisis,
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
            model=self._model,
            triage=self._triage(at, risk, p),
        )

    def _triage(self, at: int, risk: Risk, p: float) -> str:
        low, high = self._band
        if risk.own and p >= self._cutoff:
            return ""
        if low <= p < high:
            return UNSURE
        if p >= low or at not in self._looked.praise:
            return ""
        return SARCASM if sarcastic(self._looked.folded.texts[at], risk) else ""
