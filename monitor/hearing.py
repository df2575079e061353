"""Reads one source when it is due: fetches outside any transaction, then keeps mentions and state in one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.clock import Clock, Ids
from config.errors import SourceError
from config.watch import Source
from monitor.sources import READERS
from monitor.sources.fetch import Fetcher
from store import agenda, incidents, journal, mentions, sources
from store.agenda import Job
from store.database import Store
from store.nouns import Health, Outcome, Reading, SourceState

HEARD = (Outcome.OK, Outcome.EMPTY, Outcome.NOT_MODIFIED)
# These do not mend themselves: waiting for a third failure would only lose time.
AT_ONCE = (Outcome.AUTH_FAILED, Outcome.QUOTA_EXHAUSTED, Outcome.BLOCKED)
BLIND_AFTER = 3
PENDING = "pending"
LONGEST_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Hearing:
    """The POLL job with what it touches."""

    store: Store
    clock: Clock
    ids: Ids
    fetch: Fetcher
    source: Callable[[str], Source | None]
    max_entries: int

    def poll(self, source_id: str) -> datetime | None:
        """One read; returns when to read again, None when the source is no longer configured."""
        source = self.source(source_id)
        if source is None or not source.enabled:
            return None
        with self.store.reading() as tx:
            before = sources.state(tx, source_id)
            hot = incidents.hot_brands(tx)
        now = self.clock()
        try:
            reading = READERS[source.kind](
                source.url,
                etag=before.etag,
                last_modified=before.last_modified,
                platform=source.platform,
                zone=ZoneInfo(source.zone),
                fetch=self.fetch,
                now=now,
                max_entries=self.max_entries,
            )
        except SourceError as error:
            return self._keep(source, before, Reading(Outcome(error.outcome), note=str(error)), now, hot)
        return self._keep(source, before, reading, now, hot)

    def _keep(self, source: Source, before: SourceState, reading: Reading, now: datetime, hot: set[str]) -> datetime:
        after = judge_health(before, reading, now)
        with self.store.transaction() as tx:
            new = mentions.save(tx, source.id, reading.mentions, now, self.ids)
            if new:
                agenda.promise(tx, Job.JUDGE, PENDING, now)
                latest = max((one.published_at for one in reading.mentions if one.published_at), default=now)
                after = replace(after, mention_count=after.mention_count + new, last_item_at=latest)
            sources.keep(tx, after)
            if after.health != before.health:
                detail = {"from": before.health.value, "to": after.health.value, "outcome": after.outcome}
                journal.write(tx, now, "system", "source_health", f"source:{source.id}", after.note, detail)
        return now + self._interval(source, after, hot)

    def _interval(self, source: Source, state: SourceState, hot: set[str]) -> timedelta:
        """Hot while an incident of its brand (or of any, for a source of all brands) is open; slower while it fails."""
        burning = source.brand in hot if source.brand else bool(hot)
        base = source.hot_interval if burning else source.interval
        if state.failures:
            return min(max(LONGEST_PAUSE, base), base * (1 << min(state.failures - 1, 4)))
        return base


def judge_health(before: SourceState, reading: Reading, now: datetime) -> SourceState:
    """The source's state after this read (pure): heard, degraded, or blind since when and why."""
    base = replace(
        before,
        outcome=reading.outcome.value,
        note=reading.note[:500],
        last_read_at=now,
        read_count=before.read_count + 1,
    )
    if reading.outcome in HEARD:
        unchanged = reading.outcome == Outcome.NOT_MODIFIED
        health = Health.DEGRADED if reading.degraded else Health.OK
        if reading.outcome == Outcome.EMPTY:
            health = Health.EMPTY
        elif unchanged and before.health == Health.EMPTY:
            health = before.health
        return replace(
            base,
            health=health,
            failures=0,
            blind_since=None,
            last_success_at=now,
            etag=reading.etag or (before.etag if unchanged else ""),
            last_modified=reading.last_modified or (before.last_modified if unchanged else ""),
        )
    failures = before.failures + 1
    blind = failures >= BLIND_AFTER or reading.outcome in AT_ONCE
    since = (before.blind_since or before.last_success_at or now) if blind else None
    return replace(base, health=Health.BLIND if blind else Health.DEGRADED, failures=failures, blind_since=since)
