"""A tree made ready to read mentions: every leaf knows its word's number, every branch how to ask its leaves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import eq, ge, gt, le, lt

from monitor.query.finder import Finder, Span
from monitor.query.found import Found
from monitor.query.near import near
from monitor.query.shapes import Shape
from monitor.query.tree import Amount, And, Company, Leaf, Mark, Near, Node, Not, Or, Part, Pattern, Word, places_of

_COMPARE: dict[str, Callable[[float, float], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le, "=": eq}

Holds = Callable[[Found], bool]


@dataclass(frozen=True, slots=True)
class Check:
    """A node that can be asked.

    Of an Or, `by_word` says at which places of `parts` a word stands, by its number; `others` are all other places.
    """

    node: Node
    holds: Holds
    parts: tuple["Check", ...] = ()
    by_word: dict[int, list[int]] = field(default_factory=dict)
    others: tuple[int, ...] = ()

    def living(self, found: Found) -> list["Check"]:
        """The parts of an Or that hold; of a long list of words only those that were found are looked at."""
        words = [place for number in self.by_word.keys() & found.words for place in self.by_word[number]]
        others = [place for place in self.others if self.parts[place].holds(found)]
        return [self.parts[place] for place in sorted((*words, *others))]


def leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf of the tree."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Near(left, right):
            yield from leaves(left)
            yield from leaves(right)
        case Company(words, context):
            yield from (*words, *context)
        case _:
            yield node


def shapes(node: Node) -> Iterator[Shape]:
    """Every word's shape in the tree."""
    return (leaf.shape for leaf in leaves(node) if isinstance(leaf, Word))


def only_words(node: Node) -> bool:
    """Whether nothing but which words were found in title or body decides."""
    match node:
        case And(parts) | Or(parts):
            return all(only_words(part) for part in parts)
        case Not(part):
            return only_words(part)
        case Company(words, context):
            return all(map(only_words, (*words, *context)))
        case Word(part=part):
            return part == Part.BOTH
        case _:
            return False


def ready(node: Node, finder: Finder) -> Check:
    """The tree with every word's number in `finder`, which must hold all of its shapes."""
    match node:
        case And(parts):
            return _all(node, tuple(ready(part, finder) for part in parts))
        case Or(parts):
            return _any(node, tuple(ready(part, finder) for part in parts), finder)
        case Not(part):
            inner = ready(part, finder)
            return Check(node, lambda found: not inner.holds(found), (inner,))
        case Company(words, context):
            return _all(node, (ready(Or(words), finder), ready(Or(context), finder)))
        case Near(left, right):
            return _near(node, finder, (ready(left, finder), ready(right, finder)))
        case _:
            return Check(node, _leaf(node, finder))


def _leaf(node: Leaf, finder: Finder) -> Holds:
    match node:
        case Word(shape=shape, part=part):
            return _word(finder.ids[shape], part)
        case Pattern():
            return _pattern(node)
        case Mark():
            return _mark(node)
        case Amount():
            return _amount(node)


def _word(number: int, part: Part) -> Holds:
    if part == Part.BOTH:
        return lambda found: number in found.words
    return lambda found: number in found.ids(part)


def _all(node: Node, parts: tuple[Check, ...]) -> Check:
    asked = [part.holds for part in parts]
    return Check(node, lambda found: all(holds(found) for holds in asked), parts)


def _any(node: Node, parts: tuple[Check, ...], finder: Finder) -> Check:
    by_word: dict[int, list[int]] = {}
    others = []
    for place, part in enumerate(parts):
        if isinstance(part.node, Word) and part.node.part == Part.BOTH:
            by_word.setdefault(finder.ids[part.node.shape], []).append(place)
        else:
            others.append(place)
    # A thousand words cost as much as ten: one look whether any of them was found.
    wanted, asked = frozenset(by_word), [parts[place].holds for place in others]
    if not asked:
        return Check(node, lambda found: not wanted.isdisjoint(found.words), parts, by_word)

    def holds(found: Found) -> bool:
        return not wanted.isdisjoint(found.words) or any(one(found) for one in asked)

    return Check(node, holds, parts, by_word, tuple(others))


def _pattern(node: Pattern) -> Holds:
    matches, part = node.machine.matches, node.part
    if part == Part.URL:
        return lambda found: any(matches(address) for address in found.addresses)
    return lambda found: any(matches(text.for_patterns) for text in found.texts(part))


def _mark(node: Mark) -> Holds:
    value = node.value
    if node.field == "url":
        return lambda found: any(value in address for address in found.addresses)
    told: dict[str, Callable[[Found], set[str]]] = {
        "site": lambda found: found.host,
        "platform": lambda found: found.platform,
        "lang": lambda found: found.lang,
        "tag": lambda found: found.tags,
    }
    of = told[node.field]
    return lambda found: value in of(found)


def _amount(node: Amount) -> Holds:
    compare, number, name = _COMPARE[node.operator], node.number, node.field

    def holds(found: Found) -> bool:
        known: float | None = getattr(found.seen, name)
        return known is not None and compare(known, number)

    return holds


def _near(node: Near, finder: Finder, parts: tuple[Check, Check]) -> Check:
    numbers = {finder.ids[shape] for shape in shapes(node)}
    left, right = (part.holds for part in parts)

    def holds(found: Found) -> bool:
        # Places are worked out only where both sides stand at all.
        return left(found) and right(found) and any(_stand_near(node, one, found, numbers) for one in places_of(node))

    return Check(node, holds, parts)


def _stand_near(node: Near, part: Part, found: Found, numbers: set[int]) -> bool:
    text = found.text(part)
    places = found.finder.places(text, numbers)

    def spans(one: Node) -> list[Span]:
        match one:
            case Word(shape=shape) if part in places_of(one):
                return places[found.finder.ids[shape]]
            case Or(parts):
                return sorted({span for inner in parts for span in spans(inner)})
            case Near():
                return near(spans(one.left), spans(one.right), one.most, one.ordered, text.distance)
            case _:
                return []

    return bool(spans(node))
