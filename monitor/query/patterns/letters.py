"""Which characters one place of a pattern takes."""

from collections.abc import Callable
from dataclasses import dataclass

KINDS: dict[str, Callable[[str], bool]] = {
    "d": str.isdecimal,
    "w": lambda char: char == "_" or char.isalnum(),
    "s": str.isspace,
}


@dataclass(frozen=True, slots=True)
class Letters:
    """Characters by themselves, in ranges, or of a kind (d, w, s; upper case: all others).

    Texts are folded, so a range of capitals takes the small letters too.
    """

    singles: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()
    kinds: frozenset[str] = frozenset()
    negated: bool = False

    def __contains__(self, char: str) -> bool:
        return (char in self.singles or self._in_range(char) or self._of_kind(char)) != self.negated

    def _in_range(self, char: str) -> bool:
        upper = char.upper()
        forms = (char, upper) if len(upper) == 1 else (char,)
        return any(first <= form <= last for form in forms for first, last in self.ranges)

    def _of_kind(self, char: str) -> bool:
        return any(KINDS[kind.lower()](char) == kind.islower() for kind in self.kinds)


# The dot: anything but the end of a paragraph.
ANYTHING = Letters(singles=frozenset("\n"), negated=True)
