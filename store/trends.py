"""What moves slower than a bucket: complaints day by day, places on hot lists, and the hours in which we heard."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from store import mentions
from store.database import Tx
from store.nouns import Judged, Klass
from store.tables import mentions as mention_rows
from store.tables import scores, source_hours

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# A hot list holds a hundred places; more of one brand is a flood of its own.
_MOST = 200


def complaints_by_day(tx: Tx, brand: str, until: datetime, days: int) -> list[int]:
    """How many complaints (mentions of a complaint platform) each of the last `days` times 24 hours brought, oldest
    first; the last of them ends at `until`."""
    since = until - days * DAY
    query = (
        select(scores.c.event_at)
        .join(mention_rows, mention_rows.c.id == scores.c.mention)
        .where(
            scores.c.brand == brand,
            scores.c.event_at > since,
            scores.c.event_at <= until,
            scores.c.not_us.is_(False),
            mention_rows.c.klass == Klass.COMPLAINT.value,
        )
    )
    counts = [0] * days
    for at in tx.execute(query).scalars():
        # The very end belongs to the last day.
        counts[min((at - since) // DAY, days - 1)] += 1
    return counts


def ranked(tx: Tx, brand: str, since: datetime, place: int) -> list[Judged]:
    """Mentions of a brand, published after `since`, that stood at `place` or higher on a hot list; oldest first."""
    high = or_(mention_rows.c.best_rank.between(1, place), mention_rows.c.rank.between(1, place))
    ours = and_(scores.c.brand == brand, scores.c.not_us.is_(False), scores.c.event_at > since)
    query = mentions.all_judged().where(ours, high).order_by(scores.c.event_at, scores.c.mention).limit(_MOST)
    return [mentions.read_judged(row) for row in tx.execute(query)]


def heard_hours(tx: Tx, sources: Collection[str], since: datetime) -> set[datetime]:
    """The hours from `since` on in which one of these sources answered."""
    where = (source_hours.c.source.in_(sources), source_hours.c.at >= since)
    return set(tx.execute(select(source_hours.c.at).where(*where).distinct()).scalars())


def first_heard(tx: Tx, sources: Collection[str]) -> datetime | None:
    """The first hour that is still known in which one of these sources answered."""
    query = select(func.min(source_hours.c.at)).where(source_hours.c.source.in_(sources))
    found: datetime | None = tx.execute(query).scalar_one()
    return found
