"""Is all well? The one rule behind /health, the heartbeat and the figures: what is wrong, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.watch import Source
from desk.screens.listening import Ear, ears
from store import agenda, endpoints, incidents, pages, sources, workers
from store.database import Tx
from store.nouns import Paging

# A calm runner looks every half second; work that waits longer than this is not being done.
LONGEST_LAG_S = 60.0
LONGEST_BEAT_S = 30.0
# Longer than the longest pause between two tries of a page.
OLDEST_PAGE_S = 120.0
ALIVE = timedelta(seconds=60)
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wellness:
    """What was seen at one moment. Seconds; None where there is nothing to see (or, for the beat, it is elsewhere)."""

    agenda_lag_s: float
    oldest_page_s: float | None
    workers: int
    served: bool
    beat_age_s: float | None
    dead: int
    ears: tuple[Ear, ...]
    drift_s: float
    exhausted: tuple[int, ...]
    dead_endpoints: int

    @property
    def faults(self) -> tuple[str, ...]:
        """What makes silence unbelievable, worst first: exhausted beat workers agenda pages sources."""
        wrong = {
            "exhausted": bool(self.exhausted),
            "beat": self.beat_age_s is not None and self.beat_age_s > LONGEST_BEAT_S,
            "workers": self.served and not self.workers,
            "agenda": self.agenda_lag_s > LONGEST_LAG_S,
            "pages": self.oldest_page_s is not None and self.oldest_page_s > OLDEST_PAGE_S,
            "sources": any(ear.deaf for ear in self.ears),
        }
        return tuple(name for name, bad in wrong.items() if bad)

    @property
    def ok(self) -> bool:
        return not self.faults


def look(tx: Tx, watched: Iterable[Source], now: datetime, beat_age_s: float | None = None) -> Wellness:
    """What the store says of the service now; StoreError (from the transaction) when it says nothing."""
    oldest = pages.oldest_waiting(tx)
    alive = workers.alive(tx, now - ALIVE)
    unanswered = (one.number for one in incidents.listed(tx, open_only=True) if one.paging == Paging.EXHAUSTED)
    return Wellness(
        agenda_lag_s=round(agenda.lag(tx, now).total_seconds(), 1),
        oldest_page_s=None if oldest is None else max(0.0, round((now - oldest).total_seconds(), 1)),
        workers=len(alive),
        served=workers.last_sign(tx) is not None,
        beat_age_s=beat_age_s,
        dead=len(agenda.dead(tx)),
        ears=ears(watched, sources.all_states(tx), now),
        drift_s=max((one.drift_s for one in alive), key=abs, default=0.0),
        exhausted=tuple(sorted(unanswered)),
        dead_endpoints=sum(one.dead_at is not None for one in endpoints.all_states(tx).values()),
    )
