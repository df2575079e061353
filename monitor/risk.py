"""Risk terms (pure): what the taxonomy's words betray in a text, with masks for slang, denials and false friends."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from config.taxonomy import Category, Taxonomy
from monitor.folding import Folded, fold
from monitor.folding_batch import fold_all
from monitor.masks import Hit, Masks, Row, inside, overlaps
from monitor.risk_words import COUNTING, Place, RiskWords, forms_of
from store.nouns import Level, Span

HARD, TERM, PAIR, WEAK = 1.0, 0.6, 0.7, 0.2
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Risk:
    """What a text betrays. Spans count characters of title + newline + text; harm 0..4; weight 0..1 and more.

    `own`: it holds a word that the company itself named a crisis, and nothing explains that word away.
    """

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
    own: bool = False

    def worse(self, aggravators: set[str]) -> "Risk":
        """The same, with what makes it worse; only for what betrays nothing else."""
        told = tuple(sorted(aggravators))
        return Risk((), "", (), told, self.suppressors, self.mild_suppressors, self.unsure)


NOTHING = Risk()


class RiskTerms:
    """A taxonomy ready to be sought in texts; building it costs milliseconds, `find` microseconds."""

    def __init__(self, taxonomy: Taxonomy, own: Iterable[str] = ()) -> None:
        """`own`: the hard words that the company added itself."""
        self.taxonomy = taxonomy
        self._own_forms = forms_of(own)
        self._words = RiskWords(taxonomy)
        self._pairs = [
            (category, pair, forms_of(pair.first), forms_of(pair.then))
            for category in taxonomy.categories
            for pair in category.pairs
        ]
        self._first_of = _numbers(first for _, _, first, _ in self._pairs)
        self._then_of = _numbers(then for _, _, _, then in self._pairs)

    def find(self, title: str, text: str) -> Risk:
        """Everything the text betrays; the same answer every time."""
        return self._found(fold(_whole(title, text), tight=True), 0 if title else 1)

    def find_all(self, texts: Sequence[tuple[str, str]]) -> list[Risk]:
        """`find` of each (title, text), faster."""
        folded = fold_all([_whole(*one) for one in texts])
        return [self._found(one, 0 if title else 1) for one, (title, _) in zip(folded, texts, strict=True)]

    def _found(self, folded: Folded, before: int) -> Risk:
        """`before`: how many characters of title and newline stand before the folded text."""
        places = self._words.places_in(folded.text)
        if not places:
            return NOTHING
        numbers = {number for number, _, _ in places}
        beside = self._beside(numbers)
        counting, paired = not numbers.isdisjoint(self._words.counting), self._pairs_in(numbers)
        if not counting and not paired:
            # Most texts: nothing in them can become a risk, so nobody needs to look for what would cancel it.
            said = self._aggravators(folded.text, places, numbers)
            return beside.worse(said) if said else beside
        hits = list(self._words.hits(places))
        masks = Masks(folded.text, hits)
        own = self._own(hits, masks) if counting else []
        pairs = list(self._pair_hits(hits, masks)) if paired else []
        aggravators = _said(hits, masks) | {hit.aggravator for hit in pairs if hit.aggravator}
        risk = self._weigh(_longest([*own, *pairs]), aggravators, beside, folded, before)
        named = any(hit.kind == "hard" and hit.word in self._own_forms for hit in own)
        return replace(risk, own=True) if named else risk

    def _aggravators(self, text: str, places: list[Place], numbers: set[int]) -> set[str]:
        """What makes it worse, where there is nothing yet that could become worse."""
        if numbers.isdisjoint(self._words.aggravating):
            return set()
        if numbers.isdisjoint(self._words.masking):
            return self._words.aggravators(numbers)
        hits = list(self._words.hits(one for one in places if one[0] in self._words.masked))
        return _said(hits, Masks(text, hits))

    def _own(self, hits: list[Hit], masks: Masks) -> list[Hit]:
        """The words that count by themselves and are not explained away."""
        words = [hit for hit in hits if hit.kind in COUNTING]
        # Who denies food poisoning denies poisoning, however far before it the denial stands.
        denied = Row(hit for hit in words if masks.denied(hit))
        return [hit for hit in words if not masks.cancels(hit) and not _part_of(hit, denied)]

    def of_kind(self, risk: Risk, category_id: str) -> Risk:
        """The same signs when something else than a word says what kind it is; an unknown kind changes nothing."""
        category = self.taxonomy.category(category_id)
        if category is None:
            return risk
        harm = _harm(set(risk.aggravators), category)
        return replace(risk, category=category.id, categories=(category.id, *risk.categories), harm=harm)

    def _pairs_in(self, numbers: set[int]) -> bool:
        halves = numbers & self._words.halves
        return len(halves) > 1 and bool(self._pairs_of(self._words.forms[number] for number in halves))

    def _beside(self, numbers: set[int]) -> Risk:
        """What a text says beside any risk: whether it speaks of drills and fiction, and how sure it is."""
        if numbers.isdisjoint(self._words.beside):
            return NOTHING
        kinds = [kind for number in numbers for kind in self._words.kinds[number]]
        return Risk(
            suppressors=kinds.count("suppressor"), mild_suppressors=kinds.count("mild"), unsure="certainty" in kinds
        )

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

    def _pairs_of(self, words: Iterable[str]) -> list[int]:
        """The pairs of which both halves are there, in the order of the taxonomy."""
        first, then = set[int](), set[int]()
        for word in words:
            first |= self._first_of.get(word, _NONE)
            then |= self._then_of.get(word, _NONE)
        return sorted(first & then)

    def _weigh(self, found: list[Hit], aggravators: set[str], beside: Risk, folded: Folded, before: int) -> Risk:
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
        return replace(
            beside,
            spans=tuple(_span(folded, before, hit) for hit in sorted(found)),
            category=top.id if top and top.id in serious else "",
            categories=tuple(one for one in ranked if one in serious),
            aggravators=tuple(sorted(aggravators)),
            hard=hard,
            harm=_harm(aggravators, top if top and top.id in serious else None),
            weight=max(sums.values(), default=0.0),
        )

    def _rank(self, category_id: str, total: float) -> float:
        category = self.taxonomy.category(category_id)
        return total + (0.1 * Level(category.floor).rank if category else 0.0)


def _whole(title: str, text: str) -> str:
    return f"{title}\n{text}" if title else text


def _said(hits: list[Hit], masks: Masks) -> set[str]:
    """What makes it worse and is not explained away."""
    return {hit.category for hit in hits if hit.kind == "aggravator" and not masks.cancels(hit)}


def _numbers(sets: Iterable[frozenset[str]]) -> dict[str, frozenset[int]]:
    """Word → the numbers of the sets it is in."""
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
