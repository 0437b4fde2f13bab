"""Pauses with an end, dates on which a group posts nothing, and a count of faults in planning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    """No pause that there is has an end, and no group skips a date."""
    for name, kind in (("resume_on", TEXT), ("resume_at", INT), ("skipped", TEXT)):
        op.add_column("study_group", sa.Column(name, kind, nullable=True))
    op.add_column("schedule", sa.Column("put_offs", INT, nullable=False, server_default="0"))
    ending = sa.text("resume_at IS NOT NULL")
    op.create_index(
        "ix_study_group_resume_at",
        "study_group",
        ["resume_at"],
        sqlite_where=ending,
        postgresql_where=ending,
    )
