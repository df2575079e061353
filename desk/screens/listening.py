"""Do we hear? One honest word per source, so that silence and deafness never look the same (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.watch import InboundSource, Source
from monitor.health import PATIENCE
from store.nouns import Health, SourceState

# A source nobody has read for this long (or three of its turns) is not heard, whatever its last read said.
LONGEST_SILENCE = timedelta(minutes=10)
_WORST_FIRST = ("blind", "stalled", "degraded", "unknown", "empty", "ok", "off")


@dataclass(frozen=True, slots=True)
class Ear:
    """One source: its word (blind, stalled, degraded, unknown, empty, ok, off) and since when it is not heard."""

    source: Source
    state: SourceState | None
    word: str
    since: datetime | None

    @property
    def deaf(self) -> bool:
        return self.word in ("blind", "stalled")

    @property
    def well(self) -> bool:
        return self.word in ("ok", "empty", "off")


def ears(sources: Iterable[Source], states: Mapping[str, SourceState], now: datetime) -> tuple[Ear, ...]:
    """Every source, worst first."""
    found = [ear_of(source, states.get(source.id), now) for source in sources]
    return tuple(sorted(found, key=lambda ear: (_WORST_FIRST.index(ear.word), ear.source.id)))


def ear_of(source: Source, state: SourceState | None, now: datetime) -> Ear:
    """One source as it is heard now."""
    if not source.enabled:
        return Ear(source, state, "off", None)
    if state is None or state.last_read_at is None:
        return Ear(source, state, Health.UNKNOWN.value, None)
    heard_at = state.last_success_at or state.last_read_at
    if state.health == Health.BLIND:
        return Ear(source, state, "blind", state.blind_since or heard_at)
    if not source.polled:
        return _told(source, state, now)
    if state.until and state.until > state.last_read_at:
        # Asked to wait: it was not forgotten, but whoever waits for long hears nothing all the same.
        waits = now - heard_at > max(PATIENCE, source.interval * 3)
        return Ear(source, state, "blind", heard_at) if waits else Ear(source, state, state.health.value, None)
    if now - state.last_read_at > max(LONGEST_SILENCE, source.interval * 3):
        return Ear(source, state, "stalled", state.last_read_at)
    return Ear(source, state, state.health.value, None)


def _told(source: Source, state: SourceState, now: datetime) -> Ear:
    """Pushed or brought: nobody reads it in turns, so only a promise to be told something can be broken."""
    told_at = state.last_success_at or state.last_read_at
    longest = source.silent_after if isinstance(source, InboundSource) else None
    if longest and told_at and now - told_at > longest:
        return Ear(source, state, "blind", told_at)
    return Ear(source, state, state.health.value, None)
