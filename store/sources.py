"""How each source is doing, what it gave hour by hour, and the sources people added on screen."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select, update

from store.database import Tx, insert_for, upsert
from store.nouns import Health, SavedSource, SourceState
from store.tables import saved_sources, source_hours, source_states


def fresh(source: str) -> SourceState:
    """The state of a source nobody has read yet."""
    return SourceState(source, Health.UNKNOWN, "", "", None, None, None, 0, None, "", "", 0, 0)


def state(tx: Tx, source: str, *, lock: bool = False) -> SourceState:
    """What is known of a source; a fresh UNKNOWN state before the first read. `lock` to change it."""
    query = select(source_states).where(source_states.c.source == source)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return SourceState(**row._mapping) if row else fresh(source)


def keep(tx: Tx, found: SourceState) -> None:
    """Write what a read came to. What ops were told is left as it is: that is another job's to write."""
    row = asdict(found)
    del row["told_at"], row["told_outcome"]
    upsert(tx, source_states, row)


def told(tx: Tx, source: str, at: datetime, outcome: str) -> None:
    """Ops were told of this outcome; "" when they were told that it is over."""
    changed = update(source_states).where(source_states.c.source == source)
    tx.execute(changed.values(told_at=at, told_outcome=outcome))


def all_states(tx: Tx) -> dict[str, SourceState]:
    """Source id → state, for every source read at least once."""
    return {row.source: SourceState(**row._mapping) for row in tx.execute(select(source_states))}


def count_hour(tx: Tx, source: str, hour: datetime, mentions: int) -> None:
    """One more read of this hour, which gave so many new mentions."""
    build = insert_for(tx.dialect.name)(source_hours).values(source=source, at=hour, reads=1, mentions=mentions)
    more = {
        "reads": source_hours.c.reads + build.excluded.reads,
        "mentions": source_hours.c.mentions + build.excluded.mentions,
    }
    tx.execute(build.on_conflict_do_update(index_elements=["source", "at"], set_=more))


def hours(tx: Tx, source: str, since: datetime) -> list[tuple[datetime, int]]:
    """(hour, new mentions) of every hour in which the source was heard, oldest first; a silent hour counts 0."""
    query = select(source_hours.c.at, source_hours.c.mentions).where(
        source_hours.c.source == source, source_hours.c.at >= since
    )
    return [(row.at, row.mentions) for row in tx.execute(query.order_by(source_hours.c.at))]


def forget_hours(tx: Tx, before: datetime) -> int:
    return tx.execute(delete(source_hours).where(source_hours.c.at < before)).rowcount


def saved(tx: Tx) -> Sequence[SavedSource]:
    """What people added or switched on screen, by id."""
    return [SavedSource(**row._mapping) for row in tx.execute(select(saved_sources).order_by(saved_sources.c.id))]


def save(tx: Tx, found: SavedSource) -> None:
    upsert(tx, saved_sources, asdict(found))


def remove(tx: Tx, source: str) -> bool:
    """Forget a saved source; its mentions and its state stay."""
    return tx.execute(delete(saved_sources).where(saved_sources.c.id == source)).rowcount == 1
