"""How rare is this volume (pure)? Causal, constant memory: how often was this brand so far above its own level?

Two views, 10 and 15 minutes, must agree. They are asked against the brand's flat level and against its level at this
hour of an ordinary day or a weekend, so that a crisis at 3 a.m. is not hidden by the noon it resembles. No rarity is
claimed that was not watched: a score is -log10 of the observed rate. The family and its figures: bench spikes.
"""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

BUCKET = timedelta(minutes=5)
PER_DAY = 288
COLD_DAYS = 4
# How long a level and the memory of past lifts last, in buckets until half is forgotten.
_LEVEL_HALF, _MEMORY_HALF, _LATELY_HALF = 10 * PER_DAY, 14 * PER_DAY, 12
# Half a mention is added to every mean, so that nothing divides by a silent brand.
_FLOOR = 0.5
# What the level learns of one bucket is at most so many times the level: a crisis must not teach that crises are usual.
_CLIP = 3.0
# Three days in which the lift may have been reached nearly once are added to what was watched.
_PRIOR, _AT_LEAST = 3.0 * PER_DAY, 0.7
_BIN, _LOWEST, _BINS = 0.2, -2.0, 75
# (buckets, how much of the level counts): busy brands swing less than quiet ones, which the longer view allows for.
VIEWS = ((2, 1.0), (3, 0.75))
LONGEST = 3
# Against the hour's level a lift must have been six times as rare to weigh as much as against the flat level.
_HOUR_MARGIN = 0.8
_HOURS, _WEEKEND = 24, 5
# An hour is known by its last twenty days; twelve buckets of the brand's own level stand in for what is not known yet.
_HOUR_MOST, _HOUR_LEAN = 20 * 12, 12.0
_HEAVIEST = 1e6


class Memory:
    """Histograms of past lifts that fade together: one for each view."""

    def __init__(self, views: int) -> None:
        self.bins = [[0.0] * _BINS for _ in range(views)]
        # Instead of fading every bin the newest weighs more; divided out when it grows too heavy.
        self.weight = 1.0
        self.total = 0.0

    def score(self, view: int, place: float) -> float:
        """-log10 of how often a lift was this high, in the time that is remembered; `place` as place_of(lift) says."""
        at = int(place)
        bins = self.bins[view]
        # Past lifts lie evenly in their bin: of the bin of this lift the part above it counts.
        before = (sum(bins[at + 1 :]) + (at + 1 - place) * bins[at]) / self.weight
        return -math.log10((before + _AT_LEAST) / (self.total + _PRIOR))

    def learn(self, places: Sequence[float]) -> None:
        """One more bucket went by, with a lift of this place in each view."""
        self.weight /= _FADE
        self.total = self.total * _FADE + 1
        for bins, place in zip(self.bins, places, strict=True):
            bins[int(place)] += self.weight
        if self.weight > _HEAVIEST:
            self.bins = [[one / self.weight for one in bins] for bins in self.bins]
            self.weight = 1.0

    def to_state(self) -> dict[str, Any]:
        """JSON form; empty bins are left out."""
        bins = [{str(at): one for at, one in enumerate(own) if one} for own in self.bins]
        return {"weight": self.weight, "total": self.total, "bins": bins}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Memory":
        made = cls(len(state["bins"]))
        made.weight, made.total = float(state["weight"]), float(state["total"])
        for own, kept in zip(made.bins, state["bins"], strict=True):
            for at, one in kept.items():
                own[int(at)] = float(one)
        return made


