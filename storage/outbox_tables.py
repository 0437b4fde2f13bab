"""The outbox, whatever the kind of delivery, and the facts behind it: rewards, reminders and notices."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.deliveries import DeliveryKind
from bot.domain.reasons import NoticeKind
from storage.columns import INT, TEXT, Data, Flag, Instant, LocalDate, Named, WallTime
from storage.table_parts import check, id_column, index, key, may, must, named, refers, table, text

# Conditions of partial indexes, as in ``storage.tables``.
HAS_REVIEW = "review_at IS NOT NULL"
IS_ON = "due_at IS NOT NULL"
IS_ABOUT_MEMBER = "member_id IS NOT NULL"
IS_ABOUT_ACCOUNT = "user_id <> ''"

# ``wanted`` is what should be, ``granted`` what the platform was last told: 0 or 1, and 2 while that is in
# doubt. ``review_at`` is when the streak behind it must be reviewed.
reward = table(
    "reward",
    *key(INT, "group_id", "member_id"),
    *key(TEXT, "role"),
    *must(Flag, "wanted"),
    *must(INT, "granted"),
    *must(Instant, "changed_at"),
    *may(Instant, "review_at"),
    refers("group_id", "study_group"),
    refers("member_id", "member"),
    check("wanted", "wanted IN (0, 1)"),
    check("granted", "granted IN (0, 1, 2)"),
    index("ix_reward_review_at", "review_at", where=HAS_REVIEW),
    clustered=True,
)

# ``due_at`` is when the next one is due; empty when it is off.
reminder = table(
    "reminder",
    *key(INT, "member_id"),
    *must(TEXT, "platform"),
    *must(WallTime, "wall_time"),
    *must(TEXT, "zone"),
    *may(LocalDate, "next_date", "last_date"),
    *may(Instant, "due_at"),
    *must(Flag, "closed"),
    *may(Instant, "reminded_at"),
    sa.Column("unanswered", INT, nullable=False, server_default="0"),
    refers("member_id", "member"),
    check("closed", "closed IN (0, 1)"),
)

# What an organiser must hear, once a subject: ``data`` is what the sentence of its kind is made of.
# ``delivered_at`` is empty until somebody has heard it; what is still to be told is in the outbox.
notice = table(
    "notice",
    id_column(),
    *must(INT, "group_id"),
    *must(TEXT, "subject"),
    *must(Instant, "created_at"),
    *may(Instant, "delivered_at"),
    sa.Column("data", Data, nullable=False, server_default="{}"),
    named("notice", "kind", NoticeKind, NoticeKind.WRITTEN),
    refers("group_id", "study_group"),
    sa.UniqueConstraint("group_id", "subject"),
)

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
delivery.add_is_dependent_on(reward)  # so that staged rewards are written before what follows from them
