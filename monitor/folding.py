"""Folds what people write to one form, so that width, case, script and tricks between hanzi do not hide a word."""

import re
import unicodedata
from array import array
from functools import cache
from importlib.resources import files

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
CJK = HAN + "\u3040-\u30ff\u31f0-\u31ff\uac00-\ud7af\u1100-\u11ff"
EMOJI = "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_SPACE = " \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029"
_MARKS = r"\-._*/|~+=^'`·•・…—"

_NO_WORD = re.compile(f"[^\\w]|[{CJK}]")
_DECORATION = "®™℠©"
# Characters that draw nothing: soft hyphen, joiners, direction and variation marks, tags. They only hide words.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]")
_GAP = re.compile(f"(?<=[{HAN}])[{_SPACE}{EMOJI}]++(?=[{HAN}])|[{_SPACE}]{{2,}}+")
_TIGHT_GAP = re.compile(f"(?<=[{HAN}])[{_SPACE}{EMOJI}{_MARKS}]++(?=[{HAN}])|[{_SPACE}]{{2,}}+")
_LONE = re.compile(f"[{_SPACE}]")
_BREAK = re.compile(r"\n[^\S\n]*\n")
_CACHE_LIMIT = 60_000


def is_word_char(char: str) -> bool:
    """Whether `char` glues to a Latin word beside it: letters and digits that are not CJK, and the underscore."""
    return char != "" and _NO_WORD.match(char) is None


class Folded:
    """A folded text that still knows where each character stood in the original.

    `text` is what words are sought in; `original` turns a range of it into a range of the source text.
    """

    __slots__ = ("_ends", "_starts", "_tight", "source", "text")

    def __init__(self, source: str, text: str, tight: bool) -> None:
        self.source, self.text, self._tight = source, text, tight
        self._starts: array[int] | None = None
        self._ends: array[int] = array("I")

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of `source` that became `text[start:end]`; an empty range stays empty."""
        if self._starts is None:
            self._ends, self._starts = _trace(self.source, self._tight)
        if start >= end:
            at = self._starts[start] if start < len(self._starts) else len(self.source)
            return at, at
        return self._starts[start], self._ends[end - 1]


def fold(text: str, *, tight: bool = False) -> Folded:
    """NFKC, lower case, traditional to simplified, unseen marks and blanks or emoji between hanzi gone; else kept.

    `tight` also drops separators between hanzi (食·物*中-毒): good for risk words, too much for brand names.
    Runs of blanks become one; an empty line becomes "\\n". Any text is accepted: NUL and lone surrogates too.
    """
    if unicodedata.is_normalized("NFC", text):
        plain = text.translate(_table())
    else:
        plain = "".join(_fold_cluster(cluster) for cluster, _ in _clusters(text))
    return Folded(text, _join(plain, tight), tight)


def _join(plain: str, tight: bool) -> str:
    return (_TIGHT_GAP if tight else _GAP).sub(_gap, plain).translate(_LINES)


def _gap(found: re.Match[str]) -> str:
    run = found[0]
    if _BREAK.search(run):
        return "\n"
    # The second branch of the pattern also catches blanks between hanzi that the first one would have dropped.
    return "" if _between_han(found) else " "


def _between_han(found: re.Match[str]) -> bool:
    text, start, end = found.string, found.start(), found.end()
    return bool(start and end < len(text) and _han().match(text[start - 1]) and _han().match(text[end]))


@cache
def _han() -> re.Pattern[str]:
    return re.compile(f"[{HAN}]")
