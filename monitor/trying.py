"""Trying thresholds on the stored past of each brand: bounded, in one pass, with the figures that a version keeps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from config.taxonomy import Taxonomy
from config.watch import Brand, Thresholds
from monitor.comparing import WEEK, Choice, Comparison, choose, compare, grid, pages
from monitor.history import latest_of, newest, past_of
from monitor.replaying import DAY, Replayed, replay
from monitor.series import CHINA
from store.database import Tx

# A store that has been silent for longer is a past of its own: its last days are replayed, late ones among them.
_STILL = DAY
Say = Callable[[Brand, datetime], None]


def quietly(_brand: Brand, _at: datetime) -> None:
    """Nobody waits for progress."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back is looked: at most so many days, and so many mentions of each brand, before `until`."""

    until: datetime
    days: float
    most: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One brand's time, replayed: what each of the thresholds would have told. `cut`: fewer days than were asked."""

    brand: Brand
    since: datetime
    until: datetime
    replayed: Replayed
    cut: bool

    @property
    def weeks(self) -> float:
        return (self.until - self.since) / WEEK

    def comparison(self) -> Comparison:
        """The pages of the last thresholds against those of the first."""
        return compare(self.replayed.told[0], self.replayed.told[-1])


@dataclass(frozen=True, slots=True)
class Trier:
    """Replays the stored past of some brands. `say` hears of every replayed day."""

    brands: Sequence[Brand]
    taxonomy: Taxonomy
    zone: tzinfo = CHINA
    say: Say = quietly

    def each(self, tx: Tx, options: Sequence[Thresholds], reach: Reach) -> list[Trial]:
        """Every brand's time under every option; a brand without mentions in it is left out."""
        found = []
        for brand in self.brands:
            last = newest(tx, brand, reach.until)
            if last is None:
                continue
            until = min(reach.until, last + _STILL)
            since = latest_of(tx, brand, until, reach.days, reach.most)
            past = past_of(tx, brand, since, until, *options)
            replayed = replay(past, options, self.taxonomy, self.zone, partial(self.say, brand))
            cut = since > until - reach.days * DAY
            found.append(Trial(brand, since, until, replayed, cut))
        return found

    def within(
        self, tx: Tx, now: Thresholds, base: Thresholds, budget: float, reach: Reach
    ) -> tuple[Thresholds, Choice | None, list[Trial]]:
        """`base` with the lowest rarity that keeps `budget` pages per brand and week, and the trials of it against
        `now`. Without any history: `base` as it is, no choice, no trials."""
        options = grid(base)
        trials = self.each(tx, [now, *options], reach)
        if not trials:
            return base, None, []
        calls = [sum(len(pages(one.replayed.told[1 + at])) for one in trials) for at in range(len(options))]
        choice = choose(calls, sum(max(one.weeks, 1 / 7) for one in trials), budget)
        at = 1 + [one.rarity for one in options].index(choice.rarity)
        return options[at - 1], choice, [_only(one, at) for one in trials]


def _only(trial: Trial, at: int) -> Trial:
    told = trial.replayed.told
    return replace(trial, replayed=replace(trial.replayed, told=(told[0], told[at])))


def figures(trials: Sequence[Trial]) -> dict[str, Any]:
    """What a saved version keeps of its trial: each brand's time and mentions, its pages before and after."""
    return {"brands": [_figures(one) for one in trials]}


def _figures(trial: Trial) -> dict[str, Any]:
    compared = trial.comparison()
    told = trial.replayed.told
    return {
        "brand": trial.brand.id,
        "since": trial.since.isoformat(),
        "until": trial.until.isoformat(),
        "mentions": trial.replayed.mentions,
        "pages": [len(pages(told[0])), len(pages(told[-1]))],
        "notices": [len(told[0]) - len(pages(told[0])), len(told[-1]) - len(pages(told[-1]))],
        "gained": len(compared.gained),
        "lost": len(compared.lost),
    }
