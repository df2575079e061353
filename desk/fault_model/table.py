"""Tables of n-grams: one tells whether a sentence is bad at all, one how much each fault is in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.scoring import archive
from monitor.scoring.grams import Grams, grams_of
from monitor.scoring.table import print_of, slot_of
from monitor.scoring.units import U32, units_of

Floats = NDArray[np.float64]
FORMAT, BODY = 3, "slots.bin"
# A fingerprint takes most of a full slot's place in the file; with these bits of it one stranger in thirty is taken
# for an acquaintance, which costs less than fewer n-grams would.
_PRINT = np.uint8(31)
_NUMBER = re.compile(r"\d+")


def grams(texts: Sequence[str]) -> Grams:
    """The n-grams of sentences; which number stands in one says nothing of its faults."""
    return grams_of(units_of([_NUMBER.sub("0", text) for text in texts]), skips=True)


@dataclass(frozen=True, slots=True)
class FaultTable:
    """A slot holds the fingerprint of one n-gram (0: empty) and one signed weight an answer, times `scales`.

    A text's scores are the sums of its known n-grams' weights over the root of their number, plus `constants`.
    """

    names: tuple[str, ...]
    prints: NDArray[np.uint8]
    weights: NDArray[np.int8]
    scales: Floats
    constants: Floats

    def scores(self, found: Grams, size: int) -> Floats:
        """Log-odds of `size` texts, texts × answers; what is unknown gets the constants."""
        slot = slot_of(found.hash, self.prints.size)
        known = self.prints[slot] == _print_of(found.hash)
        text = found.text[known]
        order = np.argsort(text, kind="stable")
        number = np.bincount(text, minlength=size)
        sums = np.zeros((size, len(self.names)))
        full = np.flatnonzero(number)
        if full.size:
            begin = (np.cumsum(number) - number)[full]
            sums[full] = np.add.reduceat(self.weights[slot[known][order]], begin, axis=0, dtype=np.int64)
        told: Floats = self.constants + sums * self.scales / np.sqrt(np.maximum(number, 1))[:, None]
        return told


@dataclass(frozen=True, slots=True)
class FaultTables:
    """`bad` has one answer: is there a fault; `kinds` one a fault. Rare n-grams tell the former, not the latter."""

    bad: FaultTable
    kinds: FaultTable

    def scores(self, texts: Sequence[str]) -> Floats:
        """Log-odds, texts × (bad, then each fault)."""
        found = grams(texts)
        return np.hstack([one.scores(found, len(texts)) for one in (self.bad, self.kinds)])


def _print_of(hashes: U32) -> NDArray[np.uint8]:
    short: NDArray[np.uint8] = np.maximum(print_of(hashes) & _PRINT, 1)
    return short


def pack(names: Sequence[str], hashes: U32, weights: Floats, constants: Floats, *, bits: int, least: int) -> FaultTable:
    """A table of these n-grams (n-grams × answers), no two of which want the same slot.

    Of 127 steps of weight, what does not reach `least` is nothing: every number costs a place in the file.
    """
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    whole = np.clip(np.rint(weights / scales), -127, 127).astype(np.int8)
    whole[np.abs(whole) < least] = 0
    prints, slots = np.zeros(1 << bits, np.uint8), np.zeros((1 << bits, len(names)), np.int8)
    place = slot_of(hashes, 1 << bits)
    prints[place], slots[place] = _print_of(hashes), whole
    return FaultTable(tuple(names), prints, slots, scales, constants)


def save(path: Path, table: FaultTable, told: dict[str, Any]) -> None:
    """Write the table and what is told of it (JSON) into one zip file, the same bytes for the same content."""
    # Only full slots are written, after one bit a slot that says which they are.
    full = np.flatnonzero(table.prints)
    body = b"".join(
        (
            np.packbits(table.prints != 0).tobytes(),
            table.prints[full].tobytes(),
            np.ascontiguousarray(table.weights[full].T).tobytes(),
        )
    )
    head = {
        "format": FORMAT,
        "names": table.names,
        "slots": table.prints.size,
        "full": int(full.size),
        "scales": table.scales.tolist(),
        "constants": table.constants.tolist(),
        **told,
    }
    archive.write(path, head, BODY, body)


def load(path: Path) -> tuple[FaultTable, dict[str, Any]]:
    """The table and what was told of it; InputError names the file when it is missing, cut, changed or of old form."""
    head, body = archive.read(path, BODY, FORMAT, "train --faults")
    slots, full, names = int(head["slots"]), int(head["full"]), tuple(head["names"])
    place = np.flatnonzero(np.unpackbits(np.frombuffer(body, np.uint8, slots // 8)))
    prints, weights = np.zeros(slots, np.uint8), np.zeros((slots, len(names)), np.int8)
    prints[place] = np.frombuffer(body, np.uint8, full, slots // 8)
    weights[place] = np.frombuffer(body, np.int8, full * len(names), slots // 8 + full).reshape(len(names), full).T
    return FaultTable(names, prints, weights, np.array(head["scales"]), np.array(head["constants"])), head
