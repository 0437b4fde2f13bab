"""When a member was last reminded, and how often in vain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nobody has been reminded yet."""
    op.add_column("reminder", sa.Column("reminded_at", INT, nullable=True))
    op.add_column("reminder", sa.Column("unanswered", INT, nullable=False, server_default="0"))
