"""The audit of what organisers do. Those who were named have a name, and are looked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()


def upgrade() -> None:
    """Nothing is known of earlier actions."""
    op.create_table(
        "audit",
        sa.Column("id", INT, nullable=False),
        sa.Column("at", INT, nullable=False),
        *(
            sa.Column(name, TEXT, nullable=False)
            for name in ("platform", "workspace", "action", "actor_kind")
        ),
        *(_text(name) for name in ("actor_id", "actor_name")),
        sa.Column("group_id", INT, nullable=True),
        *(_text(name) for name in ("about_id", "about_name")),
        *(_text(name, "{}") for name in ("before", "after")),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.ForeignKeyConstraint(["group_id"], ["study_group.id"], name="fk_audit_group_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_platform_workspace_id", "audit", ["platform", "workspace", "id"])
    op.create_index("ix_audit_group_id", "audit", ["group_id", "id"])
    op.add_column("organiser", _text("name"))
    op.add_column("organiser", sa.Column("seen_at", INT, nullable=False, server_default="0"))


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False, server_default=default)
