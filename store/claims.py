"""The claim board (every change is a new version), what people say of the crisis cluster and of regulatory clocks."""

from dataclasses import asdict

from sqlalchemy import insert, select

from store.database import Tx
from store.nouns import Attribution, Claim, LegalMark, Snapshot
from store.tables import attributions, claims, incident_mentions, legal_marks, snapshots


def add(tx: Tx, claim: Claim) -> None:
    tx.execute(insert(claims).values(**asdict(claim)))


def history(tx: Tx, incident: str) -> list[Claim]:
    """Every version of every claim, oldest first."""
    query = select(claims).where(claims.c.incident == incident).order_by(claims.c.at, claims.c.version, claims.c.id)
    return [Claim(**row._mapping) for row in tx.execute(query)]


def current(tx: Tx, incident: str) -> list[Claim]:
    """The newest version of each claim, in order of their labels' first appearance."""
    newest: dict[str, Claim] = {}
    for claim in sorted(history(tx, incident), key=lambda one: one.version):
        newest[claim.label] = claim
    return sorted(newest.values(), key=lambda one: int(one.label[1:]))


def attribute(tx: Tx, said: Attribution) -> None:
    tx.execute(insert(attributions).values(**asdict(said)))


def attributions_of(tx: Tx, incident: str) -> list[Attribution]:
    """What people said of the cluster, oldest first; the last one counts."""
    query = select(attributions).where(attributions.c.incident == incident)
    return [Attribution(**row._mapping) for row in tx.execute(query.order_by(attributions.c.at, attributions.c.id))]


def mark(tx: Tx, said: LegalMark) -> None:
    tx.execute(insert(legal_marks).values(**asdict(said)))


def marks_of(tx: Tx, incident: str) -> list[LegalMark]:
    """What people said of the regulatory clocks of an incident, oldest first."""
    query = select(legal_marks).where(legal_marks.c.incident == incident)
    return [LegalMark(**row._mapping) for row in tx.execute(query.order_by(legal_marks.c.noted_at, legal_marks.c.id))]


def snapshots_of(tx: Tx, incident: str, limit: int = 200) -> list[Snapshot]:
    """The evidence kept of an incident's own mentions, newest first."""
    query = select(snapshots).join(incident_mentions, incident_mentions.c.mention == snapshots.c.mention)
    query = query.where(incident_mentions.c.incident == incident)
    query = query.order_by(snapshots.c.at.desc(), snapshots.c.id.desc()).limit(limit)
    return [Snapshot(**row._mapping) for row in tx.execute(query)]
