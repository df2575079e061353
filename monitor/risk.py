"""Risk terms (pure): what the taxonomy's words betray in a text, with masks for slang, denials and false friends."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ahocorasick_rs import AhoCorasick

from config.taxonomy import Aggravators, Category, Taxonomy
from monitor.folding import Folded, fold, is_latin
from monitor.folding_batch import fold_all
from monitor.masks import Hit, Masks, Row, inside, overlaps
from monitor.matching import Addresses, whole_word
from store.nouns import Level, Span

HARD, TERM, PAIR, WEAK = 1.0, 0.6, 0.7, 0.2
_NONE: frozenset[int] = frozenset()
_TELLING = frozenset(("hard", "term", "weak", "aggravator"))


@dataclass(frozen=True, slots=True)
class Risk:
    """What a text betrays. Spans count characters of title + newline + text; harm 0..4; weight 0..1 and more."""

    spans: tuple[Span, ...] = ()
    category: str = ""
    categories: tuple[str, ...] = ()
    aggravators: tuple[str, ...] = ()
    suppressors: int = 0
    mild_suppressors: int = 0
    unsure: bool = False
    hard: bool = False
    harm: int = 0
    weight: float = 0.0


_NOTHING = Risk()


class RiskTerms:
    """A taxonomy ready to be sought in texts; building it costs milliseconds, `find` microseconds."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        meanings: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for word, kind, category in _all_words(taxonomy):
            form = fold(word.strip(), tight=True).text.strip()
            if form and (kind, category) not in meanings[form]:
                meanings[form].append((kind, category))
        self._words = sorted(meanings)
        self._meanings = [meanings[word] for word in self._words]
        self._tree = AhoCorasick(self._words)
        # Words of hanzi alone need no look at what stands beside them.
        self._bounded = frozenset(
            index for index, word in enumerate(self._words) if not is_latin(word[0]) and not is_latin(word[-1])
        )
        self._telling = self._with(*_TELLING)
        self._halves = self._with("half")
        self._pairs = [
            (category, pair, _forms(pair.first), _forms(pair.then))
            for category in taxonomy.categories
            for pair in category.pairs
        ]
        self._first_of = _places(first for _, _, first, _ in self._pairs)
        self._then_of = _places(then for _, _, _, then in self._pairs)

    def find(self, title: str, text: str) -> Risk:
        """Everything the text betrays; the same answer every time."""
        return self._found(fold(_whole(title, text), tight=True), 0 if title else 1)

    def find_all(self, texts: Sequence[tuple[str, str]]) -> list[Risk]:
        """`find` of each (title, text), faster."""
        folded = fold_all([_whole(*one) for one in texts], tight=True)
        return [self._found(one, 0 if title else 1) for one, (title, _) in zip(folded, texts, strict=True)]

    def _found(self, folded: Folded, before: int) -> Risk:
        """`before`: how many characters of title and newline stand before the folded text."""
        places = self._places_in(folded.text)
        if not places:
            return _NOTHING
        if self._harmless({index for index, _, _ in places}):
            return self._harmless_risk({index for index, _, _ in places})
        hits = [
            Hit(start, end, self._words[index], kind, category)
            for index, start, end in places
            for kind, category in self._meanings[index]
        ]
        masks = Masks(folded.text, hits)
        words = [hit for hit in hits if hit.kind in ("hard", "term", "weak")]
        # Who denies food poisoning denies poisoning, however far before it the denial stands.
        denied = Row(hit for hit in words if masks.denied(hit))
        own = [hit for hit in words if not masks.cancels(hit) and not _part_of(hit, denied)]
        pairs = list(self._pair_hits(hits, masks))
        found = _longest([*own, *pairs])
        said = {hit.category for hit in hits if hit.kind == "aggravator" and not masks.cancels(hit)}
        aggravators = said | {hit.aggravator for hit in pairs if hit.aggravator}
        return self._weigh(folded, before, found, aggravators, hits)

    def of_kind(self, risk: Risk, category_id: str) -> Risk:
        """The same signs when something else than a word says what kind it is; an unknown kind changes nothing."""
        category = self.taxonomy.category(category_id)
        if category is None:
            return risk
        harm = _harm(set(risk.aggravators), category)
        return replace(risk, category=category.id, categories=(category.id, *risk.categories), harm=harm)

    def _places_in(self, text: str) -> list[tuple[int, int, int]]:
        """(number of the word, start, end) of every word that stands in the text by itself and in no web address."""
        found = self._tree.find_matches_as_indexes(text, overlapping=True)
        if not found:
            return []
        addresses = Addresses(text)
        return [
            place
            for place in found
            if (place[0] in self._bounded or whole_word(text, place[1], place[2])) and place[1] not in addresses
        ]

    def _harmless(self, words: set[int]) -> bool:
        """Most texts: nothing in them can become a risk, so nobody needs to look for what would cancel it."""
        if not words.isdisjoint(self._telling):
            return False
        halves = words & self._halves
        return len(halves) < 2 or not self._pairs_of(self._words[index] for index in halves)

    def _harmless_risk(self, words: set[int]) -> Risk:
        kinds = [kind for index in words for kind in {kind for kind, _ in self._meanings[index]}]
        suppressors, mild, unsure = kinds.count("suppressor"), kinds.count("mild"), "certainty" in kinds
        return Risk(suppressors=suppressors, mild_suppressors=mild, unsure=unsure) if kinds else _NOTHING

    def _pair_hits(self, hits: list[Hit], masks: Masks) -> Iterator[Hit]:
        halves: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            if hit.kind == "half" and not masks.covered(hit):
                halves[hit.word].append(hit)
        if not halves:
            return
        for number in self._pairs_of(halves):
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

    def _with(self, *kinds: str) -> frozenset[int]:
        """The numbers of the words that mean one of these."""
        return frozenset(
            index for index, meanings in enumerate(self._meanings) if any(kind in kinds for kind, _ in meanings)
        )

    def _pairs_of(self, words: Iterable[str]) -> list[int]:
        """The pairs of which both halves are there, in the order of the taxonomy."""
        first, then = set[int](), set[int]()
        for word in words:
            first |= self._first_of.get(word, _NONE)
            then |= self._then_of.get(word, _NONE)
        return sorted(first & then)

    def _weigh(self, folded: Folded, before: int, found: list[Hit], aggravators: set[str], hits: list[Hit]) -> Risk:
        sums: dict[str, float] = defaultdict(float)
        seen = set()
        for hit in found:
            if (hit.word, hit.category) not in seen:
                sums[hit.category] += _worth(hit)
                seen.add((hit.word, hit.category))
        serious = {hit.category for hit in found if hit.kind != "weak"}
        ranked = sorted(sums, key=lambda one: (one not in serious, -self._rank(one, sums[one]), one))
        top = self.taxonomy.category(ranked[0]) if ranked else None
        hard = any(hit.kind == "hard" for hit in found)
        return Risk(
            spans=tuple(_span(folded, before, hit) for hit in sorted(found)),
            category=top.id if top and top.id in serious else "",
            categories=tuple(one for one in ranked if one in serious),
            aggravators=tuple(sorted(aggravators)),
            suppressors=_count(hits, "suppressor"),
            mild_suppressors=_count(hits, "mild"),
            unsure=_unsure(hits),
            hard=hard,
            harm=_harm(aggravators, top if top and top.id in serious else None),
            weight=max(sums.values(), default=0.0),
        )

    def _rank(self, category_id: str, total: float) -> float:
        category = self.taxonomy.category(category_id)
        return total + (0.1 * Level(category.floor).rank if category else 0.0)


