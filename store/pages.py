"""Pages and every try to deliver them. A page is inserted once by its idempotency key, in the causing transaction."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from store import agenda
from store.agenda import Job
from store.database import Tx, insert_once
from store.nouns import Level, Page, PageStatus, Try
from store.tables import pages, tries

# Databases bound the number of values in one statement.
_CHUNK = 500
_COLUMNS = [pages.c[name] for name in Page.__dataclass_fields__]


def add(tx: Tx, page: Page) -> bool:
    """Insert the page and promise its delivery now; False when this very page exists already."""
    if not insert_once(tx, pages, [asdict(page)]):
        return False
    agenda.promise(tx, Job.PAGE, page.id, page.created_at, urgent=page.level.rank >= Level.ORANGE.rank)
    return True


def get(tx: Tx, page_id: str, *, lock: bool = False) -> Page | None:
    query = select(*_COLUMNS).where(pages.c.id == page_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
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


def with_status(tx: Tx, status: PageStatus, limit: int = 500) -> list[Page]:
    """Pages in one state, oldest first."""
    query = select(*_COLUMNS).where(pages.c.status == status).order_by(pages.c.created_at, pages.c.id).limit(limit)
    return [Page(**row._mapping) for row in tx.execute(query)]


def tries_of(tx: Tx, page_ids: Sequence[str]) -> dict[str, list[Try]]:
    """Page id → its tries, oldest first."""
    columns = [tries.c[name] for name in Try.__dataclass_fields__]
    found: dict[str, list[Try]] = {}
    for row in tx.execute(select(*columns).where(tries.c.page.in_(page_ids)).order_by(tries.c.seq)):
        found.setdefault(row.page, []).append(Try(**row._mapping))
    return found


def waiting_at(tx: Tx, channel: str, address: str, below: Level) -> list[Page]:
    """Pages under level `below` that wait for one address, oldest first: what a digest would carry."""
    query = select(*_COLUMNS).where(*_waiting_at(channel, address, below))
    return [Page(**row._mapping) for row in tx.execute(query.order_by(pages.c.created_at, pages.c.id))]


def count_waiting_at(tx: Tx, channel: str, address: str, below: Level) -> int:
    """How many those are."""
    return tx.execute(select(func.count()).select_from(pages).where(*_waiting_at(channel, address, below))).scalar_one()


def _waiting_at(channel: str, address: str, below: Level) -> tuple[Any, ...]:
    return (
        pages.c.status == PageStatus.WAITING,
        pages.c.channel == channel,
        pages.c.address == address,
        pages.c.level.in_([level for level in Level if level.rank < below.rank]),
        pages.c.reason != "digest",
        pages.c.begun_at.is_(None),
    )


def open_digest(tx: Tx, channel: str, address: str) -> Page | None:
    """The digest for this address that waits and was not begun yet, so it can still carry more."""
    query = select(*_COLUMNS).where(
        pages.c.status == PageStatus.WAITING,
        pages.c.channel == channel,
        pages.c.address == address,
        pages.c.reason == "digest",
        pages.c.begun_at.is_(None),
    )
    row = tx.execute(query.order_by(pages.c.created_at).limit(1)).first()
    return Page(**row._mapping) if row else None


def carry(tx: Tx, page_ids: Sequence[str], digest: str) -> int:
    """These pages travel in the page `digest`; returns how many were still waiting."""
    done = 0
    for first in range(0, len(page_ids), _CHUNK):
        where = (pages.c.id.in_(page_ids[first : first + _CHUNK]), pages.c.status == PageStatus.WAITING)
        done += tx.execute(update(pages).where(*where).values(status=PageStatus.DIGESTED, digest=digest)).rowcount
    return done


def carried(tx: Tx, digest: str, limit: int) -> tuple[int, list[Page], Level]:
    """What a digest carries: how many pages, the first `limit` of them, and the gravest level among all."""
    here = pages.c.digest == digest
    count = tx.execute(select(func.count()).select_from(pages).where(here)).scalar_one()
    query = select(*_COLUMNS).where(here).order_by(pages.c.created_at, pages.c.id).limit(limit)
    levels = tx.execute(select(pages.c.level).where(here).distinct()).scalars()
    first = [Page(**row._mapping) for row in tx.execute(query)]
    return count, first, max(levels, key=lambda one: one.rank, default=Level.NONE)


def fail_carried(tx: Tx, digest: str) -> list[str]:
    """The digest reached nobody, so what it carried did not either; returns the incidents these calls were for."""
    found = tx.execute(select(pages.c.incident).where(pages.c.digest == digest).distinct()).scalars().all()
    tx.execute(update(pages).where(pages.c.digest == digest).values(status=PageStatus.FAILED))
    return sorted(one for one in found if one)


def reword(tx: Tx, page: Page) -> None:
    """Give a waiting page other words and another level."""
    values = {"subject": page.subject, "body": page.body, "level": page.level}
    tx.execute(update(pages).where(pages.c.id == page.id).values(**values))


def begin(tx: Tx, page_id: str, now: datetime) -> None:
    """Its first try begins: from now on nothing else carries it, and it carries nothing more."""
    tx.execute(update(pages).where(pages.c.id == page_id, pages.c.begun_at.is_(None)).values(begun_at=now))


def hold(tx: Tx, before: datetime) -> int:
    """Pages made before `before` that still wait are held for a person to decide; returns how many."""
    where = (pages.c.status == PageStatus.WAITING, pages.c.created_at < before)
    return tx.execute(update(pages).where(*where).values(status=PageStatus.HELD)).rowcount


def decide_held(tx: Tx, page_id: str, status: PageStatus, now: datetime) -> bool:
    """A person sends a held page after all (WAITING) or drops it; False when it is not held any more."""
    where = (pages.c.id == page_id, pages.c.status == PageStatus.HELD)
    done = tx.execute(update(pages).where(*where).values(status=status)).rowcount == 1
    if done and status == PageStatus.WAITING:
        agenda.promise(tx, Job.PAGE, page_id, now)
    return done


def by_reply(tx: Tx, code: str, since: datetime) -> list[Page]:
    """Pages made after `since` that are answered with this short code, newest first."""
    query = select(*_COLUMNS).where(pages.c.reply == code, pages.c.created_at > since)
    return [Page(**row._mapping) for row in tx.execute(query.order_by(pages.c.created_at.desc()))]


def counts(tx: Tx) -> dict[str, int]:
    """Status -> number of pages."""
    query = select(pages.c.status, func.count()).group_by(pages.c.status)
    return {row[0].value: row[1] for row in tx.execute(query)}


def oldest_waiting(tx: Tx) -> datetime | None:
    """When the oldest page that still waits was made."""
    query = select(func.min(pages.c.created_at)).where(pages.c.status == PageStatus.WAITING)
    moment: datetime | None = tx.execute(query).scalar_one()
    return moment
