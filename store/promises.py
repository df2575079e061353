"""What becomes of public promises: kept with evidence, opened again, void; and all of them side by side."""

from datetime import datetime, timedelta

from sqlalchemy import case, select, update

from store import agenda
from store.agenda import Job
from store.database import Tx
from store.nouns import Promise
from store.tables import promises


def listed(tx: Tx, limit: int = 300) -> list[Promise]:
    """Promises of all incidents: those still waited for first (due next first), then the settled, newest first."""
    settled = promises.c.kept_at.is_not(None) | promises.c.broken_at.is_not(None) | promises.c.voided_at.is_not(None)
    waits = select(promises).where(~settled).order_by(promises.c.due_at, promises.c.id).limit(limit)
    # What was broken and never kept still waits for somebody.
    owed = case((promises.c.kept_at.is_(None) & promises.c.voided_at.is_(None), 0), else_=1)
    done = select(promises).where(settled).order_by(owed, promises.c.due_at.desc(), promises.c.id).limit(limit)
    return [Promise(**row._mapping) for query in (waits, done) for row in tx.execute(query)]


def keep(tx: Tx, promise: Promise, kept_at: datetime, by: str, evidence: str = "", link: str = "") -> bool:
    """It was done at `kept_at`; late when that is after its time. False: somebody settled it meanwhile."""
    late = kept_at > promise.due_at
    where = (promises.c.id == promise.id, promises.c.kept_at.is_(None), promises.c.voided_at.is_(None))
    values = {
        "kept_at": kept_at,
        "broken_at": promise.due_at if late else None,
        "kept_by": by,
        "evidence": evidence,
        "link": link,
    }
    return tx.execute(update(promises).where(*where).values(**values)).rowcount == 1


def reopen(tx: Tx, promise: Promise, now: datetime) -> None:
    """What kept it does not count any more: it waits again, or is broken when its time is over."""
    broken_at = promise.due_at if promise.due_at <= now else None
    values = {"kept_at": None, "kept_by": "", "broken_at": broken_at}
    tx.execute(update(promises).where(promises.c.id == promise.id).values(**values))
    if broken_at is None:
        agenda.promise(tx, Job.PROMISE, promise.id, max(now, promise.due_at - timedelta(minutes=15)))


def void(tx: Tx, promise: Promise, now: datetime, reason: str) -> None:
    """It was never said in public; what was kept of it stays as it is."""
    tx.execute(update(promises).where(promises.c.id == promise.id).values(voided_at=now, void_reason=reason))


def move(tx: Tx, promise: Promise, publication: str) -> None:
    """Another record of a post makes it now."""
    tx.execute(update(promises).where(promises.c.id == promise.id).values(publication=publication))


def give(tx: Tx, promise: Promise, owner: str) -> None:
    """Somebody else answers for it from now on."""
    tx.execute(update(promises).where(promises.c.id == promise.id).values(owner=owner))
