"""Says whether a mention is about us: a brand's words, simple or expert, made ready once to read many mentions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from config.errors import InputError
from monitor.query.boundaries import Addresses, whole_word
from monitor.query.compiled import Check, leaves, only_words, ready, shapes
from monitor.query.explain import Line, explain
from monitor.query.faults import QueryError
from monitor.query.finder import Finder
from monitor.query.found import Found, found_in
from monitor.query.seen import Seen, seen
from monitor.query.shapes import ONE
from monitor.query.simple import Query, Trees, query_from, query_of, trees
from monitor.query.tree import And, Leaf, Near, Node, Or, Part, Pattern, Word
from monitor.query.why import because, lacking, said, words_of

__all__ = [
    "Addresses",
    "Line",
    "Match",
    "Matcher",
    "Query",
    "QueryError",
    "Seen",
    "compile_all",
    "compile_query",
    "faults",
    "query_from",
    "query_of",
    "search_words",
    "seen",
    "together",
    "whole_word",
]


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a mention is ours, the query's words that made it so (as written there), and why in one sentence.

    `muted`: ours and counted, but hidden. `competitors`: rivals it names too. `barred`: an excluded word stands in it.
    """

    hit: bool
    words: tuple[str, ...]
    why: str
    muted: bool = False
    competitors: tuple[str, ...] = ()
    barred: bool = False


class Matcher:
    """A compiled query. Those that were compiled together share the finder, so one pass serves them all."""

    KEPT: Final = 2000

    def __init__(self, made: Trees, finder: Finder) -> None:
        self.finder = finder
        nodes = (made.ours, *made.mute, *made.competitors)
        told = [leaf for node in nodes for leaf in leaves(node)]
        self.asks_author = any(isinstance(leaf, Word | Pattern) and leaf.part == Part.AUTHOR for leaf in told)
        # Where words alone decide, the same words mean the same match: most mentions of a brand say the same few.
        own = (finder.ids[shape] for node in nodes for shape in shapes(node))
        self._own = frozenset(own) if all(only_words(node) for node in nodes) else None
        self._known: dict[frozenset[int], Match] = {}
        self._ours = ready(made.ours, finder)
        self._none = _listed(made.none, finder)
        self._mute = _listed(made.mute, finder)
        self._competitors = _listed(made.competitors, finder)

    def match(self, title: str, text: str | None) -> Match:
        """Judge a title and a body of which nothing else is known."""
        return self.of(Seen(title, text or ""))

    def of(self, mention: Seen) -> Match:
        """Judge one mention; the same answer every time."""
        return self.judge(next(found_in(self.finder, [mention])))

    def holds(self, found: Found) -> bool:
        """Whether it is ours, without saying why."""
        return self._ours.holds(found)

    def judge(self, found: Found) -> Match:
        """Judge what this matcher's finder found in a mention."""
        if self._own is None:
            return self._judge(found)
        words = self._own & found.words
        match = self._known.get(words)
        if match is None:
            match = self._judge(found)
            if len(self._known) < self.KEPT:
                self._known[words] = match
        return match

    def _judge(self, found: Found) -> Match:
        if not self._ours.holds(found):
            return Match(False, (), lacking(self._ours, found), barred=self._none.holds(found))
        rivals = words_of(said(self._competitors, found))
        why = because(self._ours, found) + (f"同时提到{'、'.join(rivals)}。" if rivals else "")
        return Match(True, words_of(said(self._ours, found)), why, self._mute.holds(found), rivals)

    def hides(self, found: Found) -> bool:
        """Whether a mention that is ours is hidden from the lists."""
        return self._mute.holds(found)

    def explain(self, mention: Seen) -> list[Line]:
        """Every branch and leaf of the query over one mention, top down."""
        return explain(self._ours, next(found_in(self.finder, [mention])))


def compile_query(query: Query) -> Matcher:
    """Prepare a query once, match many mentions with it; QueryError says what cannot be read, and where."""
    return compile_all({"": query})[""]


def compile_all(queries: Mapping[str, Query]) -> dict[str, Matcher]:
    """Prepare the queries of many brands over one finder; QueryError at the first that cannot be read."""
    made = {name: trees(query) for name, query in queries.items()}
    nodes = [node for one in made.values() for node in (one.ours, *one.none, *one.mute, *one.competitors)]
    finder = Finder(shape for node in nodes for shape in shapes(node))
    return {name: Matcher(one, finder) for name, one in made.items()}


def faults(queries: Mapping[str, Query]) -> list[str]:
    """What cannot be read in the queries of many brands, one line each: `brand.ID.query: column 5: …`."""
    found = []
    for name, query in queries.items():
        try:
            trees(query)
        except QueryError as fault:
            found.append(f"brand.{name}.{fault.within(fault.place or 'query')}")
        except InputError as fault:
            found.append(f"brand.{name}.{fault}")
    return found


def search_words(query: Query) -> tuple[str, ...]:
    """The words that alone make a mention ours, for platforms that must be asked for words; no fields, no patterns.

    Doubtful words are left out: alone they bring in mostly other things.
    """
    return tuple(dict.fromkeys(leaf.written.strip('"“”「」').rstrip("*") for leaf in _wanted(trees(query).ours)))


def together(matchers: Mapping[str, Matcher], mentions: Sequence[Seen]) -> Iterator[list[tuple[str, Matcher, Found]]]:
    """For each mention every brand's matcher with what was found in it; those with one finder read it once."""
    read: dict[int, list[Found]] = {}
    for matcher in matchers.values():
        if id(matcher.finder) not in read:
            read[id(matcher.finder)] = list(found_in(matcher.finder, mentions))
    for at in range(len(mentions)):
        yield [(name, matcher, read[id(matcher.finder)][at]) for name, matcher in matchers.items()]


def _wanted(node: Node) -> Iterator[Word]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _wanted(part)
        case Near(left, right):
            yield from _wanted(left)
            yield from _wanted(right)
        case Word(part=Part.BOTH) if ONE not in node.shape.text:
            yield node
        case _:
            return


def _listed(leaves: tuple[Leaf, ...], finder: Finder) -> Check:
    tree: Node = Or(leaves)
    return ready(tree, finder)
