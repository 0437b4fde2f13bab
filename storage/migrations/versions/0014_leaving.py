"""Members who leave a group are off its boards and counts, and come back with all that they had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Integer()


def upgrade() -> None:
    """Nobody is known to have left yet; platforms that can are asked from the next day on."""
    op.add_column("membership", sa.Column("left_at", INT, nullable=True))
    op.add_column("membership", sa.Column("left_by_choice", FLAG, nullable=False, server_default="0"))
    op.add_column("membership", sa.Column("seen_at", INT, nullable=False, server_default="0"))
    for name, column, condition in (
        ("ix_membership_seen_at", "seen_at", "left_at IS NULL"),
        ("ix_membership_left", "group_id", "left_at IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(name, "membership", [column], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "absence",
        sa.Column("id", INT, nullable=False),
        *(sa.Column(name, INT, nullable=False) for name in ("member_id", "group_id", "left_at", "back_at")),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_absence_member_id"),
        sa.ForeignKeyConstraint(["group_id"], ["study_group.id"], name="fk_absence_group_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_absence_member_id_group_id", "absence", ["member_id", "group_id"])
