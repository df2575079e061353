"""What the score of a mention is after people corrected it: their word counts, else the model's (pure)."""

from collections.abc import Sequence
from typing import NamedTuple

from monitor.judging import NEGATIVE_AT
from store.nouns import Score

# A person's word -> the mark it sets, and how. Each is undone by the other one of its mark.
SAYS: dict[str, tuple[str, bool]] = {
    "crisis": ("crisis", True),
    "not_crisis": ("crisis", False),
    "negative": ("negative", True),
    "not_negative": ("negative", False),
    "not_us": ("not_us", True),
    "ours": ("not_us", False),
}


class Marks(NamedTuple):
    """How a mention counts for a brand."""

    negative: bool
    crisis: bool
    not_us: bool


def after(score: Score, said: Sequence[str]) -> Marks:
    """The marks after these words of people, oldest first; what tells of a crisis is negative unless they deny it."""
    last = {SAYS[what][0]: SAYS[what][1] for what in said}
    # Nobody's word ever changed a mark nobody spoke of: it is still the model's.
    crisis = last.get("crisis", score.crisis)
    negative = last.get("negative", crisis or score.p_negative >= NEGATIVE_AT)
    return Marks(negative, crisis, last.get("not_us", False))


def is_news(said: Sequence[str], what: str) -> bool:
    """Whether the word differs from the last one that people said about the same mark."""
    return [one for one in said if SAYS[one][0] == SAYS[what][0]][-1:] != [what]
