"""Facts behind deliveries: who has earned a reward, who is reminded, and what organisers were told."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain.reasons import NoticeKind
from storage.columns import INT, TEXT, Data, Flag, Instant, LocalDate, WallTime
from storage.table_parts import check, id_column, index, key, may, must, named, refers, table

# Conditions of partial indexes, as in ``storage.tables``.
IS_WATCHED = "look_at IS NOT NULL"
IS_ON = "due_at IS NOT NULL"

# ``wanted`` is what should be, ``settled`` what the platform was last told: 0 or 1, and 2 while that is in
# doubt. ``look_at`` is when the streak behind it must be looked at again.
badge = table(
    "badge",
    *key(INT, "group_id", "member_id"),
    *key(TEXT, "audience"),
    *must(Flag, "wanted"),
    *must(INT, "settled"),
    *must(Instant, "changed_at"),
    *may(Instant, "look_at"),
    refers("group_id", "study_group"),
    refers("member_id", "member"),
    check("wanted", "wanted IN (0, 1)"),
    check("settled", "settled IN (0, 1, 2)"),
    index("ix_badge_look_at", "look_at", where=IS_WATCHED),
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
# ``told_at`` is empty until somebody has heard it; what is still to be told is in the outbox.
notice = table(
    "notice",
    id_column(),
    *must(INT, "group_id"),
    *must(TEXT, "subject"),
    *must(Instant, "created_at"),
    *may(Instant, "told_at"),
    sa.Column("data", Data, nullable=False, server_default="{}"),
    named("notice", "kind", NoticeKind, NoticeKind.WRITTEN),
    refers("group_id", "study_group"),
    sa.UniqueConstraint("group_id", "subject"),
)
