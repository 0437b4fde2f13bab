"""Nobody has a name beside those that they have in their groups."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Drop what somebody was called where they were first met."""
    op.drop_column("member", "name")
