"""A small table of n-gram weights: one packed slot per n-gram, a fingerprint so that strangers score nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.scoring import archive
from monitor.scoring.grams import Kind
from monitor.scoring.units import U32, Ints

FORMAT, BODY = 2, "slots.bin"
_SPREAD = np.uint32(0x9E3779B1)


@dataclass(frozen=True, slots=True)
class Table:
    """2^bits slots: the high byte of a slot is a fingerprint (0: empty), the low byte a signed weight times `scale`.

    A text's score is its known weights summed, divided by the root of their number, plus `constant`.
    """

    slots: NDArray[np.uint16]
    scale: float
    constant: float

    def scores(self, kinds: Sequence[Kind], begin: Ints) -> NDArray[np.float64]:
        """Log-odds of each text from the n-grams of its units, which stand from begin[t] to begin[t + 1].

        A text of which nothing is known gets the constant.
        """
        # Summed by the unit an n-gram begins at first: far fewer numbers than n-grams are left for the texts.
        total, number = np.zeros(begin[-1], np.int16), np.zeros(begin[-1], np.int8)
        for kind in kinds:
            weight, known = self._look_up(kind.hash)
            known[kind.crossing] = 0
            weight *= known
            place = slice(kind.hash.size) if kind.at is None else kind.at
            total[place] += weight
            number[place] += known
        known_of = _sums(number, begin)
        return self.constant + self.scale * _sums(total, begin) / np.sqrt(np.maximum(known_of, 1))

    def _look_up(self, hashes: U32) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        """The weight in each n-gram's slot, and 1 where it is that n-gram's own."""
        spread = hashes * _SPREAD
        found = self.slots.take(spread >> np.uint32(33 - self.slots.size.bit_length()))
        # Little-endian halves of a slot: reading them as they lie saves two passes.
        halves = found.view(np.uint8).reshape(-1, 2)
        known = halves[:, 1] == np.maximum((spread >> np.uint32(4)).astype(np.uint8), 1)
        return halves[:, 0].view(np.int8).copy(), known.view(np.int8)


def placed(hashes: U32, importance: NDArray[np.float64], bits: int) -> NDArray[np.bool_]:
    """Which n-grams get a slot: of those that want the same one, the more important."""
    order = np.lexsort((hashes, -importance))
    _, first = np.unique(slot_of(hashes[order], 1 << bits), return_index=True)
    chosen = np.zeros(hashes.size, np.bool_)
    chosen[order[first]] = True
    return chosen


def pack(hashes: U32, weights: NDArray[np.float64], constant: float, bits: int) -> Table:
    """A table of these n-grams, no two of which share a slot."""
    scale = float(np.abs(weights).max()) / 127 if weights.size else 1.0
    whole = np.clip(np.rint(weights / scale), -127, 127).astype(np.int8)
    slots = np.zeros(1 << bits, np.uint16)
    slots[slot_of(hashes, slots.size)] = (print_of(hashes) << 8) | whole.view(np.uint8)
    return Table(slots, scale, constant)


def save(path: Path, table: Table, told: dict[str, Any]) -> None:
    """Write the table and what is told of it (JSON) into one zip file, the same bytes for the same content."""
    head = {"format": FORMAT, "scale": table.scale, "constant": table.constant, "slots": table.slots.size, **told}
    # Only full slots, after one bit a slot that says which they are; like beside like packs better.
    full = table.slots[table.slots != 0]
    parts = np.packbits(table.slots != 0), (full >> 8).astype(np.uint8), (full & 0xFF).astype(np.uint8)
    body = b"".join(part.tobytes() for part in parts)
    archive.write(path, head, BODY, body)


def load(path: Path) -> tuple[Table, dict[str, Any]]:
    """The table and what was told of it; InputError names the file when it is missing, cut, changed or of old form."""
    head, body = archive.read(path, BODY, FORMAT, "train")
    slots = np.zeros(int(head["slots"]), np.uint16)
    bits, rest = np.split(np.frombuffer(body, np.uint8), [slots.size // 8])
    prints, weights = np.split(rest.astype(np.uint16), 2)
    slots[np.flatnonzero(np.unpackbits(bits))] = (prints << 8) | weights
    return Table(slots, float(head["scale"]), float(head["constant"])), head


def _sums(numbers: NDArray[np.signedinteger[Any]], begin: Ints) -> Ints:
    """The sum of what stands from begin[t] to begin[t + 1], for every t."""
    upto = np.concatenate([[0], np.cumsum(numbers, dtype=np.int64)])
    sums: Ints = np.diff(upto[begin])
    return sums


def slot_of(hashes: U32, slots: int) -> NDArray[np.intp]:
    """Which of so many slots (a power of two) an n-gram wants."""
    # The high bits choose the slot, the ones below them are the fingerprint.
    spread = hashes * _SPREAD
    return (spread >> np.uint32(32 - (slots.bit_length() - 1))).astype(np.intp)


def print_of(hashes: U32) -> NDArray[np.uint16]:
    """What stands in a slot to say whose it is, 1..255."""
    middle = ((hashes * _SPREAD) >> np.uint32(4)) & np.uint32(0xFF)
    found: NDArray[np.uint16] = np.maximum(middle, 1).astype(np.uint16)
    return found
