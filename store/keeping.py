"""How long rows about strangers are kept: finding and removing what is too old, or whose author asked for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, or_, select, update

from store import heard, search
from store.database import Tx
from store.nouns import Hold, IncidentStatus
from store.tables import (
    authors,
    corrections,
    incident_mentions,
    incidents,
    mention_sources,
    mentions,
    pushes,
    scores,
    snapshots,
)

# An incident is over for this purpose when nothing more is written about it.
_OVER = (IncidentStatus.REVIEWED, IncidentStatus.FALSE_ALARM, IncidentStatus.MERGED)


def old_mentions(tx: Tx, before: datetime, holds: Sequence[Hold], limit: int) -> list[tuple[str, str, str]]:
    """(id, title, text) of mentions older than `before` that no incident and no hold keeps."""
    query = select(mentions.c.id, mentions.c.title, mentions.c.text).where(
        mentions.c.event_at < before,
        mentions.c.first_seen_at < before,
        ~exists().where(incident_mentions.c.mention == mentions.c.id),
        ~_held(holds),
    )
    return [(row.id, row.title, row.text) for row in tx.execute(query.order_by(mentions.c.event_at).limit(limit))]


def remove_mentions(tx: Tx, rows: Sequence[tuple[str, str, str]]) -> None:
    """Delete these (id, title, text) with all that hangs on them; volumes stay, they name nobody."""
    search.forget(tx, rows)
    ids = [row[0] for row in rows]
    for table in (scores, mention_sources, corrections):
        tx.execute(delete(table).where(table.c.mention.in_(ids)))
    tx.execute(delete(mentions).where(mentions.c.id.in_(ids)))


def clear_excerpts(tx: Tx, before: datetime, holds: Sequence[Hold]) -> int:
    """Empty excerpts older than `before`, but for mentions of an incident that is not over or under a hold."""
    kept = or_(_held(holds), _in_living_incident())
    old = and_(mentions.c.first_seen_at < before, mentions.c.raw_excerpt != "", ~kept)
    return tx.execute(update(mentions).where(old).values(raw_excerpt="")).rowcount


def old_authors(tx: Tx, before: datetime, holds: Sequence[Hold], limit: int) -> list[str]:
    """Hashes of authors not seen since `before` whom no hold keeps, be it about them or about what they said."""
    kept = select(mentions.c.author_hash).where(_held(holds))
    held = [hold.subject.removeprefix("author:") for hold in holds]
    query = select(authors.c.author_hash).where(
        authors.c.seen_at < before, authors.c.author_hash.not_in(held), authors.c.author_hash.not_in(kept)
    )
    return list(tx.execute(query.limit(limit)).scalars())


def remove_snapshots(tx: Tx, before: datetime, holds: Sequence[Hold]) -> int:
    """Delete evidence older than `before`, but for mentions of an incident that is not over or under a hold."""
    if any(hold.subject == "all" for hold in holds):
        # Evidence outlives its mention, and then only this hold can be about it.
        return 0
    kept = select(mentions.c.id).where(or_(_held(holds), _in_living_incident()))
    return tx.execute(delete(snapshots).where(snapshots.c.at < before, snapshots.c.mention.not_in(kept))).rowcount


def remove_pushes(tx: Tx, before: datetime) -> int:
    return tx.execute(delete(pushes).where(pushes.c.at < before)).rowcount


def of_authors(tx: Tx, hashes: Sequence[str]) -> list[dict[str, Any]]:
    """Every column of every mention of these authors, oldest first."""
    query = select(mentions).where(mentions.c.author_hash.in_(hashes)).order_by(mentions.c.event_at)
    return [dict(row._mapping) for row in tx.execute(query)]


def snapshots_of(tx: Tx, ids: Sequence[str]) -> list[dict[str, Any]]:
    query = select(snapshots).where(snapshots.c.mention.in_(ids)).order_by(snapshots.c.at)
    return [dict(row._mapping) for row in tx.execute(query)]


def held(tx: Tx, ids: Sequence[str], holds: Sequence[Hold]) -> set[str]:
    """Those of the mentions that a hold or an incident that is not over keeps."""
    query = select(mentions.c.id).where(mentions.c.id.in_(ids), or_(_held(holds), _in_living_incident()))
    return {row.id for row in tx.execute(query)}


def erase(tx: Tx, rows: Sequence[tuple[str, str, str]], said: str, now: datetime) -> None:
    """Take the words and the author out of these (id, title, text), for good; that they were counted stays."""
    search.forget(tx, rows)
    ids = [row[0] for row in rows]
    tx.execute(delete(snapshots).where(snapshots.c.mention.in_(ids)))
    gone = {"title": "", "text": said, "author": "", "author_hash": "", "url": "", "raw_excerpt": ""}
    gone |= {"region": "", "parent_ext_id": "", "repost_of": ""}
    # The keys stay: they are hashes, and by them it is known when it comes again, under whatever id.
    tx.execute(update(mentions).where(mentions.c.id.in_(ids)).values(erased_at=now, **gone))
    named = tx.execute(select(mentions.c.id, mentions.c.ext_id).where(mentions.c.id.in_(ids))).all()
    hashed = [{"one": row.id, "name": heard.erased_name(row.ext_id)} for row in named]
    if hashed:
        tx.execute(update(mentions).where(mentions.c.id == bindparam("one")).values(ext_id=bindparam("name")), hashed)
    tx.execute(update(scores).where(scores.c.mention.in_(ids)).values(spans=[]))


def _held(holds: Sequence[Hold]) -> Any:
    """Whether a standing hold is about the mention: about all, its brand, its author or its incident."""
    kinds: dict[str, list[str]] = {"all": [], "brand": [], "author": [], "incident": []}
    for hold in holds:
        kind, _, name = hold.subject.partition(":")
        kinds[kind].append(name)
    conditions: list[ColumnElement[bool]] = [mentions.c.author_hash.in_(kinds["author"])]
    conditions.append(exists().where(scores.c.mention == mentions.c.id, scores.c.brand.in_(kinds["brand"])))
    of_incident = and_(
        incident_mentions.c.mention == mentions.c.id, incident_mentions.c.incident.in_(kinds["incident"])
    )
    conditions.append(exists().where(of_incident))
    if kinds["all"]:
        conditions.append(mentions.c.id.is_not(None))
    return or_(*conditions)


def _in_living_incident() -> Any:
    joined = and_(
        incident_mentions.c.mention == mentions.c.id,
        incidents.c.id == incident_mentions.c.incident,
        incidents.c.status.not_in(_OVER),
    )
    return exists().where(joined)
