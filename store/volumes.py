"""Counts per brand and time bucket (5 minutes, rolled up to the hour), the detector's memory, and the spikes found."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Insert, case, func, insert, select

from store.bulk import write_all
from store.database import Tx, insert_for, upsert
from store.nouns import Bucket, Judged, Spike
from store.tables import baselines, spikes, volumes

FINE, HOUR = 5, 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def bucket_of(at: datetime, minutes: int = FINE) -> datetime:
    """The start of the bucket `at` falls into."""
    size = timedelta(minutes=minutes)
    return EPOCH + (at - EPOCH) // size * size


def add(tx: Tx, judged: Sequence[Judged]) -> None:
    """Count new judged mentions into their buckets, by publish time, both fine and hourly.

    Authors are told apart within one call only: somebody who writes on in the same bucket later counts again.
    """
    fine: dict[tuple[str, datetime], _Sum] = defaultdict(_Sum)
    for item in judged:
        fine[item.brand, bucket_of(item.mention.event_at)].add(item)
    hours: dict[tuple[str, datetime], _Sum] = defaultdict(_Sum)
    for (brand, at), one in fine.items():
        hours[brand, bucket_of(at, HOUR)].take(one)
    rows = [
        {"brand": brand, "minutes": minutes, "at": at, **one.row()}
        for minutes, sums in ((FINE, fine), (HOUR, hours))
        for (brand, at), one in sorted(sums.items(), key=lambda pair: pair[0])
    ]
    write_all(tx, _count_up(tx.dialect.name), rows)


class _Sum:
    """What these mentions add to one bucket."""

    def __init__(self) -> None:
        self.mentions = self.negative = self.crisis = self.copies = self.reach = 0
        self.voices: set[tuple[str, str]] = set()

    def add(self, item: Judged) -> None:
        mention, score = item.mention, item.score
        self.mentions += 1
        self.negative += score.negative
        self.crisis += score.crisis
        self.copies += bool(score.cluster) and score.cluster != mention.id
        self.reach = max(self.reach, mention.followers or 0)
        self.voices.add((mention.platform, mention.voice))

    def take(self, other: "_Sum") -> None:
        """Add what another has counted."""
        self.mentions += other.mentions
        self.negative += other.negative
        self.crisis += other.crisis
        self.copies += other.copies
        self.reach = max(self.reach, other.reach)
        self.voices |= other.voices

    def row(self) -> dict[str, int]:
        return {
            "mentions": self.mentions,
            "negative": self.negative,
            "crisis": self.crisis,
            "copies": self.copies,
            "voices": len(self.voices),
            "reach": self.reach,
        }


_COUNTS = ("mentions", "negative", "crisis", "copies", "voices")
_COLUMNS = ("at", *_COUNTS, "reach")


@cache
def _count_up(dialect: str) -> Insert:
    build = insert_for(dialect)(volumes)
    counted = {name: volumes.c[name] + build.excluded[name] for name in _COUNTS}
    counted["reach"] = case((build.excluded.reach > volumes.c.reach, build.excluded.reach), else_=volumes.c.reach)
    statement: Insert = build.on_conflict_do_update(index_elements=["brand", "minutes", "at"], set_=counted)
    return statement


def between(tx: Tx, brand: str, since: datetime, until: datetime, minutes: int = FINE) -> list[Bucket]:
    """Buckets with since <= at < until, oldest first; buckets with no mention have no row."""
    columns = [volumes.c[name] for name in _COLUMNS]
    where = (
        volumes.c.brand == brand,
        volumes.c.minutes == minutes,
        volumes.c.at >= since,
        volumes.c.at < until,
    )
    return [Bucket(**row._mapping) for row in tx.execute(select(*columns).where(*where).order_by(volumes.c.at))]


def total(tx: Tx, brand: str, since: datetime, until: datetime) -> Bucket:
    """Everything counted with since <= at < until, as one bucket; somebody who spoke in two hours is two voices."""
    found = between(tx, brand, since, until, HOUR)
    sums = {name: sum(getattr(one, name) for one in found) for name in _COUNTS}
    return Bucket(since, **sums, reach=max((one.reach for one in found), default=0))


def first_at(tx: Tx, brand: str) -> datetime | None:
    """Start of the oldest bucket of a brand."""
    found: datetime | None = tx.execute(
        select(func.min(volumes.c.at)).where(volumes.c.brand == brand, volumes.c.minutes == FINE)
    ).scalar_one()
    return found


def baseline(tx: Tx, brand: str) -> tuple[datetime, dict[str, Any]] | None:
    """The detector's memory and the moment up to which it has learned."""
    row = tx.execute(select(baselines).where(baselines.c.brand == brand)).first()
    return (row.upto, row.state) if row else None


def keep_baseline(tx: Tx, brand: str, upto: datetime, state: dict[str, Any]) -> None:
    upsert(tx, baselines, {"brand": brand, "upto": upto, "state": state})


def save_spike(tx: Tx, spike: Spike) -> None:
    tx.execute(insert(spikes).values(**asdict(spike)))


def spike(tx: Tx, spike_id: str) -> Spike | None:
    row = tx.execute(select(spikes).where(spikes.c.id == spike_id)).first()
    return Spike(**row._mapping) if row else None


def spikes_since(tx: Tx, brand: str, since: datetime) -> list[Spike]:
    """Spikes of a brand after `since`, newest first."""
    query = select(spikes).where(spikes.c.brand == brand, spikes.c.at > since)
    return [Spike(**row._mapping) for row in tx.execute(query.order_by(spikes.c.at.desc(), spikes.c.id.desc()))]
