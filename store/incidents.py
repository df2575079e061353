"""Incidents with their levels and evidence. One open incident per key is the unique index on `open_key`."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from store.database import Tx, insert_once
from store.nouns import Incident, IncidentStatus, Level, LevelChange
from store.tables import incident_levels, incident_mentions, incidents, scores

OPEN = (IncidentStatus.OPEN, IncidentStatus.CONTAINED)
_COLUMNS = [incidents.c[name] for name in Incident.__dataclass_fields__]


def subject(incident_id: str) -> str:
    """How the journal names an incident."""
    return f"incident:{incident_id}"


def next_number(tx: Tx) -> int:
    return (tx.execute(select(func.max(incidents.c.number))).scalar_one() or 0) + 1


def add(tx: Tx, incident: Incident) -> bool:
    """Insert; False when an open incident with this key exists already (somebody else was first)."""
    row = asdict(incident) | {"open_key": incident.key if incident.status in OPEN else None}
    return insert_once(tx, incidents, [row]) == 1


def add_next(tx: Tx, incident: Incident) -> Incident | None:
    """Insert under the next free number; None when an open incident with this key exists already."""
    while True:
        made = replace(incident, number=next_number(tx))
        if add(tx, made):
            return made
        taken = select(incidents.c.id).where(incidents.c.open_key == incident.key)
        if tx.execute(taken).first() is not None:
            return None
        # Somebody else took that number at this very moment; theirs is committed now, so the next one is higher.


def open_with_key(tx: Tx, key: str) -> Incident | None:
    """The open incident of this topic, when there is one."""
    row = tx.execute(select(*_COLUMNS).where(incidents.c.open_key == key)).first()
    return Incident(**row._mapping) if row else None


def get(tx: Tx, incident_id: str, *, lock: bool = False) -> Incident | None:
    query = select(*_COLUMNS).where(incidents.c.id == incident_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return Incident(**row._mapping) if row else None


def change(tx: Tx, incident: Incident, **fields: Any) -> Incident:
    """Write the named fields; keeps the open-key rule."""
    after = replace(incident, **fields)
    values = dict(fields)
    if "status" in fields:
        values["open_key"] = after.key if after.status in OPEN else None
    tx.execute(update(incidents).where(incidents.c.id == incident.id).values(**values))
    return after


def touch(tx: Tx, incident_id: str, now: datetime) -> None:
    """Somebody worked on it: the acknowledgement stays fresh."""
    tx.execute(update(incidents).where(incidents.c.id == incident_id).values(active_at=now))


def listed(tx: Tx, *, open_only: bool, brand: str = "", limit: int = 200) -> list[Incident]:
    """Incidents, worst first when open, else newest first."""
    query = select(*_COLUMNS)
    if open_only:
        query = query.where(incidents.c.open_key.is_not(None))
    if brand:
        query = query.where(incidents.c.brand == brand)
    found = [Incident(**row._mapping) for row in tx.execute(query.order_by(incidents.c.number.desc()).limit(limit))]
    return sorted(found, key=lambda one: -one.level.rank) if open_only else found


def recent_of_brand(tx: Tx, brand: str, since: datetime) -> list[Incident]:
    """Open incidents of a brand and those resolved after `since`, newest first."""
    query = select(*_COLUMNS).where(
        incidents.c.brand == brand, incidents.c.open_key.is_not(None) | (incidents.c.resolved_at > since)
    )
    return [Incident(**row._mapping) for row in tx.execute(query.order_by(incidents.c.number.desc()))]


def note_level(tx: Tx, change_: LevelChange) -> None:
    tx.execute(insert(incident_levels).values(**asdict(change_)))


def levels(tx: Tx, incident_id: str) -> list[LevelChange]:
    """Every level the incident has had, oldest first."""
    columns = [incident_levels.c[name] for name in LevelChange.__dataclass_fields__]
    query = select(*columns).where(incident_levels.c.incident == incident_id).order_by(incident_levels.c.seq)
    return [LevelChange(**row._mapping) for row in tx.execute(query)]


def add_mentions(tx: Tx, incident_id: str, mention_ids: Sequence[str]) -> int:
    """Attach evidence once; returns how many were new."""
    return insert_once(tx, incident_mentions, [{"incident": incident_id, "mention": one} for one in mention_ids])


def move_mentions(tx: Tx, old: str, new: str, mention_ids: Sequence[str]) -> None:
    """This evidence belongs to another incident now."""
    here = (incident_mentions.c.incident == old, incident_mentions.c.mention.in_(mention_ids))
    tx.execute(update(incident_mentions).where(*here).values(incident=new))


def merged_from(tx: Tx, incident_id: str) -> list[Incident]:
    """Incidents that became part of this one."""
    query = select(*_COLUMNS).where(incidents.c.merged_into == incident_id).order_by(incidents.c.number)
    return [Incident(**row._mapping) for row in tx.execute(query)]


def mention_ids(tx: Tx, incident_id: str) -> set[str]:
    query = select(incident_mentions.c.mention).where(incident_mentions.c.incident == incident_id)
    return set(tx.execute(query).scalars())


def share_of_category(tx: Tx, brand: str, mention_ids: Sequence[str], category: str) -> float:
    """The part of these mentions that carry `category` among theirs; 0 when there are none."""
    if not mention_ids:
        return 0.0
    query = select(scores.c.categories).where(scores.c.brand == brand, scores.c.mention.in_(mention_ids))
    found = [row.categories for row in tx.execute(query)]
    return sum(category in one for one in found) / len(found) if found else 0.0


def harm(tx: Tx, incident_id: str, brand: str) -> int:
    """The worst harm (0..4) its mentions tell of."""
    query = (
        select(func.max(scores.c.harm))
        .join(incident_mentions, incident_mentions.c.mention == scores.c.mention)
        .where(incident_mentions.c.incident == incident_id, scores.c.brand == brand)
    )
    return tx.execute(query).scalar_one() or 0


def hot_brands(tx: Tx) -> set[str]:
    """Brands with an open incident of yellow or worse."""
    levels_ = [level.value for level in Level if level.rank >= Level.YELLOW.rank]
    query = select(incidents.c.brand).where(incidents.c.open_key.is_not(None), incidents.c.level.in_(levels_))
    return set(tx.execute(query).scalars())


def by_number(tx: Tx, number: int) -> Incident | None:
    """The incident people call by this number."""
    row = tx.execute(select(*_COLUMNS).where(incidents.c.number == number)).first()
    return Incident(**row._mapping) if row else None
