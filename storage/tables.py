"""The tables. Facts are append-only; ``tally``, ``topic_tally`` and ``streak_state`` are their caches.

Every table is STRICT and every constraint has a name, because Alembic can only change on SQLite what
it can name. Foreign keys stand on the table, not on the column, for the same reason. The kinds of an
activity are not listed in a CHECK: the table is the largest, and a new kind must not rewrite it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storage.columns import INT, TEXT, Flag, Instant, LocalDate, WallTime, Weekdays

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# Conditions on a post or a schedule. A partial index serves a query only when that repeats the index's
# condition literally, not as a parameter.
IS_PLANNED = "state = 'planned'"
IS_STALE = "state IN ('sent', 'closed') AND version > shown_version"
IS_OPEN = "state = 'sent' AND closes_at IS NOT NULL"
IS_DUE = "next_due_at IS NOT NULL"
WAS_ASKED = "state IN ('sent', 'closed') AND kind <> 'recap'"
HAS_MESSAGE = "message_id IS NOT NULL"
POST_KINDS = "kind IN ('prompt', 'quiz', 'challenge', 'recap')"


_Type = sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]]


def _table(name: str, *items: sa.schema.SchemaItem, clustered: bool = False) -> sa.Table:
    """A STRICT table; ``clustered`` ones are stored in the order of their key, without a rowid."""
    return sa.Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=not clustered)


def _id() -> sa.Column[int]:
    return sa.Column("id", INT, primary_key=True)


def _must(kind: _Type, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _may(kind: _Type, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _key(kind: _Type, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, primary_key=True, autoincrement=False) for name in names]


def _refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def _index(name: str, *columns: Any, where: str | None = None, unique: bool = False) -> sa.Index:
    condition = None if where is None else sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)


member = _table(
    "member",
    _id(),
    *_must(TEXT, "name"),
    *_must(Instant, "joined_at"),
    *_may(TEXT, "zone"),
    *_may(Weekdays, "rest_days"),
    _check("rest_days", "rest_days BETWEEN 0 AND 127"),
)

account = _table(
    "account",
    _id(),
    *_must(TEXT, "platform", "workspace", "user_id"),
    *_must(INT, "member_id"),
    _refers("member_id", "member"),
    sa.UniqueConstraint("platform", "workspace", "user_id"),
    _index("ix_account_member_id", "member_id"),
)

study_group = _table(
    "study_group",
    _id(),
    *_must(TEXT, "platform", "workspace", "channel"),
    *_must(Flag, "direct"),
    *_must(TEXT, "pack", "zone"),
    *_must(Instant, "created_at"),
    *_must(TEXT, "organiser_platform", "organiser_workspace", "organiser_id"),
    *_may(Instant, "paused_at"),
    *_must(TEXT, "pause_reason"),
    sa.UniqueConstraint("platform", "workspace", "channel"),
    _check("direct", "direct IN (0, 1)"),
)

membership = _table(
    "membership",
    *_key(INT, "member_id", "group_id"),
    *_must(Instant, "joined_at"),
    _refers("member_id", "member"),
    _refers("group_id", "study_group"),
    _index("ix_membership_group_id", "group_id"),
    clustered=True,
)

zone_change = _table(
    "zone_change",
    _id(),
    *_must(INT, "member_id"),
    *_must(Instant, "at"),
    *_must(TEXT, "zone"),
    _refers("member_id", "member"),
    _index("ix_zone_change_member_id_at", "member_id", "at"),
)

rest_days_change = _table(
    "rest_days_change",
    _id(),
    *_must(INT, "member_id"),
    *_must(Instant, "at"),
    *_must(Weekdays, "days"),
    _refers("member_id", "member"),
    _check("days", "days BETWEEN 0 AND 127"),
    _index("ix_rest_days_change_member_id_at", "member_id", "at"),
)

schedule = _table(
    "schedule",
    _id(),
    *_must(INT, "group_id"),
    *_must(TEXT, "kind"),
    *_must(WallTime, "wall_time"),
    *_must(Weekdays, "days"),
    *_must(TEXT, "zone"),
    *_may(Instant, "next_due_at"),
    *_may(LocalDate, "next_date"),
    *_must(INT, "failures"),
    *_must(Flag, "enabled"),
    _refers("group_id", "study_group"),
    sa.UniqueConstraint("group_id", "kind"),
    _check("kind", POST_KINDS),
    _check("days", "days BETWEEN 0 AND 127"),
    _check("failures", "failures >= 0"),
    _check("enabled", "enabled IN (0, 1)"),
    _index("ix_schedule_next_due_at", "next_due_at", where=IS_DUE),
)

# ``claimable_at`` is not_before or due_at, and later while a courier holds the lease.
# ``stale_rank`` orders the posts whose message is out of date, longest first, without a clock.
post = _table(
    "post",
    _id(),
    *_must(INT, "group_id"),
    *_may(INT, "schedule_id"),
    *_must(TEXT, "kind", "slot"),
    *_must(LocalDate, "local_date"),
    *_must(TEXT, "topic", "content_id"),
    *_must(INT, "content_rev", "seed"),
    *_must(TEXT, "reason", "state"),
    *_must(Instant, "due_at"),
    *_must(INT, "attempts"),
    *_may(Instant, "not_before"),
    *_must(Instant, "claimable_at"),
    *_may(TEXT, "message_id"),
    *_may(Instant, "sent_at", "closes_at"),
    *_must(TEXT, "fault"),
    *_must(INT, "version", "shown_version", "stale_rank"),
    _refers("group_id", "study_group"),
    _refers("schedule_id", "schedule"),
    sa.UniqueConstraint("group_id", "kind", "slot"),
    _check("kind", POST_KINDS),
    _check("state", "state IN ('planned', 'sent', 'closed', 'missed', 'failed')"),
    _check("attempts", "attempts >= 0"),
    _check("shown_version", "shown_version BETWEEN 0 AND version"),
    _index("ix_post_claimable_at", "claimable_at", where=IS_PLANNED),
    _index("ix_post_stale_rank", "stale_rank", where=IS_STALE),
    _index("ix_post_closes_at", "closes_at", where=IS_OPEN),
    _index("ix_post_group_id_message_id", "group_id", "message_id", where=HAS_MESSAGE),
    _index("ix_post_group_id_kind_due_at", "group_id", "kind", "due_at"),
    _index("ix_post_group_id_local_date", "group_id", "local_date"),
)

drill = _table(
    "drill",
    _id(),
    *_must(TEXT, "event_id"),
    *_must(INT, "member_id"),
    *_must(TEXT, "pack", "question_id"),
    *_must(INT, "question_rev", "seed"),
    *_must(Instant, "created_at"),
    _refers("member_id", "member"),
    sa.UniqueConstraint("event_id"),
    _index("ix_drill_member_id", "member_id"),
)

event = _table(
    "event",
    *_key(TEXT, "event_id"),
    *_must(Instant, "at"),
    _index("ix_event_at", "at"),
    clustered=True,
)

answer = _table(
    "answer",
    _id(),
    *_must(TEXT, "event_id"),
    *_must(INT, "member_id"),
    *_may(INT, "group_id", "post_id", "drill_id"),
    *_must(TEXT, "pack", "topic", "question_id"),
    *_must(INT, "question_rev"),
    *_must(TEXT, "option_id"),
    *_must(Flag, "correct"),
    *_must(INT, "points"),
    *_must(Instant, "happened_at"),
    *_must(LocalDate, "local_date"),
    *_must(TEXT, "zone"),
    _refers("member_id", "member"),
    _refers("group_id", "study_group"),
    _refers("post_id", "post"),
    _refers("drill_id", "drill"),
    _check("post_or_drill", "(post_id IS NULL) <> (drill_id IS NULL)"),
    _check("group_of_post", "post_id IS NULL OR group_id IS NOT NULL"),
    _check("correct", "correct IN (0, 1)"),
    _index("uq_answer_post_id_member_id", "post_id", "member_id", where="post_id IS NOT NULL", unique=True),
    _index("uq_answer_drill_id", "drill_id", where="drill_id IS NOT NULL", unique=True),
    _index("ix_answer_member_id_pack", "member_id", "pack"),
    _index("ix_answer_group_id_happened_at", "group_id", "happened_at", where="post_id IS NOT NULL"),
)

# ``correct`` is NULL for an act that is no answer; ``periods`` are the boards that the act counts for,
# divided by spaces, so that the tallies can be recounted from this table alone.
activity = _table(
    "activity",
    _id(),
    *_must(INT, "member_id"),
    *_may(INT, "group_id"),
    *_must(TEXT, "kind", "key"),
    *_must(INT, "points"),
    *_may(Flag, "correct"),
    *_must(TEXT, "periods"),
    *_must(Instant, "happened_at"),
    *_must(LocalDate, "local_date"),
    *_must(TEXT, "zone"),
    _refers("member_id", "member"),
    _refers("group_id", "study_group"),
    sa.UniqueConstraint("key", "member_id"),
    _check("correct", "correct IN (0, 1)"),
    _index("ix_activity_member_id_local_date", "member_id", "local_date"),
    _index("ix_activity_group_id_happened_at", "group_id", "happened_at"),
)

no_fault_day = _table(
    "no_fault_day",
    *_key(INT, "member_id"),
    *_key(LocalDate, "day"),
    *_must(TEXT, "reason"),
    _refers("member_id", "member"),
    clustered=True,
)

streak_state = _table(
    "streak_state",
    *_key(INT, "member_id"),
    *_must(TEXT, "state"),
    _refers("member_id", "member"),
)

tally = _table(
    "tally",
    *_key(INT, "group_id"),
    *_key(TEXT, "period"),
    *_key(INT, "member_id"),
    *_must(INT, "points", "answers", "correct"),
    _refers("group_id", "study_group"),
    _refers("member_id", "member"),
    _index("ix_tally_group_id_period_points", "group_id", "period", "points"),
    clustered=True,
)

topic_tally = _table(
    "topic_tally",
    *_key(INT, "member_id"),
    *_key(TEXT, "pack", "topic"),
    *_must(INT, "seen", "correct"),
    *_must(Instant, "last_at"),
    _refers("member_id", "member"),
    clustered=True,
)

prompt_reply = _table(
    "prompt_reply",
    _id(),
    *_must(TEXT, "event_id"),
    *_must(INT, "post_id", "member_id"),
    *_must(TEXT, "text"),
    *_must(Instant, "happened_at"),
    _refers("post_id", "post"),
    _refers("member_id", "member"),
    sa.UniqueConstraint("event_id"),
    _index("ix_prompt_reply_post_id_member_id", "post_id", "member_id"),
)

challenge_entry = _table(
    "challenge_entry",
    *_key(INT, "group_id"),
    *_key(TEXT, "challenge_id"),
    *_key(INT, "member_id"),
    *_must(Instant, "joined_at"),
    _refers("group_id", "study_group"),
    _refers("member_id", "member"),
    clustered=True,
)

submission = _table(
    "submission",
    _id(),
    *_must(TEXT, "event_id"),
    *_must(INT, "group_id"),
    *_must(TEXT, "challenge_id"),
    *_must(INT, "member_id"),
    *_must(TEXT, "url", "learned"),
    *_must(Instant, "happened_at"),
    _refers("group_id", "study_group"),
    _refers("member_id", "member"),
    sa.UniqueConstraint("event_id"),
    _index("ix_submission_group_id_challenge_id_member_id", "group_id", "challenge_id", "member_id"),
)

note = _table("note", *_key(TEXT, "name"), *_must(TEXT, "value"))
