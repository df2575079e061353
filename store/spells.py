"""Spans of time people set: silences, campaigns, rota overrides, absences. Ended, never deleted."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, insert, select, update

from store.database import Tx
from store.nouns import Spell, Window
from store.tables import spells

_COLUMNS = [spells.c[name] for name in Spell.__dataclass_fields__]


def add(tx: Tx, spell: Spell) -> None:
    tx.execute(insert(spells).values(**asdict(spell)))


def get(tx: Tx, spell_id: str) -> Spell | None:
    row = tx.execute(select(*_COLUMNS).where(spells.c.id == spell_id)).first()
    return Spell(**row._mapping) if row else None


def end(tx: Tx, spell_id: str, who: str, now: datetime) -> bool:
    """End it before its time; False when it was over already."""
    where = (spells.c.id == spell_id, spells.c.ended_at.is_(None), spells.c.until > now)
    return tx.execute(update(spells).where(*where).values(ended_at=now, ended_by=who)).rowcount == 1


def at(tx: Tx, kind: Window, moment: datetime) -> list[Spell]:
    """Those of a kind that cover the moment, the newest first: the newest word counts."""
    over = func.coalesce(spells.c.ended_at, spells.c.until)
    where = (spells.c.kind == kind, spells.c.since <= moment, spells.c.until > moment, over > moment)
    query = select(*_COLUMNS).where(*where).order_by(spells.c.at.desc(), spells.c.id.desc())
    return [Spell(**row._mapping) for row in tx.execute(query)]


def between(tx: Tx, kind: Window, since: datetime, until: datetime) -> list[Spell]:
    """Those of a kind that touch the span and were not ended before they began, the newest first."""
    where = (spells.c.kind == kind, spells.c.since < until, spells.c.until > since)
    query = select(*_COLUMNS).where(*where).order_by(spells.c.at.desc(), spells.c.id.desc())
    found = [Spell(**row._mapping) for row in tx.execute(query)]
    return [one for one in found if one.ended_at is None or one.ended_at > max(one.since, since)]
