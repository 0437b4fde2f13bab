"""A group may move, and its old messages stay. Organisers become rows. Notices go to others, too."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

TEXT = sa.Text()
RUNGS = ("organiser", "named", "managers", "channel")


def upgrade() -> None:
    """Whoever was named before is named still."""
    op.create_table(
        "organiser",
        *(sa.Column(name, TEXT, nullable=False) for name in ("platform", "workspace", "user_id")),
        sa.PrimaryKeyConstraint("platform", "workspace", "user_id", name="pk_organiser"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_organiser_platform_user_id", "organiser", ["platform", "user_id"])
    op.create_index(
        "ix_study_group_organiser",
        "study_group",
        ["organiser_platform", "organiser_workspace", "organiser_id"],
    )
    op.add_column("post", sa.Column("channel", TEXT, nullable=True))
    listed = ", ".join(f"'{name}'" for name in RUNGS)
    op.execute(
        "ALTER TABLE notice ADD COLUMN rung TEXT DEFAULT 'organiser' NOT NULL "
        f"CONSTRAINT ck_notice_rung CHECK (rung IN ({listed}))"
    )
    op.add_column("notice", sa.Column("passed", TEXT, nullable=False, server_default=""))
    _take_over()


def _take_over() -> None:
    """Who was named stood in notes until now: ``organisers <platform> <workspace>``, a list of ids."""
    connection = op.get_bind()
    organiser = sa.table("organiser", *(sa.column(name) for name in ("platform", "workspace", "user_id")))
    note = sa.table("note", sa.column("name"), sa.column("value"))
    old = note.c.name.like("organisers %")
    for name, value in connection.execute(sa.select(note.c.name, note.c.value).where(old)).all():
        _, platform, workspace = name.split(" ", 2)
        for user_id in sorted(set(json.loads(value))):
            row = {"platform": platform, "workspace": workspace, "user_id": user_id}
            connection.execute(sa.insert(organiser).values(row))
    connection.execute(sa.delete(note).where(old))
