"""One table for what any platform keeps; installations are rows of it, and have no table of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

INSTANT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    """Create the table; an app that was installed in workspaces is installed there again."""
    op.create_table(
        "platform_state",
        *(sa.Column(name, TEXT, nullable=False) for name in ("platform", "namespace", "key")),
        *(sa.Column(name, TEXT, nullable=False) for name in ("value", "revision")),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("platform", "namespace", "key", name="pk_platform_state"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_platform_state_expires_at",
        "platform_state",
        ["expires_at"],
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.drop_table("installed_bot")
