"""Which post mentions the role of its group on a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Posts from before no longer name the role when they are edited; nobody is notified by an edit."""
    op.add_column("post", sa.Column("mentions_on", sa.Text(), nullable=True))
    mentioning = sa.text("mentions_on IS NOT NULL")
    op.create_index(
        "uq_post_group_id_mentions_on",
        "post",
        ["group_id", "mentions_on"],
        unique=True,
        sqlite_where=mentioning,
        postgresql_where=mentioning,
    )
