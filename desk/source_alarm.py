"""Tells ops when a source has gone blind, once, and when it hears again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.calling import Caller
from config.clock import Clock
from config.settings import Settings
from desk import source_notices
from monitor import sourcebook
from monitor.health import CALL_AFTER, must_call
from store import incidents, sources
from store.database import Store
from store.nouns import Health, Level

# A source that comes and goes calls once, not at every turn.
NOT_AGAIN_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class SourceAlarm:
    """The ALARM job: one source, whatever became of it since the job was promised."""

    store: Store
    clock: Clock
    settings: Settings
    caller: Caller

    def look(self, source_id: str) -> datetime | None:
        """Returns when to look again: while it is blind and it is too early to call."""
        now = self.clock()
        with self.store.transaction() as tx:
            source = sourcebook.find(tx, self.settings.watch, source_id)
            state = sources.state(tx, source_id)
            told = state.told_at is not None and bool(state.told_outcome)
            if source is None or not source.enabled:
                return None
            if state.health != Health.BLIND:
                if told:
                    self.caller.notify(tx, self._ops(now), source_notices.hears(source, state, self.caller.zone), now)
                    sources.told(tx, source_id, now, "")
                return None
            if told:
                return None
            since = state.blind_since or now
            if not must_call(state, now):
                return max(since + CALL_AFTER, now + timedelta(seconds=1))
            if state.told_at is not None and now - state.told_at < NOT_AGAIN_WITHIN:
                return state.told_at + NOT_AGAIN_WITHIN
            hot = incidents.hot_brands(tx)
            burning = source.brand in hot if source.brand else bool(hot)
            level = Level.ORANGE if burning else Level.YELLOW
            self.caller.notify(tx, self._ops(now), source_notices.blind(source, state, level, self.caller.zone), now)
            sources.told(tx, source_id, now, state.outcome)
        return None

    def _ops(self, now: datetime) -> list[str]:
        return self.caller.people(["ops"], now)
