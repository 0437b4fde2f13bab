"""The zone that a member's profile said last: a profile that changes is followed, one that stays is not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing is known of the profiles of those who are there."""
    op.add_column("member", sa.Column("profile_zone", sa.Text(), nullable=True))
