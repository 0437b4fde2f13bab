"""The tables. Facts are append-only; ``tally``, ``topic_tally`` and ``streak_state`` are their caches.

Every table is STRICT and every constraint has a name, because Alembic can only change on SQLite what
it can name. Foreign keys stand on the table, not on the column, for the same reason. The kinds of an
activity are not listed in a CHECK: the table is the largest, and a new kind must not rewrite it.
"""

from __future__ import annotations

import sqlalchemy as sa

# They belong to the same metadata.
import storage.audit_tables
import storage.outbox_tables
import storage.platform_tables
import storage.privacy_tables
import storage.regrade_tables
from bot.domain.reasons import ChoiceReason, Ending, Fault, PauseReason
from bot.domain.role_use import Denied
from storage.columns import (
    INT,
    SCORE,
    TEXT,
    Dates,
    Flag,
    Instant,
    LocalDate,
    Numbers,
    Responded,
    WallTime,
    Weekdays,
)
from storage.table_parts import (
    METADATA,
    check,
    id_column,
    index,
    key,
    may,
    must,
    named,
    refers,
    table,
    text,
)

metadata = METADATA

# Conditions on rows. A partial index serves a query only when that repeats the index's
# condition literally, not as a parameter.
IS_OPEN = "state = 'sent' AND closes_at IS NOT NULL"
IS_DUE = "next_due_at IS NOT NULL"
IS_PRESENT = "left_at IS NULL"
HAS_LEFT = "left_at IS NOT NULL"
IS_ENDING = "resume_at IS NOT NULL"
WAS_ASKED = "state IN ('sent', 'closed') AND kind IN ('prompt', 'quiz')"
IS_WAITING = "state IN ('planned', 'sent')"
IS_WAITING_QUIZ = f"kind = 'quiz' AND {IS_WAITING}"
NEVER_CAME = "state IN ('missed', 'failed')"
MENTIONS = "mentions_on IS NOT NULL"
HAS_MESSAGE = "message_id IS NOT NULL"
POST_KINDS = "kind IN ('prompt', 'quiz', 'challenge', 'recap')"

member = table(
    "member",
    id_column(),
    *must(Instant, "joined_at"),
    *may(TEXT, "zone"),
    *may(Weekdays, "rest_days"),
    *may(TEXT, "profile_zone"),
    sa.Column("hidden", Flag, nullable=False, server_default="0"),
    check("rest_days", "rest_days BETWEEN 0 AND 127"),
)

account = table(
    "account",
    id_column(),
    *must(TEXT, "platform", "workspace", "user_id"),
    *must(INT, "member_id"),
    refers("member_id", "member"),
    sa.UniqueConstraint("platform", "workspace", "user_id"),
    index("ix_account_member_id", "member_id"),
)

study_group = table(
    "study_group",
    id_column(),
    *must(TEXT, "platform", "workspace", "channel"),
    *must(Flag, "direct"),
    *must(TEXT, "pack", "zone"),
    *must(Instant, "created_at"),
    *must(TEXT, "organiser_platform", "organiser_workspace", "organiser_id"),
    *may(Instant, "paused_at"),
    *must(TEXT, "mention_role", "mention_name", "reward_role", "reward_name"),
    *must(INT, "reward_days"),
    *may(LocalDate, "resume_on"),
    *may(Instant, "resume_at"),
    *may(Dates, "skipped"),
    named("study_group", "pause_reason", PauseReason),
    text("pause_detail"),
    text("mention_by"),
    named("study_group", "mention_denied", Denied),
    text("reward_by"),
    named("study_group", "reward_denied", Denied),
    sa.UniqueConstraint("platform", "workspace", "channel"),
    check("direct", "direct IN (0, 1)"),
    check("reward_days", "reward_days >= 0"),
    index("ix_study_group_resume_at", "resume_at", where=IS_ENDING),
    index("ix_study_group_organiser", "organiser_platform", "organiser_workspace", "organiser_id"),
)

# Whom the admins of a place have named; they organise all of its groups. ``seen_at`` is when somebody
# looked whether they are still there.
organiser = table(
    "organiser",
    *key(TEXT, "platform", "workspace", "user_id"),
    text("name"),
    sa.Column("seen_at", Instant, nullable=False, server_default="0"),
    index("ix_organiser_platform_user_id", "platform", "user_id"),
    clustered=True,
)

membership = table(
    "membership",
    *key(INT, "member_id", "group_id"),
    *must(Instant, "joined_at"),
    sa.Column("name", TEXT, nullable=False, server_default=""),
    *may(Instant, "left_at"),
    sa.Column("left_by_choice", Flag, nullable=False, server_default="0"),
    sa.Column("seen_at", Instant, nullable=False, server_default="0"),
    refers("member_id", "member"),
    refers("group_id", "study_group"),
    index("ix_membership_seen_at", "seen_at", where=IS_PRESENT),
    index("ix_membership_left", "group_id", where=HAS_LEFT),
    index("ix_membership_group_id", "group_id"),
    clustered=True,
)