def _whole(title: str, text: str) -> str:
    return f"{title}\n{text}" if title else text


def _count(hits: list[Hit], kind: str) -> int:
    return len({hit.word for hit in hits if hit.kind == kind})


def _unsure(hits: list[Hit]) -> bool:
    return any(hit.kind == "certainty" for hit in hits)


def _all_words(taxonomy: Taxonomy) -> Iterator[tuple[str, str, str]]:
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


def _places(sets: Iterable[frozenset[str]]) -> dict[str, frozenset[int]]:
    """Word → the numbers of the sets it is in."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, words in enumerate(sets):
        for word in words:
            found[word].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _forms(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word.strip(), tight=True).text.strip() for word in words)


def _close_together(ones: list[Hit], twos: list[Hit], within: int) -> Iterator[tuple[Hit, Hit]]:
    """In the order of the text, so that every process finds the same pair first."""
    others = Row(twos)
    for one in sorted(ones):
        for two in others.overlapping(one.start - within - 1, one.end + within + 1):
            if not overlaps(one, two):
                yield one, two


def _longest(hits: list[Hit]) -> list[Hit]:
    """Of words that lie inside one another the longest counts; of pairs of one category the first."""
    words = [hit for hit in hits if hit.kind != "pair"]
    row = Row(words)
    kept = [hit for hit in words if not _part_of(hit, row)]
    first_pairs = {hit.category: hit for hit in sorted((hit for hit in hits if hit.kind == "pair"), reverse=True)}
    return kept + list(first_pairs.values())


def _part_of(hit: Hit, row: Row) -> bool:
    return any(inside(hit, other) for other in row.overlapping(hit.start, hit.end))


def _worth(hit: Hit) -> float:
    return {"hard": HARD, "term": TERM, "pair": PAIR}.get(hit.kind, WEAK)


def _harm(aggravators: set[str], category: Category | None) -> int:
    """The severity matrix's H: 4 death or serious injury, 3 possible injury or doctor, 2 unwell, money, privacy."""
    if category is None:
        return 0
    if "death_injury" in aggravators:
        return 4
    if aggravators & {"hospital", "injury"}:
        return 3
    if "symptom" in aggravators:
        return 3 if aggravators & {"vulnerable", "collective"} else 2
    return category.harm


def _span(folded: Folded, before: int, hit: Hit) -> Span:
    start, end = folded.original(hit.start, hit.end)
    return Span(start + before, end + before, hit.word, hit.category, _worth(hit), hit.kind == "hard")
