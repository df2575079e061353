"""Says before a query is saved whether it can be read, how it was read, and what its author may not have meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.errors import InputError
from monitor.folding import is_latin
from monitor.query.compiled import leaves, ready, shapes
from monitor.query.faults import QueryError
from monitor.query.finder import Finder
from monitor.query.found import found_in
from monitor.query.seen import Seen
from monitor.query.simple import Query, Trees, trees
from monitor.query.tree import Word, title_of

_SMALL = re.compile(r"(?<!\S)(and|or|not|near/\d+f?|And|Or|Not|Near/\d+f?)(?!\S)")
SHORT = 3
MOST_NOTES = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a query can be read. If so: `reading` is how, `words` how many leaves, `notes` (中文, English) doubts.

    If not: `column` counts from 1 in the query, or in the word that `place` names; 0 when no column is to blame.
    """

    ok: bool
    reading: str = ""
    words: int = 0
    notes: tuple[tuple[str, str], ...] = ()
    column: int = 0
    place: str = ""
    zh: str = ""
    en: str = ""


def validate(query: Query) -> Verdict:
    """Never raises: what is wrong is part of the answer."""
    try:
        found = trees(query)
    except QueryError as fault:
        return Verdict(False, column=fault.column, place=fault.place, zh=fault.say("zh"), en=fault.say("en"))
    except InputError as fault:
        return Verdict(False, zh=str(fault), en=str(fault))
    words = len(list(leaves(found.ours)))
    return Verdict(True, title_of(found.ours), words, tuple(_notes(query, found))[:MOST_NOTES])


def _notes(query: Query, found: Trees) -> Iterator[tuple[str, str]]:
    finder = Finder(shapes(found.ours))
    if ready(found.ours, finder).holds(next(found_in(finder, [Seen()]))):
        yield (
            "什么都没提到的内容也会命中：检索式里只有排除条件",
            "a mention that says nothing of you matches too: the query only excludes",
        )
    bare = re.sub(r"\"[^\"]*\"|“[^”]*”|「[^」]*」|/[^/]*/", " ", query.query)
    for small in dict.fromkeys(_SMALL.findall(bare)):
        yield f"“{small}”按普通词检索；运算符要大写", f"{small!r} is looked for as a word; operators are upper case"
    for leaf in leaves(found.ours):
        if isinstance(leaf, Word) and leaf.shape.plain and _short(leaf.shape.text):
            yield (
                f"“{leaf.written}”很短，会带来许多无关内容",
                f"{leaf.written!r} is short and finds much that is not yours",
            )


def _short(text: str) -> bool:
    return len(text) == 1 or (len(text) < SHORT and all(map(is_latin, text)))