class Level:
    """What a brand usually brings per bucket: one slow mean, and one for each hour of ordinary days and of weekends."""

    def __init__(self) -> None:
        self.seen = 0
        self.flat = 0.0
        # Mean of the last hours; only the first day needs it.
        self.lately = 0.0
        self.hours = [0.0] * (2 * _HOURS)
        self.known = [0] * (2 * _HOURS)

    def usual(self, hour: int, weekday: int) -> float:
        """Mean per bucket at this hour; where little is known it leans on the other kind of day, then on the brand."""
        own = hour + _HOURS * (weekday >= _WEEKEND)
        other = (own + _HOURS) % (2 * _HOURS)
        base = _lean(self.known[other], self.hours[other], self.flat)
        return _lean(self.known[own], self.hours[own], base)

    def learn(self, hour: int, weekday: int, mean: float, usual: float) -> None:
        """One more bucket: `mean` of the last fifteen minutes, `usual` what was expected of it."""
        share = _SLOW if self.seen >= 7 * PER_DAY else max(_SLOW, 1 / (self.seen + 2))
        self.flat += share * (min(mean, _CLIP * (self.flat + _FLOOR)) - self.flat)
        self.lately += _LATELY * (mean - self.lately)
        own = hour + _HOURS * (weekday >= _WEEKEND)
        self.known[own] = min(self.known[own] + 1, _HOUR_MOST)
        self.hours[own] += (min(mean, _CLIP * (usual + _FLOOR)) - self.hours[own]) / self.known[own]
        self.seen += 1

    def to_state(self) -> dict[str, Any]:
        lists = {"hours": list(self.hours), "known": list(self.known)}
        return {"seen": self.seen, "flat": self.flat, "lately": self.lately, **lists}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Level":
        made = cls()
        made.seen, made.flat = int(state["seen"]), float(state["flat"])
        made.lately = float(state["lately"])
        made.hours = [float(one) for one in state["hours"]]
        made.known = [int(one) for one in state["known"]]
        return made


class Look(NamedTuple):
    """How rare a volume is, and its place in the memories of each view against the flat and the hour's level."""

    score: float
    flat: list[float]
    hourly: list[float]


class Rarity:
    """One brand's level and its memory of how far above it was: asked, then taught, once per bucket."""

    def __init__(self) -> None:
        self.level = Level()
        self.flat = Memory(len(VIEWS))
        self.hourly = Memory(len(VIEWS))

    @property
    def days(self) -> float:
        """How long the brand was watched."""
        return self.level.seen / PER_DAY

    def look(self, window: Sequence[float], usual: float) -> Look:
        """How rare these last LONGEST buckets are; a score of 0 on the first day, when the level still jumps."""
        if self.level.seen == 0:
            self.level.flat = self.level.lately = window[-1]
        # Of the first day only its last hours are known: a morning must not look like a surge and be remembered so.
        least = self.level.lately if self.level.seen < PER_DAY else 0.0
        at_flat = math.log(max(self.level.flat, least) + _FLOOR)
        at_hour = math.log(max(usual, least) + _FLOOR)
        flat, hourly = [], []
        for size, weight in VIEWS:
            mean = math.log(sum(window[-size:]) / size + _FLOOR)
            flat.append(place_of(mean - weight * at_flat))
            hourly.append(place_of(mean - weight * at_hour))
        if self.level.seen < PER_DAY:
            return Look(0.0, flat, hourly)
        return Look(max(_agreed(self.flat, flat), _agreed(self.hourly, hourly) - _HOUR_MARGIN, 0.0), flat, hourly)

    def learn(self, window: Sequence[float], usual: float, look: Look, hour: int, weekday: int) -> None:
        """Remember these last buckets, as they looked, as part of the brand's life."""
        self.flat.learn(look.flat)
        self.hourly.learn(look.hourly)
        self.level.learn(hour, weekday, sum(window) / LONGEST, usual)

    def to_state(self) -> dict[str, Any]:
        """JSON form."""
        return {"level": self.level.to_state(), "flat": self.flat.to_state(), "hourly": self.hourly.to_state()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Rarity":
        made = cls()
        made.level = Level.from_state(state["level"])
        made.flat, made.hourly = Memory.from_state(state["flat"]), Memory.from_state(state["hourly"])
        return made


_FADE = 0.5 ** (1 / _MEMORY_HALF)
_SLOW = 1 - 0.5 ** (1 / _LEVEL_HALF)
_LATELY = 1 - 0.5 ** (1 / _LATELY_HALF)


def _lean(known: int, mean: float, base: float) -> float:
    return (known * mean + _HOUR_LEAN * base) / (known + _HOUR_LEAN)


def _agreed(memory: Memory, places: Sequence[float]) -> float:
    """Both views must agree: the less rare of them."""
    return min([memory.score(view, place) for view, place in enumerate(places)])


def place_of(lift: float) -> float:
    """Where in a memory a lift (a difference of logarithms) belongs: a bin, and how far into it."""
    place = (lift - _LOWEST) / _BIN
    return 0.0 if place < 0 else _BINS - 1.0 if place > _BINS - 1 else place
