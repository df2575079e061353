"""What a change of thresholds gains and loses (pure), and the rarity that keeps a budget of pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from config.watch import Thresholds
from monitor.options import Would

WEEK: Final = timedelta(days=7)
# A page about the same topic within this time is the same page, come earlier or later.
_SAME: Final = timedelta(hours=6)
# What a budget chooses from: the other thresholds stay as they are.
GRID: Final = (2.0, 2.3, 2.6, 2.8, 3.1, 3.4, 3.8, 4.3, 5.0)


@dataclass(frozen=True, slots=True)
class Moved:
    """A page that both would have sent, at another moment."""

    before: Would
    after: Would


@dataclass(frozen=True, slots=True)
class Comparison:
    """Pages of two thresholds over the same time: sent by both, only by the new ones, only by the former."""

    kept: tuple[Moved, ...]
    gained: tuple[Would, ...]
    lost: tuple[Would, ...]

    @property
    def shifted(self) -> tuple[Moved, ...]:
        """Sent by both, but not at the same moment."""
        return tuple(one for one in self.kept if one.before.at != one.after.at)


@dataclass(frozen=True, slots=True)
class Choice:
    """The lowest rarity of GRID whose pages keep the budget; `reached` False: not even the highest does.

    `pages`: rarity → pages per brand and week, for every rarity that was tried.
    """

    rarity: float
    reached: bool
    pages: tuple[tuple[float, float], ...]

    def of(self, rarity: float) -> float:
        """Pages per brand and week at a rarity of the grid."""
        return dict(self.pages)[rarity]

    @property
    def below(self) -> tuple[float, float] | None:
        """The next lower rarity and its pages: what would have been too many; None when the lowest was chosen."""
        lower = [pair for pair in self.pages if pair[0] < self.rarity]
        return lower[-1] if lower else None


def compare(before: Sequence[Would], after: Sequence[Would]) -> Comparison:
    """Which pages are gained and lost; notices call nobody and are left out."""
    left, kept, gained = pages(before), list[Moved](), list[Would]()
    for one in pages(after):
        same = [other for other in left if _same(one, other)]
        if same:
            nearest = min(same, key=lambda other: abs(other.at - one.at))
            left.remove(nearest)
            kept.append(Moved(nearest, one))
        else:
            gained.append(one)
    return Comparison(tuple(kept), tuple(gained), tuple(left))


def pages(told: Sequence[Would]) -> list[Would]:
    """Those that would have called somebody."""
    return [one for one in told if one.calls]


def grid(base: Thresholds) -> list[Thresholds]:
    """The base with every rarity of the grid."""
    return [base.model_copy(update={"rarity": one}) for one in GRID]


def choose(calls: Sequence[int], brand_weeks: float, budget: float) -> Choice:
    """`calls`: how many pages each rarity of the grid would have sent in so many brand-weeks. The same for the same."""
    each = [(rarity, round(count / brand_weeks, 2)) for rarity, count in zip(GRID, calls, strict=True)]
    fitting = [rarity for rarity, pages_ in each if pages_ <= budget]
    return Choice(fitting[0] if fitting else GRID[-1], bool(fitting), tuple(each))


def _same(one: Would, other: Would) -> bool:
    topic = one.category == other.category or bool(set(one.mention_ids) & set(other.mention_ids))
    return topic and abs(one.at - other.at) <= _SAME
