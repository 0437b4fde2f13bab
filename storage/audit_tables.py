"""The table of what organisers have done. No condition lists its actions, as new ones will come."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.audit import ActorKind, AuditAction
from storage.columns import INT, TEXT, Data, Instant, Named
from storage.table_parts import id_column, index, may, must, refers, table, text

# ``before`` and ``after`` hold what changed, by name. ``actor_id`` and ``about_id`` are accounts of people.
audit = table(
    "audit",
    id_column(),
    *must(Instant, "at"),
    *must(TEXT, "platform", "workspace"),
    *must(Named(AuditAction), "action"),
    *must(Named(ActorKind), "actor_kind"),
    text("actor_id"),
    text("actor_name"),
    *may(INT, "group_id"),
    text("about_id"),
    text("about_name"),
    sa.Column("before", Data, nullable=False, server_default="{}"),
    sa.Column("after", Data, nullable=False, server_default="{}"),
    refers("group_id", "study_group"),
    index("ix_audit_platform_workspace_id", "platform", "workspace", "id"),
    index("ix_audit_group_id", "group_id", "id"),
)
