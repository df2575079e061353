"""The tree both forms of a query become: its leaves look at a mention, its branches join what they found."""

from dataclasses import dataclass
from enum import StrEnum

from monitor.query.patterns.machine import Machine
from monitor.query.shapes import Shape


class Part(StrEnum):
    """Where a word is sought; BOTH is title or body."""

    BOTH = ""
    TITLE = "title"
    BODY = "body"
    AUTHOR = "author"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase. `written` as in the query, `column` where it stands there (1-based)."""

    written: str
    column: int
    shape: Shape
    part: Part = Part.BOTH


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that is read in linear time."""

    written: str
    column: int
    machine: Machine
    part: Part = Part.BOTH


@dataclass(frozen=True, slots=True)
class Mark:
    """Something told of a mention rather than said in it. `field`: site, url, platform, lang or tag."""

    written: str
    column: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A comparison of followers or rank with a number; an unknown amount is never equal, greater or less."""

    written: str
    column: int
    field: str
    operator: str
    number: float


@dataclass(frozen=True, slots=True)
class Near:
    """At most `most` units between the two, in either order unless `ordered`."""

    left: "Node"
    right: "Node"
    most: int
    ordered: bool
    column: int


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """No parts: never true, the query of a brand without words."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class Company:
    """One of `words`, which mean other things too, in the company of one of `context` anywhere in the mention."""

    words: tuple["Leaf", ...]
    context: tuple["Leaf", ...]


Leaf = Word | Pattern | Mark | Amount
Node = Leaf | Near | And | Or | Not | Company


def places_of(node: Node) -> set[Part]:
    """The texts in which words of the node are sought."""
    match node:
        case Word(part=part):
            return {Part.TITLE, Part.BODY} if part == Part.BOTH else {part}
        case Near():
            return places_of(node.left) & places_of(node.right)
        case Or(parts):
            return set().union(*map(places_of, parts))
        case _:
            return set()


def title_of(node: Node) -> str:
    """The node in one line as a person would write it, long lists cut."""
    match node:
        case Near():
            return f"{title_of(node.left)} NEAR/{node.most}{'f' if node.ordered else ''} {title_of(node.right)}"
        case And():
            return _joined(node.parts, " AND ")
        case Or():
            return _joined(node.parts, " OR ")
        case Not():
            return f"NOT {title_of(node.part)}"
        case Company():
            return f"({_joined(node.words, ' OR ')} AND {_joined(node.context, ' OR ')})"
        case _:
            return node.written


def _joined(parts: tuple[Node, ...], word: str, most: int = 5) -> str:
    listed = [title_of(part) for part in parts[:most]]
    more = [f"… (+{len(parts) - most})"] if len(parts) > most else []
    return f"({word.join([*listed, *more])})"
