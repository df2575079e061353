"""The real names behind author hashes, apart from the mentions: read by role, dropped after their retention."""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select

from store.database import Tx, upsert_all
from store.nouns import Author
from store.tables import authors

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


def forget(tx: Tx, hashes: Sequence[str]) -> int:
    return tx.execute(delete(authors).where(authors.c.author_hash.in_(hashes))).rowcount
