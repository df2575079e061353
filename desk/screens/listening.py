"""Do we hear? One honest word per source, so that silence and deafness never look the same (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.watch import Source
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
    found = [_ear(source, states.get(source.id), now) for source in sources]
    return tuple(sorted(found, key=lambda ear: (_WORST_FIRST.index(ear.word), ear.source.id)))


def _ear(source: Source, state: SourceState | None, now: datetime) -> Ear:
    if not source.enabled:
        return Ear(source, state, "off", None)
    if state is None or state.last_read_at is None:
        return Ear(source, state, Health.UNKNOWN.value, None)
    if state.health == Health.BLIND:
        return Ear(source, state, "blind", state.blind_since or state.last_success_at or state.last_read_at)
    if now - state.last_read_at > max(LONGEST_SILENCE, source.interval * 3):
        return Ear(source, state, "stalled", state.last_read_at)
    return Ear(source, state, state.health.value, None)
