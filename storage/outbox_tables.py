"""The outbox: what is owed to platforms, whatever its kind."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.deliveries import DeliveryKind
from storage.columns import INT, TEXT, Data, Instant, Named
from storage.promise_tables import badge
from storage.table_parts import check, id_column, index, may, must, refers, table, text

# Conditions of partial indexes, as in ``storage.tables``.
IS_ABOUT_MEMBER = "member_id IS NOT NULL"
IS_ABOUT_ACCOUNT = "user_id <> ''"

# Read ``bot.domain.deliveries`` for the columns. The kinds are in no CHECK, so that a new one needs no
# migration.
delivery = table(
    "delivery",
    id_column(),
    *must(Named(DeliveryKind), "kind"),
    *must(TEXT, "platform", "workspace", "subject"),
    *must(Data, "payload"),
    *may(INT, "group_id", "member_id"),
    text("user_workspace"),
    text("user_id"),
    *must(Instant, "due_at"),
    *must(INT, "attempts", "revision"),
    text("error"),
    refers("group_id", "study_group"),
    refers("member_id", "member"),
    sa.UniqueConstraint("kind", "subject"),
    check("attempts", "attempts >= 0"),
    index("ix_delivery_kind_due_at", "kind", "due_at"),
    index("ix_delivery_member_id", "member_id", where=IS_ABOUT_MEMBER),
    index("ix_delivery_platform_user_id", "platform", "user_id", where=IS_ABOUT_ACCOUNT),
)
delivery.add_is_dependent_on(badge)  # so that staged rewards are written before what follows from them
