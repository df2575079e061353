"""How likely a sentence of a statement has a fault, and which: two tables of n-grams and a fusion, numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desk.fault_model import table
from desk.fault_model.table import FaultTables
from statements.rules.faults import Doubt, Passage

Floats = NDArray[np.float64]
WEIGHTS = Path(__file__).parent / "weights"
# Is there a fault, with the fusion; which one.
FAULTS, KINDS = "faults.zip", "kinds.zip"
# The first answer; the others are the faults by name.
BAD = "bad"


def signs(scores: Floats, hit: NDArray[np.bool_], english: NDArray[np.bool_]) -> Floats:
    """What is fused into one probability, a row a sentence: bad at all, all faults together, the two most likely, a
    rule found something, the language, and the first two again where it is English."""
    bad, each = scores[:, 0], np.sort(scores[:, 1:], axis=1)
    together = np.log(np.exp(np.minimum(each, 30)).sum(axis=1))
    return np.stack(
        [bad, together, each[:, -1], each[:, -2], hit, english, bad * english, together * english], axis=1
    ).astype(np.float64)


@dataclass(frozen=True, slots=True)
class FaultModel:
    """The weights of a folder; InputError names the file when they are missing, cut or changed.

    From the language's `cutoff` on a remark is doubted, from its `strict` on a sentence of a whole text; below its
    `spared` a rule's warning is taken back.
    """

    folder: Path = WEIGHTS
    name: str = field(init=False)
    _tables: FaultTables = field(init=False)
    _told: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        bad, told = table.load(self.folder / FAULTS)
        tables = FaultTables(bad, table.load(self.folder / KINDS)[0])
        for name, value in (("name", str(told["version"])), ("_tables", tables), ("_told", told)):
            object.__setattr__(self, name, value)

    def __call__(self, passages: Sequence[Passage], lang: str) -> list[Doubt]:
        """One doubt a passage; none for an empty list."""
        if not passages:
            return []
        scores = self._tables.scores([one.text for one in passages])
        hits = np.array([one.hit for one in passages])
        rows = signs(scores, hits, np.full(len(passages), lang == "en"))
        odds = rows @ np.array(self._told["weights"]) + self._told["constant"]
        p = 1 / (1 + np.exp(-odds))
        cutoff, strict, spared = (self._told[name][lang] for name in ("cutoff", "strict", "spared"))
        likeliest = scores[:, 1:].argmax(axis=1)
        return [
            Doubt(
                float(one),
                self._tables.kinds.names[int(place)],
                bool(one >= (cutoff if passage.alone else strict)),
                bool(one < spared),
            )
            for one, place, passage in zip(p, likeliest, passages, strict=True)
        ]
