"""A written pattern becomes a tree; what cannot be read in linear time is refused with its column."""

import re
from dataclasses import dataclass

from monitor.folding import HAN, fold
from monitor.query.faults import QueryError
from monitor.query.patterns.letters import ANYTHING, Letters

MOST_DEEP = 50
MOST_REPEATS = 1000
_COUNT = re.compile(r"\{(\d{1,6})(?:(,)(\d{0,6}))?\}")
_ESCAPES = {"t": "\t", "n": "\n", "r": "\n", "f": " ", "v": " "}
_CODES = {"x": 2, "u": 4}
_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class One:
    """One character out of `letters`."""

    letters: Letters


@dataclass(frozen=True, slots=True)
class Edge:
    """A place between characters: ^ $ b B."""

    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    parts: tuple["Piece", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    parts: tuple["Piece", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`least` times and more; `most` None: without end."""

    part: "Piece"
    least: int
    most: int | None


Piece = One | Edge | Row | Choice | Repeat


def parse(pattern: str, column: int) -> Piece:
    """The tree of a pattern whose first character stands in `column` of the query; QueryError says what is wrong."""
    reader = _Reader(pattern, column)
    found = reader.choice(0)
    if reader.at < len(pattern):
        raise reader.fault("pattern_bracket", ")")
    return found


class _Reader:
    def __init__(self, pattern: str, column: int) -> None:
        self.pattern, self.column, self.at = pattern, column, 0

    def fault(self, code: str, word: str, at: int | None = None) -> QueryError:
        return QueryError(self.column + (self.at if at is None else at), code, word=word)

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        char = self.peek()
        self.at += 1
        return char

    def choice(self, depth: int) -> Piece:
        if depth > MOST_DEEP:
            raise QueryError(self.column + self.at, "too_deep", most=MOST_DEEP)
        rows = [self.row(depth)]
        while self.peek() == "|":
            self.at += 1
            rows.append(self.row(depth))
        return rows[0] if len(rows) == 1 else Choice(tuple(rows))

    def row(self, depth: int) -> Piece:
        parts: list[Piece] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated(self.single(depth)))
        return Row(tuple(_closed(parts)))

    def repeated(self, part: Piece) -> Piece:
        at = self.at
        counts = self.counts()
        if counts is None:
            return part
        if isinstance(part, Edge):
            raise self.fault("pattern_repeat", self.pattern[at], at)
        if self.peek() == "?":
            # Lazy or greedy is one to a yes or no.
            self.at += 1
        at, word = self.at, self.peek()
        if self.counts() is not None:
            raise self.fault("pattern_unsupported" if word == "+" else "pattern_repeat", word, at)
        return Repeat(part, *counts)

    def counts(self) -> tuple[int, int | None] | None:
        char, at = self.peek(), self.at
        plain = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if char and char in plain:
            self.at += 1
            return plain[char]
        found = _COUNT.match(self.pattern, self.at)
        if found is None:
            return None
        self.at = found.end()
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else None
        if max(least, most or 0) > MOST_REPEATS:
            raise QueryError(self.column + at, "pattern_large", most=MOST_REPEATS)
        if most is not None and most < least:
            raise self.fault("pattern_range", found[0], at)
        return least, most

    def single(self, depth: int) -> Piece:
        at, char = self.at, self.take()
        if char == "(":
            return self.group(at, depth)
        if char == "[":
            return One(self.letters(at))
        if char == "\\":
            return self.escape(at)
        if char in "^$":
            return Edge(char)
        if char == ".":
            return One(ANYTHING)
        if char in "*+?":
            raise self.fault("pattern_repeat", char, at)
        return _letter(char)

    def group(self, at: int, depth: int) -> Piece:
        if self.peek() == "?":
            if self.pattern[self.at : self.at + 2] != "?:":
                raise self.fault("pattern_unsupported", self.pattern[at : at + 4], at)
            self.at += 2
        found = self.choice(depth + 1)
        if self.take() != ")":
            raise self.fault("pattern_bracket", "(", at)
        return found

    def escape(self, at: int) -> Piece:
        char = self.take()
        if char in ("b", "B"):
            return Edge(char)
        if char and char in "dwsDWS":
            return One(Letters(kinds=frozenset(char)))
        return _letter(self.escaped(char, at))

    def escaped(self, char: str, at: int) -> str:
        """The character a backslash and `char` name."""
        if char in _CODES:
            digits = self.pattern[self.at : self.at + _CODES[char]]
            if not re.fullmatch(f"[0-9A-Fa-f]{{{_CODES[char]}}}", digits):
                raise self.fault("pattern_unsupported", f"\\{char}{digits}", at)
            self.at += len(digits)
            return chr(int(digits, 16))
        if char in _ESCAPES:
            return _ESCAPES[char]
        if not char or (char.isascii() and char.isalnum()):
            raise self.fault("pattern_unsupported", f"\\{char}", at)
        return char

    def letters(self, at: int) -> Letters:
        negated = self.peek() == "^"
        self.at += negated
        singles: set[str] = set()
        ranges: list[tuple[str, str]] = []
        kinds: set[str] = set()
        first = True
        while first or self.peek() != "]":
            first = False
            begin, char = self.at, self.member(at)
            if len(char) == 2:
                kinds.add(char[1])
            elif self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                last = self.member(at)
                if len(last) == 2 or last < char:
                    raise self.fault("pattern_range", self.pattern[begin : self.at], begin)
                ranges.append((char, last))
            else:
                singles.update(fold(char).text or char)
        self.at += 1
        return Letters(frozenset(singles), tuple(ranges), frozenset(kinds), negated)

    def member(self, opened: int) -> str:
        """One character of a class, or a backslash and the letter of a kind."""
        at, char = self.at, self.take()
        if not char:
            raise self.fault("pattern_bracket", "[", opened)
        if char != "\\":
            return char
        char = self.take()
        if char and char in "dwsDWS":
            return f"\\{char}"
        return self.escaped(char, at)


def _letter(char: str) -> Piece:
    """A character as texts have it after folding: small, simplified, perhaps several."""
    form = fold(char).text or char
    ones = tuple(One(Letters(singles=frozenset(one))) for one in form)
    return ones[0] if len(ones) == 1 else Row(ones)


def _closed(parts: list[Piece]) -> list[Piece]:
    """Without the blanks between hanzi, which folded texts do not have."""
    return [
        part
        for at, part in enumerate(parts)
        if not (_is(part, " ") and 0 < at < len(parts) - 1 and _han(parts[at - 1]) and _han(parts[at + 1]))
    ]


def _is(part: Piece, char: str) -> bool:
    return part == One(Letters(singles=frozenset(char)))


def _han(part: Piece) -> bool:
    return isinstance(part, One) and len(part.letters.singles) == 1 and any(map(_HAN.match, part.letters.singles))
