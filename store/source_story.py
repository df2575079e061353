"""One source's own story: what the journal says of it, and what it gave last."""

from sqlalchemy import select

from store.database import Tx
from store.nouns import JournalEntry, Mention
from store.tables import journal, mentions

_MENTION = [mentions.c[name] for name in Mention.__struct_fields__]


def subject(source: str) -> str:
    """What journal entries about a source are written under."""
    return f"source:{source}"


def newest_entries(tx: Tx, source: str, limit: int) -> list[JournalEntry]:
    """The newest journal entries about the source, newest first."""
    query = select(journal).where(journal.c.subject == subject(source)).order_by(journal.c.seq.desc()).limit(limit)
    return [JournalEntry(**row._mapping) for row in tx.execute(query)]


def newest_mentions(tx: Tx, source: str, limit: int) -> list[Mention]:
    """What we saw last through the source, newest first."""
    query = select(*_MENTION).where(mentions.c.source == source)
    query = query.order_by(mentions.c.first_seen_at.desc(), mentions.c.event_at.desc(), mentions.c.id).limit(limit)
    return [Mention(**row._mapping) for row in tx.execute(query)]
