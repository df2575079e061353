"""Facts with documents, verifiers and a chain; the 5W1H grid, the claim board, crisis clusters, regulatory clocks."""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

from store.columns import Moment
from store.fact_chain import digest

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.String(length=32)
_PERSON = sa.String(length=40)
# What a fact written before this version says of itself beside its old columns.
_UNSAID = {"cell": "", "second_source": "", "sha256": "", "captured_at": None, "snapshot": "", "verified_by": ""}
_UNSAID |= {"verified_at": None, "supersedes": ""}


def upgrade() -> None:
    empty = sa.text("''")
    for name, kind in (("cell", sa.String(length=8)), ("second_source", sa.Text()), ("sha256", sa.String(length=64))):
        op.add_column("facts", sa.Column(name, kind, nullable=False, server_default=empty))
    for name, kind in (("snapshot", _ID), ("verified_by", _PERSON), ("supersedes", _ID), ("hash", sa.String(64))):
        op.add_column("facts", sa.Column(name, kind, nullable=False, server_default=empty))
    op.add_column("facts", sa.Column("captured_at", Moment()))
    op.add_column("facts", sa.Column("verified_at", Moment()))
    op.add_column("facts", sa.Column("seq", sa.Integer(), nullable=False, server_default=sa.text("0")))
    _chain()
    op.create_index("ix_facts_incident_seq", "facts", ["incident", "seq"], unique=True)
    _cells()
    _claims()
    _attributions()
    _legal_marks()


def _chain() -> None:
    """Facts that are there already get their place in the chain of their incident."""
    names = ["id", "incident", "label", "version", "slot", "zh", "en", "status", "scope", "source", "evidence", "who"]
    table = sa.table(
        "facts", *(sa.column(name) for name in names), sa.column("at", Moment()), sa.column("seq"), sa.column("hash")
    )
    link = op.get_bind()
    found = link.execute(sa.select(table).order_by(table.c.incident, table.c.at, table.c.id)).all()
    for _, rows in groupby(found, key=lambda row: row.incident):
        before = ""
        for seq, row in enumerate(rows, start=1):
            before = digest({**row._mapping, **_UNSAID, "seq": seq}, before)
            link.execute(sa.update(table).where(table.c.id == row.id).values(seq=seq, hash=before))


def _cells() -> None:
    op.create_table(
        "fact_cells",
        sa.Column("incident", _ID, nullable=False),
        sa.Column("cell", sa.String(length=8), nullable=False),
        sa.Column("owner", _PERSON, nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("who", _PERSON, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name="fk_fact_cells_incident"),
        sa.PrimaryKeyConstraint("incident", "cell", name="pk_fact_cells"),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident", _ID, nullable=False),
        sa.Column("label", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("who", _PERSON, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answer_zh", sa.Text(), nullable=False),
        sa.Column("answer_en", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("captured_at", Moment()),
        sa.Column("snapshot", _ID, nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("urls", sa.JSON(), nullable=False),
        sa.Column("owner", _PERSON, nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name="fk_claims_incident"),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
        sa.UniqueConstraint("incident", "label", "version", name="uq_claims_incident_label_version"),
    )


def _attributions() -> None:
    op.create_table(
        "attributions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident", _ID, nullable=False),
        sa.Column("cluster", sa.String(length=24), nullable=False),
        sa.Column("history", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", _PERSON, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name="fk_attributions_incident"),
        sa.PrimaryKeyConstraint("id", name="pk_attributions"),
    )
    op.create_index("ix_attributions_incident", "attributions", ["incident"])


def _legal_marks() -> None:
    op.create_table(
        "legal_marks",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident", _ID, nullable=False),
        sa.Column("line", _PERSON, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("who", _PERSON, nullable=False),
        sa.Column("noted_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name="fk_legal_marks_incident"),
        sa.PrimaryKeyConstraint("id", name="pk_legal_marks"),
    )
    op.create_index("ix_legal_marks_incident", "legal_marks", ["incident"])
