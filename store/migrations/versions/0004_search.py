"""Search: an index of the letters that stand together in mentions, filled from those that are there."""

import sys

import sqlalchemy as sa
from alembic import op

from store import search

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 2000


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.create_table(
            "search_pairs",
            sa.Column("mention", sa.String(length=32), nullable=False),
            sa.Column("pairs", sa.ARRAY(sa.Integer()), nullable=False),
            sa.PrimaryKeyConstraint("mention", name=op.f("pk_search_pairs")),
        )
        _fill(connection)
        op.create_index(op.f("ix_search_pairs_pairs"), "search_pairs", ["pairs"], postgresql_using="gin")
        return
    op.create_table(
        "search_numbers",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mention", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_numbers")),
        sa.UniqueConstraint("mention", name=op.f("uq_search_numbers_mention")),
    )
    # Without FTS5 there is no such table, and searching reads the texts themselves.
    if connection.execute(sa.text("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'")).first():
        op.execute(search.FTS)
        _fill(connection)


def _fill(connection: sa.Connection) -> None:
    """In batches, by id; says how far it is when there is much to do."""
    total = connection.execute(sa.text("SELECT count(*) FROM mentions")).scalar_one()
    done, last = 0, ""
    batch = sa.text("SELECT id, title, text FROM mentions WHERE id > :last ORDER BY id LIMIT :most")
    while rows := connection.execute(batch, {"last": last, "most": BATCH}).all():
        search.enter(connection, [(row.id, row.title, row.text) for row in rows])
        done, last = done + len(rows), rows[-1].id
        if total > BATCH:
            sys.stderr.write(f"store: search index {done} of {total} mentions\n")
