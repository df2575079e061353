"""Answers of the Q&A sheet, each change a version, and the library of answers that outlive their crisis."""

import sqlalchemy as sa
from alembic import op

from store.columns import Moment, Words

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.String(length=32)
_PERSON = sa.String(length=40)
_WORD = sa.String(length=24)


def upgrade() -> None:
    op.create_table(
        "sheet_answers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident", _ID, nullable=False),
        sa.Column("qid", _WORD, nullable=False),
        sa.Column("lang", sa.String(length=4), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asker", _WORD, nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("status", _WORD, nullable=False),
        sa.Column("rests_on", Words(), nullable=False),
        sa.Column("refer", sa.Text(), nullable=False),
        sa.Column("reason", _WORD, nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("bridge", sa.Text(), nullable=False),
        sa.Column("avoid", sa.Text(), nullable=False),
        sa.Column("owner", _PERSON, nullable=False),
        sa.Column("author", _PERSON, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("approved_by", _PERSON, nullable=False),
        sa.Column("approved_at", Moment()),
        sa.Column("valid_until", Moment()),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name="fk_sheet_answers_incident"),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_answers"),
        sa.UniqueConstraint("incident", "qid", "lang", "version", name="uq_sheet_answers_incident_qid_lang_version"),
    )
    op.create_table(
        "answer_library",
        sa.Column("id", _ID, nullable=False),
        sa.Column("category", _PERSON, nullable=False),
        sa.Column("qid", _WORD, nullable=False),
        sa.Column("lang", sa.String(length=4), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("status", _WORD, nullable=False),
        sa.Column("bridge", sa.Text(), nullable=False),
        sa.Column("who", _PERSON, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("dropped_at", Moment()),
        sa.Column("dropped_by", _PERSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_library"),
    )
    op.create_index("ix_answer_library_lang", "answer_library", ["lang", "category"])
