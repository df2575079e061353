"""Risk terms (pure): what the taxonomy's words betray in a text, with masks for slang, denials and false friends."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec import structs

from config.taxonomy import Category, Taxonomy
from monitor.folding import Folded
from monitor.folding_batch import FoldedAll, fold_all
from monitor.masks import LOOK_BACK_LATIN, Hit, Hits, Masks, Row, inside
from monitor.risk_pairs import Pairs
from monitor.risk_record import NOTHING, Risk
from monitor.risk_words import BESIDE, COUNTING, COUNTS, MASKS, WORSE, Place, RiskWords, Sought, TextWords, forms_of
from store.nouns import Level, Span

HARD, TERM, PAIR, WEAK = 1.0, 0.6, 0.7, 0.2
_WORTH = {"hard": HARD, "term": TERM, "pair": PAIR, "weak": WEAK}


@dataclass(frozen=True, slots=True)
class Looked:
    """What some texts betray, one Risk each; how they read folded, and which of them hold words of praise."""

    risks: list[Risk]
    folded: FoldedAll
    praise: frozenset[int]


class RiskTerms:
    """A taxonomy ready to be sought in texts; building it costs milliseconds, a look at a text microseconds."""

    # Texts that betray nothing hold the same few words again and again.
    KEPT: Final = 5000

    def __init__(self, taxonomy: Taxonomy, own: Iterable[str] = ()) -> None:
        """`own`: the hard words that the company added itself."""
        self.taxonomy = taxonomy
        self._own_forms = forms_of(own)
        self._words = RiskWords(taxonomy)
        self._known: dict[tuple[int, ...], Risk] = {}
        self._pairs = Pairs(taxonomy, self._words.forms)
        self._floor = {one.id: 0.1 * Level(one.floor).rank for one in taxonomy.categories}

    def find(self, title: str, text: str) -> Risk:
        """Everything the text betrays; the same answer every time."""
        return self.look([(title, text)]).risks[0]

    def look(self, texts: Sequence[tuple[str, str]]) -> Looked:
        """The same of each (title, text), in order; many at once cost far less each."""
        folded = fold_all([_whole(*one) for one in texts], tight=True)
        sought = self._words.seek(folded)
        risks = [NOTHING] * len(texts)
        for words in sought.found:
            before = 0 if texts[words.text][0] else 1
            risks[words.text] = self._risk(words, sought, folded, before)
        return Looked(risks, folded, sought.praise)

    def _risk(self, words: TextWords, sought: Sought, folded: FoldedAll, before: int) -> Risk:
        """`before`: how many characters of title and newline stand before the folded text."""
        numbers, held = words.numbers, words.held
        paired = words.halves > 1 and self._pairs.any_in(numbers)
        if paired or held & COUNTS:
            hits = self._words.hits(sought.places(words))
            return self._found(numbers, hits, paired, folded[words.text], before)
        # Most texts: nothing in them can become a risk, so nobody needs to look for what would cancel it.
        if held & WORSE and held & MASKS:
            places = sought.places(words)
            if self._near(places):
                hits = self._words.hits(places)
                return self._slight(numbers, _said(hits, Masks(folded.texts[words.text], hits)))
        return self._known_slight(numbers) if held & (WORSE | BESIDE) else NOTHING

    def _known_slight(self, numbers: list[int]) -> Risk:
        bits = self._words.bits
        key = tuple([number for number in numbers if bits[number] & (WORSE | BESIDE)])
        risk = self._known.get(key)
        if risk is None:
            risk = self._slight(numbers, self._words.aggravators(set(numbers)))
            if len(self._known) < self.KEPT:
                self._known[key] = risk
        return risk

    def _slight(self, numbers: list[int], aggravators: set[str]) -> Risk:
        """Of a text in which nothing can become a risk: what would make one worse, and what it says beside."""
        suppressors, mild, unsure = self._beside(set(numbers))
        worse = tuple(sorted(aggravators))
        return Risk(aggravators=worse, suppressors=suppressors, mild_suppressors=mild, unsure=unsure)

    def _found(self, numbers: list[int], hits: Hits, paired: bool, folded: Folded, before: int) -> Risk:
        masks = Masks(folded.text, hits)
        own, pairs = self._own(hits, masks), list(self._pairs.hits(hits, masks)) if paired else []
        aggravators = _said(hits, masks) | {hit.aggravator for hit in pairs if hit.aggravator}
        risk = self._weigh(_longest([*own, *pairs]), aggravators, set(numbers), folded, before)
        named = any(hit.kind == "hard" and hit.word in self._own_forms for hit in own)
        return structs.replace(risk, own=True) if named else risk

    def _near(self, places: list[Place]) -> bool:
        """Whether anything that makes it worse stands where something else may explain it away."""
        bits = self._words.bits
        worse = sorted([start for number, start, _ in places if bits[number] & WORSE])
        longest = max([end - start for number, start, end in places if bits[number] & WORSE])
        masks = [(start, end) for number, start, end in places if bits[number] & MASKS]
        # Of those that may reach into the mask or stand after it the first is the nearest.
        first = [(bisect_right(worse, start - longest), end) for start, end in masks]
        return any(at < len(worse) and worse[at] <= end + LOOK_BACK_LATIN for at, end in first)

    def _own(self, hits: Hits, masks: Masks) -> list[Hit]:
        """The words that count by themselves and are not explained away."""
        words = [hit for kind in COUNTING for hit in hits[kind]]
        # Who denies food poisoning denies poisoning, however far before it the denial stands.
        denied = Row([hit for hit in words if masks.denied(hit)])
        return [hit for hit in words if not masks.cancels(hit) and not (denied and _part_of(hit, denied))]

    def of_kind(self, risk: Risk, category_id: str) -> Risk:
        """The same signs when something else than a word says what kind it is; an unknown kind changes nothing."""
        category = self.taxonomy.category(category_id)
        if category is None:
            return risk
        harm = _harm(set(risk.aggravators), category)
        return structs.replace(risk, category=category.id, categories=(category.id, *risk.categories), harm=harm)

    def _beside(self, numbers: set[int]) -> tuple[int, int, bool]:
        """How often a text speaks of drills and fiction, how often of mild ones, and whether it is unsure itself."""
        kinds = [kind for number in numbers for kind in self._words.kinds[number]]
        return kinds.count("suppressor"), kinds.count("mild"), "certainty" in kinds

    def _weigh(self, found: list[Hit], aggravators: set[str], numbers: set[int], folded: Folded, before: int) -> Risk:
        sums: dict[str, float] = defaultdict(float)
        worth: dict[tuple[str, str], float] = {}
        for hit in found:
            worth.setdefault((hit.word, hit.category), _WORTH[hit.kind])
        for (_, category), one in worth.items():
            sums[category] += one
        serious = {hit.category for hit in found if hit.kind != "weak"}
        floor = self._floor
        ranked = sorted(sums, key=lambda one: (one not in serious, -sums[one] - floor.get(one, 0.0), one))
        top = ranked[0] if ranked and ranked[0] in serious else ""
        suppressors, mild, unsure = self._beside(numbers)
        return Risk(
            spans=tuple([_span(folded, before, hit) for hit in sorted(found)]),
            category=top,
            categories=tuple([one for one in ranked if one in serious]),
            aggravators=tuple(sorted(aggravators)),
            suppressors=suppressors,
            mild_suppressors=mild,
            unsure=unsure,
            hard=any([hit.kind == "hard" for hit in found]),
            harm=_harm(aggravators, self.taxonomy.category(top)) if top else 0,
            weight=max(sums.values(), default=0.0),
        )


def _whole(title: str, text: str) -> str:
    return f"{title}\n{text}" if title else text


def _said(hits: Hits, masks: Masks) -> set[str]:
    """What makes it worse and is not explained away."""
    return {hit.category for hit in hits["aggravator"] if not masks.cancels(hit)}


def _longest(hits: list[Hit]) -> list[Hit]:
    """Of words that lie inside one another the longest counts; of pairs of one category the first."""
    if len(hits) < 2:
        return hits
    words = [hit for hit in hits if hit.kind != "pair"]
    row = Row(words)
    kept = [hit for hit in words if not _part_of(hit, row)]
    first_pairs = {hit.category: hit for hit in sorted((hit for hit in hits if hit.kind == "pair"), reverse=True)}
    return kept + list(first_pairs.values())


def _part_of(hit: Hit, row: Row) -> bool:
    return any(inside(hit, other) for other in row.overlapping(hit.start, hit.end))


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
    return Span(start + before, end + before, hit.word, hit.category, _WORTH[hit.kind], hit.kind == "hard")
