"""Tables for what a platform's library keeps of an app that is installed in many workspaces."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
INSTANT = sa.DateTime().with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the library's tables."""
    op.create_table(
        "installed_bot",
        sa.Column("id", INT, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("client_id", "app_id")),
        *(
            sa.Column(name, TEXT, nullable=True)
            for name in ("enterprise_id", "enterprise_name", "team_id", "team_name", "bot_token", "bot_id")
        ),
        *(
            sa.Column(name, TEXT, nullable=True)
            for name in ("bot_user_id", "bot_scopes", "bot_refresh_token")
        ),
        sa.Column("bot_token_expires_at", INSTANT, nullable=True),
        sa.Column("is_enterprise_install", FLAG, nullable=False),
        sa.Column("installed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installed_bot"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_installed_bot_client_id_team_id_installed_at",
        "installed_bot",
        ["client_id", "team_id", "installed_at"],
    )
    op.create_table(
        "oauth_state",
        sa.Column("id", INT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("expire_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_state"),
        sqlite_strict=True,
    )
    op.create_index("ix_oauth_state_state", "oauth_state", ["state"])
