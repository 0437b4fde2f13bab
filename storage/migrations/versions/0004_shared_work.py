"""Edits and notices are claimed, as posts are, so that several processes share them."""

from __future__ import annotations

import datetime as dt
import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
STALE = sa.text("state IN ('sent', 'closed') AND version > shown_version")
UNTOLD = sa.text("claimable_at IS NOT NULL")
_OLD = "name = 'untold' OR name LIKE 'told-%'"


def upgrade() -> None:
    """Every message may be edited at once; what organisers are owed becomes rows."""
    op.drop_index("ix_post_stale_rank", "post")
    op.drop_column("post", "stale_rank")
    op.add_column("post", sa.Column("edit_at", INT, nullable=False, server_default="0"))
    op.create_index("ix_post_edit_at", "post", ["edit_at"], sqlite_where=STALE, postgresql_where=STALE)
    op.create_table(
        "notice",
        sa.Column("id", INT, nullable=False),
        sa.Column("group_id", INT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("sentence", TEXT, nullable=False),
        sa.Column("owed_at", INT, nullable=False),
        sa.Column("tries", INT, nullable=False),
        sa.Column("claimable_at", INT, nullable=True),
        sa.Column("told_at", INT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.ForeignKeyConstraint(["group_id"], ["study_group.id"], name="fk_notice_group_id"),
        sa.UniqueConstraint("group_id", "subject", name="uq_notice_group_id_subject"),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_notice_tries")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_notice_claimable_at", "notice", ["claimable_at"], sqlite_where=UNTOLD, postgresql_where=UNTOLD
    )
    _take_over()


def _take_over() -> None:
    """Carry over what stood in notes until now: a list of what is owed, and of what was told lately."""
    connection = op.get_bind()
    names = ("group_id", "subject", "sentence", "owed_at", "tries", "claimable_at")
    notice = sa.table("notice", *(sa.column(name) for name in names))
    for value in connection.scalars(sa.text("SELECT value FROM note WHERE name = 'untold'")).all():
        for owed in json.loads(value):
            at = _microseconds(owed["at"])
            row = {"group_id": owed["group_id"], "subject": f"before {owed['key']}", "owed_at": at}
            row |= {"sentence": owed["sentence"], "tries": owed["tries"], "claimable_at": at}
            connection.execute(sa.insert(notice).values(row))
    connection.execute(sa.text(f"DELETE FROM note WHERE {_OLD}"))  # noqa: S608 - no word of a user's


def _microseconds(at: str) -> int:
    """Of an instant in ISO form since 1970; 0 when there is none."""
    return int(dt.datetime.fromisoformat(at).timestamp()) * 1_000_000 if at else 0
