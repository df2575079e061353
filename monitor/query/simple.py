"""The simple form of a query, lists of words as a brand has them, becomes the same tree as the expert form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

from config.errors import InputError
from config.watch import Brand
from monitor.query.faults import QueryError
from monitor.query.lexer import FIELDS, Kind, Token
from monitor.query.parser import parse, word
from monitor.query.shapes import ANY
from monitor.query.tree import And, Company, Leaf, Near, Node, Not, Or, Part, Word

Words = tuple[str, ...]
# A word of a list may name what is told of a mention (author:招聘号, followers<10) as in the expert form.
_FIELDED = re.compile(rf"(?:{'|'.join(FIELDS)})\s*[:<>=]\s*\S", re.IGNORECASE)
MOST_LISTED = 20_000


@dataclass(frozen=True, slots=True)
class Query:
    """A brand's words. `query`, the expert form, stands in place of any, all, aliases, ambiguous and context.

    `none`: not ours, whatever else it says. `mute`: ours and counted, but hidden. `competitors`: named beside us.
    """

    any: Words = ()
    all: Words = ()
    none: Words = ()
    aliases: Words = ()
    ambiguous: Words = ()
    context: Words = ()
    query: str = ""
    mute: Words = ()
    competitors: Words = ()


@dataclass(frozen=True, slots=True)
class Trees:
    """What a mention must be (`ours`), what hides it (`mute`) and whom else it may name; `none` bars it."""

    ours: Node
    none: tuple[Leaf, ...]
    mute: tuple[Leaf, ...]
    competitors: tuple[Leaf, ...]


def query_of(brand: Brand) -> Query:
    """The words of a brand as watch.toml or a saved version has them."""
    return Query(**{one.name: getattr(brand, one.name) for one in fields(Query)})


def query_from(value: object) -> Query:
    """A query out of JSON: a string is the expert form, an object the simple one; InputError says what is allowed."""
    if isinstance(value, str):
        if not value.strip():
            raise QueryError(1, "empty")
        return Query(query=value)
    if not isinstance(value, dict):
        raise InputError("query: must be a string or an object of word lists")
    known = [one.name for one in fields(Query)]
    given = {key: words for key, words in value.items() if words is not None and key not in ("id", "name", "company")}
    if unknown := sorted(set(given) - set(known)):
        raise InputError(f"query.{unknown[0]}: no such list; allowed: {', '.join(known)}")
    expert = given.pop("query", "")
    if not isinstance(expert, str):
        raise InputError("query.query: must be a string")
    return Query(query=expert, **{key: _listed(key, words) for key, words in given.items()})


def _listed(key: str, words: object) -> Words:
    if isinstance(words, str):
        return (words,)
    if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
        raise InputError(f"query.{key}: must be a list of words")
    if len(words) > MOST_LISTED:
        raise InputError(f"query.{key}: has {len(words)} words; at most {MOST_LISTED} are allowed")
    return tuple(words)


def trees(query: Query) -> Trees:
    """The trees of a query; QueryError says which word of which list cannot be read."""
    none, mute = _leaves("none", query.none), _leaves("mute", query.mute)
    rivals = _leaves("competitors", query.competitors)
    if query.query.strip():
        clash = [key for key in ("any", "all", "aliases", "ambiguous", "context") if getattr(query, key)]
        if clash:
            raise InputError(f"{clash[0]}: stands beside `query`, which takes its place; use one of the two forms")
        return Trees(_beside(none, (parse(query.query),)), none, mute, rivals)
    company = Company(_leaves("ambiguous", query.ambiguous), _leaves("context", query.context))
    doubtful = {_meaning(leaf) for leaf in company.words}
    named = (*_leaves("any", query.any), *_leaves("aliases", query.aliases))
    sure = tuple(leaf for leaf in named if _meaning(leaf) not in doubtful)
    wanted = Or((*sure, company)) if company.words else Or(sure)
    needed = _leaves("all", query.all)
    return Trees(_beside(none, (*needed, *([wanted] if wanted.parts or not needed else []))), none, mute, rivals)


def _beside(none: tuple[Leaf, ...], parts: tuple[Node, ...]) -> Node:
    barred: list[Node] = [Not(Or(none))] if none else []
    found = (*barred, *parts)
    return found[0] if len(found) == 1 else And(found)


def _meaning(leaf: Leaf) -> object:
    """Two words that are found at the same places are one."""
    return leaf.shape if isinstance(leaf, Word) else leaf


def _leaves(key: str, words: Iterable[str]) -> tuple[Leaf, ...]:
    found = []
    for number, written in enumerate(words, 1):
        if not written.strip():
            continue
        try:
            found.append(leaf_of(written))
        except QueryError as fault:
            raise fault.within(f"{key}, word {number}") from fault
    return tuple(found)


def leaf_of(written: str) -> Leaf:
    """A word of a list: itself, blanks and signs included; a star at its end is a wildcard, a field is a field."""
    text = written.strip()
    if _FIELDED.match(text):
        found = parse(text)
        if isinstance(found, And | Or | Not | Near | Company):
            raise QueryError(1, "too_many", most=1)
        return found
    wild = len(text) > 1 and text.endswith("*")
    token = Token(Kind.WORD, text[:-1] + ANY if wild else text, written, 1)
    return word(token, written, Part.BOTH)