absence = table(
    "absence",
    id_column(),
    *must(INT, "member_id", "group_id"),
    *must(Instant, "left_at", "back_at"),
    refers("member_id", "member"),
    refers("group_id", "study_group"),
    index("ix_absence_member_id_group_id", "member_id", "group_id"),
)

zone_change = table(
    "zone_change",
    id_column(),
    *must(INT, "member_id"),
    *must(Instant, "at"),
    *must(TEXT, "zone"),
    refers("member_id", "member"),
    index("ix_zone_change_member_id_at", "member_id", "at"),
)

rest_days_change = table(
    "rest_days_change",
    id_column(),
    *must(INT, "member_id"),
    *must(Instant, "at"),
    *must(Weekdays, "days"),
    refers("member_id", "member"),
    check("days", "days BETWEEN 0 AND 127"),
    index("ix_rest_days_change_member_id_at", "member_id", "at"),
)

schedule = table(
    "schedule",
    id_column(),
    *must(INT, "group_id"),
    *must(TEXT, "kind"),
    *must(WallTime, "wall_time"),
    *must(Weekdays, "days"),
    *must(TEXT, "zone"),
    *may(Instant, "next_due_at"),
    *may(LocalDate, "next_date"),
    *must(INT, "failures"),
    *must(Flag, "enabled"),
    sa.Column("put_offs", INT, nullable=False, server_default="0"),
    refers("group_id", "study_group"),
    sa.UniqueConstraint("group_id", "kind"),
    check("kind", POST_KINDS),
    check("days", "days BETWEEN 0 AND 127"),
    check("failures", "failures >= 0"),
    check("enabled", "enabled IN (0, 1)"),
    index("ix_schedule_next_due_at", "next_due_at", where=IS_DUE),
)

# ``channel`` is where the message stands, empty for the group's own: a group may have moved since.
# ``edit_at`` is when its message may be edited again: what was edited longest ago comes first, so none
# starves. What is still planned has a delivery in the outbox.
post = table(
    "post",
    id_column(),
    *must(INT, "group_id"),
    *may(INT, "schedule_id"),
    *must(TEXT, "kind", "slot"),
    *must(LocalDate, "local_date"),
    *must(TEXT, "topic", "content_id"),
    *must(INT, "content_rev", "seed"),
    *must(TEXT, "state"),
    *must(Instant, "due_at"),
    *may(Instant, "attempted_at"),
    *may(TEXT, "message_id"),
    *may(Instant, "sent_at", "closes_at"),
    sa.Column("edit_at", Instant, nullable=False, server_default="0"),
    named("post", "reason", ChoiceReason),
    sa.Column("figures", Numbers, nullable=False, server_default=""),
    named("post", "fault", Fault),
    text("detail"),
    *may(LocalDate, "mentions_on"),
    *may(TEXT, "channel"),
    text("shape"),
    named("post", "ending", Ending),
    refers("group_id", "study_group"),
    refers("schedule_id", "schedule"),
    sa.UniqueConstraint("group_id", "kind", "slot"),
    check("kind", POST_KINDS),
    check("state", "state IN ('planned', 'sent', 'closed', 'missed', 'failed')"),
    index("ix_post_closes_at", "closes_at", where=IS_OPEN),
    index("ix_post_group_id_message_id", "group_id", "message_id", where=HAS_MESSAGE),
    index("ix_post_group_id_kind_due_at", "group_id", "kind", "due_at"),
    index("ix_post_group_id_local_date", "group_id", "local_date"),
    index("ix_post_content_id_group_id", "content_id", "group_id", where=IS_WAITING_QUIZ),
    index("uq_post_group_id_mentions_on", "group_id", "mentions_on", where=MENTIONS, unique=True),
)

practice_question = table(
    "practice_question",
    id_column(),
    *must(TEXT, "event_id"),
    *must(INT, "member_id"),
    *must(TEXT, "pack", "question_id"),
    *must(INT, "question_rev", "seed"),
    *must(Instant, "created_at"),
    refers("member_id", "member"),
    sa.UniqueConstraint("event_id"),
    index("ix_practice_question_member_id", "member_id"),
)

event = table(
    "event",
    *key(TEXT, "event_id"),
    *must(Instant, "at"),
    index("ix_event_at", "at"),
    clustered=True,
)

