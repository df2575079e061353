"""What each source gave lately: how many new mentions, and how late after their publishing we saw them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Float, case, cast, extract, func, or_, select

from store.database import Tx
from store.tables import mentions

_NO_TIME = timedelta()


@dataclass(frozen=True, slots=True)
class Lag:
    """New mentions of one source in a span; `p50` and `p95` count the `dated` ones, None when there are none."""

    mentions: int
    dated: int = 0
    p50: timedelta | None = None
    p95: timedelta | None = None


def lags(tx: Tx, since: datetime) -> dict[str, Lag]:
    """Source → what it gave since then, by the moment we saw it; a source that gave nothing is not there.

    Lag is first_seen_at − published_at and counts only where the source itself gave a whole date.
    """
    found = {row.source: Lag(row.n) for row in tx.execute(_counts(since))}
    for row in tx.execute(_percentiles(tx.dialect.name, since)):
        found[row.source] = Lag(found[row.source].mentions, row.n, _span(row.p50), _span(row.p95))
    return found


def _counts(since: datetime) -> Any:
    query = select(mentions.c.source, func.count().label("n")).where(mentions.c.first_seen_at >= since)
    return query.group_by(mentions.c.source)


def _percentiles(dialect: str, since: datetime) -> Any:
    """Nearest rank, so that every figure is one that was really seen."""
    late = _seconds(dialect).label("late")
    dated = (
        select(
            mentions.c.source,
            late,
            func.row_number().over(partition_by=mentions.c.source, order_by=late).label("place"),
            func.count().over(partition_by=mentions.c.source).label("n"),
        )
        .where(
            mentions.c.first_seen_at >= since,
            mentions.c.published_at.is_not(None),
            mentions.c.date_estimated.is_(False),
        )
        .subquery()
    )
    ranks = {percent: (dated.c.n * percent + 99) // 100 for percent in (50, 95)}
    picked = [func.max(case((dated.c.place == rank, dated.c.late))).label(f"p{p}") for p, rank in ranks.items()]
    wanted = or_(*(dated.c.place == rank for rank in ranks.values()))
    return select(dated.c.source, func.max(dated.c.n).label("n"), *picked).where(wanted).group_by(dated.c.source)


def _seconds(dialect: str) -> Any:
    """first_seen_at − published_at in seconds, each store in its own words."""
    if dialect == "sqlite":
        return (func.julianday(mentions.c.first_seen_at) - func.julianday(mentions.c.published_at)) * 86_400.0
    return cast(extract("epoch", mentions.c.first_seen_at - mentions.c.published_at), Float)


def _span(seconds: float) -> timedelta:
    """A date a few minutes ahead of ours is a clock of theirs, not a negative lag."""
    return max(_NO_TIME, timedelta(seconds=round(float(seconds), 1)))
