"""The texts of the last days and the keys that lead to them: what near-duplicates are found by."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import numpy as np
from msgspec import Struct
from sqlalchemy import Select, Table, and_, delete, func, select, text

from config.errors import StoreError
from store.bulk import as_one, one_of
from store.database import Tx
from store.tables import cluster_keys, cluster_texts, mentions, scores

# One lock for all who place mentions on PostgreSQL; the number is arbitrary but must never change.
_LOCK: Final = 7_140_605
_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
DAY: Final = timedelta(days=1)
# Today and two days before are looked at: at least 48 hours, at most 72. Older days are dropped.
DAYS: Final = 3
_DAY_BITS: Final = 48
MASK: Final = (1 << _DAY_BITS) - 1
# Dropping is done in passing, a piece at a time, more than what one batch brings.
PIECE: Final = 20_000
# Thousands of numbers a batch travel as one text, not as `one_of` sends a few: psycopg dresses an array one by one,
# which costs more than what is done with them.
_FIND: Final = {
    "sqlite": text("SELECT key, number FROM cluster_keys WHERE key IN (SELECT value FROM json_each(:keys))"),
    "postgresql": text("SELECT key, number FROM cluster_keys WHERE key = ANY(CAST(:keys AS bigint[]))"),
}
_DROP: Final = {
    "sqlite": text("DELETE FROM cluster_keys WHERE key IN (SELECT value FROM json_each(:keys))"),
    "postgresql": text("DELETE FROM cluster_keys WHERE key = ANY(CAST(:keys AS bigint[]))"),
}


class Kept(Struct, frozen=True):
    """A mention that was placed, as it is now."""

    mention: str
    title: str
    text: str
    event_at: datetime
    cluster: str


@dataclass(frozen=True, slots=True)
class Owners:
    """What stands under the keys that were asked for: the newest owner of each, and which of them are of today.

    `taken`: keys that have a row of today, be it of a text that is gone.
    """

    texts: dict[int, Kept]
    by_key: dict[int, int]
    today: set[int]
    taken: set[int]


def alone(tx: Tx) -> None:
    """Hold off all others who place mentions until this transaction ends: two copies at once would both be first."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def owners(tx: Tx, keys: Sequence[int], now: datetime) -> Owners:
    """Who stands under these keys (0 .. MASK) today or up to two days before; texts that are gone are left out."""
    today = _day(now)
    oldest = tx.execute(select(func.min(cluster_keys.c.key))).scalar_one()
    first = max(today - DAYS + 1, today if oldest is None else oldest >> _DAY_BITS)
    # In order, so that neighbours are read together and a later day comes last.
    each = np.unique(np.array(keys, np.int64))
    asked = (np.arange(first, today + 1, dtype=np.int64)[:, None] << _DAY_BITS | each).reshape(-1)
    given = _listed(tx, asked.tolist())
    rows = sorted(tuple(row) for row in tx.execute(_FIND[tx.dialect.name], {"keys": given}))
    texts = _texts(tx, {number for _, number in rows})
    found = [(key, number) for key, number in rows if number in texts]
    of_today = {key & MASK for key, _ in found if key >> _DAY_BITS == today}
    taken = {key & MASK for key, _ in rows if key >> _DAY_BITS == today}
    return Owners(texts, {key & MASK: number for key, number in found}, of_today, taken)


def keep(tx: Tx, brands: Sequence[tuple[str, str]], keys: Mapping[int, int], taken: Set[int], now: datetime) -> None:
    """Remember (brand, mention) texts and which key leads to which of them (its index), under today.

    `taken` is what `owners` said in this transaction: such keys lead elsewhere from now on.
    """
    if not keys:
        return
    today = _day(now)
    last = tx.execute(select(func.max(cluster_texts.c.number))).scalar_one()
    under = np.fromiter(keys.keys(), np.int64, len(keys)) | today << _DAY_BITS
    led_to, place = np.unique(np.fromiter(keys.values(), np.int64, len(keys)), return_inverse=True)
    numbers = np.arange(len(led_to)) + max(today << 32, (last or 0) + 1)
    texts = [brands[index] for index in led_to.tolist()]
    _write(tx, cluster_texts, [(number, *one) for number, one in zip(numbers.tolist(), texts, strict=True)])
    again = [today << _DAY_BITS | key for key in keys.keys() & taken]
    if again:
        tx.execute(_DROP[tx.dialect.name], {"keys": _listed(tx, again)})
    # In order, so that neighbours are written together.
    order = np.argsort(under)
    _write(tx, cluster_keys, list(zip(under[order].tolist(), numbers[place[order]].tolist(), strict=True)))


def _write(tx: Tx, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """New rows by the shortest way each driver has."""
    names = ", ".join(column.name for column in table.columns)
    if tx.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in table.columns)
        tx.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))  # noqa: S608
        return
    driver: Any = tx.connection.cursor()
    try:
        with driver as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except tx.dialect.loaded_dbapi.Error as error:
        # What goes past SQLAlchemy is not named by it either.
        raise StoreError(f"store: {error}", permanent=False) from error


def forget(tx: Tx, now: datetime, piece: int = PIECE) -> None:
    """Drop at most `piece` rows of each table of what is older than the days that are looked at."""
    oldest = _day(now) - DAYS + 1
    for column, end in ((cluster_keys.c.key, oldest << _DAY_BITS), (cluster_texts.c.number, oldest << 32)):
        old = select(column).where(column < end).order_by(column).limit(piece).subquery()
        upto = tx.execute(select(func.max(old.c[column.name]))).scalar_one()
        if upto is not None:
            tx.execute(delete(column.table).where(column <= upto))


def _texts(tx: Tx, numbers: set[int]) -> dict[int, Kept]:
    """The mentions behind the numbers, but for those that were erased or removed."""
    if not numbers:
        return {}
    rows = tx.execute(_said(tx.dialect.name), {"numbers": as_one(tx.dialect.name, numbers)})
    return {row.number: Kept(row.id, row.title, row.text, row.event_at, row.cluster) for row in rows}


@cache
def _said(dialect: str) -> Select[Any]:
    of_brand = and_(scores.c.mention == cluster_texts.c.mention, scores.c.brand == cluster_texts.c.brand)
    there = (one_of(dialect, cluster_texts.c.number, "numbers"), mentions.c.erased_at.is_(None), scores.c.cluster != "")
    return (
        select(cluster_texts.c.number, mentions.c.id, mentions.c.title, mentions.c.text, mentions.c.event_at)
        .add_columns(scores.c.cluster)
        .join(mentions, mentions.c.id == cluster_texts.c.mention)
        .join(scores, of_brand)
        .where(*there)
    )


def _listed(tx: Tx, numbers: Iterable[int]) -> str:
    said = ",".join(map(str, numbers))
    return f"[{said}]" if tx.dialect.name == "sqlite" else f"{{{said}}}"


def _day(now: datetime) -> int:
    return (now - _EPOCH) // DAY
