"""Which of the two languages a text is in: zh or en."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from monitor.folding_batch import BMP, END, HANZI, asked

# A text shows its language in its beginning.
_BEGIN = 400
_HAN, _LETTER = 1, 2
_BEYOND = (0xD840, 0xD889)


def language(text: str) -> str:
    """zh when a fifth of the letters are hanzi (and when there are none), else en."""
    return languages([text])[0]


def languages(texts: Sequence[str]) -> list[str]:
    """The language of each text."""
    if not texts:
        return []
    begins = (text[:_BEGIN].replace("\uffff", " ") for text in texts)
    codes = np.frombuffer("\uffff".join([*begins, ""]).encode("utf-16-le", "surrogatepass"), np.uint16)
    kind = _kinds().take(codes)
    starts = np.concatenate([[0], np.flatnonzero(codes == END)[:-1] + 1])
    han, letters = (np.add.reduceat(kind == one, starts, dtype=np.int64) for one in (_HAN, _LETTER))
    return ["zh" if is_han else "en" for is_han in (4 * han >= letters).tolist()]


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each UTF-16 unit is: a hanzi, a letter of another script, or neither."""
    kind = np.zeros(BMP, np.uint8)
    for code in asked():
        char = chr(code)
        if char.isalnum() and not char.isdecimal():
            kind[code] = _LETTER
    kind[0xAC00:0xD7A4] = _LETTER
    for begin, end in HANZI:
        kind[begin:end] = _HAN
    kind[[0x3005, 0x3007]] = _HAN
    kind[_BEYOND[0] : _BEYOND[1]] = _HAN
    return kind
