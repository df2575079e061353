"""Whether a text names somebody who posted, however the name is written (pure)."""

import unicodedata
from collections.abc import Collection, Iterator

from statements.rules.document_words import finding
from statements.rules.wording import Finding

# A shorter name is a word of the language more often than somebody.
_LEAST_HAN, _LEAST = 3, 4


def strangers(body: str, lang: str, names: Collection[str]) -> Iterator[Finding]:
    """D22 (E): the name or account of somebody who posted stands in the text; a common word may be one, so legal can
    let it stand. Case, width, unseen signs and blanks between hanzi hide nobody."""
    text, places = _plain(body)
    for name in sorted({_plain(one)[0].strip() for one in names}):
        if len(name) < (_LEAST_HAN if _has_han(name) else _LEAST):
            continue
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if not (_goes_on(text, at - 1, at) or _goes_on(text, end - 1, end)):
                yield finding("D22", "E", lang, (places[at], places[end - 1] + 1))
            at = text.find(name, end)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as names are compared, and where each of its characters stands in `text`."""
    kept: list[tuple[str, int]] = []
    for place, sign in enumerate(text):
        if not _unseen(sign):
            kept += [(char, place) for char in unicodedata.normalize("NFKC", sign).casefold()]
    kept = [one for number, one in enumerate(kept) if not _blank_between_han(kept, number)]
    return "".join(char for char, _ in kept), [place for _, place in kept]


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f"


def _blank_between_han(signs: list[tuple[str, int]], number: int) -> bool:
    around = [signs[at][0] for at in (number - 1, number + 1) if 0 <= at < len(signs)]
    sign = signs[number][0]
    return sign.isspace() and sign != "\n" and len(around) == 2 and all(map(_has_han, around))


def _has_han(text: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in text)


def _goes_on(text: str, before: int, after: int) -> bool:
    """A Latin word or number goes on over this border: `Ann` is not in `Announcement`."""
    if before < 0 or after >= len(text):
        return False
    return all(text[at].isascii() and text[at].isalnum() for at in (before, after))
