"""The append-only journal: who / when / what / why, each entry hashed over the one before it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from store.nouns import JournalEntry
from store.tables import journal

# One lock for all writers of the chain on PostgreSQL; the number is arbitrary but must never change.
_CHAIN_LOCK = 7_140_601


def write(
    tx: Connection,
    at: datetime,
    who: str,
    what: str,
    subject: str,
    why: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Note an entry; it is chained and inserted when the transaction ends (so its lock is held briefly)."""
    tx.info["journal"].append(
        {"at": at, "who": who, "what": what, "subject": subject, "why": why, "detail": detail or {}}
    )


def flush(tx: Connection) -> None:
    """Chain and insert what `write` noted. Called by Store.transaction as its last act."""
    noted = tx.info.pop("journal", [])
    if not noted:
        return
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    last = tx.execute(select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)).first()
    seq, before = (last.seq, last.hash) if last else (0, "")
    rows = []
    for entry in noted:
        seq += 1
        before = _hash(before, seq, entry)
        rows.append({**entry, "seq": seq, "hash": before})
    tx.execute(insert(journal), rows)


def entries(tx: Connection, subject: str, limit: int = 1000) -> list[JournalEntry]:
    """The entries about one subject, oldest first."""
    query = select(journal).where(journal.c.subject == subject).order_by(journal.c.seq).limit(limit)
    return [JournalEntry(**row._mapping) for row in tx.execute(query)]


def broken_at(tx: Connection, batch: int = 2000) -> int | None:
    """Walk the whole chain; the seq of the first entry that does not fit, or None when all is well."""
    before, expected = "", 1
    while True:
        query = select(journal).where(journal.c.seq >= expected).order_by(journal.c.seq).limit(batch)
        rows: Sequence[Any] = tx.execute(query).all()
        for row in rows:
            entry = {k: v for k, v in row._mapping.items() if k not in ("seq", "hash")}
            before = _hash(before, row.seq, entry)
            if row.seq != expected or row.hash != before:
                return expected
            expected += 1
        if len(rows) < batch:
            return None


def count(tx: Connection) -> int:
    return tx.execute(select(func.count()).select_from(journal)).scalar_one()


def _hash(before: str, seq: int, entry: dict[str, Any]) -> str:
    said = {**entry, "at": entry["at"].timestamp(), "seq": seq}
    text_form = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((before + text_form).encode("utf-8", "surrogatepass")).hexdigest()
