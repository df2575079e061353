"""Saved versions of what ops may change while the service runs; the newest counts, the files lie underneath."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from store.database import Tx, insert_new
from store.nouns import Version, VersionKind
from store.tables import versions

# (kind, subject) → the number in force.
Numbers = dict[tuple[str, str], int]


def digest(body: dict[str, Any]) -> str:
    """The sha256 that names a body, whatever the order of its keys."""
    said = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def current(tx: Tx, kind: VersionKind, subject: str = "") -> Version | None:
    """The version in force; None while the file's default counts."""
    query = select(versions).where(versions.c.kind == kind, versions.c.subject == subject)
    row = tx.execute(query.order_by(versions.c.number.desc()).limit(1)).first()
    return _read(row._mapping) if row else None


def number_of(version: Version | None) -> int:
    """Its number; 0 of the file."""
    return version.number if version else 0


def all_current(tx: Tx, kind: VersionKind) -> dict[str, Version]:
    """Subject → its version in force, for every subject that has one."""
    found = tx.execute(select(versions).where(versions.c.kind == kind).order_by(versions.c.number))
    return {row.subject: _read(row._mapping) for row in found}


def numbers(tx: Tx, kinds: Collection[VersionKind]) -> Numbers:
    """The number in force of every subject that has one: equal to what it was, nothing was saved meanwhile."""
    newest = func.max(versions.c.number)
    query = select(versions.c.kind, versions.c.subject, newest).where(versions.c.kind.in_(kinds))
    return {
        (kind, subject): number for kind, subject, number in tx.execute(query.group_by(*query.selected_columns[:2]))
    }


def history(tx: Tx, kind: VersionKind, subject: str = "", limit: int | None = None) -> list[Version]:
    """Every version or the newest `limit`, newest first."""
    query = select(versions).where(versions.c.kind == kind, versions.c.subject == subject)
    return [_read(row._mapping) for row in tx.execute(query.order_by(versions.c.number.desc()).limit(limit))]


def get(tx: Tx, kind: VersionKind, subject: str, number: int) -> Version | None:
    """One version by its number."""
    query = select(versions).where(versions.c.kind == kind, versions.c.subject == subject, versions.c.number == number)
    row = tx.execute(query).first()
    return _read(row._mapping) if row else None


def save(tx: Tx, draft: Version) -> Version | None:
    """Save a draft whose number follows the version its author saw; None when somebody else saved meanwhile.

    The body's sha256 is worked out here, whatever the draft says.
    """
    former = current(tx, draft.kind, draft.subject)
    if draft.number != number_of(former) + 1:
        return None
    made = replace(draft, sha256=digest(draft.body), signed_by="", signed_at=None)
    return made if insert_new(tx, versions, [asdict(made)]) else None


def sign(tx: Tx, version: Version, who: str, at: datetime) -> bool:
    """A second person's yes; False when it was the author or somebody signed before."""
    where = (
        versions.c.kind == version.kind,
        versions.c.subject == version.subject,
        versions.c.number == version.number,
        versions.c.signed_by == "",
        versions.c.author != who,
    )
    return tx.execute(update(versions).where(*where).values(signed_by=who, signed_at=at)).rowcount == 1


def _read(row: Any) -> Version:
    return Version(**{**row, "kind": VersionKind(row["kind"])})
