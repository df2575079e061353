"""Two words that betray a risk only together: which pairs a text may hold, and where they stand (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from config.taxonomy import Taxonomy
from monitor.masks import Hit, Hits, Masks, Row, overlaps
from monitor.risk_words import forms_of

_NONE: frozenset[int] = frozenset()


class Pairs:
    """All pairs of a taxonomy; `forms` are its words by their numbers."""

    def __init__(self, taxonomy: Taxonomy, forms: Sequence[str]) -> None:
        self._pairs = [
            (category, pair, forms_of(pair.first), forms_of(pair.then))
            for category in taxonomy.categories
            for pair in category.pairs
        ]
        self._first_of = _pairs_by_word(first for _, _, first, _ in self._pairs)
        self._then_of = _pairs_by_word(then for _, _, _, then in self._pairs)
        # The same by the number of the word, the pairs as the bits of one number.
        self._first = [sum(1 << pair for pair in self._first_of.get(form, _NONE)) for form in forms]
        self._then = [sum(1 << pair for pair in self._then_of.get(form, _NONE)) for form in forms]

    def any_in(self, numbers: Iterable[int]) -> bool:
        """Whether both halves of any pair are among the words with these numbers."""
        first, then, firsts, thens = 0, 0, self._first, self._then
        for number in numbers:
            first |= firsts[number]
            then |= thens[number]
        return bool(first & then)

    def hits(self, hits: Hits, masks: Masks) -> Iterator[Hit]:
        """Of each pair that stands close together and is not explained away, the first."""
        halves: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits["half"]:
            if not masks.covered(hit):
                halves[hit.word].append(hit)
        for number in self._both_in(halves):
            category, pair, first, then = self._pairs[number]
            ones = [hit for word in first & halves.keys() for hit in halves[word]]
            twos = [hit for word in then & halves.keys() for hit in halves[word]]
            for one, two in _close_together(ones, twos, pair.within):
                start, end = min(one.start, two.start), max(one.end, two.end)
                hit = Hit(start, end, f"{one.word}…{two.word}", "pair", category.id, pair.aggravator)
                if not masks.cancels(hit) and not masks.denied(two):
                    # One tale told twice is one pair.
                    yield hit
                    break

    def _both_in(self, words: Iterable[str]) -> list[int]:
        """The pairs of which both halves are there, in the order of the taxonomy."""
        first, then = set[int](), set[int]()
        for word in words:
            first |= self._first_of.get(word, _NONE)
            then |= self._then_of.get(word, _NONE)
        return sorted(first & then)


def _pairs_by_word(sets: Iterable[frozenset[str]]) -> dict[str, frozenset[int]]:
    """Word → the numbers of the pairs it is in."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, words in enumerate(sets):
        for word in words:
            found[word].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _close_together(ones: list[Hit], twos: list[Hit], within: int) -> Iterator[tuple[Hit, Hit]]:
    """In the order of the text, so that every process finds the same pair first."""
    others = Row(twos)
    for one in sorted(ones):
        for two in others.overlapping(one.start - within - 1, one.end + within + 1):
            if not overlaps(one, two):
                yield one, two
