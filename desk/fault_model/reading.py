"""How likely a sentence of a statement has a fault, and which: one table of n-grams, one of kinds, numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp
from pathlib import Path
from typing import Any

from monitor.scoring import categories, table
from monitor.scoring.grams import kinds
from monitor.scoring.units import units_of
from statements.faults import Doubt, Passage

WEIGHTS = Path(__file__).parent / "weights"
FAULTS, KINDS = "faults.zip", "kinds.zip"
# In this order: log-odds of the n-grams, a rule found something, English, log-odds again where English.
SIGNS = ("odds", "rule", "en", "odds_en")


def signs(odds: float, hit: bool, lang: str) -> tuple[float, ...]:
    """What is fused into one probability, in the order of SIGNS."""
    english = float(lang == "en")
    return odds, float(hit), english, odds * english


@dataclass(frozen=True, slots=True)
class FaultModel:
    """The weights of a folder; InputError names the file when they are missing, cut or changed.

    `cutoff` is by language the probability from which a passage is doubted.
    """

    folder: Path = WEIGHTS
    name: str = field(init=False)
    _table: table.Table = field(init=False)
    _kinds: categories.Categories = field(init=False)
    _told: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        found, told = table.load(self.folder / FAULTS)
        for name, value in (
            ("_table", found),
            ("_kinds", categories.load(self.folder / KINDS)),
            ("_told", told),
            ("name", str(told["version"])),
        ):
            object.__setattr__(self, name, value)

    def __call__(self, passages: Sequence[Passage], lang: str) -> list[Doubt]:
        """One doubt a passage; nothing about an empty list."""
        if not passages:
            return []
        units = units_of([one.text for one in passages])
        odds = self._table.scores(kinds(units, skips=True), units.begin)
        weights, constant, cutoff = self._told["weights"], self._told["constant"], self._told["cutoff"][lang]
        doubts = []
        for passage, score in zip(passages, odds.tolist(), strict=True):
            row = signs(score, passage.hit, lang)
            p = 1 / (1 + exp(-constant - sum(weight * sign for weight, sign in zip(weights, row, strict=True))))
            bad = p >= cutoff
            doubts.append(Doubt(p, self._kinds.likeliest(passage.text) if bad else "", bad))
        return doubts
