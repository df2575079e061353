"""The schema's history, run from code: SQLite mends itself after a backup copy, PostgreSQL by `migrate` only."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from config.errors import StoreError
from store.database import Store

HERE = Path(__file__).parent


def newest(scripts: Path = HERE) -> str:
    """The revision this code is written for."""
    return str(ScriptDirectory(str(scripts)).get_current_head())


def found(store: Store) -> str | None:
    """The revision the store is at; None when it is empty."""
    with store.reading() as tx:
        return MigrationContext.configure(tx).get_current_revision()


def migrate(store: Store, scripts: Path = HERE) -> str:
    """Bring the store to the newest revision; a non-empty SQLite file is copied first. Returns what was done."""
    at, target = found(store), newest(scripts)
    if at == target:
        return f"store: already at {target}"
    _refuse_newer(at, scripts)
    copy = _back_up(store, at, target) if at else None
    with store.engine.connect() as connection:
        _upgrade(connection, scripts)
    return f"store: {at or 'empty'} -> {target}" + (f" (backup: {copy.name})" if copy else "")


def make_ready(store: Store) -> None:
    """SQLite: migrate at once. PostgreSQL: refuse a schema that is not ours, naming the command that mends it."""
    at = found(store)
    if at == newest():
        return
    if store.is_sqlite:
        migrate(store)
        return
    _refuse_newer(at, HERE)
    raise StoreError(
        f"store: the schema is at {at or 'nothing'}, this version needs {newest()}; run ./goldenhour migrate first"
    )


def _refuse_newer(at: str | None, scripts: Path) -> None:
    known = {revision.revision for revision in ScriptDirectory(str(scripts)).walk_revisions()}
    if at is not None and at not in known:
        raise StoreError(f"store: schema {at} was written by a newer version of Golden Hour; use that version")


def _back_up(store: Store, at: str, target: str) -> Path | None:
    if store.path is None:
        return None
    copy = store.path.with_name(f"{store.path.name}.before-{target}-from-{at}")
    with closing(sqlite3.connect(store.path)) as source, closing(sqlite3.connect(copy)) as kept:
        source.backup(kept)
    return copy


def _upgrade(connection: Connection, scripts: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
