"""Walks an XML feed with expat, building no tree: the plain leaves of an entry by role, everything else as it is."""

from collections.abc import Callable
from typing import Final, NoReturn, Protocol
from xml.parsers import expat

from monitor.sources.feeds.fastroles import IGNORED, ROLES, ROOTS, Unsure, check

# Role -> text.
Found = dict[str, str]
# No ordinary element holds more.
_MOST_INSIDE: Final = 1_000
_MOST_PREFIXES: Final = 100
_DEEPEST: Final = 100
_BUFFER: Final = 1 << 16


# Depth (the root has 0), name ("namespace local" or "local"), text and attributes of what stands deeper than leaves.
Part = tuple[int, str, str, dict[str, str]]
# Name, text, attributes and parts of an element that is not just a text in a known role: it has attributes or parts, an
# unknown name or a twin. The text is what stood behind the last part, so all of it where there is none.
Leaf = tuple[str, str, dict[str, str], tuple[Part, ...]]


class Meaning(Protocol):
    """Who is told of everything that ends at the depth of entries or above, with the leaves that stood in it."""

    def ends(self, depth: int, element: Leaf, plain: Found, odd: list[Leaf]) -> None:
        """`element` itself has no parts; they are its leaves: `plain` and `odd` are the callee's to keep."""


class Walk:
    """One walk over one document. `prefixes` are those it declares, None being the default namespace."""

    def __init__(self, meaning: Meaning, cleaned: Callable[[str], str]) -> None:
        """`cleaned` is applied to every text in a role."""
        self.root = ""
        self.prefixes: dict[str | None, str] = {}
        self._meaning, self._cleaned = meaning, cleaned
        self._open: list[dict[str, str]] = []
        self._chunks: list[str] = []
        self._plain: Found = {}
        self._odd: list[Leaf] = []
        self._parts: list[Part] = []

    def over(self, raw: bytes) -> None:
        """Walks `raw`, which is UTF-8 whatever it declares.

        ExpatError when it is not well-formed; Unsure for another root, a DOCTYPE, a default namespace below the root,
        a prefix with two meanings, or too much of anything.
        """
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_size, parser.buffer_text = _BUFFER, True
        parser.StartDoctypeDeclHandler = _decline
        parser.StartNamespaceDeclHandler = self._declares
        parser.CharacterDataHandler = self._chunks.append

        def begins(name: str, attributes: dict[str, str]) -> None:
            if name not in ROOTS:
                raise Unsure
            self.root = name
            parser.StartElementHandler, parser.EndElementHandler = self._opens(), self._closes(ROOTS[name][0] + 1)
            parser.StartElementHandler(name, attributes)

        parser.StartElementHandler = begins
        try:
            parser.Parse(raw, True)
        finally:
            # A parser and a handler that knows it would keep each other alive.
            parser.StartElementHandler = None

    def _declares(self, prefix: str | None, uri: str | None) -> None:
        if (prefix is None and self._open) or self.prefixes.setdefault(prefix, uri or "") != (uri or ""):
            raise Unsure
        if len(self.prefixes) > _MOST_PREFIXES:
            raise Unsure

    # The next two are called for every element: names looked up beforehand halve what they cost.

    def _opens(self) -> Callable[[str, dict[str, str]], None]:
        path, push, clear = self._open, self._open.append, self._chunks.clear

        def opens(_: str, attributes: dict[str, str]) -> None:
            if len(path) > _DEEPEST:
                raise Unsure
            push(attributes)
            clear()

        return opens

    def _closes(self, leaf_depth: int) -> Callable[[str], None]:
        path, chunks, plain, parts = self._open, self._chunks, self._plain, self._parts
        pop, clear, known, cleaned, other = path.pop, chunks.clear, ROLES.get, self._cleaned, self._closes_other

        def closes(name: str) -> None:
            attributes = pop()
            role = known(name)
            if len(path) != leaf_depth or attributes or parts or role is None or role in plain:
                other(len(path) - leaf_depth, name, "".join(chunks), attributes)
            elif role:
                plain[role] = cleaned("".join(chunks))
            clear()

        return closes

    def _closes_other(self, deeper: int, name: str, text: str, attributes: dict[str, str]) -> None:
        """`deeper`: how much deeper than the leaves of entries it stands."""
        if deeper > 0:
            self._parts.append((len(self._open), name, text, attributes))
            if len(self._parts) > _MOST_INSIDE:
                raise Unsure
        elif deeper == 0 and not self._parts and ROLES.get(name) == IGNORED:
            check(IGNORED, attributes)
        elif deeper == 0:
            self._odd.append((name, text, attributes, tuple(self._parts)))
            self._parts.clear()
            if len(self._odd) > _MOST_INSIDE:
                raise Unsure
        else:
            plain, odd = dict(self._plain), self._odd
            self._plain.clear()
            self._odd = []
            self._meaning.ends(len(self._open), (name, text, attributes, ()), plain, odd)


def _decline(*_: object) -> NoReturn:
    raise Unsure
