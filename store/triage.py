"""The triage queue: mentions of which the scorer does not know what they are, until a person says it."""

from sqlalchemy import ColumnElement, func, literal_column, select, update

from store.database import Tx
from store.lookup import Found
from store.mentions import all_judged, read_judged
from store.tables import scores


def waiting(tx: Tx, brand: str, limit: int) -> list[Found]:
    """What waits, likeliest crisis first, then the newest; of one brand or ("") of all."""
    order = (scores.c.p_crisis.desc(), scores.c.event_at.desc(), scores.c.mention)
    query = all_judged().where(*_waits(brand)).order_by(*order).limit(limit)
    return [Found(read_judged(row), row._mapping["s_why"], False) for row in tx.execute(query)]


def size(tx: Tx, brand: str) -> int:
    return tx.execute(select(func.count()).select_from(scores).where(*_waits(brand))).scalar_one()


def take_out(tx: Tx, mention: str, brand: str) -> bool:
    """A person has looked at it; False when it did not wait (any more)."""
    where = (scores.c.mention == mention, scores.c.brand == brand, scores.c.triage != "")
    return tx.execute(update(scores).where(*where).values(triage="")).rowcount == 1


def differs(tx: Tx, mention: str, brand: str, why: str) -> None:
    """Say anew why it waits; what no longer waits stays out."""
    where = (scores.c.mention == mention, scores.c.brand == brand, scores.c.triage != "")
    tx.execute(update(scores).where(*where).values(triage=why))


def _waits(brand: str) -> list[ColumnElement[bool]]:
    # Written out, so that the store sees that its index of what waits will do.
    where = [scores.c.triage != literal_column("''"), scores.c.not_us.is_(False)]
    return [*where, scores.c.brand == brand] if brand else where
