"""The schema's history leads exactly to the tables the code speaks of, from every state a store can be in."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert

from config.errors import StoreError
from monitor.identity import url_key
from store import heard, migrations, search
from store.database import Store, hold_alone
from store.tables import mentions, metadata
from tests.worlds.older import scripts_until

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def test_the_migrations_build_the_very_tables_of_the_code(store):
    # What the full-text index keeps for itself is no table of ours.
    ours = {"include_name": lambda name, kind, parent: not (kind == "table" and name.startswith("search_pairs"))}
    with store.reading() as tx:
        assert compare_metadata(MigrationContext.configure(tx, opts=ours), [metadata, search.lite]) == []


NEXT = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "9998", "{newest}", None, None


def upgrade() -> None:
    op.execute("CREATE TABLE later (word TEXT)")
"""


def test_an_older_store_is_copied_before_it_is_upgraded(store, tmp_path):
    scripts = tmp_path / "scripts"
    shutil.copytree(migrations.HERE, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    newest = migrations.newest()
    (scripts / "versions" / "9998_later.py").write_text(NEXT.format(newest=newest))
    said = migrations.migrate(store, scripts)
    copy = tmp_path / f"test.db.before-9998-from-{newest}"
    assert said == f"store: {newest} -> 9998 (backup: {copy.name})"
    assert migrations.found(store) == "9998"
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == (newest,)
    with pytest.raises(StoreError, match="newer version"):
        migrations.migrate(store)


def test_what_was_heard_under_long_keys_is_known_again_under_short_ones(tmp_path):
    scripts = scripts_until("0014", tmp_path)
    old = Store(f"sqlite:///{tmp_path}/old.db")
    migrations.migrate(old, scripts)
    address = "https://news.example/a/17"
    with old.transaction() as tx:
        whole = sha256(b"news.example/a/17?#").hexdigest()
        row = {"id": "m", "source": "s", "platform": "p", "ext_id": "1", "event_at": NOW, "first_seen_at": NOW}
        tx.execute(insert(mentions), [row | {"url_key": whole}])
    migrations.migrate(old)
    with old.reading() as tx:
        assert [one.ext_id for one in heard.by_url(tx, {("p", url_key(address, "article"))})] == ["1"]
    old.close()


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "new.db"
    with closing(sqlite3.connect(path)) as new, new:
        new.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        new.execute("INSERT INTO alembic_version VALUES ('9999')")
    opened = Store(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="9999 was written by a newer version"):
        migrations.make_ready(opened)
    opened.close()
    with closing(sqlite3.connect(path)) as same:
        tables = same.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("alembic_version",)]


def test_a_second_process_on_the_same_file_is_refused(store):
    first = hold_alone(store)
    with pytest.raises(StoreError, match="already served by another process"):
        hold_alone(store)
    first.close()
    hold_alone(store).close()
