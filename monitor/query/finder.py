"""Finds the words of all queries in one pass over a text; the cost does not grow with their number."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Final

from ahocorasick_rs import AhoCorasick

from monitor.folding import EMOJI, is_latin
from monitor.folding_batch import fold_all
from monitor.query.boundaries import Addresses, close_gaps, unit_starts, whole_word, without_addresses
from monitor.query.shapes import Shape

Span = tuple[int, int]
# The characters of a text that patterns read; a pattern with endless states costs some 50 µs for each.
MOST_READ: Final = 100_000
_EMOJI = re.compile(f"[{EMOJI}]")
_UNSEEN = {0xFE0E: None, 0xFE0F: None, 0x200D: None}


class Text:
    """One text of a mention and how it folds. `text` is what words are sought in, `plain` what patterns read."""

    def __init__(self, raw: str, plain: str, mixed: bool) -> None:
        self.raw, self.plain = raw, plain
        self.text = close_gaps(plain) if mixed and plain else plain

    @cached_property
    def addresses(self) -> Addresses:
        return Addresses(self.text)

    @cached_property
    def for_patterns(self) -> str:
        return without_addresses(self.plain[:MOST_READ])

    @cached_property
    def _units(self) -> list[int]:
        return unit_starts(self.text)

    def distance(self, start: int, end: int) -> int:
        """Units that begin in `text[start:end]`: CJK characters and other words."""
        return bisect_left(self._units, end) - bisect_left(self._units, start)


class Finder:
    """Many shapes, each with a number. Words inside web addresses are not found."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self.ids: dict[Shape, int] = {}
        for shape in shapes:
            self.ids.setdefault(shape, len(self.ids))
        self._mixed = any(shape.mixed for shape in self.ids)
        wanted: dict[str, list[tuple[int, Shape, int]]] = {}
        for shape, number in self.ids.items():
            anchor, at = shape.anchor
            wanted.setdefault(anchor, []).append((number, shape, at))
        self._wanted = list(wanted.values())
        # The usual case needs no more than a look beside the word: its number, else -1.
        self._plain = [one[0][0] if len(one) == 1 and one[0][1].plain else -1 for one in self._wanted]
        self._latin = [is_latin(anchor[0]) or is_latin(anchor[-1]) for anchor in wanted]
        self._tree = AhoCorasick(list(wanted)) if wanted else None
        # Folding takes emoji between hanzi away, so a word with one is also sought in what was written.
        self._signs = [(number, shape.text) for shape, number in self.ids.items() if _EMOJI.search(shape.text)]

    def read(self, *raws: str) -> list[Text]:
        """Texts made ready for `find` and `places`."""
        folded = fold_all(raws, tight=False).texts
        return [Text(raw, plain, self._mixed) for raw, plain in zip(raws, folded, strict=True)]

    def find(self, text: Text) -> set[int]:
        """The numbers of the shapes that stand in it."""
        found: set[int] = set()
        letters = text.text
        hits = self._tree.find_matches_as_indexes(letters, overlapping=True) if self._tree and letters else ()
        # The look at addresses costs more than all else, and most texts have none.
        linked = bool(hits) and ("/" in letters or "www." in letters)
        for index, start, end in hits:
            number = self._plain[index]
            if number < 0:
                found.update(number for number, _ in self._around(text, index, start))
            elif self._latin[index] and not whole_word(letters, start, end):
                continue
            elif not linked or start not in text.addresses:
                found.add(number)
        if self._signs:
            written = text.raw.translate(_UNSEEN)
            found.update(number for number, sign in self._signs if sign in written)
        return found

    def places(self, text: Text, wanted: Collection[int]) -> dict[int, list[Span]]:
        """Where the shapes of these numbers stand, in the order of the text."""
        found: dict[int, list[Span]] = {number: [] for number in wanted}
        if self._tree is None or not text.text:
            return found
        for index, start, _ in self._tree.find_matches_as_indexes(text.text, overlapping=True):
            for number, span in self._around(text, index, start):
                if number in found:
                    found[number].append(span)
        return found

    def _around(self, text: Text, index: int, at: int) -> Iterator[tuple[int, Span]]:
        """The shapes whose anchor stands at `at` and whose other letters fit too."""
        letters = text.text
        for number, shape, offset in self._wanted[index]:
            span = shape.place(letters, at - offset)
            if span is None or span[0] in text.addresses:
                continue
            if whole_word(letters, *span):
                yield number, span
