"""The first schema."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Spelt out here, and not taken from ``storage.tables``: a revision must stay what it was.
INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL = sa.Integer()
TEXT = sa.Text()


def upgrade() -> None:
    """Create every table."""
    _people()
    _groups_and_posts()
    _learning()
    _community()
    _promises()


def _create(name: str, *items: sa.schema.SchemaItem, clustered: bool = False) -> None:
    op.create_table(name, *items, sqlite_strict=True, sqlite_with_rowid=not clustered)


def _id() -> sa.Column[int]:
    return sa.Column("id", INT, nullable=False)


def _must(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False, autoincrement=False) for name in names]


def _may(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _check(name: str, condition: str) -> sa.CheckConstraint:
    # ``op.f`` says that the name is whole already, so that no convention is applied to it.
    return sa.CheckConstraint(condition, name=op.f(name))


def _index(
    name: str, table: str, columns: list[str], *, where: str | None = None, unique: bool = False
) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _people() -> None:
    _create(
        "member",
        _id(),
        *_must(TEXT, "name"),
        *_must(INT, "joined_at"),
        *_may(TEXT, "zone"),
        *_may(SMALL, "rest_days"),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        _check("ck_member_rest_days", "rest_days BETWEEN 0 AND 127"),
    )
    _create(
        "account",
        _id(),
        *_must(TEXT, "platform", "workspace", "user_id"),
        *_must(INT, "member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        _refers("account", "member_id", "member"),
        sa.UniqueConstraint(
            "platform", "workspace", "user_id", name="uq_account_platform_workspace_user_id"
        ),
    )
    _index("ix_account_member_id", "account", ["member_id"])
    _create(
        "zone_change",
        _id(),
        *_must(INT, "member_id", "at"),
        *_must(TEXT, "zone"),
        sa.PrimaryKeyConstraint("id", name="pk_zone_change"),
        _refers("zone_change", "member_id", "member"),
    )
    _index("ix_zone_change_member_id_at", "zone_change", ["member_id", "at"])
    _create(
        "rest_days_change",
        _id(),
        *_must(INT, "member_id", "at"),
        *_must(SMALL, "days"),
        sa.PrimaryKeyConstraint("id", name="pk_rest_days_change"),
        _refers("rest_days_change", "member_id", "member"),
        _check("ck_rest_days_change_days", "days BETWEEN 0 AND 127"),
    )
    _index("ix_rest_days_change_member_id_at", "rest_days_change", ["member_id", "at"])


def _groups_and_posts() -> None:
    _create(
        "study_group",
        _id(),
        *_must(TEXT, "platform", "workspace", "channel"),
        *_must(SMALL, "direct"),
        *_must(TEXT, "pack", "zone"),
        *_must(INT, "created_at"),
        *_must(TEXT, "organiser_platform", "organiser_workspace", "organiser_id"),
        *_may(INT, "paused_at"),
        *_must(TEXT, "pause_reason", "calls", "calls_name", "reward", "reward_name"),
        *_must(INT, "reward_days"),
        sa.PrimaryKeyConstraint("id", name="pk_study_group"),
        sa.UniqueConstraint(
            "platform", "workspace", "channel", name="uq_study_group_platform_workspace_channel"
        ),
        _check("ck_study_group_direct", "direct IN (0, 1)"),
        _check("ck_study_group_reward_days", "reward_days >= 0"),
    )
    _create(
        "membership",
        *_must(INT, "member_id", "group_id", "joined_at"),
        sa.PrimaryKeyConstraint("member_id", "group_id", name="pk_membership"),
        _refers("membership", "member_id", "member"),
        _refers("membership", "group_id", "study_group"),
        clustered=True,
    )
    _index("ix_membership_group_id", "membership", ["group_id"])
    _create(
        "schedule",
        _id(),
        *_must(INT, "group_id"),
        *_must(TEXT, "kind", "wall_time"),
        *_must(SMALL, "days"),
        *_must(TEXT, "zone"),
        *_may(INT, "next_due_at"),
        *_may(TEXT, "next_date"),
        *_must(INT, "failures"),
        *_must(SMALL, "enabled"),
        sa.PrimaryKeyConstraint("id", name="pk_schedule"),
        _refers("schedule", "group_id", "study_group"),
        sa.UniqueConstraint("group_id", "kind", name="uq_schedule_group_id_kind"),
        _check("ck_schedule_kind", "kind IN ('prompt', 'quiz', 'challenge', 'recap')"),
        _check("ck_schedule_days", "days BETWEEN 0 AND 127"),
        _check("ck_schedule_failures", "failures >= 0"),
        _check("ck_schedule_enabled", "enabled IN (0, 1)"),
    )
    _index("ix_schedule_next_due_at", "schedule", ["next_due_at"], where="next_due_at IS NOT NULL")
    _create(
        "post",
        _id(),
        *_must(INT, "group_id"),
        *_may(INT, "schedule_id"),
        *_must(TEXT, "kind", "slot", "local_date", "topic", "content_id"),
        *_must(INT, "content_rev", "seed"),
        *_must(TEXT, "reason", "state"),
        *_must(INT, "due_at", "attempts"),
        *_may(INT, "not_before"),
        *_must(INT, "claimable_at"),
        *_may(TEXT, "message_id"),
        *_may(INT, "sent_at", "closes_at"),
        *_must(TEXT, "fault"),
        *_must(INT, "version", "shown_version", "stale_rank"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        _refers("post", "group_id", "study_group"),
        _refers("post", "schedule_id", "schedule"),
        sa.UniqueConstraint("group_id", "kind", "slot", name="uq_post_group_id_kind_slot"),
        _check("ck_post_kind", "kind IN ('prompt', 'quiz', 'challenge', 'recap')"),
        _check("ck_post_state", "state IN ('planned', 'sent', 'closed', 'missed', 'failed')"),
        _check("ck_post_attempts", "attempts >= 0"),
        _check("ck_post_shown_version", "shown_version BETWEEN 0 AND version"),
    )
    _index("ix_post_claimable_at", "post", ["claimable_at"], where="state = 'planned'")
    _index("ix_post_closes_at", "post", ["closes_at"], where="state = 'sent' AND closes_at IS NOT NULL")
    _index("ix_post_group_id_kind_due_at", "post", ["group_id", "kind", "due_at"])
    _index("ix_post_group_id_local_date", "post", ["group_id", "local_date"])
    _index(
        "ix_post_group_id_message_id",
        "post",
        ["group_id", "message_id"],
        where="message_id IS NOT NULL",
    )
    _index(
        "ix_post_stale_rank",
        "post",
        ["stale_rank"],
        where="state IN ('sent', 'closed') AND version > shown_version",
    )


def _learning() -> None:
    _create(
        "drill",
        _id(),
        *_must(TEXT, "event_id"),
        *_must(INT, "member_id"),
        *_must(TEXT, "pack", "question_id"),
        *_must(INT, "question_rev", "seed", "created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_drill"),
        _refers("drill", "member_id", "member"),
        sa.UniqueConstraint("event_id", name="uq_drill_event_id"),
    )
    _index("ix_drill_member_id", "drill", ["member_id"])
    _create(
        "event",
        *_must(TEXT, "event_id"),
        *_must(INT, "at"),
        sa.PrimaryKeyConstraint("event_id", name="pk_event"),
        clustered=True,
    )
    _index("ix_event_at", "event", ["at"])
    _create(
        "answer",
        _id(),
        *_must(TEXT, "event_id"),
        *_must(INT, "member_id"),
        *_may(INT, "group_id", "post_id", "drill_id"),
        *_must(TEXT, "pack", "topic", "question_id"),
        *_must(INT, "question_rev"),
        *_must(TEXT, "option_id"),
        *_must(SMALL, "correct"),
        *_must(INT, "points", "happened_at"),
        *_must(TEXT, "local_date", "zone"),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
        _refers("answer", "member_id", "member"),
        _refers("answer", "group_id", "study_group"),
        _refers("answer", "post_id", "post"),
        _refers("answer", "drill_id", "drill"),
        _check("ck_answer_post_or_drill", "(post_id IS NULL) <> (drill_id IS NULL)"),
        _check("ck_answer_group_of_post", "post_id IS NULL OR group_id IS NOT NULL"),
        _check("ck_answer_correct", "correct IN (0, 1)"),
    )
    _index(
        "ix_answer_group_id_happened_at",
        "answer",
        ["group_id", "happened_at"],
        where="post_id IS NOT NULL",
    )
    _index("ix_answer_member_id_pack", "answer", ["member_id", "pack"])
    _index("uq_answer_drill_id", "answer", ["drill_id"], where="drill_id IS NOT NULL", unique=True)
    _index(
        "uq_answer_post_id_member_id",
        "answer",
        ["post_id", "member_id"],
        where="post_id IS NOT NULL",
        unique=True,
    )
    _create(
        "activity",
        _id(),
        *_must(INT, "member_id"),
        *_may(INT, "group_id"),
        *_must(TEXT, "kind", "key"),
        *_must(INT, "points"),
        *_may(SMALL, "correct"),
        *_must(TEXT, "periods"),
        *_must(INT, "happened_at"),
        *_must(TEXT, "local_date", "zone"),
        sa.PrimaryKeyConstraint("id", name="pk_activity"),
        _refers("activity", "member_id", "member"),
        _refers("activity", "group_id", "study_group"),
        sa.UniqueConstraint("key", "member_id", name="uq_activity_key_member_id"),
        _check("ck_activity_correct", "correct IN (0, 1)"),
    )
    _index("ix_activity_group_id_happened_at", "activity", ["group_id", "happened_at"])
    _index("ix_activity_member_id_local_date", "activity", ["member_id", "local_date"])
    _create(
        "no_fault_day",
        *_must(INT, "member_id"),
        *_must(TEXT, "day", "reason"),
        sa.PrimaryKeyConstraint("member_id", "day", name="pk_no_fault_day"),
        _refers("no_fault_day", "member_id", "member"),
        clustered=True,
    )
    _create(
        "streak_state",
        *_must(INT, "member_id"),
        *_must(TEXT, "state"),
        sa.PrimaryKeyConstraint("member_id", name="pk_streak_state"),
        _refers("streak_state", "member_id", "member"),
    )
    _create(
        "tally",
        *_must(INT, "group_id"),
        *_must(TEXT, "period"),
        *_must(INT, "member_id", "points", "answers", "correct"),
        sa.PrimaryKeyConstraint("group_id", "period", "member_id", name="pk_tally"),
        _refers("tally", "group_id", "study_group"),
        _refers("tally", "member_id", "member"),
        clustered=True,
    )
    _index("ix_tally_group_id_period_points", "tally", ["group_id", "period", "points"])
    _create(
        "topic_tally",
        *_must(INT, "member_id"),
        *_must(TEXT, "pack", "topic"),
        *_must(INT, "seen", "correct", "last_at"),
        sa.PrimaryKeyConstraint("member_id", "pack", "topic", name="pk_topic_tally"),
        _refers("topic_tally", "member_id", "member"),
        clustered=True,
    )


def _community() -> None:
    _create(
        "prompt_reply",
        _id(),
        *_must(TEXT, "event_id"),
        *_must(INT, "post_id", "member_id"),
        *_must(TEXT, "text"),
        *_must(INT, "happened_at"),
        sa.PrimaryKeyConstraint("id", name="pk_prompt_reply"),
        _refers("prompt_reply", "post_id", "post"),
        _refers("prompt_reply", "member_id", "member"),
        sa.UniqueConstraint("event_id", name="uq_prompt_reply_event_id"),
    )
    _index("ix_prompt_reply_post_id_member_id", "prompt_reply", ["post_id", "member_id"])
    _create(
        "challenge_entry",
        *_must(INT, "group_id"),
        *_must(TEXT, "challenge_id"),
        *_must(INT, "member_id", "joined_at"),
        sa.PrimaryKeyConstraint("group_id", "challenge_id", "member_id", name="pk_challenge_entry"),
        _refers("challenge_entry", "group_id", "study_group"),
        _refers("challenge_entry", "member_id", "member"),
        clustered=True,
    )
    _create(
        "submission",
        _id(),
        *_must(TEXT, "event_id"),
        *_must(INT, "group_id"),
        *_must(TEXT, "challenge_id"),
        *_must(INT, "member_id"),
        *_must(TEXT, "url", "learned"),
        *_must(INT, "happened_at"),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        _refers("submission", "group_id", "study_group"),
        _refers("submission", "member_id", "member"),
        sa.UniqueConstraint("event_id", name="uq_submission_event_id"),
    )
    _index(
        "ix_submission_group_id_challenge_id_member_id",
        "submission",
        ["group_id", "challenge_id", "member_id"],
    )
    _create(
        "note",
        *_must(TEXT, "name", "value"),
        sa.PrimaryKeyConstraint("name", name="pk_note"),
    )


def _promises() -> None:
    _create(
        "badge",
        *_must(INT, "group_id", "member_id"),
        *_must(TEXT, "audience"),
        *_must(SMALL, "wanted"),
        *_must(INT, "settled", "tries", "not_before", "changed_at"),
        *_may(INT, "look_at"),
        sa.PrimaryKeyConstraint("group_id", "member_id", "audience", name="pk_badge"),
        _refers("badge", "group_id", "study_group"),
        _refers("badge", "member_id", "member"),
        _check("ck_badge_wanted", "wanted IN (0, 1)"),
        _check("ck_badge_settled", "settled IN (0, 1, 2)"),
        _check("ck_badge_tries", "tries >= 0"),
        clustered=True,
    )
    _index("ix_badge_not_before", "badge", ["not_before"], where="wanted <> settled")
    _index("ix_badge_look_at", "badge", ["look_at"], where="look_at IS NOT NULL")
    _create(
        "reminder",
        *_must(INT, "member_id"),
        *_must(TEXT, "platform", "wall_time", "zone"),
        *_may(TEXT, "next_date", "last_date"),
        *_may(INT, "claimable_at"),
        *_must(INT, "tries"),
        *_must(SMALL, "closed"),
        sa.PrimaryKeyConstraint("member_id", name="pk_reminder"),
        _refers("reminder", "member_id", "member"),
        _check("ck_reminder_tries", "tries >= 0"),
        _check("ck_reminder_closed", "closed IN (0, 1)"),
    )
    _index("ix_reminder_claimable_at", "reminder", ["claimable_at"], where="claimable_at IS NOT NULL")
