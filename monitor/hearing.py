"""Reads one source when it is due: fetches outside any transaction, then keeps mentions and state in one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from config.clock import Clock
from config.errors import SourceError
from config.watch import Source
from config.wire import ends_within
from monitor import floor
from monitor.health import HEARD, judge_health
from monitor.intake import Intake
from monitor.limiter import Limiter
from monitor.sources import READERS
from monitor.sources.fetch import Fetcher
from monitor.sources.tools import Tools
from store import agenda, incidents, journal, sources
from store.agenda import Job
from store.database import Store, Tx
from store.nouns import Health, Outcome, Reading, SourceState

# The longest pause after failures: in calm, while a brand is hot, and for what answers 404.
LONGEST_PAUSE: Final = timedelta(minutes=15)
LONGEST_HOT_PAUSE: Final = timedelta(minutes=2)
LONGEST_MISSING: Final = timedelta(hours=1)
SOONEST: Final = timedelta(seconds=1)
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
        if source is None or not source.enabled or not source.polled:
            return None
        now = self.clock()
        burning = source.brand in hot if source.brand else bool(hot)
        reading, gone = self._read(source, before, burning, now)
        after = self._keep(source, before, reading, gone, now)
        return None if gone else now + wait(source, after, burning, now)

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

    def _keep(self, source: Source, before: SourceState, reading: Reading, gone: bool, now: datetime) -> SourceState:
        hour = now.replace(minute=0, second=0, microsecond=0)
        with self.store.transaction() as tx:
            kept = self.intake.keep(tx, source, reading.mentions, now)
            quiet = ""
            if reading.outcome in HEARD:
                sources.count_hour(tx, source.id, hour, kept.new)
                quiet = self._quiet(tx, source, hour, now) if not kept.new else ""
            after = judge_health(before, reading, now, quiet=quiet, gone=gone)
            if kept.new:
                latest = max((one.published_at for one in reading.mentions if one.published_at), default=now)
                after = replace(after, mention_count=after.mention_count + kept.new, last_item_at=latest)
            sources.keep(tx, after)
            self._tell(tx, source, before, after, now)
        return after

    def _quiet(self, tx: Tx, source: Source, hour: datetime, now: datetime) -> str:
        silence = floor.HOUR * floor.SILENCE
        # The long look back only for what has been silent for some hours.
        if not source.steady or any(count for _, count in sources.hours(tx, source.id, hour - silence)):
            return ""
        return floor.too_quiet(sources.hours(tx, source.id, now - floor.LEARNED - silence), now)

    def _tell(self, tx: Tx, source: Source, before: SourceState, after: SourceState, now: datetime) -> None:
        """A change of health goes to the journal; blindness, and its end, to ops."""
        if after.health != before.health:
            detail = {"from": before.health.value, "to": after.health.value, "outcome": after.outcome}
            journal.write(tx, now, "system", "source_health", f"source:{source.id}", after.note, detail)
        if Health.BLIND in (before.health, after.health):
            agenda.promise(tx, Job.ALARM, source.id, now)


def wait(source: Source, state: SourceState, hot: bool, now: datetime) -> timedelta:
    """How long until the next read: shorter while hot, longer while it fails, as long as asked when asked (pure)."""
    base = source.hot_interval if hot else source.interval
    if state.until is not None and state.until > now:
        return max(state.until - now, SOONEST)
    if not state.failures:
        return base
    longest = LONGEST_HOT_PAUSE if hot else LONGEST_PAUSE
    if state.outcome == Outcome.GONE:
        longest = LONGEST_MISSING
    return min(max(longest, base), base * (1 << min(state.failures - 1, 9)))
