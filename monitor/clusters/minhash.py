"""MinHash with bands: keys that two texts share when they are much alike, and seldom otherwise (pure, numpy)."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.clusters.shingles import Said

BANDS: Final = 16
ROWS: Final = 4
BITS: Final = 48
Numbers = NDArray[np.uint64]


def _stream(count: int, seed: int) -> Numbers:
    """`count` fixed numbers (splitmix64). Keys are stored: they must be the same in every version and process."""
    state = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
    return _mixed(state)


def _mixed(numbers: Numbers) -> Numbers:
    """Every bit of a number comes to matter for every bit of the result."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


_TIMES: Final = _stream(BANDS * ROWS, 1) | np.uint64(1)
_PLUS: Final = _stream(BANDS * ROWS, 2)
_IN_ROW: Final = _stream(ROWS, 3) | np.uint64(1)
_OF_BAND: Final = _stream(BANDS, 4)


def keys_of(texts: Sequence[Said]) -> list[tuple[int, ...]]:
    """For each text its keys, 48 bits each: 16 bands and its longest clauses; short: the whole; nothing said: none.

    Texts of Jaccard s share a band with probability 1 - (1 - s^4)^16: .64 at .5, .99 at .7.
    """
    long = [text.plain for text in texts if not text.short]
    bands = iter((banded(signatures(long)) >> np.uint64(64 - BITS)).tolist())
    found = []
    for text in texts:
        words = text.clauses if not text.short else (text.plain,) if text.plain else ()
        own = [] if text.short else next(bands)
        found.append((*own, *map(named, words)))
    return found


def signatures(plains: Sequence[str]) -> Numbers:
    """(texts, BANDS * ROWS) least hashes below 2^32 of the pairs of units of each text; it has two units or more."""
    if not plains:
        return np.empty((0, BANDS * ROWS), dtype=np.uint64)
    codes = np.frombuffer("".join(plains).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    ends = np.cumsum([len(plain) for plain in plains])
    # The pair of one text's last unit and the next one's first is nobody's.
    pairs = _mixed(np.delete((codes[:-1] << np.uint64(21)) | codes[1:], ends[:-1] - 1))
    starts = np.concatenate(([0], ends[:-1])) - np.arange(len(plains))
    found = np.empty((len(plains), BANDS * ROWS), dtype=np.uint64)
    for column, (times, plus) in enumerate(zip(_TIMES, _PLUS, strict=True)):
        found[:, column] = np.minimum.reduceat((pairs * times + plus) >> np.uint64(32), starts)
    return found


def banded(signed: Numbers) -> Numbers:
    """(texts, BANDS): the rows of a band as one number."""
    rows = signed.reshape(-1, BANDS, ROWS)
    return _mixed((rows * _IN_ROW).sum(axis=2, dtype=np.uint64) + _OF_BAND)


def named(words: str) -> int:
    """The key of these very words."""
    return int.from_bytes(blake2b(words.encode(), digest_size=BITS // 8).digest())
