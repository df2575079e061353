"""Where a word may stand in a folded text: not as a part of a longer Latin word, not inside a web address."""

import re
from bisect import bisect_right

from monitor.folding import CJK, EMOJI, is_latin

# An address runs on over hanzi only right after a separator (…?q=星禾), not after a letter (t.cn/abc星禾真难喝).
_ADDRESS = re.compile(
    rf"(?:(?:https?|ftp)://|(?<![^\W{CJK}])(?<![.@-])(?:www\.|(?:[a-z0-9-]++\.){{1,8}}+[a-z]{{2,24}}+(?::\d++)?/))"
    rf"(?:[^\s\"<>{CJK}\u3000-\u303f\uff00-\uffef{{}}]|(?<=[/=?&#_%-])[{CJK}]++)*+"
)
_GAP = re.compile(f"[ {EMOJI}]++")
_CJK = re.compile(f"[{CJK}]")
# What a distance counts: characters of CJK, words of the rest ("don't" and "e-mail" are one word each).
_UNIT = re.compile(rf"[{CJK}]|[^\W{CJK}]++(?:['.-][^\W{CJK}]++)*+")


def whole_word(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is not a part of a longer Latin word; hanzi and emoji beside it are boundaries."""
    if start and is_latin(text[start - 1]) and is_latin(text[start]):
        return False
    return not (end < len(text) and is_latin(text[end]) and is_latin(text[end - 1]))


class Addresses:
    """Where web addresses stand in a folded text; `place in addresses` says whether a place lies inside one."""

    def __init__(self, text: str) -> None:
        found = _ADDRESS.finditer(text) if "/" in text or "www." in text else ()
        self.spans = [match.span() for match in found]
        self._starts = [start for start, _ in self.spans]

    def __contains__(self, place: int) -> bool:
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place < self.spans[at][1]


def without_addresses(text: str) -> str:
    """The same text, as long as before, with a character no pattern seeks in place of its addresses."""
    kept, at = [], 0
    for start, end in Addresses(text).spans:
        kept += [text[at:start], "\ufffc" * (end - start)]
        at = end
    return "".join([*kept, text[at:]])


def is_cjk(char: str) -> bool:
    return _CJK.match(char) is not None


def close_gaps(text: str) -> str:
    """Take away blanks and emoji beside CJK characters (OPPO 手机, スター バックス), but none that ends an address.

    `fold` does so between hanzi alone. It changes no boundary: CJK beside Latin is one.
    """
    addresses = Addresses(text)

    def close(gap: re.Match[str]) -> str:
        start, end = gap.span()
        if not start or end == len(text) or start - 1 in addresses:
            return gap[0]
        before, after = text[start - 1], text[end]
        joined = (is_cjk(before) and (is_cjk(after) or is_latin(after))) or (is_latin(before) and is_cjk(after))
        return "" if joined else gap[0]

    return _GAP.sub(close, text)


def unit_starts(text: str) -> list[int]:
    """Where each unit of distance begins: every CJK character, every other word; punctuation and blanks are none."""
    return [match.start() for match in _UNIT.finditer(text)]