# ``member_id`` of answers and acts is NULL once the member was forgotten: then they only count.
answer = table(
    "answer",
    id_column(),
    *must(TEXT, "event_id"),
    *may(INT, "member_id", "group_id", "post_id", "practice_id"),
    *must(TEXT, "pack", "topic", "question_id"),
    *must(INT, "question_rev"),
    *must(Responded, "response"),
    *must(SCORE, "score"),
    *must(Flag, "correct"),
    *must(INT, "points"),
    *must(Instant, "happened_at"),
    *must(LocalDate, "local_date"),
    *must(TEXT, "zone"),
    refers("member_id", "member"),
    refers("group_id", "study_group"),
    refers("post_id", "post"),
    refers("practice_id", "practice_question"),
    check("post_or_practice", "(post_id IS NULL) <> (practice_id IS NULL)"),
    check("group_of_post", "post_id IS NULL OR group_id IS NOT NULL"),
    check("score", "score BETWEEN 0 AND 1"),
    check("correct", "correct IN (0, 1)"),
    index("uq_answer_post_id_member_id", "post_id", "member_id", where="post_id IS NOT NULL", unique=True),
    index("uq_answer_practice_id", "practice_id", where="practice_id IS NOT NULL", unique=True),
    index("ix_answer_member_id_pack", "member_id", "pack"),
    index("ix_answer_question_id_id", "question_id", "id"),
)

# ``correct`` is NULL for an act that is no answer; ``periods`` are the boards that the act counts for from
# the start, divided by spaces. An answer to an open question has none: its settlement has the day.
activity = table(
    "activity",
    id_column(),
    *may(INT, "member_id", "group_id"),
    *must(TEXT, "kind", "key"),
    *must(INT, "points"),
    *may(Flag, "correct"),
    *must(TEXT, "periods"),
    *must(Instant, "happened_at"),
    *must(LocalDate, "local_date"),
    *must(TEXT, "zone"),
    refers("member_id", "member"),
    refers("group_id", "study_group"),
    sa.UniqueConstraint("key", "member_id"),
    check("correct", "correct IN (0, 1)"),
    index("ix_activity_member_id_local_date", "member_id", "local_date"),
    index("ix_activity_group_id_id", "group_id", "id"),
)

streak_state = table(
    "streak_state",
    *key(INT, "member_id"),
    *must(TEXT, "state"),
    refers("member_id", "member"),
)

tally = table(
    "tally",
    *key(INT, "group_id"),
    *key(TEXT, "period"),
    *key(INT, "member_id"),
    *must(INT, "points", "answers", "correct"),
    refers("group_id", "study_group"),
    refers("member_id", "member"),
    index("ix_tally_group_id_period_points", "group_id", "period", "points"),
    clustered=True,
)

# A question's answers count on the boards of the day on which nobody could give another one.
settlement = table(
    "settlement",
    id_column(),
    *must(INT, "post_id", "group_id"),
    *must(LocalDate, "day"),
    refers("post_id", "post"),
    refers("group_id", "study_group"),
    sa.UniqueConstraint("post_id"),
    index("ix_settlement_group_id_id", "group_id", "id"),
)

# What a recap looks back on: acts and settlements by their ids, which grow in the order of commits. The
# instants are for people to read. The windows of a group follow each other without a gap.
recap_window = table(
    "recap_window",
    id_column(),
    *must(INT, "post_id", "group_id"),
    *must(Instant, "since", "until"),
    *must(INT, "acts_after", "acts_until", "settled_after", "settled_until"),
    refers("post_id", "post"),
    refers("group_id", "study_group"),
    index("ix_recap_window_group_id_id", "group_id", "id"),
    index("ix_recap_window_post_id", "post_id"),
)

topic_tally = table(
    "topic_tally",
    *key(INT, "member_id"),
    *key(TEXT, "pack", "topic"),
    *must(INT, "seen", "correct"),
    *must(Instant, "last_at"),
    refers("member_id", "member"),
    clustered=True,
)

challenge_entry = table(
    "challenge_entry",
    *key(INT, "group_id"),
    *key(TEXT, "challenge_id"),
    *key(INT, "member_id"),
    *must(Instant, "joined_at"),
    refers("group_id", "study_group"),
    refers("member_id", "member"),
    clustered=True,
)

submission = table(
    "submission",
    id_column(),
    *must(TEXT, "event_id"),
    *must(INT, "group_id"),
    *must(TEXT, "challenge_id"),
    *must(INT, "member_id"),
    *must(TEXT, "url", "learned"),
    *must(Instant, "happened_at"),
    refers("group_id", "study_group"),
    refers("member_id", "member"),
    sa.UniqueConstraint("event_id"),
    index("ix_submission_group_id_challenge_id_member_id", "group_id", "challenge_id", "member_id"),
)

note = table("note", *key(TEXT, "name"), *must(TEXT, "value"))

# Staged rows are written before what follows from them.
storage.outbox_tables.delivery.add_is_dependent_on(post)
tally.add_is_dependent_on(storage.regrade_tables.regrade)
