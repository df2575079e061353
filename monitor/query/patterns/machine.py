"""A pattern's tree becomes a machine that reads each character of a text once.

The machine is Thompson's: a set of places of the pattern that the text read so far may have come to. A set is worked
out when it is first met and kept, so that a usual text costs one look-up per character.
"""

from collections.abc import Iterable
from typing import Final

from monitor.folding import is_latin
from monitor.query.faults import QueryError
from monitor.query.patterns.letters import Letters
from monitor.query.patterns.syntax import Choice, Edge, One, Piece, Repeat, Row, parse

MOST_STEPS: Final = 500
# What lies before a place of the text.
BEGIN, WORD, OTHER = 0, 1, 2


class State(dict[int, "State | None"]):
    """Where the machine may be after some text; class of the next character -> the next state, None: it has matched."""

    __slots__ = ("before", "steps")

    def __init__(self, steps: frozenset[int], before: int) -> None:
        super().__init__()
        self.steps, self.before = steps, before


UNKNOWN: Final = State(frozenset(), BEGIN)


class Machine:
    """A compiled pattern; `matches` says whether it stands anywhere in a folded text."""

    KEPT: Final = 1000

    def __init__(self, pattern: str, column: int = 1) -> None:
        piece = parse(pattern, column)
        if _size(piece) > MOST_STEPS:
            raise QueryError(column, "pattern_large", most=MOST_STEPS)
        # A step: ("one", letters, next), ("edge", kind, next), ("split", steps), ("end",)
        self._ones: dict[int, tuple[int, int]] = {}
        self._edges: dict[int, tuple[str, int]] = {}
        self._splits: dict[int, tuple[int, ...]] = {}
        self._letters: list[Letters] = []
        self._count = 1  # step 0 is the end
        self._first = self._build(piece, 0)
        self._kinds: dict[tuple[bool, ...], int] = {}
        self._kind_of: dict[str, int] = {}
        self._members: list[tuple[bool, ...]] = []
        self._states: dict[tuple[frozenset[int], int], State] = {}

    def matches(self, text: str) -> bool:
        """True as soon as the pattern has been read somewhere; each character is looked at once."""
        state = self._state(frozenset([self._first]), BEGIN)
        kinds = self._kind_of
        for char in text:
            kind = kinds.get(char)
            if kind is None:
                kind = self._kind(char)
            after = state.get(kind, UNKNOWN)
            if after is UNKNOWN:
                after = state[kind] = self._after(state, kind)
            if after is None:
                return True
            state = after
        return 0 in self._reached(state, None)

    def _state(self, steps: frozenset[int], before: int) -> State:
        found = self._states.get((steps, before))
        if found is None:
            if len(self._states) >= self.KEPT:
                # Patterns exist that have more states than memory; forgetting keeps time linear and memory small.
                self._states.clear()
            found = self._states[steps, before] = State(steps, before)
        return found

    def _after(self, state: State, kind: int) -> State | None:
        members = self._members[kind]
        reached = self._reached(state, members[-1])
        if 0 in reached:
            return None
        ones = (self._ones[step] for step in reached if step in self._ones)
        steps = {after for letters, after in ones if members[letters]}
        return self._state(frozenset({*steps, self._first}), WORD if members[-1] else OTHER)

    def _reached(self, state: State, word_next: bool | None) -> set[int]:
        """All steps that can be come to without reading; `word_next`: the next is a word's character, None: none is."""
        seen: set[int] = set()
        waiting = list(state.steps)
        while waiting:
            step = waiting.pop()
            if step in seen:
                continue
            seen.add(step)
            if step in self._splits:
                waiting += self._splits[step]
            elif step in self._edges:
                kind, after = self._edges[step]
                if _at_edge(kind, state.before, word_next):
                    waiting.append(after)
        return seen

    def _kind(self, char: str) -> int:
        members = (*(char in letters for letters in self._letters), is_latin(char))
        kind = self._kinds.get(members)
        if kind is None:
            kind = self._kinds[members] = len(self._members)
            self._members.append(members)
        if len(self._kind_of) < 60_000:
            self._kind_of[char] = kind
        return kind

    def _step(self) -> int:
        self._count += 1
        return self._count - 1

    def _build(self, piece: Piece, after: int) -> int:
        """Lay down the steps of a piece before the step `after`; returns its first step."""
        match piece:
            case One(letters):
                if letters not in self._letters:
                    self._letters.append(letters)
                step = self._step()
                self._ones[step] = (self._letters.index(letters), after)
                return step
            case Edge(kind):
                step = self._step()
                self._edges[step] = (kind, after)
                return step
            case Row(parts):
                for part in reversed(parts):
                    after = self._build(part, after)
                return after
            case Choice(parts):
                return self._split(self._build(part, after) for part in parts)
            case Repeat(part, least, most):
                return self._repeat(part, least, most, after)

    def _split(self, steps: Iterable[int]) -> int:
        step = self._step()
        self._splits[step] = tuple(steps)
        return step

    def _repeat(self, part: Piece, least: int, most: int | None, after: int) -> int:
        if most is None:
            again = self._split(())
            self._splits[again] = (self._build(part, again), after)
            after = again
        else:
            end = after
            for _ in range(most - least):
                after = self._split((self._build(part, after), end))
        for _ in range(least):
            after = self._build(part, after)
        return after


def _at_edge(kind: str, before: int, word_next: bool | None) -> bool:
    if kind == "^":
        return before == BEGIN
    if kind == "$":
        return word_next is None
    return ((before == WORD) != bool(word_next)) == (kind == "b")


def _size(piece: Piece) -> int:
    match piece:
        case One() | Edge():
            return 1
        case Row(parts) | Choice(parts):
            return 1 + sum(_size(part) for part in parts)
        case Repeat(part, least, most):
            return 1 + _size(part) * max(least + (most is None), most or 0, 1)
