"""A question's points count when it closes, and each recap has a window of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
DAYS_BACK = 7 * 24 * 60 * 60 * 1_000_000
"""A week in microseconds: how far a recap looked back until now."""


def upgrade() -> None:
    """Keep what was counted; the next recap goes on where the last one ended."""
    op.drop_index("ix_answer_group_id_happened_at", "answer")
    op.drop_index("ix_activity_group_id_happened_at", "activity")
    op.create_index("ix_activity_group_id_id", "activity", ["group_id", "id"])
    op.create_table(
        "settlement",
        sa.Column("id", INT, nullable=False),
        sa.Column("post_id", INT, nullable=False),
        sa.Column("group_id", INT, nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_settlement"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_settlement_post_id"),
        sa.ForeignKeyConstraint(["group_id"], ["study_group.id"], name="fk_settlement_group_id"),
        sa.UniqueConstraint("post_id", name="uq_settlement_post_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_settlement_group_id_id", "settlement", ["group_id", "id"])
    numbers = ("acts_after", "acts_until", "settled_after", "settled_until")
    op.create_table(
        "recap_window",
        sa.Column("id", INT, nullable=False),
        sa.Column("post_id", INT, nullable=False),
        sa.Column("group_id", INT, nullable=False),
        sa.Column("since", INT, nullable=False),
        sa.Column("until", INT, nullable=False),
        *(sa.Column(name, INT, nullable=False) for name in numbers),
        sa.PrimaryKeyConstraint("id", name="pk_recap_window"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_recap_window_post_id"),
        sa.ForeignKeyConstraint(["group_id"], ["study_group.id"], name="fk_recap_window_group_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_recap_window_group_id_id", "recap_window", ["group_id", "id"])
    op.create_index("ix_recap_window_post_id", "recap_window", ["post_id"])
    op.execute(
        sa.text(
            "INSERT INTO recap_window (post_id, group_id, since, until, acts_after, acts_until,"
            " settled_after, settled_until)"
            " SELECT post.id, post.group_id, post.sent_at - :back, post.sent_at, 0,"
            " (SELECT coalesce(max(activity.id), 0) FROM activity"
            " WHERE activity.group_id = post.group_id AND activity.happened_at < post.sent_at), 0, 0"
            " FROM post WHERE post.kind = 'recap' AND post.state = 'sent' AND post.id ="
            " (SELECT max(newest.id) FROM post AS newest WHERE newest.group_id = post.group_id"
            " AND newest.kind = 'recap' AND newest.state = 'sent')"
        ).bindparams(back=DAYS_BACK)
    )
