"""How each source is doing: one row per source, written after every read."""

from dataclasses import asdict

from sqlalchemy import select

from store.database import Tx, upsert
from store.nouns import Health, SourceState
from store.tables import source_states


def state(tx: Tx, source: str) -> SourceState:
    """What is known of a source; a fresh UNKNOWN state before the first read."""
    row = tx.execute(select(source_states).where(source_states.c.source == source)).first()
    if row:
        return SourceState(**row._mapping)
    return SourceState(source, Health.UNKNOWN, "", "", None, None, None, 0, None, "", "", 0, 0)


def keep(tx: Tx, found: SourceState) -> None:
    upsert(tx, source_states, asdict(found))


def all_states(tx: Tx) -> dict[str, SourceState]:
    """Source id → state, for every source read at least once."""
    return {row.source: SourceState(**row._mapping) for row in tx.execute(select(source_states))}
