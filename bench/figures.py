"""What a measurement says: a value beside its baseline, measured in the same run, and what was asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `ratio` is value over baseline (or baseline over value where less is better, see `less`).

    `asked` is the least ratio or value the design wants, None where it asks nothing; `of` says which of the two.
    """

    figure: str
    value: float
    unit: str
    baseline: float
    asked: float | None
    of: str = "ratio"
    less: bool = False

    @property
    def ratio(self) -> float:
        better, worse = (self.baseline, self.value) if self.less else (self.value, self.baseline)
        return better / worse if worse else 0.0

    @property
    def ok(self) -> bool:
        if self.asked is None:
            return True
        got = self.ratio if self.of == "ratio" else self.value
        return got <= self.asked if self.of == "value" and self.less else got >= self.asked

    def row(self) -> dict[str, Any]:
        """The seven keys of a JSON line."""
        return {
            "figure": self.figure,
            "value": round(self.value, 3),
            "unit": self.unit,
            "baseline": round(self.baseline, 3),
            "ratio": round(self.ratio, 2),
            "asked": self.asked,
            "ok": bool(self.ok),
        }


Measure = Callable[[Callable[[str], None]], list[Figure]]
