"""What people write into reviews (every word stays, the newest of a part counts) and what they will do afterwards."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from store.database import Tx
from store.incidents import levels
from store.nouns import CorrectiveAction, Incident, Level, ReviewNote
from store.tables import corrective_actions, incidents, review_notes


def write_note(tx: Tx, note: ReviewNote) -> None:
    tx.execute(insert(review_notes).values(**asdict(note)))


def notes(tx: Tx, incident: str) -> list[ReviewNote]:
    """Everything written, oldest first."""
    query = select(review_notes).where(review_notes.c.incident == incident)
    found = tx.execute(query.order_by(review_notes.c.at, review_notes.c.id))
    return [ReviewNote(**row._mapping) for row in found]


def newest(tx: Tx, incident: str) -> dict[str, ReviewNote]:
    """Part → what counts of it."""
    return {one.part: one for one in notes(tx, incident)}


def add_action(tx: Tx, action: CorrectiveAction) -> None:
    tx.execute(insert(corrective_actions).values(**asdict(action)))


def action(tx: Tx, action_id: str) -> CorrectiveAction | None:
    row = tx.execute(select(corrective_actions).where(corrective_actions.c.id == action_id)).first()
    return CorrectiveAction(**row._mapping) if row else None


def actions_of(tx: Tx, incident: str = "") -> list[CorrectiveAction]:
    """Those of an incident or of all, due next first."""
    query = select(corrective_actions).order_by(corrective_actions.c.due_at, corrective_actions.c.id)
    query = query.where(corrective_actions.c.incident == incident) if incident else query
    return [CorrectiveAction(**row._mapping) for row in tx.execute(query)]


def change_action(tx: Tx, before: CorrectiveAction, **fields: Any) -> bool:
    """Write the named fields; False when its status changed meanwhile."""
    where = (corrective_actions.c.id == before.id, corrective_actions.c.status == before.status)
    return tx.execute(update(corrective_actions).where(*where).values(**fields)).rowcount == 1


def incidents_of(tx: Tx, ids: Sequence[str]) -> dict[str, Incident]:
    """Id → incident, of those that exist."""
    columns = [incidents.c[name] for name in Incident.__dataclass_fields__]
    found = tx.execute(select(*columns).where(incidents.c.id.in_(ids)))
    return {row.id: Incident(**row._mapping) for row in found}


def alike(tx: Tx, incident: Incident, since: datetime) -> list[Incident]:
    """Other incidents of the same brand and category that began after `since` and not after this one, newest first."""
    columns = [incidents.c[name] for name in Incident.__dataclass_fields__]
    where = (
        incidents.c.brand == incident.brand,
        incidents.c.category == incident.category,
        incidents.c.id != incident.id,
        incidents.c.t0 > since,
        incidents.c.t0 <= incident.t0,
    )
    found = tx.execute(select(*columns).where(*where).order_by(incidents.c.t0.desc()))
    return [Incident(**row._mapping) for row in found]


def worst_level(tx: Tx, incident: Incident) -> Level:
    """The gravest level it ever had."""
    return max([incident.level, *(one.level for one in levels(tx, incident.id))], key=lambda one: one.rank)
