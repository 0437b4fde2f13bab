"""States of installations are no longer stored: they say by themselves who made them and when."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Whoever is installing right now starts again; a state was good for ten minutes."""
    op.drop_table("oauth_state")
