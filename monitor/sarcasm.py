"""Praise that stands beside harm (pure): what a machine takes for thanks and a person for bitterness; a person decides.

It never says that a text is meant ironically, only that praise and a wrong stand close together in it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.risk_record import Risk
from monitor.sarcasm_words import MEANT_EN, MEANT_ZH, PRAISE_EN, PRAISE_ZH, WRONG_EN, WRONG_NUMBER_ZH, WRONG_ZH

# How far apart praise and wrong may stand and still speak of one thing, in characters.
NEAR_HAN, NEAR_LATIN = 36, 90
# Bodies and courts are wrongs; children, photos and "me too" are none by themselves.
GRAVE: Final = frozenset(("death_injury", "hospital", "injury", "symptom", "coverup", "escalation"))
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


# Several patterns, not one: an alternation of which every branch begins with a letter is found many times quicker. The
# last of each is for English words.
_PRAISE: Final = (re.compile(PRAISE_ZH), re.compile(rf"\b(?:{PRAISE_EN})\b"))
_WRONG: Final = (re.compile(WRONG_ZH), re.compile(WRONG_NUMBER_ZH), re.compile(rf"\b(?:{WRONG_EN})\b"))
_MEANT: Final = (re.compile(MEANT_ZH), re.compile(rf"\b(?:{MEANT_EN})\b"))
_ENGLISH: Final = re.compile("[a-z0-9]{2}")
# The writer says so himself.
_SAID_SO: Final = ("反话", "阴阳怪气", "呵呵", "🙃")
_SAID_SO_EN: Final = re.compile(r"/s(?:$|\s)|\bsarcasm\b")


def sarcastic(said: str, risk: Risk) -> bool:
    """Whether praise stands beside a wrong in a folded text, and nothing says that the praise is meant.

    `risk`: what the taxonomy found in the same text. Worth asking only of texts that hold one of the STEMS.
    """
    english = _ENGLISH.search(said) is not None
    # Folding moves characters by a blank here and there; how far praise and wrong stand apart is no exact measure.
    praise = _found(_PRAISE, said, english)
    bare = any(word in said for word in _SAID_SO) or _SAID_SO_EN.search(said) is not None
    if not praise and not bare:
        return False
    if risk.suppressors or _found(_MEANT, said, english):
        return False
    wrongs = _found(_WRONG, said, english)
    wrongs += [(span.start, span.end) for span in risk.spans]
    if bare:
        return bool(wrongs) or not GRAVE.isdisjoint(risk.aggravators)
    near = NEAR_HAN if _HAN.search(said) else NEAR_LATIN
    return any(_apart(start, end, wrongs) <= near for start, end in praise)


def _found(patterns: Sequence[re.Pattern[str]], text: str, english: bool) -> list[tuple[int, int]]:
    return [found.span() for one in patterns[: None if english else -1] for found in one.finditer(text)]


def _apart(start: int, end: int, wrongs: list[tuple[int, int]]) -> int:
    """Characters between a praise and the nearest wrong; a praise that is itself the wrong word is none."""
    return min(_gaps(start, end, wrongs), default=NEAR_LATIN + NEAR_HAN)


def _gaps(start: int, end: int, wrongs: list[tuple[int, int]]) -> Iterator[int]:
    for one, other in wrongs:
        if other <= start:
            yield start - other
        elif one >= end:
            yield one - end
