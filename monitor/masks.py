"""Where slang, false friends and denials stand in a text, so that the risk words under them do not count (pure)."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from msgspec import Struct

from monitor.folding import is_latin

# How far before a hit a denial may stand: characters of Chinese, characters of English.
LOOK_BACK_HAN, LOOK_BACK_LATIN = 6, 24
_CLAUSE_END = re.compile(r"[,，。！？!?；;：:\n]|\.(?= )")


class Hit(Struct, frozen=True, gc=False, order=True):
    """A word found at start..end of the folded text; `kind` is hard, term, weak, pair or the name of a word list."""

    start: int
    end: int
    word: str
    kind: str
    category: str = ""
    aggravator: str = ""


# The hits of one text by their kind.
Hits = defaultdict[str, list[Hit]]


class Row:
    """Hits in the order of the text; asking which of them overlap a range does not slow down with their number."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._hits = sorted(hits)
        self._starts = [hit.start for hit in self._hits]
        self._longest = max([hit.end - hit.start for hit in self._hits], default=0)

    def __bool__(self) -> bool:
        return bool(self._hits)

    def overlapping(self, start: int, end: int) -> list[Hit]:
        """The hits that share a character with start..end, first to last."""
        first, last = bisect_left(self._starts, start - self._longest + 1), bisect_left(self._starts, end)
        return [hit for hit in self._hits[first:last] if hit.end > start]

    def beside(self, start: int, end: int) -> list[Hit]:
        """Those that overlap start..end, else its neighbours to the left and right."""
        at = bisect_left(self._starts, start)
        return self.overlapping(start, end) or self._hits[max(0, at - 1) : at + 1]


class Masks:
    """Where slang, false friends and denials stand, so that hits under them do not count."""

    def __init__(self, text: str, hits: Hits) -> None:
        self._text = text
        self._idioms = Row(hits["idiom"])
        friends = hits["friend"]
        self._friends = {
            category: Row(hit for hit in friends if hit.category == category)
            for category in {hit.category for hit in friends}
        }
        denials = hits["negation"]
        if denials and (others := hits["not_negation"]):
            row = Row(others)
            denials = [
                hit for hit in denials if not any(covers(one, hit) for one in row.overlapping(hit.start, hit.end))
            ]
        self._ends = sorted([hit.end for hit in denials])

    @cached_property
    def _clause_ends(self) -> list[int]:
        return [found.start() for found in _CLAUSE_END.finditer(self._text)]

    def covered(self, hit: Hit) -> bool:
        """Slang covers the hit; a longer risk word that itself covers the slang is still a risk word."""
        if not self._idioms:
            return False
        return any(not inside(idiom, hit) for idiom in self._idioms.overlapping(hit.start, hit.end))

    def cancels(self, hit: Hit) -> bool:
        friends = self._friends.get(hit.category)
        if friends:
            if any(covers(one, hit) for one in friends.overlapping(hit.start, hit.end)):
                return True
            if hit.kind == "weak" and any(self._same_clause(one, hit) for one in friends.beside(hit.start, hit.end)):
                return True
        return self.covered(hit) or self.denied(hit)

    def denied(self, hit: Hit) -> bool:
        """A denial ends shortly before the hit, in the same clause."""
        if not self._ends:
            return False
        look_back = LOOK_BACK_LATIN if is_latin(self._text[hit.start]) else LOOK_BACK_HAN
        # Of all denials before the hit the last is the nearest: when a clause ends after it, one ends after all.
        at = bisect_right(self._ends, hit.start) - 1
        return at >= 0 and self._ends[at] >= hit.start - look_back and self._one_clause(self._ends[at], hit.start)

    def _same_clause(self, one: Hit, other: Hit) -> bool:
        return self._one_clause(min(one.end, other.end), max(one.start, other.start))

    def _one_clause(self, start: int, end: int) -> bool:
        at = bisect_left(self._clause_ends, start)
        return at == len(self._clause_ends) or self._clause_ends[at] >= end


def covers(outer: Hit, inner: Hit) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def inside(inner: Hit, outer: Hit) -> bool:
    return covers(outer, inner) and (inner.end - inner.start) < (outer.end - outer.start)


def overlaps(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end
