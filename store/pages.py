"""Pages and every try to deliver them. A page is inserted once by its idempotency key, in the causing transaction."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, select, update

from store import agenda
from store.agenda import Job
from store.database import Tx, insert_once
from store.nouns import Page, PageStatus, Try
from store.tables import pages, tries

_COLUMNS = [pages.c[name] for name in Page.__dataclass_fields__]


def add(tx: Tx, page: Page) -> bool:
    """Insert the page and promise its delivery now; False when this very page exists already."""
    if not insert_once(tx, pages, [asdict(page)]):
        return False
    agenda.promise(tx, Job.PAGE, page.id, page.created_at)
    return True


def get(tx: Tx, page_id: str) -> Page | None:
    row = tx.execute(select(*_COLUMNS).where(pages.c.id == page_id)).first()
    return Page(**row._mapping) if row else None


def note_try(tx: Tx, page: Page, tried: Try, status: PageStatus) -> None:
    """Write one try and where it leaves the page."""
    tx.execute(insert(tries).values(**asdict(tried)))
    values: dict[str, Any] = {"status": status, "code": tried.code, "tries": page.tries + 1}
    if tried.accepted:
        values["accepted_at"] = tried.at
    tx.execute(update(pages).where(pages.c.id == page.id).values(**values))


def drop_waiting(tx: Tx, incident: str, reasons: Sequence[str]) -> int:
    """Nobody needs these calls any more (the incident was taken); returns how many were waiting."""
    where = (pages.c.incident == incident, pages.c.status == PageStatus.WAITING, pages.c.reason.in_(reasons))
    return tx.execute(update(pages).where(*where).values(status=PageStatus.DROPPED)).rowcount


def of_incident(tx: Tx, incident: str) -> list[Page]:
    """Pages of an incident, oldest first."""
    query = select(*_COLUMNS).where(pages.c.incident == incident).order_by(pages.c.created_at, pages.c.id)
    return [Page(**row._mapping) for row in tx.execute(query)]


def newest(tx: Tx, limit: int = 200) -> list[Page]:
    query = select(*_COLUMNS).order_by(pages.c.created_at.desc(), pages.c.id.desc()).limit(limit)
    return [Page(**row._mapping) for row in tx.execute(query)]


def tries_of(tx: Tx, page_ids: Sequence[str]) -> dict[str, list[Try]]:
    """Page id → its tries, oldest first."""
    columns = [tries.c[name] for name in Try.__dataclass_fields__]
    found: dict[str, list[Try]] = {}
    for row in tx.execute(select(*columns).where(tries.c.page.in_(page_ids)).order_by(tries.c.seq)):
        found.setdefault(row.page, []).append(Try(**row._mapping))
    return found
