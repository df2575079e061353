"""Reads one source when it is due: fetches outside any transaction, then keeps mentions and state in one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from config.clock import Clock
from config.errors import SourceError
from config.spans import write_span
from config.watch import Source
from config.wire import ends_within
from monitor.intake import Intake
from monitor.limiter import Limiter
from monitor.sources.readers import READERS
from monitor.sources.tools import Tools
from monitor.sources.wire.fetch import Fetcher
from monitor.taking import take
from store import incidents, sources
from store.database import Store, Tx
from store.nouns import Outcome, Reading, SourceState

# The longest pause after failures: in calm, while a brand is hot, and for what answers 404.
LONGEST_PAUSE: Final = timedelta(minutes=15)
LONGEST_HOT_PAUSE: Final = timedelta(minutes=2)
LONGEST_MISSING: Final = timedelta(hours=1)
# A quota that ends next month may be raised today: once a day it is tried.
LONGEST_WAIT: Final = timedelta(days=1)
# Seconds that one read may take with all its pages.
LONGEST_READ: Final = 60.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """The POLL job with what it touches. `words` are what a source without a query of its own searches for."""

    store: Store
    clock: Clock
    intake: Intake
    fetch: Fetcher
    limiter: Limiter
    secret: Callable[[str], str]
    source: Callable[[Tx, str], Source | None]
    words: Callable[[Source], tuple[str, ...]]
    max_entries: int

    def poll(self, source_id: str) -> datetime | None:
        """One read; returns when to read again, None when it is not to be read any more."""
        with self.store.reading() as tx:
            source = self.source(tx, source_id)
            before = sources.state(tx, source_id)
            hot = incidents.hot_brands(tx)
        if source is None or not source.enabled:
            return None
        now = self.clock()
        if not source.polled:
            return self._listen(source, before, now)
        burning = source.brand in hot if source.brand else bool(hot)
        reading, gone = self._read(source, before, burning, now)
        # After a power cut the cursor is as old as what was kept: it is read again.
        with self.store.transaction(at_once=False) as tx:
            _, after = take(tx, self.intake, source, reading, now, at_once=gone)
        return None if gone else now + wait(source, after, burning, now)

    def _listen(self, source: Source, before: SourceState, now: datetime) -> datetime | None:
        """A source that is pushed: silent for longer than it may be, it is deaf; returns when to look again."""
        silent_after: timedelta | None = getattr(source, "silent_after", None)
        if silent_after is None or before.last_success_at is None:
            return None
        until = before.last_success_at + silent_after
        if now < until:
            return until
        note = f"nothing was pushed for {write_span(silent_after)}"
        with self.store.transaction() as tx:
            take(tx, self.intake, source, Reading(Outcome.TIMEOUT, note=note), now, at_once=True)
        return now + silent_after

    def _read(self, source: Source, before: SourceState, hot: bool, now: datetime) -> tuple[Reading, bool]:
        """The reading, and whether the source said that it will never come back."""
        tools = Tools(self.fetch, self.limiter, self.secret, now, self.words(source), hot, self.max_entries)
        try:
            # A read of many pages shares its seat with others: what it has by then is kept, the rest is read next time.
            with ends_within(LONGEST_READ):
                return READERS[source.kind](source, before, tools), False
        except SourceError as error:
            gone = error.permanent and error.outcome == Outcome.GONE
            return Reading(Outcome(error.outcome), note=str(error), until=error.until), gone


def wait(source: Source, state: SourceState, hot: bool, now: datetime) -> timedelta:
    """How long until the next read: shorter while hot, longer while it fails, as long as asked when asked (pure)."""
    base = source.hot_interval if hot else source.interval
    if state.until is not None and state.until > now:
        # However short a wait it is asked for: nothing is read more often than the hottest source.
        return min(max(state.until - now, source.hot_interval), LONGEST_WAIT)
    if not state.failures:
        return base
    longest = LONGEST_HOT_PAUSE if hot else LONGEST_PAUSE
    if state.outcome == Outcome.GONE:
        longest = LONGEST_MISSING
    return min(max(longest, base), base * (1 << min(state.failures - 1, 9)))
