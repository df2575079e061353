"""Answers of the Q&A sheet (every change is a new version) and the library of approved ones."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, select, update

from store.database import Tx, insert_once
from store.nouns import LibraryAnswer, SheetAnswer
from store.tables import answer_library, sheet_answers


def add(tx: Tx, answer: SheetAnswer) -> bool:
    """Insert one version; False when that version exists already (somebody else saved first)."""
    return insert_once(tx, sheet_answers, [asdict(answer)]) == 1


def versions(tx: Tx, incident: str, qid: str, lang: str) -> list[SheetAnswer]:
    """Every version of one answer, oldest first."""
    where = (sheet_answers.c.incident == incident, sheet_answers.c.qid == qid, sheet_answers.c.lang == lang)
    query = select(sheet_answers).where(*where).order_by(sheet_answers.c.version)
    return [SheetAnswer(**row._mapping) for row in tx.execute(query)]


def current(tx: Tx, incident: str, lang: str) -> dict[str, SheetAnswer]:
    """Question id → newest version, of an incident in one language."""
    where = (sheet_answers.c.incident == incident, sheet_answers.c.lang == lang)
    query = select(sheet_answers).where(*where).order_by(sheet_answers.c.at, sheet_answers.c.version)
    newest: dict[str, SheetAnswer] = {}
    for row in tx.execute(query):
        one = SheetAnswer(**row._mapping)
        if one.qid not in newest or newest[one.qid].version < one.version:
            newest[one.qid] = one
    return newest


def approve(tx: Tx, answer_id: str, who: str, now: datetime, until: datetime) -> bool:
    """A yes to this version; False when somebody said yes already."""
    where = (sheet_answers.c.id == answer_id, sheet_answers.c.approved_by == "")
    said = {"approved_by": who, "approved_at": now, "valid_until": until}
    return tx.execute(update(sheet_answers).where(*where).values(**said)).rowcount == 1


def shelve(tx: Tx, answer: LibraryAnswer) -> None:
    """Put an answer into the library."""
    tx.execute(insert(answer_library).values(**asdict(answer)))


def shelved(tx: Tx, answer_id: str) -> LibraryAnswer | None:
    row = tx.execute(select(answer_library).where(answer_library.c.id == answer_id)).first()
    return LibraryAnswer(**row._mapping) if row else None


def library(tx: Tx, lang: str, limit: int = 2000) -> list[LibraryAnswer]:
    """What stands in the library in one language, newest first."""
    where = (answer_library.c.lang == lang, answer_library.c.dropped_at.is_(None))
    query = select(answer_library).where(*where).order_by(answer_library.c.at.desc(), answer_library.c.id.desc())
    return [LibraryAnswer(**row._mapping) for row in tx.execute(query.limit(limit))]


def drop(tx: Tx, answer_id: str, who: str, now: datetime) -> bool:
    """Take an answer off the shelf; the row stays as a record. False when it is off already."""
    where = (answer_library.c.id == answer_id, answer_library.c.dropped_at.is_(None))
    return tx.execute(update(answer_library).where(*where).values(dropped_at=now, dropped_by=who)).rowcount == 1
