"""How rare is this volume (pure)? Causal, constant memory: how often was this brand so far above its own level?

It asks twice: against the brand's own level, and against that level at this hour of the day, so that a crisis at 3 a.m.
is not hidden by the noon it resembles. It claims no rarity it has not watched: score = -log10 of the observed rate.
Family and constants: bench/spike of the design; one update costs microseconds.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

BUCKET = timedelta(minutes=5)
PER_DAY = 288
COLD_DAYS = 4
# China and most brands there live in one zone; the profile only needs hours that repeat.
_LEVEL_HALF, _MEMORY_HALF = 14 * PER_DAY, 7 * PER_DAY
_FLOOR, _CLIP, _PRIOR, _AT_LEAST = 0.5, 3.0, 288.0, 0.3
_BIN, _OFFSET, _BINS = 0.08, 100, 300
_WINDOW = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What one bucket means. `usual` is the mentions expected in these 15 minutes, `ratio` count over usual;
    `days` how long the brand has been watched, `before` how often the volume was this high in remembered time."""

    score: float
    count: int
    usual: float
    ratio: float
    days: float
    before: float

    @property
    def cold(self) -> bool:
        """Too little history to call anything rare."""
        return self.days < COLD_DAYS


class Rarity:
    """One brand's memory; `update` must be called once per 5-minute bucket, in order, empty buckets too."""

    def __init__(self) -> None:
        self.seen = 0
        self.level = 0.0
        self.hours = [0.0] * 24
        self.hour_weight = [0.0] * 24
        self.ring = [0.0] * _WINDOW
        self.flat = _Memory()
        self.hourly = _Memory()

    def update(self, at: datetime, count: int) -> Reading:
        """Judge the bucket at `at` (aware) against everything before it, then learn it."""
        self.ring = [*self.ring[1:], float(count)]
        mean = sum(self.ring) / _WINDOW
        if self.seen == 0:
            self.level = mean
        usual_now = self._expected(at.hour)
        flat, before = self.flat.rate(_lift(mean, self.level))
        hourly, before_hourly = self.hourly.rate(_lift(mean, usual_now))
        days = self.seen / PER_DAY
        score = 0.0 if days < COLD_DAYS else max(flat, hourly)
        usual = usual_now * _WINDOW
        total = sum(self.ring)
        ratio = (total + _FLOOR) / (usual + _FLOOR)
        reading = Reading(score, int(total), usual, ratio, days, before if flat >= hourly else before_hourly)
        if days >= 1:
            # On the first day the level itself still jumps; those lifts would hide real surges for weeks.
            self.flat.learn(_lift(mean, self.level))
            self.hourly.learn(_lift(mean, usual_now))
        self._learn(at.hour, mean)
        return reading

    def to_state(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "seen": self.seen,
            "level": self.level,
            "hours": list(self.hours),
            "hour_weight": list(self.hour_weight),
            "ring": list(self.ring),
            "flat": self.flat.to_state(),
            "hourly": self.hourly.to_state(),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Rarity":
        made = cls()
        made.seen, made.level = int(state["seen"]), float(state["level"])
        made.hours, made.hour_weight = list(state["hours"]), list(state["hour_weight"])
        made.ring = list(state["ring"])
        made.flat, made.hourly = _Memory.from_state(state["flat"]), _Memory.from_state(state["hourly"])
        return made

    def _expected(self, hour: int) -> float:
        """Mean per bucket at this hour; little-known hours lean on the brand's level."""
        weight = self.hour_weight[hour]
        trust = weight / (weight + 12)
        return trust * self.hours[hour] + (1 - trust) * self.level

    def _learn(self, hour: int, mean: float) -> None:
        # What the level learns is clipped, so that a crisis does not teach it that crises are usual.
        level_in = min(mean, _CLIP * self.level + _CLIP * _FLOOR)
        share = max(1 - 0.5 ** (1 / _LEVEL_HALF), 1 / (self.seen + 2) if self.seen < 7 * PER_DAY else 0.0)
        self.level += share * (level_in - self.level)
        expected = self._expected(hour)
        hour_in = min(mean, _CLIP * expected + _CLIP * _FLOOR)
        self.hour_weight[hour] = min(self.hour_weight[hour] + 1, 14 * 12)
        self.hours[hour] += (hour_in - self.hours[hour]) / self.hour_weight[hour]
        self.seen += 1


class _Memory:
    """A histogram of past lifts, exponentially forgotten."""

    def __init__(self) -> None:
        self.bins: dict[int, float] = {}
        self.total = 0.0

    def rate(self, lift: float) -> tuple[float, float]:
        """(-log10 of the rate of lifts this high, weight of those remembered)."""
        place = _place(lift)
        before = sum(weight for at, weight in self.bins.items() if at >= place)
        return -math.log10((before + _AT_LEAST) / (self.total + _PRIOR)), before

    def learn(self, lift: float) -> None:
        fade = 0.5 ** (1 / _MEMORY_HALF)
        self.total = self.total * fade + 1
        self.bins = {at: weight * fade for at, weight in self.bins.items() if weight > 1e-4}
        place = _place(lift)
        self.bins[place] = self.bins.get(place, 0.0) + 1

    def to_state(self) -> dict[str, Any]:
        return {"total": self.total, "bins": {str(at): weight for at, weight in self.bins.items()}}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "_Memory":
        made = cls()
        made.total = float(state["total"])
        made.bins = {int(at): float(weight) for at, weight in state["bins"].items()}
        return made


def _lift(mean: float, level: float) -> float:
    return math.log(mean + _FLOOR) - math.log(level + _FLOOR)


def _place(lift: float) -> int:
    return min(_BINS - 1, max(0, int(lift / _BIN + _OFFSET)))
