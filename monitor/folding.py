"""Folds what people write to one form, so that width, case, script and tricks between hanzi do not hide a word."""

import re
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
CJK = HAN + "\u3040-\u30ff\u31f0-\u31ff\uac00-\ud7af\u1100-\u11ff"
EMOJI = "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
# Characters that draw nothing: soft hyphen, joiners, direction and variation marks, tags. They only hide words.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
SPACE = " \t\n\r\x0b\x0c\x85\u2028\u2029"
MARKS = "-._*/|~+=^'`·•・…—"
_EMPTY_LINE = re.compile(r"(?:\n|\r\n?|\u2029)[^\S\n\r]*(?:[\n\r]|\u2029)")
_LATIN = re.compile(f"[^\\W{CJK}]")
# Variants people type that the dictionary keeps apart although they are one word to a reader.
VARIANTS = dict(zip("妳牠祂喫慾裡", "你它他吃欲里", strict=True))
# Trademark signs are decoration, controls are noise; hyphens and quotes come in many dresses.
_DRESS = {
    **dict.fromkeys("®™℠©", " "),
    **dict.fromkeys("‘’ʼ`´", "'"),
    **dict.fromkeys("“”", '"'),
    **dict.fromkeys("\u2010\u2011", "-"),
    **VARIANTS,
}
_CACHE_LIMIT = 60_000


def is_latin(char: str) -> bool:
    """Whether `char` glues to a Latin word beside it: a letter, digit or underscore that is not CJK."""
    return _LATIN.match(char) is not None


class Folded:
    """A folded text that still knows where each character stood in the original.

    `text` is what words are sought in; `original` turns a range of it into a range of `source`. `kept`: where each
    character of `text` stands in `source`, when each came of one alone.
    """

    __slots__ = ("_ends", "_kept", "_starts", "_tight", "source", "text")

    def __init__(self, source: str, text: str, tight: bool, *, kept: Sequence[int] | None = None) -> None:
        self.source, self.text, self._tight, self._kept = source, text, tight, kept
        self._starts: array[int] | None = None
        self._ends: array[int] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of `source` that became `text[start:end]`; needs 0 <= start < end <= len(text)."""
        if self._kept is not None:
            return self._kept[start], self._kept[end - 1] + 1
        if self._starts is None or self._ends is None:
            self._starts, self._ends = _trace(self.source, self._tight)
        return self._starts[start], self._ends[end - 1]


def fold(text: str, *, tight: bool = False) -> Folded:
    """NFKC, lower case, traditional to simplified; unseen marks, and blanks or emoji between hanzi, are gone.

    `tight` also drops separators between hanzi (食·物*中-毒): good for risk words, too much for brand names.
    Other runs of blanks become one blank, an empty line "\\n". Any string is accepted: NUL and lone surrogates too.
    """
    if unicodedata.is_normalized("NFC", text):
        plain = text.translate(forms())
    else:
        plain = "".join(piece for piece, _, _ in _pieces(text))
    return Folded(text, _gaps(tight).sub(_close, plain), tight)


@cache
def _gaps(tight: bool) -> re.Pattern[str]:
    marks = re.escape(MARKS) if tight else ""
    return re.compile(f"((?<=[{HAN}])[{SPACE}{EMOJI}{marks}]++(?=[{HAN}]))|[{SPACE}]{{2,}}+|[{SPACE[1:]}]")


def _close(gap: re.Match[str]) -> str:
    if _EMPTY_LINE.search(gap[0]):
        return "\n"
    return "" if gap.lastindex else " "


class _Forms(dict[int, str]):
    """Code point to folded form, worked out on first sight."""

    def __missing__(self, code: int) -> str:
        form = _fold_char(chr(code))
        if len(self) < _CACHE_LIMIT:
            self[code] = form
        return form


@cache
def forms() -> Mapping[int, str]:
    """Code point → what it folds to when nothing stands beside it; any code point has an entry."""
    return _Forms()


def _fold_char(char: str) -> str:
    if _UNSEEN.match(char):
        return ""
    if char in _DRESS:
        return _DRESS[char]
    kind = unicodedata.category(char)
    if kind == "Cs":
        return "\ufffd"
    if kind == "Cc" and char not in SPACE:
        return " "
    return _plain(char)


def _plain(char: str) -> str:
    form = unicodedata.normalize("NFKC", char).lower().translate(simplified())
    return "".join(_DRESS.get(part, part) for part in form)


@cache
def simplified() -> dict[int, str]:
    """Code point of a traditional character (and of variants people type) → what it folds to."""
    lines = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {ord(old): new.split()[0] for old, new in pairs if len(old) == 1}


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """The text cut where folding may cut it: a character with its combining marks, folded, and its range."""
    form_of, start, size = forms(), 0, len(text)
    while start < size:
        end = start + 1
        while end < size and unicodedata.combining(text[end]):
            end += 1
        if end == start + 1:
            yield form_of[ord(text[start])], start, end
        else:
            base = form_of[ord(text[start])]
            yield _plain(base + text[start + 1 : end]), start, end
        start = end


def _trace(text: str, tight: bool) -> tuple["array[int]", "array[int]"]:
    """Where each folded character starts and ends in the original: the slow twin of `fold`, for hits only."""
    if unicodedata.is_normalized("NFC", text):
        plain = list(map(forms().__getitem__, map(ord, text)))
        starts = array("L", [at for at, piece in enumerate(plain) for _ in piece])
        ends = array("L", [at + 1 for at in starts])
    else:
        pieces = list(_pieces(text))
        plain = [piece for piece, _, _ in pieces]
        starts = array("L", [start for piece, start, _ in pieces for _ in piece])
        ends = array("L", [end for piece, _, end in pieces for _ in piece])
    kept_starts, kept_ends, at = array("L"), array("L"), 0
    for gap in _gaps(tight).finditer("".join(plain)):
        kept_starts.extend(starts[at : gap.start()])
        kept_ends.extend(ends[at : gap.start()])
        if _close(gap):
            kept_starts.append(starts[gap.start()])
            kept_ends.append(ends[gap.end() - 1])
        at = gap.end()
    return kept_starts + starts[at:], kept_ends + ends[at:]
