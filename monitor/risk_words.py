"""Where the words of the risk taxonomy stand in folded texts, and what each of them means (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation
from numpy.typing import NDArray

from config.taxonomy import Aggravators, Taxonomy
from monitor.folding import fold, is_latin
from monitor.folding_batch import FoldedAll
from monitor.masks import Hit, Hits
from monitor.query.boundaries import Addresses, whole_word
from monitor.sarcasm_words import STEMS

# Kinds that count by themselves.
COUNTING = ("hard", "term", "weak")
# What a word may be, one bit each: counts by itself; counts in pairs; makes it worse; explains others away; says
# something beside any risk.
COUNTS, HALF, WORSE, MASKS, BESIDE = (1 << bit for bit in range(5))
_BIT_OF = dict.fromkeys(COUNTING, COUNTS) | {
    "half": HALF,
    "aggravator": WORSE,
    **dict.fromkeys(("idiom", "negation", "not_negation"), MASKS),
    **dict.fromkeys(("suppressor", "mild", "certainty"), BESIDE),
}
Place = tuple[int, int, int]
Ints = NDArray[np.int64]


class TextWords(NamedTuple):
    """The words found in one of many texts, which is the `text`-th: their numbers in the order of their ends.

    `held`: the bits of all of them; `halves`: how many count in pairs; `first`: the place of the first in `Sought`.
    """

    text: int
    held: int
    halves: int
    first: int
    numbers: list[int]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search in many texts found: `found`, for the texts with any word, and which texts hold `praise`."""

    found: list[TextWords]
    praise: frozenset[int]
    _folded: FoldedAll
    _ranges: list[tuple[int, int]]

    def places(self, words: TextWords) -> list[Place]:
        """Where the words stand in their own text."""
        base, first = self._folded.begin(words.text), words.first
        ranges = self._ranges[first : first + len(words.numbers)]
        return [(one, begin - base, end - base) for one, (begin, end) in zip(words.numbers, ranges, strict=True)]


class RiskWords:
    """All words of a taxonomy, numbered: `forms` as they stand in folded texts, `kinds` what each may be, `bits` the
    same as bits. The words of praise are sought with them, for texts that are meant bitterly.

    `aggravating` are the numbers of those that make it worse.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        meanings: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for word, kind, category in _all(taxonomy):
            form = form_of(word)
            if form and (kind, category) not in meanings[form]:
                meanings[form].append((kind, category))
        praise = forms_of(STEMS)
        self.forms = sorted(meanings.keys() | praise)
        self._meanings = [meanings.get(form, []) for form in self.forms]
        self.kinds = [frozenset(kind for kind, _ in one) for one in self._meanings]
        self.aggravating = frozenset(number for number, kinds in enumerate(self.kinds) if "aggravator" in kinds)
        self.bits = [sum({_BIT_OF[kind] for kind in kinds if kind in _BIT_OF}) for kinds in self.kinds]
        self._bits = np.array(self.bits, np.uint8)
        self._praise = np.array([form in praise for form in self.forms])
        self._meant = np.array([bool(kinds) for kinds in self.kinds])
        # Words with hanzi at both ends need no look at what stands beside them.
        self._open = np.array([is_latin(form[0]) or is_latin(form[-1]) for form in self.forms])
        # Not a DFA: a third of its megabytes, and what it saves in steps it loses in memory that is far away.
        self._tree = AhoCorasick(self.forms, implementation=Implementation.ContiguousNFA)

    def seek(self, folded: FoldedAll) -> Sought:
        """Every word that stands in one of the texts by itself and in no web address; praise wherever it stands."""
        matches = self._tree.find_matches_as_indexes(folded.joined, overlapping=True)
        flat = np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches)).reshape(-1, 3)
        number, begin, end = flat.T
        text = np.searchsorted(np.array(folded.ends), begin)
        praise = frozenset(text[self._praise[number]].tolist())
        kept = self._meant[number]
        for at in np.flatnonzero(self._open[number] & kept).tolist():
            kept[at] = whole_word(folded.joined, int(begin[at]), int(end[at]))
        kept[_inside_addresses(folded, text, begin)] = False
        number, begin, end, text = number[kept], begin[kept], end[kept], text[kept]
        ranges = list(zip(begin.tolist(), end.tolist(), strict=True))
        return Sought(self._by_text(number, text), praise, folded, ranges)

    def _by_text(self, number: Ints, text: Ints) -> list[TextWords]:
        if not number.size:
            return []
        bits = self._bits[number]
        first = np.flatnonzero(np.concatenate([[True], text[1:] != text[:-1]]))
        held = np.bitwise_or.reduceat(bits, first).tolist()
        halves = np.add.reduceat((bits & HALF) != 0, first, dtype=np.int64).tolist()
        numbers, begins = number.tolist(), first.tolist()
        ends = [*begins[1:], len(numbers)]
        return [
            TextWords(whose, what, half, begin, numbers[begin:end])
            for whose, what, half, begin, end in zip(text[first].tolist(), held, halves, begins, ends, strict=True)
        ]

    def aggravators(self, numbers: Set[int]) -> set[str]:
        """What these words make worse, where nothing explains them away."""
        told = (self._meanings[number] for number in numbers & self.aggravating)
        return {name for meanings in told for kind, name in meanings if kind == "aggravator"}

    def hits(self, places: Iterable[Place]) -> Hits:
        """Every meaning of every word found."""
        found: Hits = defaultdict(list)
        for number, start, end in places:
            for kind, category in self._meanings[number]:
                found[kind].append(Hit(start, end, self.forms[number], kind, category))
        return found


def _inside_addresses(folded: FoldedAll, text: Ints, begin: Ints) -> list[int]:
    """Which of the words, told in the order of the texts, begin inside a web address of their text."""
    linked = [at for at, said in enumerate(folded.texts) if "/" in said or "www." in said]
    first, end = np.searchsorted(text, linked).tolist(), np.searchsorted(text, linked, side="right").tolist()
    inside = []
    for one, own in zip(linked, map(range, first, end), strict=True):
        if own:
            addresses, base = Addresses(folded.texts[one]), folded.begin(one)
            inside += [at for at in own if int(begin[at]) - base in addresses]
    return inside


def form_of(word: str) -> str:
    """How a word of the taxonomy stands in folded texts."""
    return fold(word.strip(), tight=True).text.strip()


def forms_of(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(form_of, words))


def _all(taxonomy: Taxonomy) -> Iterator[tuple[str, str, str]]:
    for category in taxonomy.categories:
        lists = {"hard": category.hard, "term": category.terms, "weak": category.weak, "friend": category.false_friends}
        for kind, words in lists.items():
            yield from ((word, kind, category.id) for word in words.all)
        for pair in category.pairs:
            yield from ((word, "half", "") for word in (*pair.first, *pair.then))
    for name in Aggravators.model_fields:
        yield from ((word, "aggravator", name) for word in getattr(taxonomy.aggravators, name).all)
    for kind, words in (
        ("certainty", taxonomy.certainty),
        ("negation", taxonomy.negations),
        ("not_negation", taxonomy.not_negations),
        ("suppressor", taxonomy.suppressors),
        ("mild", taxonomy.mild_suppressors),
        ("idiom", taxonomy.idioms),
    ):
        yield from ((word, kind, "") for word in words.all)
