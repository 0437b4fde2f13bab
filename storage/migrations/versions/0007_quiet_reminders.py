"""What a member was last reminded at and how often in vain, and which post mentions the role of a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    """Nobody has been reminded yet. No post has mentioned a role on its day."""
    op.add_column("reminder", sa.Column("reminded_at", INT, nullable=True))
    op.add_column("reminder", sa.Column("unanswered", INT, nullable=False, server_default="0"))
    op.add_column("post", sa.Column("mentions_on", TEXT, nullable=True))
    mentioning = sa.text("mentions_on IS NOT NULL")
    op.create_index(
        "uq_post_group_id_mentions_on",
        "post",
        ["group_id", "mentions_on"],
        unique=True,
        sqlite_where=mentioning,
        postgresql_where=mentioning,
    )
