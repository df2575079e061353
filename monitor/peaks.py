"""How often was a brand this loud before (pure)? It remembers the loudest occasions and days, never more of them."""

from bisect import insort
from typing import Any, Final

from monitor.rarity import PER_DAY

# So many of the loudest are kept; below this ratio nothing is an occasion, and a pause of three hours ends one.
KEPT: Final = 20
LEAST_RATIO: Final = 2.0
LEAST_COUNT: Final = 3
_PAUSE: Final = 36


class Peaks:
    """The highest ratio of each past occasion and the highest count of each past day; those that go on stand aside."""

    def __init__(self) -> None:
        self.occasions: list[float] = []
        self.days: list[float] = []
        self.ratio, self.last = 0.0, 0
        self.count, self.day = 0.0, 0

    def learn(self, bucket: int, ratio: float, count: float) -> None:
        """One more bucket, by its number in the series: fifteen minutes' count and how many times the usual it is."""
        if self.ratio and bucket - self.last > _PAUSE:
            _keep(self.occasions, self.ratio)
            self.ratio = 0.0
        if ratio >= LEAST_RATIO and count >= LEAST_COUNT:
            self.ratio, self.last = max(self.ratio, ratio), bucket
        if bucket // PER_DAY != self.day:
            _keep(self.days, self.count)
            self.count, self.day = 0.0, bucket // PER_DAY
        if count > self.count:
            self.count = count

    def times(self, ratio: float) -> int:
        """On how many past occasions it was at least so many times as loud as usual; KEPT: so often or oftener."""
        return sum(one >= ratio for one in self.occasions)

    def loud_days(self, count: float) -> int:
        """On how many past days fifteen minutes brought at least so many; KEPT: so many or more."""
        return sum(one >= count for one in self.days)

    def to_state(self) -> dict[str, Any]:
        """JSON form."""
        state: dict[str, Any] = {name: getattr(self, name) for name in _NUMBERS}
        return state | {"occasions": list(self.occasions), "days": list(self.days)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Peaks":
        made = cls()
        for name in _NUMBERS:
            setattr(made, name, state[name])
        made.occasions, made.days = list(state["occasions"]), list(state["days"])
        return made


_NUMBERS = ("ratio", "last", "count", "day")


def _keep(peaks: list[float], one: float) -> None:
    """Among the KEPT highest, lowest first."""
    insort(peaks, one)
    del peaks[:-KEPT]
