"""Names of members in each of their groups: a name belongs to the place where it is used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Everybody begins with the one name that was known of them, until they act in the group again."""
    op.add_column("membership", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE membership SET name = (SELECT name FROM member WHERE member.id = membership.member_id)"
    )
