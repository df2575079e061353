"""Drafts as versions, approvals bound to their sha256, publications and the review sheet."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, select, update

from store.database import Tx, insert_once
from store.nouns import Approval, Draft, DraftState, Publication
from store.publications import all_of, standing
from store.tables import approvals, drafts, publications, reviews


def add_draft(tx: Tx, draft: Draft) -> bool:
    """Insert one version; False when that version exists already (somebody else saved first)."""
    return insert_once(tx, drafts, [asdict(draft)]) == 1


def draft(tx: Tx, draft_id: str) -> Draft | None:
    row = tx.execute(select(drafts).where(drafts.c.id == draft_id)).first()
    return Draft(**row._mapping) if row else None


def versions(tx: Tx, incident: str, kind: str = "", lang: str = "") -> list[Draft]:
    """Drafts of an incident, oldest first; all kinds and languages when not named."""
    query = select(drafts).where(drafts.c.incident == incident)
    if kind:
        query = query.where(drafts.c.kind == kind)
    if lang:
        query = query.where(drafts.c.lang == lang)
    return [Draft(**row._mapping) for row in tx.execute(query.order_by(drafts.c.at, drafts.c.version))]


def latest(tx: Tx, incident: str, kind: str, lang: str) -> Draft | None:
    query = select(drafts).where(drafts.c.incident == incident, drafts.c.kind == kind, drafts.c.lang == lang)
    row = tx.execute(query.order_by(drafts.c.version.desc()).limit(1)).first()
    return Draft(**row._mapping) if row else None


def set_state(tx: Tx, draft_ids: Sequence[str], state: DraftState) -> None:
    tx.execute(update(drafts).where(drafts.c.id.in_(draft_ids)).values(state=state))


def add_approval(tx: Tx, approval: Approval) -> None:
    tx.execute(insert(approvals).values(**asdict(approval)))


def approvals_of(tx: Tx, draft_ids: Sequence[str]) -> list[Approval]:
    """Every approval of these drafts, voided ones too, oldest first."""
    query = select(approvals).where(approvals.c.draft.in_(draft_ids)).order_by(approvals.c.at, approvals.c.id)
    return [Approval(**row._mapping) for row in tx.execute(query)]


def void_approvals(tx: Tx, draft_ids: Sequence[str], now: datetime, reason: str) -> int:
    """Take back every standing yes to these drafts; returns how many stood."""
    where = (approvals.c.draft.in_(draft_ids), approvals.c.voided_at.is_(None))
    return tx.execute(update(approvals).where(*where).values(voided_at=now, void_reason=reason)).rowcount


def add_publication(tx: Tx, publication: Publication) -> None:
    tx.execute(insert(publications).values(**asdict(publication)))


def publications_of(tx: Tx, incident: str) -> list[Publication]:
    """The records that stand, by the time of the post; the corrected ones are in store.publications."""
    return standing(all_of(tx, incident))


def keep_review(tx: Tx, incident: str, at: datetime, zh: str, en: str) -> None:
    """The review sheet of an incident; written again, it replaces the former one."""
    values = {"at": at, "zh": zh, "en": en}
    if not insert_once(tx, reviews, [{"incident": incident, **values}]):
        tx.execute(update(reviews).where(reviews.c.incident == incident).values(**values))


def review(tx: Tx, incident: str) -> tuple[datetime, str, str] | None:
    """(when written, Chinese text, English text) or None."""
    row = tx.execute(select(reviews).where(reviews.c.incident == incident)).first()
    return (row.at, row.zh, row.en) if row else None
