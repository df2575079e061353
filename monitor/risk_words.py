"""Where the words of the risk taxonomy stand in a folded text, and what each of them means (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set

from ahocorasick_rs import AhoCorasick, Implementation

from config.taxonomy import Aggravators, Taxonomy
from monitor.folding import fold, is_latin
from monitor.masks import Hit
from monitor.query.boundaries import Addresses, whole_word

# Kinds that count by themselves.
COUNTING = frozenset(("hard", "term", "weak"))
Place = tuple[int, int, int]


class RiskWords:
    """All words of a taxonomy, numbered: `forms` as they stand in folded texts, `kinds` what each may be.

    `counting` are the numbers of those that count by themselves, `halves` of those that count in pairs, `aggravating`
    of those that make it worse, `masking` of what explains them away, `masked` of both, `beside` of what a text says
    beside any risk.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        meanings: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for word, kind, category in _all(taxonomy):
            form = form_of(word)
            if form and (kind, category) not in meanings[form]:
                meanings[form].append((kind, category))
        self.forms = sorted(meanings)
        self._meanings = [meanings[form] for form in self.forms]
        self.kinds = [frozenset(kind for kind, _ in one) for one in self._meanings]
        self.counting, self.halves, self.aggravating = map(self._of, (COUNTING, {"half"}, {"aggravator"}))
        self.masking = self._of({"idiom", "negation", "not_negation"})
        self.masked = self.aggravating | self.masking
        self.beside = self._of({"suppressor", "mild", "certainty"})
        # Words with hanzi at both ends need no look at what stands beside them.
        self._bounded = frozenset(
            number for number, form in enumerate(self.forms) if not is_latin(form[0]) and not is_latin(form[-1])
        )
        self._tree = AhoCorasick(self.forms, implementation=Implementation.DFA)

    def places_in(self, text: str) -> list[Place]:
        """(number, start, end) of every word that stands in the text by itself and in no web address."""
        found = self._tree.find_matches_as_indexes(text, overlapping=True)
        if not found:
            return []
        bounded = self._bounded
        own = [one for one in found if one[0] in bounded or whole_word(text, one[1], one[2])]
        if "/" not in text and "www." not in text:
            return own
        addresses = Addresses(text)
        return [one for one in own if one[1] not in addresses]

    def _of(self, wanted: Set[str]) -> frozenset[int]:
        return frozenset(number for number, kinds in enumerate(self.kinds) if kinds & wanted)

    def aggravators(self, numbers: Set[int]) -> set[str]:
        """What these words make worse, where nothing explains them away."""
        told = (self._meanings[number] for number in numbers & self.aggravating)
        return {name for meanings in told for kind, name in meanings if kind == "aggravator"}

    def hits(self, places: Iterable[Place]) -> Iterator[Hit]:
        """Every meaning of every word found."""
        for number, start, end in places:
            for kind, category in self._meanings[number]:
                yield Hit(start, end, self.forms[number], kind, category)


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
