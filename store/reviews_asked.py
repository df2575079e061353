"""Who was asked for a yes, objections, overrides and lent rights: noted and closed, never deleted."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, select, update

from store.database import Tx, insert_once
from store.nouns import AskedReview, Delegation, Objection, Override
from store.tables import delegations, objections, overrides, reviews_asked


def ask(tx: Tx, asked: AskedReview) -> bool:
    """Note that somebody is asked; False when this turn was noted already."""
    return insert_once(tx, reviews_asked, [asdict(asked)]) == 1


def asked_of(tx: Tx, draft_ids: Sequence[str]) -> list[AskedReview]:
    """Everybody who was asked about these drafts, in the order they were asked."""
    query = select(reviews_asked).where(reviews_asked.c.draft.in_(draft_ids))
    found = tx.execute(query.order_by(reviews_asked.c.asked_at, reviews_asked.c.turn, reviews_asked.c.id))
    return [AskedReview(**row._mapping) for row in found]


def give_eta(tx: Tx, asked_id: str, eta: datetime) -> None:
    tx.execute(update(reviews_asked).where(reviews_asked.c.id == asked_id).values(eta=eta))


def close(tx: Tx, draft_ids: Sequence[str], answer: str, at: datetime, part: str = "") -> None:
    """Nobody is waited for any more: everybody asked about these drafts (for this part) has this answer."""
    where = [reviews_asked.c.draft.in_(draft_ids), reviews_asked.c.answer == ""]
    if part:
        where.append(reviews_asked.c.part == part)
    tx.execute(update(reviews_asked).where(*where).values(answer=answer, answered_at=at))


def note_objection(tx: Tx, objection: Objection) -> None:
    tx.execute(insert(objections).values(**asdict(objection)))


def objection(tx: Tx, objection_id: str) -> Objection | None:
    row = tx.execute(select(objections).where(objections.c.id == objection_id)).first()
    return Objection(**row._mapping) if row else None


def objections_of(tx: Tx, incident: str, kind: str = "", lang: str = "") -> list[Objection]:
    """Those against a text over all its versions, open or closed, oldest first; all texts when not named."""
    query = select(objections).where(objections.c.incident == incident)
    if kind:
        query = query.where(objections.c.kind == kind, objections.c.lang == lang)
    return [Objection(**row._mapping) for row in tx.execute(query.order_by(objections.c.at, objections.c.id))]


def close_objections(tx: Tx, ids: Sequence[str], who: str, why: str, at: datetime) -> None:
    values = {"closed_at": at, "closed_by": who, "closed_why": why}
    tx.execute(update(objections).where(objections.c.id.in_(ids), objections.c.closed_at.is_(None)).values(**values))


def add_override(tx: Tx, override: Override) -> None:
    tx.execute(insert(overrides).values(**asdict(override)))


def override(tx: Tx, override_id: str) -> Override | None:
    row = tx.execute(select(overrides).where(overrides.c.id == override_id)).first()
    return Override(**row._mapping) if row else None


def overrides_of(tx: Tx, draft_ids: Sequence[str]) -> list[Override]:
    """Those of these drafts, granted or not, oldest first."""
    query = select(overrides).where(overrides.c.draft.in_(draft_ids)).order_by(overrides.c.at, overrides.c.id)
    return [Override(**row._mapping) for row in tx.execute(query)]


def grant(tx: Tx, override_id: str, legal: str, at: datetime) -> bool:
    """Legal's yes; False when there was one."""
    where = (overrides.c.id == override_id, overrides.c.legal == "")
    return tx.execute(update(overrides).where(*where).values(legal=legal, legal_at=at)).rowcount == 1


def lend(tx: Tx, delegation: Delegation) -> None:
    tx.execute(insert(delegations).values(**asdict(delegation)))


def delegation(tx: Tx, delegation_id: str) -> Delegation | None:
    row = tx.execute(select(delegations).where(delegations.c.id == delegation_id)).first()
    return Delegation(**row._mapping) if row else None


def lent(tx: Tx, now: datetime) -> list[Delegation]:
    """Rights that count now, oldest first."""
    where = (delegations.c.revoked_at.is_(None), delegations.c.at <= now, delegations.c.until > now)
    query = select(delegations).where(*where).order_by(delegations.c.at, delegations.c.id)
    return [Delegation(**row._mapping) for row in tx.execute(query)]


def take_back(tx: Tx, delegation_id: str, who: str, at: datetime) -> bool:
    """End it before its hour; False when it was ended already."""
    where = (delegations.c.id == delegation_id, delegations.c.revoked_at.is_(None))
    return tx.execute(update(delegations).where(*where).values(revoked_at=at, revoked_by=who)).rowcount == 1
