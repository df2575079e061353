"""Tells ops when a source has gone blind, once, and when it hears again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.calling import Caller
from config.clock import Clock
from config.settings import Settings
from config.watch import Source
from desk import source_notices
from desk.screens.listening import ear_of
from monitor import sourcebook
from monitor.health import CALL_AFTER, CALL_AT_ONCE, must_call
from store import incidents, sources
from store.database import Store
from store.nouns import Health, Level, Outcome, SourceState

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
            state = _as_heard(source, sources.state(tx, source_id), now)
            told = state.told_at is not None and bool(state.told_outcome)
            if source is None or not source.enabled:
                return None
            if state.health != Health.BLIND:
                if told:
                    self.caller.notify(tx, self._ops(now), source_notices.hears(source, state, self.caller.zone), now)
                    sources.told(tx, source_id, now, "")
                return None
            if told and not _worse(state):
                return None
            since = state.blind_since or now
            if not must_call(state, now):
                return max(since + CALL_AFTER, now + timedelta(seconds=1))
            if not told and state.told_at is not None and now - state.told_at < NOT_AGAIN_WITHIN:
                return state.told_at + NOT_AGAIN_WITHIN
            hot = incidents.hot_brands(tx)
            burning = source.brand in hot if source.brand else bool(hot)
            level = Level.ORANGE if burning else Level.YELLOW
            url = f"{self.settings.service.web.base_url.rstrip('/')}/sources/{source.id}"
            notice = source_notices.blind(source, state, level, self.caller.zone, url)
            self.caller.notify(tx, self._ops(now), notice, now)
            sources.told(tx, source_id, now, state.outcome)
        return None

    def _ops(self, now: datetime) -> list[str]:
        return self.caller.people(["ops"], now)


def _as_heard(source: Source | None, state: SourceState, now: datetime) -> SourceState:
    """The state; blind when its reads have failed within our own house for so long that nothing was written of them."""
    if source is None or not source.polled or ear_of(source, state, now).word != "stalled":
        return state
    note = "its reads fail here; the log of the service says why"
    return replace(
        state, health=Health.BLIND, outcome=Outcome.SERVER_ERROR.value, note=note, blind_since=state.last_read_at
    )


def _worse(state: SourceState) -> bool:
    """Whether it is now blind for a reason only ops can mend, and they were told of another one."""
    return state.outcome in CALL_AT_ONCE and state.told_outcome not in CALL_AT_ONCE
