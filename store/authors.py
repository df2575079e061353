"""The real names behind author hashes, apart from the mentions: read by role, dropped after their retention."""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select

from store.database import Tx, upsert_all
from store.nouns import Author, Klass
from store.tables import authors, incident_mentions, mentions

# dataclasses.asdict copies every value deeply, which costs more than writing them.
_COLUMNS = tuple(Author.__dataclass_fields__)


def keep(tx: Tx, found: Sequence[Author]) -> None:
    """Remember these authors as last seen now; one row each."""
    rows = {one.author_hash: {name: getattr(one, name) for name in _COLUMNS} for one in found}
    # Always in the same order: two processes that keep the same people must not wait for each other in a ring.
    upsert_all(tx, authors, [rows[key] for key in sorted(rows)])


def find(tx: Tx, author_hash: str) -> Author | None:
    """The real name and account behind a hash; None when they are no longer kept."""
    row = tx.execute(select(authors).where(authors.c.author_hash == author_hash)).first()
    return Author(**row._mapping) if row else None


def named(tx: Tx, who: str, platform: str = "") -> list[Author]:
    """Everybody kept whose name or account is exactly `who`."""
    query = select(authors).where(or_(authors.c.name == who, authors.c.handle == who))
    if platform:
        query = query.where(authors.c.platform == platform)
    return [Author(**row._mapping) for row in tx.execute(query.order_by(authors.c.platform))]


def of_incident(tx: Tx, incident: str) -> list[Author]:
    """The people whose posts belong to an incident, as far as they are kept; newspapers are no people."""
    query = (
        select(authors)
        .join(mentions, mentions.c.author_hash == authors.c.author_hash)
        .join(incident_mentions, incident_mentions.c.mention == mentions.c.id)
        .where(incident_mentions.c.incident == incident, mentions.c.klass != Klass.ARTICLE)
        .distinct()
    )
    return [Author(**row._mapping) for row in tx.execute(query)]


def forget(tx: Tx, hashes: Sequence[str]) -> int:
    return tx.execute(delete(authors).where(authors.c.author_hash.in_(hashes))).rowcount
