"""What was heard before, and what a second hearing changes: counts, words, rank, and who else found it."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, text, update

from store.bulk import as_one, one_of
from store.database import Tx, insert_once
from store.tables import mention_sources, mentions

# One lock for all who add or take away mentions on PostgreSQL; the number is arbitrary but must never change.
_INTAKE_LOCK = 7_140_602
COUNTS = ("followers", "likes", "comments", "reposts", "views", "points")
_SEEN = [
    mentions.c[name]
    for name in (
        "id", "source", "platform", "ext_id", "title", "text", "truncated", "rank", "best_rank", "status",
        "edited_at", "erased_at", "url_key", "text_key", *COUNTS,
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A mention as far as a second hearing is concerned."""

    id: str
    source: str
    platform: str
    ext_id: str
    title: str
    text: str
    truncated: bool
    rank: int | None
    best_rank: int | None
    status: str
    edited_at: datetime | None
    erased_at: datetime | None
    url_key: str
    text_key: str
    followers: int | None
    likes: int | None
    comments: int | None
    reposts: int | None
    views: int | None
    points: int | None


def alone(tx: Tx) -> None:
    """Wait until no other process adds, changes or erases mentions, and hold the others off until this one ends.

    Address and words have no unique index: two who hear one thing at once under two ids would both call it new, and
    one who heard it before an erasure would write its words again after it.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _INTAKE_LOCK})


def erased_name(ext_id: str) -> str:
    """What stands for the id of an erased mention: it knows the id again, but names nobody."""
    return f"erased:{hashlib.sha256(ext_id.encode('utf-8', 'replace')).hexdigest()}"


def by_ext_id(tx: Tx, names: Collection[tuple[str, str]]) -> list[Seen]:
    """The stored mentions with these (platform, ext_id); those erased since under the id they had."""
    if not names:
        return []
    asked = {name: ext_id for _, ext_id in names for name in (ext_id, erased_name(ext_id))}
    found = _seen(tx, {"platform": {platform for platform, _ in names}, "ext_id": asked})
    named = [replace(seen, ext_id=asked[seen.ext_id]) for seen in found]
    return [seen for seen in named if (seen.platform, seen.ext_id) in names]


def by_url(tx: Tx, keys: Collection[tuple[str, str]]) -> list[Seen]:
    """Those with these (platform, url_key), the first heard first."""
    if not keys:
        return []
    found = _seen(tx, {"platform": {platform for platform, _ in keys}, "url_key": {key for _, key in keys}})
    return [seen for seen in found if (seen.platform, seen.url_key) in keys]


def by_text(tx: Tx, source: str, keys: Collection[str], since: datetime) -> list[Seen]:
    """Those of one source with these text_keys that were first seen after `since`, the first heard first."""
    return _seen(tx, {"source": [source], "text_key": keys}, since) if keys else []


def change(tx: Tx, mention: str, values: Mapping[str, Any]) -> None:
    tx.execute(update(mentions).where(mentions.c.id == mention).values(**values))


def found_by(tx: Tx, pairs: Sequence[tuple[str, str]], now: datetime) -> None:
    """Remember (mention, source) pairs, each once."""
    insert_once(tx, mention_sources, [{"mention": one, "source": source, "at": now} for one, source in pairs])


def sources_of(tx: Tx, mention: str) -> list[tuple[str, datetime]]:
    """Every (source, first moment) that found the mention, beside the one it is stored under."""
    query = select(mention_sources.c.source, mention_sources.c.at).where(mention_sources.c.mention == mention)
    return [(row.source, row.at) for row in tx.execute(query.order_by(mention_sources.c.at))]


def _seen(tx: Tx, asked: Mapping[str, Collection[str]], since: datetime | None = None) -> list[Seen]:
    """The mentions of which each column named holds one of the values asked for, and which came after `since`."""
    dialect = tx.dialect.name
    values: dict[str, Any] = {name: as_one(dialect, some) for name, some in asked.items()}
    if since is not None:
        values["since"] = since
    return [Seen(*row) for row in tx.execute(_query(dialect, tuple(asked), since is not None), values)]


@cache
def _query(dialect: str, names: tuple[str, ...], later: bool) -> Select[Any]:
    where = [one_of(dialect, mentions.c[name], name) for name in names]
    if later:
        where.append(mentions.c.first_seen_at > bindparam("since"))
    return select(*_SEEN).where(*where).order_by(mentions.c.first_seen_at, mentions.c.id)
