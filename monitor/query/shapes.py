"""What a written word looks like in a folded text: its letters, its wildcards and where they are sought."""

import re
from dataclasses import dataclass

from monitor.folding import CJK, HAN, fold, is_latin
from monitor.query.boundaries import close_gaps

# Stand for the wildcards while a word is folded; no text holds them, they are no characters.
ONE, ANY = "\ufdd0", "\ufdd1"
_WILD = re.compile(f"[{ONE}{ANY}]")
_OTHER_CJK = re.compile(f"(?=[{CJK}])[^{HAN}]")
_LATIN = re.compile(f"[^\\W{CJK}]")
_CJK = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True)
class Shape:
    """A folded word. ONE in `text` is any one character; `tail`: the Latin word may go on behind it.

    `quoted`: a ONE at its edge may also be the question mark itself. `mixed`: written with blanks at other places
    than `fold` takes away (OPPO手机), so it is sought in texts whose gaps are closed.
    """

    text: str
    tail: bool = False
    quoted: bool = False

    @property
    def plain(self) -> bool:
        return not self.tail and ONE not in self.text

    @property
    def mixed(self) -> bool:
        has_cjk = _CJK.search(self.text) is not None
        return has_cjk and (_LATIN.search(self.text) is not None or _OTHER_CJK.search(self.text) is not None)

    @property
    def anchor(self) -> tuple[str, int]:
        """The longest run of letters without wildcards, and where it begins."""
        runs = [(run[0], run.start()) for run in re.finditer(f"[^{ONE}]+", self.text)]
        return max(runs, key=lambda run: (len(run[0]), -run[1]))

    def place(self, text: str, start: int) -> tuple[int, int] | None:
        """The range of `text` this word takes when its first character stands at `start`; None when it does not."""
        end = start + len(self.text)
        if start < 0 or end > len(text):
            return None
        last = len(self.text) - 1
        for at, wanted in enumerate(self.text):
            found = text[start + at]
            if wanted != found and not (wanted == ONE and self._fits(found, at in (0, last))):
                return None
        if self.tail and is_latin(text[end - 1]):
            while end < len(text) and is_latin(text[end]):
                end += 1
        return start, end

    def _fits(self, char: str, edge: bool) -> bool:
        # Inside a name anything may hide a letter (星*克); at its edge a full stop is no letter of it.
        if not edge:
            return not char.isspace()
        return char == "_" or char.isalnum() or (self.quoted and char == "?")


def shape_of(written: str, *, quoted: bool = False) -> Shape | None:
    """The shape of a word in which wildcards stand as ONE, and ANY at its end; None when it holds nothing to seek."""
    tail = written.endswith(ANY)
    text = close_gaps(fold(written.rstrip(ANY).strip()).text).strip()
    return Shape(text, tail, quoted and ONE in text) if _WILD.sub("", text) else None
