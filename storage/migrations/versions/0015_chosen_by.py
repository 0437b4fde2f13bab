"""Who chose a role that is mentioned or given, and why it no longer is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

DENIED = (
    "everybody", "missing", "left", "demoted", "may_not", "too_high", "powerful", "managed", "bot_may_not",
    "bot_too_low",
)  # fmt: skip
NOTICES = (
    "failed", "failed_by_hand", "paused", "pause_unended", "reward_failed", "mention_stopped",
    "reward_stopped", "written",
)  # fmt: skip


def upgrade() -> None:
    """A role that was chosen before counts as chosen by whoever set the group up, if they may use it."""
    for what in ("calls", "reward"):
        op.add_column("study_group", sa.Column(f"{what}_by", sa.Text(), nullable=False, server_default=""))
        op.execute(
            f"ALTER TABLE study_group ADD COLUMN {what}_denied TEXT "
            f"CONSTRAINT ck_study_group_{what}_denied CHECK ({what}_denied IN ({_listed(DENIED)}))"
        )
        op.execute(f"UPDATE study_group SET {what}_by = organiser_id WHERE {what} <> ''")  # noqa: S608
    _rename_kinds()


def _rename_kinds() -> None:
    """Let a notice be of the new kinds too: a condition on a column can't be changed in a file."""
    condition = f"CONSTRAINT ck_notice_kind CHECK (kind IN ({_listed(NOTICES)}))"
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE notice DROP CONSTRAINT ck_notice_kind")
        op.execute(f"ALTER TABLE notice ADD {condition}")
        return
    op.alter_column("notice", "kind", new_column_name="old_kind")
    op.execute(f"ALTER TABLE notice ADD COLUMN kind TEXT DEFAULT 'written' NOT NULL {condition}")
    op.execute("UPDATE notice SET kind = old_kind")
    op.drop_column("notice", "old_kind")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)
