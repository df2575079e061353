"""Names the likeliest kind of crisis of a text by its n-grams; asked only of what is called a crisis."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.scoring import archive
from monitor.scoring.grams import grams_of
from monitor.scoring.units import U32, units_of

BODY = "weights.bin"


@dataclass(frozen=True, slots=True)
class Categories:
    """`weights` is slots × names, whole numbers; strangers share slots, so only the sum of many says anything."""

    names: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: float

    def likeliest(self, texts: Sequence[str], least: float = 0.0) -> list[str]:
        """Of each text the name with the highest share, "" when that is below `least` or the text holds nothing."""
        if not texts:
            return []
        grams = grams_of(units_of(texts), skips=False)
        order = np.argsort(grams.text, kind="stable")
        slots = slots_of(grams.hash, len(self.weights))[order]
        number = np.bincount(grams.text, minlength=len(texts))
        full = np.flatnonzero(number)
        odds = np.zeros((len(texts), len(self.names)))
        if full.size:
            begin = (np.cumsum(number) - number)[full]
            odds[full] = np.add.reduceat(self.weights[slots], begin, axis=0, dtype=np.int64)
        odds *= self.scale / np.sqrt(np.maximum(number, 1))[:, None]
        share = np.exp(odds - odds.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        best = share.argmax(axis=1)
        return [
            self.names[place] if held and share[text, place] >= least else ""
            for text, (place, held) in enumerate(zip(best.tolist(), number.tolist(), strict=True))
        ]


def slots_of(hashes: U32, size: int) -> NDArray[np.intp]:
    """The row of each n-gram; `size` is a power of two."""
    return ((hashes * np.uint32(0x9E3779B1)) >> np.uint32(33 - size.bit_length())).astype(np.intp)


def save(path: Path, found: Categories, told: dict[str, Any]) -> None:
    body = found.weights.tobytes()
    archive.write(path, {"names": found.names, "scale": found.scale, **told}, BODY, body)


def load(path: Path) -> Categories:
    """InputError names the file when it is missing, cut or changed."""
    head, body = archive.read(path, BODY, None, "train")
    names = tuple(head["names"])
    weights = np.frombuffer(body, np.int8).reshape(-1, len(names))
    return Categories(names, weights, float(head["scale"]))
