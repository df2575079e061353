"""How far each file has been imported, so that the same command goes on where it was stopped."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from store.database import Tx, insert_once
from store.tables import imports


@dataclass(frozen=True, slots=True)
class Import:
    """One file of one source, told by its digest. `rows` of it are done; `done_at` when all are."""

    source: str
    digest: str
    name: str
    rows: int
    accepted: int
    known: int
    rejected: int
    begun_at: datetime
    done_at: datetime | None


def begin(tx: Tx, source: str, digest: str, name: str, now: datetime) -> Import:
    """The import of this file as far as it has come; a fresh one when it is new."""
    fresh = Import(source, digest, name, 0, 0, 0, 0, now, None)
    values = {field: getattr(fresh, field) for field in fresh.__dataclass_fields__}
    if insert_once(tx, imports, [values]):
        return fresh
    query = select(imports).where(imports.c.source == source, imports.c.digest == digest)
    return Import(**tx.execute(query).one()._mapping)


def imported(tx: Tx) -> frozenset[str]:
    """The sources whose mentions came from files: they were heard long after they were published."""
    return frozenset(tx.execute(select(imports.c.source).distinct()).scalars())


def restart(tx: Tx, found: Import, now: datetime) -> Import:
    """Forget how far it came: the file is read from its first row again."""
    fresh = Import(found.source, found.digest, found.name, 0, 0, 0, 0, now, None)
    tx.execute(update(imports).where(*_this(found)).values(_counts(fresh) | {"begun_at": now, "done_at": None}))
    return fresh


def advance(tx: Tx, before: Import, after: Import) -> bool:
    """Write how far it is now; False when somebody else has taken it further meanwhile, and nothing is written."""
    untouched = (imports.c.rows == before.rows, imports.c.done_at.is_(None))
    changed = update(imports).where(*_this(before), *untouched).values(_counts(after) | {"done_at": after.done_at})
    return tx.execute(changed).rowcount == 1


def _this(found: Import) -> tuple[ColumnElement[bool], ...]:
    return (imports.c.source == found.source, imports.c.digest == found.digest)


def _counts(found: Import) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("rows", "accepted", "known", "rejected")}
