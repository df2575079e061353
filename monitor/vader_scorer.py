"""VADER, for English: a rule-based lexicon many know; it says nothing of Chinese."""

from collections.abc import Sequence

# Its cost grows with length and its verdict does not.
LONGEST = 1000


class VaderScorer:
    """Loads its word list at once (milliseconds)."""

    name = "vader"
    degraded = False

    def __init__(self) -> None:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        self._analyser = SentimentIntensityAnalyzer()

    def p_negative(self, texts: Sequence[str]) -> list[float]:
        """One number per text; what it knows no word of is 0.5."""
        return [(1 - float(self._analyser.polarity_scores(text[:LONGEST])["compound"])) / 2 for text in texts]

    def close(self) -> None:
        """Nothing to close."""
