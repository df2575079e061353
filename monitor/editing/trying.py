"""The test box: what texts come to with the words that count now and with those somebody is about to save."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.guessing import Scorer
from monitor.judging import judge
from monitor.risk import RiskTerms
from store.nouns import Score

MOST_TEXTS: Final = 30
LONGEST_TEXT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Trial:
    """One text with its score before and after; spans count characters of newline + text."""

    text: str
    before: Score
    after: Score

    @property
    def differs(self) -> bool:
        return self.before != self.after


def try_texts(texts: Sequence[str], scorer: Scorer, before: RiskTerms, after: RiskTerms) -> list[Trial]:
    """One Trial per text, in order; nothing is kept."""
    pairs = [("", text) for text in texts]
    scores = (judge(pairs, scorer=scorer, risk=terms) for terms in (before, after))
    return [Trial(text, one, other) for text, one, other in zip(texts, *scores, strict=True)]


def texts_of(typed: str) -> tuple[str, ...]:
    """One text a line, as many and as long as the box takes."""
    lines = [line.strip()[:LONGEST_TEXT] for line in typed.splitlines() if line.strip()]
    return tuple(lines[:MOST_TEXTS])
