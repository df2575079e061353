"""Where slang, false friends and denials stand in a text, so that the risk words under them do not count (pure)."""

import re
from bisect import bisect_left
from typing import NamedTuple

from monitor.folding import is_latin

# How far before a hit a denial may stand: characters of Chinese, characters of English.
LOOK_BACK_HAN, LOOK_BACK_LATIN = 6, 24
_CLAUSE_END = re.compile(r"[,，。！？!?；;：:\n]")


class Hit(NamedTuple):
    """A word found at start..end of the folded text; `kind` is hard, term, weak, pair or the name of a word list."""

    start: int
    end: int
    word: str
    kind: str
    category: str = ""
    aggravator: str = ""


class Masks:
    """Where slang, false friends and denials stand, so that hits under them do not count."""

    def __init__(self, text: str, hits: list[Hit]) -> None:
        self._text = text
        self._idioms = [hit for hit in hits if hit.kind == "idiom"]
        self._friends = [hit for hit in hits if hit.kind == "friend"]
        not_denials = [hit for hit in hits if hit.kind == "not_negation"]
        self._denials = sorted(
            hit for hit in hits if hit.kind == "negation" and not any(covers(other, hit) for other in not_denials)
        )
        self._ends = sorted(hit.end for hit in self._denials)

    def covered(self, hit: Hit) -> bool:
        """Slang covers the hit; a longer risk word that itself covers the slang is still a risk word."""
        return any(overlaps(idiom, hit) and not inside(idiom, hit) for idiom in self._idioms)

    def cancels(self, hit: Hit) -> bool:
        friends = [one for one in self._friends if one.category == hit.category]
        if any(covers(one, hit) for one in friends):
            return True
        if hit.kind == "weak" and any(self._same_clause(one, hit) for one in friends):
            return True
        return self.covered(hit) or self.denied(hit)

    def denied(self, hit: Hit) -> bool:
        """A denial ends shortly before the hit, in the same clause."""
        look_back = LOOK_BACK_LATIN if is_latin(self._text[hit.start]) else LOOK_BACK_HAN
        at = bisect_left(self._ends, hit.start - look_back)
        for end in self._ends[at:]:
            if end > hit.start:
                return False
            if not _CLAUSE_END.search(self._text, end, hit.start):
                return True
        return False

    def _same_clause(self, one: Hit, other: Hit) -> bool:
        start, end = min(one.end, other.end), max(one.start, other.start)
        return not _CLAUSE_END.search(self._text, start, max(start, end))


def covers(outer: Hit, inner: Hit) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def inside(inner: Hit, outer: Hit) -> bool:
    return covers(outer, inner) and (inner.end - inner.start) < (outer.end - outer.start)


def overlaps(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end
