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
SCORE: sa.types.TypeEngine[Any] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    """Create every table."""
    for create in (
        _event,
        _forgotten,
        _member,
        _note,
        _organiser,
        _platform_state,
        _study_group,
        _absence,
        _account,
        _activity,
        _answer_key,
        _audit,
        _challenge_entry,
        _membership,
        _notice,
        _practice_question,
        _reminder,
        _rest_days_change,
        _reward,
        _schedule,
        _streak_state,
        _submission,
        _tally,
        _topic_tally,
        _zone_change,
        _post,
        _answer,
        _delivery,
        _recap_window,
        _regrade,
        _settlement,
    ):
        create()


def _create(name: str, *items: sa.schema.SchemaItem, clustered: bool = False) -> None:
    op.create_table(name, *items, sqlite_strict=True, sqlite_with_rowid=not clustered)


def _id() -> sa.Column[int]:
    return sa.Column("id", INT, nullable=False)


def _must(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False, autoincrement=False) for name in names]


def _may(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _default(kind: sa.types.TypeEngine[Any], name: str, value: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default=value)


def _listed(table: str, name: str, values: str, default: str | None = None) -> sa.Column[Any]:
    listed = ", ".join(f"'{value}'" for value in values.split())
    condition = _check(f"ck_{table}_{name}", f"{name} IN ({listed})")
    return sa.Column(name, TEXT, condition, nullable=default is None, server_default=default)


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


def _event() -> None:
    _create(
        "event",
        *_must(TEXT, "event_id"),
        *_must(INT, "at"),
        sa.PrimaryKeyConstraint("event_id", name="pk_event"),
        clustered=True,
    )
    _index("ix_event_at", "event", ["at"])


def _forgotten() -> None:
    _create(
        "forgotten",
        *_must(TEXT, "fingerprint", "salt"),
        *_must(INT, "at"),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_forgotten"),
        clustered=True,
    )
    _index("ix_forgotten_at", "forgotten", ["at"])


def _member() -> None:
    _create(
        "member",
        _id(),
        *_must(INT, "joined_at"),
        *_may(TEXT, "zone"),
        *_may(SMALL, "rest_days"),
        *_may(TEXT, "profile_zone"),
        _default(SMALL, "hidden", "0"),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        _check("ck_member_rest_days", "rest_days BETWEEN 0 AND 127"),
    )


def _note() -> None:
    _create(
        "note",
        *_must(TEXT, "name", "value"),
        sa.PrimaryKeyConstraint("name", name="pk_note"),
    )


def _organiser() -> None:
    _create(
        "organiser",
        *_must(TEXT, "platform", "workspace", "user_id"),
        _default(TEXT, "name", ""),
        _default(INT, "seen_at", "0"),
        sa.PrimaryKeyConstraint("platform", "workspace", "user_id", name="pk_organiser"),
        clustered=True,
    )
    _index("ix_organiser_platform_user_id", "organiser", ["platform", "user_id"])


def _platform_state() -> None:
    _create(
        "platform_state",
        *_must(TEXT, "platform", "namespace", "key", "value", "revision"),
        *_may(INT, "expires_at"),
        sa.PrimaryKeyConstraint("platform", "namespace", "key", name="pk_platform_state"),
        clustered=True,
    )
    _index("ix_platform_state_expires_at", "platform_state", ["expires_at"], where="expires_at IS NOT NULL")


def _study_group() -> None:
    _create(
        "study_group",
        _id(),
        *_must(TEXT, "platform", "workspace", "channel"),
        *_must(SMALL, "direct"),
        *_must(TEXT, "pack", "zone"),
        *_must(INT, "created_at"),
        *_must(TEXT, "organiser_platform", "organiser_workspace", "organiser_id"),
        *_may(INT, "paused_at"),
        *_must(TEXT, "mention_role", "mention_name", "reward_role", "reward_name"),
        *_must(INT, "reward_days"),
        *_may(TEXT, "resume_on"),
        *_may(INT, "resume_at"),
        *_may(TEXT, "skipped"),
        _listed("study_group", "pause_reason", "organiser removed refused gone"),
        _default(TEXT, "pause_detail", ""),
        _default(TEXT, "mention_by", ""),
        _listed(
            "study_group",
            "mention_denied",
            "everybody missing left demoted may_not too_high powerful managed bot_may_not bot_too_low",
        ),
        _default(TEXT, "reward_by", ""),
        _listed(
            "study_group",
            "reward_denied",
            "everybody missing left demoted may_not too_high powerful managed bot_may_not bot_too_low",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_study_group"),
        sa.UniqueConstraint(
            "platform", "workspace", "channel", name="uq_study_group_platform_workspace_channel"
        ),
        _check("ck_study_group_direct", "direct IN (0, 1)"),
        _check("ck_study_group_reward_days", "reward_days >= 0"),
    )
    _index(
        "ix_study_group_organiser",
        "study_group",
        ["organiser_platform", "organiser_workspace", "organiser_id"],
    )
    _index("ix_study_group_resume_at", "study_group", ["resume_at"], where="resume_at IS NOT NULL")


def _absence() -> None:
    _create(
        "absence",
        _id(),
        *_must(INT, "member_id", "group_id", "left_at", "back_at"),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
        _refers("absence", "member_id", "member"),
        _refers("absence", "group_id", "study_group"),
    )
    _index("ix_absence_member_id_group_id", "absence", ["member_id", "group_id"])


def _account() -> None:
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


def _activity() -> None:
    _create(
        "activity",
        _id(),
        *_may(INT, "member_id", "group_id"),
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
    _index("ix_activity_group_id_id", "activity", ["group_id", "id"])
    _index("ix_activity_member_id_local_date", "activity", ["member_id", "local_date"])


def _answer_key() -> None:
    _create(
        "answer_key",
        *_must(TEXT, "pack", "question_id"),
        *_must(INT, "rev"),
        *_must(TEXT, "digest"),
        *_must(INT, "recorded_at"),
        sa.PrimaryKeyConstraint("pack", "question_id", name="pk_answer_key"),
        clustered=True,
    )


def _audit() -> None:
    _create(
        "audit",
        _id(),
        *_must(INT, "at"),
        *_must(TEXT, "platform", "workspace", "action", "actor_kind"),
        _default(TEXT, "actor_id", ""),
        _default(TEXT, "actor_name", ""),
        *_may(INT, "group_id"),
        _default(TEXT, "about_id", ""),
        _default(TEXT, "about_name", ""),
        _default(TEXT, "before", "{}"),
        _default(TEXT, "after", "{}"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        _refers("audit", "group_id", "study_group"),
    )
    _index("ix_audit_group_id", "audit", ["group_id", "id"])
    _index("ix_audit_platform_workspace_id", "audit", ["platform", "workspace", "id"])


def _challenge_entry() -> None:
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


def _membership() -> None:
    _create(
        "membership",
        *_must(INT, "member_id", "group_id", "joined_at"),
        _default(TEXT, "name", ""),
        *_may(INT, "left_at"),
        _default(SMALL, "left_by_choice", "0"),
        _default(INT, "seen_at", "0"),
        sa.PrimaryKeyConstraint("member_id", "group_id", name="pk_membership"),
        _refers("membership", "member_id", "member"),
        _refers("membership", "group_id", "study_group"),
        clustered=True,
    )
    _index("ix_membership_group_id", "membership", ["group_id"])
    _index("ix_membership_left", "membership", ["group_id"], where="left_at IS NOT NULL")
    _index("ix_membership_seen_at", "membership", ["seen_at"], where="left_at IS NULL")


def _notice() -> None:
    _create(
        "notice",
        _id(),
        *_must(INT, "group_id"),
        *_must(TEXT, "subject"),
        *_must(INT, "created_at"),
        *_may(INT, "delivered_at"),
        _default(TEXT, "data", "{}"),
        _listed(
            "notice",
            "kind",
            "failed failed_by_hand paused pause_unended reward_failed mention_stopped "
            "reward_stopped key_corrected written",
            "written",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        _refers("notice", "group_id", "study_group"),
        sa.UniqueConstraint("group_id", "subject", name="uq_notice_group_id_subject"),
    )


def _practice_question() -> None:
    _create(
        "practice_question",
        _id(),
        *_must(TEXT, "event_id"),
        *_must(INT, "member_id"),
        *_must(TEXT, "pack", "question_id"),
        *_must(INT, "question_rev", "seed", "created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_practice_question"),
        _refers("practice_question", "member_id", "member"),
        sa.UniqueConstraint("event_id", name="uq_practice_question_event_id"),
    )
    _index("ix_practice_question_member_id", "practice_question", ["member_id"])


def _reminder() -> None:
    _create(
        "reminder",
        *_must(INT, "member_id"),
        *_must(TEXT, "platform", "wall_time", "zone"),
        *_may(TEXT, "next_date", "last_date"),
        *_may(INT, "due_at"),
        *_must(SMALL, "closed"),
        *_may(INT, "reminded_at"),
        _default(INT, "unanswered", "0"),
        sa.PrimaryKeyConstraint("member_id", name="pk_reminder"),
        _refers("reminder", "member_id", "member"),
        _check("ck_reminder_closed", "closed IN (0, 1)"),
    )


def _rest_days_change() -> None:
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


def _reward() -> None:
    _create(
        "reward",
        *_must(INT, "group_id", "member_id"),
        *_must(TEXT, "role"),
        *_must(SMALL, "wanted"),
        *_must(INT, "granted", "changed_at"),
        *_may(INT, "review_at"),
        sa.PrimaryKeyConstraint("group_id", "member_id", "role", name="pk_reward"),
        _refers("reward", "group_id", "study_group"),
        _refers("reward", "member_id", "member"),
        _check("ck_reward_wanted", "wanted IN (0, 1)"),
        _check("ck_reward_granted", "granted IN (0, 1, 2)"),
        clustered=True,
    )
    _index("ix_reward_review_at", "reward", ["review_at"], where="review_at IS NOT NULL")


def _schedule() -> None:
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
        _default(INT, "put_offs", "0"),
        sa.PrimaryKeyConstraint("id", name="pk_schedule"),
        _refers("schedule", "group_id", "study_group"),
        sa.UniqueConstraint("group_id", "kind", name="uq_schedule_group_id_kind"),
        _check("ck_schedule_kind", "kind IN ('prompt', 'quiz', 'challenge', 'recap')"),
        _check("ck_schedule_days", "days BETWEEN 0 AND 127"),
        _check("ck_schedule_failures", "failures >= 0"),
        _check("ck_schedule_enabled", "enabled IN (0, 1)"),
    )
    _index("ix_schedule_next_due_at", "schedule", ["next_due_at"], where="next_due_at IS NOT NULL")


def _streak_state() -> None:
    _create(
        "streak_state",
        *_must(INT, "member_id"),
        *_must(TEXT, "state"),
        sa.PrimaryKeyConstraint("member_id", name="pk_streak_state"),
        _refers("streak_state", "member_id", "member"),
    )


def _submission() -> None:
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


def _tally() -> None:
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


def _topic_tally() -> None:
    _create(
        "topic_tally",
        *_must(INT, "member_id"),
        *_must(TEXT, "pack", "topic"),
        *_must(INT, "seen", "correct", "last_at"),
        sa.PrimaryKeyConstraint("member_id", "pack", "topic", name="pk_topic_tally"),
        _refers("topic_tally", "member_id", "member"),
        clustered=True,
    )


def _zone_change() -> None:
    _create(
        "zone_change",
        _id(),
        *_must(INT, "member_id", "at"),
        *_must(TEXT, "zone"),
        sa.PrimaryKeyConstraint("id", name="pk_zone_change"),
        _refers("zone_change", "member_id", "member"),
    )
    _index("ix_zone_change_member_id_at", "zone_change", ["member_id", "at"])


def _post() -> None:
    _create(
        "post",
        _id(),
        *_must(INT, "group_id"),
        *_may(INT, "schedule_id"),
        *_must(TEXT, "kind", "slot", "local_date", "topic", "content_id"),
        *_must(INT, "content_rev", "seed"),
        *_must(TEXT, "state"),
        *_must(INT, "due_at"),
        *_may(INT, "attempted_at"),
        *_may(TEXT, "message_id"),
        *_may(INT, "sent_at", "closes_at"),
        _default(INT, "edit_at", "0"),
        _listed("post", "reason", "rotation stop step recap"),
        _default(TEXT, "figures", ""),
        _listed(
            "post",
            "fault",
            "switched_off date_skipped day_removed paused down unplannable pack_missing "
            "content_missing bug not_running silent trouble forbidden gone malformed",
        ),
        _default(TEXT, "detail", ""),
        *_may(TEXT, "mentions_on", "channel"),
        _default(TEXT, "shape", ""),
        _listed("post", "ending", "removed retired changed"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        _refers("post", "group_id", "study_group"),
        _refers("post", "schedule_id", "schedule"),
        sa.UniqueConstraint("group_id", "kind", "slot", name="uq_post_group_id_kind_slot"),
        _check("ck_post_kind", "kind IN ('prompt', 'quiz', 'challenge', 'recap')"),
        _check("ck_post_state", "state IN ('planned', 'sent', 'closed', 'missed', 'failed')"),
    )
    _index("ix_post_closes_at", "post", ["closes_at"], where="state = 'sent' AND closes_at IS NOT NULL")
    _index(
        "ix_post_content_id_group_id",
        "post",
        ["content_id", "group_id"],
        where="kind = 'quiz' AND state IN ('planned', 'sent')",
    )
    _index("ix_post_group_id_kind_due_at", "post", ["group_id", "kind", "due_at"])
    _index("ix_post_group_id_local_date", "post", ["group_id", "local_date"])
    _index(
        "ix_post_group_id_message_id", "post", ["group_id", "message_id"], where="message_id IS NOT NULL"
    )
    _index(
        "uq_post_group_id_mentions_on",
        "post",
        ["group_id", "mentions_on"],
        where="mentions_on IS NOT NULL",
        unique=True,
    )


def _answer() -> None:
    _create(
        "answer",
        _id(),
        *_must(TEXT, "event_id"),
        *_may(INT, "member_id", "group_id", "post_id", "practice_id"),
        *_must(TEXT, "pack", "topic", "question_id"),
        *_must(INT, "question_rev"),
        *_must(TEXT, "response"),
        *_must(SCORE, "score"),
        *_must(SMALL, "correct"),
        *_must(INT, "points", "happened_at"),
        *_must(TEXT, "local_date", "zone"),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
        _refers("answer", "member_id", "member"),
        _refers("answer", "group_id", "study_group"),
        _refers("answer", "post_id", "post"),
        _refers("answer", "practice_id", "practice_question"),
        _check("ck_answer_post_or_practice", "(post_id IS NULL) <> (practice_id IS NULL)"),
        _check("ck_answer_group_of_post", "post_id IS NULL OR group_id IS NOT NULL"),
        _check("ck_answer_score", "score BETWEEN 0 AND 1"),
        _check("ck_answer_correct", "correct IN (0, 1)"),
    )
    _index("ix_answer_member_id_pack", "answer", ["member_id", "pack"])
    _index("ix_answer_question_id_id", "answer", ["question_id", "id"])
    _index(
        "uq_answer_post_id_member_id",
        "answer",
        ["post_id", "member_id"],
        where="post_id IS NOT NULL",
        unique=True,
    )
    _index("uq_answer_practice_id", "answer", ["practice_id"], where="practice_id IS NOT NULL", unique=True)


def _delivery() -> None:
    _create(
        "delivery",
        _id(),
        *_must(TEXT, "kind", "platform", "workspace", "subject", "payload"),
        *_may(INT, "group_id", "member_id"),
        _default(TEXT, "user_workspace", ""),
        _default(TEXT, "user_id", ""),
        *_must(INT, "due_at", "attempts", "revision"),
        _default(TEXT, "error", ""),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        _refers("delivery", "group_id", "study_group"),
        _refers("delivery", "member_id", "member"),
        sa.UniqueConstraint("kind", "subject", name="uq_delivery_kind_subject"),
        _check("ck_delivery_attempts", "attempts >= 0"),
    )
    _index("ix_delivery_kind_due_at", "delivery", ["kind", "due_at"])
    _index("ix_delivery_member_id", "delivery", ["member_id"], where="member_id IS NOT NULL")
    _index("ix_delivery_platform_user_id", "delivery", ["platform", "user_id"], where="user_id <> ''")


def _recap_window() -> None:
    _create(
        "recap_window",
        _id(),
        *_must(
            INT,
            "post_id",
            "group_id",
            "since",
            "until",
            "acts_after",
            "acts_until",
            "settled_after",
            "settled_until",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recap_window"),
        _refers("recap_window", "post_id", "post"),
        _refers("recap_window", "group_id", "study_group"),
    )
    _index("ix_recap_window_group_id_id", "recap_window", ["group_id", "id"])
    _index("ix_recap_window_post_id", "recap_window", ["post_id"])


def _regrade() -> None:
    _create(
        "regrade",
        *_must(INT, "answer_id", "number", "question_rev"),
        *_must(SCORE, "score"),
        *_must(INT, "points_gained"),
        *_must(SMALL, "now_correct"),
        *_must(INT, "at"),
        sa.PrimaryKeyConstraint("answer_id", "number", name="pk_regrade"),
        _refers("regrade", "answer_id", "answer"),
        _check("ck_regrade_score", "score BETWEEN 0 AND 1"),
        _check("ck_regrade_points_gained", "points_gained >= 0"),
        _check("ck_regrade_now_correct", "now_correct IN (0, 1)"),
        clustered=True,
    )


def _settlement() -> None:
    _create(
        "settlement",
        _id(),
        *_must(INT, "post_id", "group_id"),
        *_must(TEXT, "day"),
        sa.PrimaryKeyConstraint("id", name="pk_settlement"),
        _refers("settlement", "post_id", "post"),
        _refers("settlement", "group_id", "study_group"),
        sa.UniqueConstraint("post_id", name="uq_settlement_post_id"),
    )
    _index("ix_settlement_group_id_id", "settlement", ["group_id", "id"])
