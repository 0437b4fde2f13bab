"""Practice asks what is open in any group: an index of the questions that are planned or open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

WAITING = "kind = 'quiz' AND state IN ('planned', 'sent')"


def upgrade() -> None:
    """The rows stay as they are."""
    op.create_index(
        "ix_post_content_id_group_id",
        "post",
        ["content_id", "group_id"],
        sqlite_where=sa.text(WAITING),
        postgresql_where=sa.text(WAITING),
    )
