"""The door to the store: SQLite (one process) or PostgreSQL (many), short transactions, and the manners of each."""

import fcntl
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.sql.dml import ReturningInsert

from config.errors import StoreError
from store import journal
from store.bulk import insert_plainly, write_all

Tx = Connection
# busy_timeout first: switching to WAL itself may have to wait for another connection. What was written is brought from
# the log into the file every 32 MB: every 4, as SQLite does by itself, the same pages are carried over again and again.
_PRAGMAS = ("busy_timeout=30000", "journal_mode=WAL", "wal_autocheckpoint=8000", "synchronous=FULL", "foreign_keys=ON")


class Store:
    """One engine. `transaction()` writes, `reading()` only looks; neither may span network or model work."""

    def __init__(self, url: str, root: Path | None = None) -> None:
        self.url = make_url(url)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.path: Path | None = None
        if self.is_sqlite:
            self.path = (root or Path.cwd()) / (self.url.database or "")
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # It holds living links and strangers' posts: for this account's eyes only.
            self.path.touch(mode=0o600)
            self.url = self.url.set(database=str(self.path))
        self.engine: Engine = create_engine(
            self.url, pool_size=16, max_overflow=64, pool_pre_ping=not self.is_sqlite, json_serializer=_as_json
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", _sqlite_manners)
            event.listen(self.engine, "begin", _sqlite_begin)

    @contextmanager
    def transaction(self, *, at_once: bool = True) -> Iterator[Tx]:
        """Commit at the end, roll back on any error; journal entries are chained last, just before the commit.

        `at_once`: on the disk when it ends. Without it SQLite may lose the transaction in a power cut, whole, with
        what came after it and nothing before it; the next one that is at once brings it to the disk first. For what
        would only be done again: nothing may have left the house because of it.
        """
        with _named_faults(), self.engine.connect().execution_options(at_once=at_once) as tx, tx.begin():
            tx.info["journal"] = []
            yield tx
            journal.flush(tx)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """A consistent look at the store that never blocks a writer."""
        with _named_faults(), self.engine.connect().execution_options(reading=True) as tx:
            yield tx
            tx.rollback()

    def now(self) -> datetime | None:
        """The server's own time, for processes of many machines to agree on; None when the store has no server."""
        if self.is_sqlite:
            return None
        with self.reading() as tx:
            moment: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
        return moment.astimezone(UTC)

    def close(self) -> None:
        self.engine.dispose()


def _as_json(value: Any) -> str:
    """Most lists of most rows are empty: they are not composed each time."""
    return "[]" if value == [] else json.dumps(value)


@contextmanager
def _named_faults() -> Iterator[None]:
    """A database that is away, full, read-only, locked or broken is one fault for the rooms above: StoreError."""
    try:
        yield
    except IntegrityError:
        # A rule of the tables was broken: that is a fault of ours, not of the database.
        raise
    except DatabaseError as error:
        raise StoreError(f"store: {error.orig}", permanent=False) from error
    except PoolTimeout as error:
        raise StoreError("store: every connection is in use", permanent=False) from error


def insert_once(tx: Tx, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert rows, skipping those that exist already under any unique key; returns how many were new."""
    if not rows:
        return 0
    # Counted by what comes back: drivers disagree on rowcount after many rows.
    return len(tx.execute(_names_new(tx.dialect.name, table), rows).all())


def insert_new(tx: Tx, table: Table, rows: Sequence[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """The same; returns the primary keys of the rows that were new."""
    if not rows:
        return set()
    if tx.dialect.name == "sqlite" and (keys := _all_new(tx, table, rows)):
        return keys
    return {tuple(row) for row in tx.execute(_names_new(tx.dialect.name, table), rows)}


def _all_new(tx: Tx, table: Table, rows: Sequence[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Nearly always every row is new: then nothing needs to come back, which costs half. Else nothing was done."""
    # SQLAlchemy's own savepoints are composed anew each time, which costs more than they do.
    tx.exec_driver_sql("SAVEPOINT all_new")
    if insert_plainly(tx, _skip_known("sqlite", table), rows) == len(rows):
        tx.exec_driver_sql("RELEASE all_new")
        names = [column.name for column in table.primary_key]
        return {tuple(row[name] for name in names) for row in rows}
    tx.exec_driver_sql("ROLLBACK TO all_new")
    tx.exec_driver_sql("RELEASE all_new")
    return set()


def upsert(tx: Tx, table: Table, row: dict[str, Any]) -> None:
    """Insert the row, or overwrite the one with its primary key."""
    upsert_all(tx, table, [row])


def upsert_all(tx: Tx, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """The same for rows with the same columns, each primary key once."""
    if rows:
        write_all(tx, _overwrite(tx.dialect.name, table, tuple(rows[0])), rows)


# Built once: composing a statement costs more than running it.
@cache
def _skip_known(dialect: str, table: Table) -> Insert:
    statement: Insert = insert_for(dialect)(table).on_conflict_do_nothing()
    return statement


@cache
def _names_new(dialect: str, table: Table) -> ReturningInsert[Any]:
    return _skip_known(dialect, table).returning(*table.primary_key.columns)


@cache
def _overwrite(dialect: str, table: Table, columns: tuple[str, ...]) -> Insert:
    build = insert_for(dialect)(table)
    keys = [column.name for column in table.primary_key]
    others = {name: build.excluded[name] for name in columns if name not in keys}
    statement: Insert = build.on_conflict_do_update(index_elements=keys, set_=others)
    return statement


def insert_for(dialect: str) -> Callable[[Table], Any]:
    """The INSERT … ON CONFLICT of a dialect."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


def hold_alone(store: Store) -> IO[str] | None:
    """Take the SQLite file for this process until the returned handle is closed; PostgreSQL needs no such thing."""
    if store.path is None:
        return None
    handle = store.path.with_suffix(store.path.suffix + ".lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise StoreError(
            f"store: {store.path.name} is already served by another process; SQLite allows one. "
            "Stop it first, or use store.url = postgresql://… for many processes"
        ) from None
    return handle


def _sqlite_manners(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    # A deferred transaction that writes later may fail with "database is locked" at once; IMMEDIATE waits.
    options = connection.get_execution_options()
    reading = options.get("reading", False)
    if not reading:
        # Heeded only between transactions; a connection goes from hand to hand, so it is said every time.
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('at_once', True) else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
