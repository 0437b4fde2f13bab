"""One table holds all that is owed to platforms."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text()
SMALL = sa.Integer()


def upgrade() -> None:
    """Keep what is owed, due as before."""
    _delivery()
    _move_errands()
    _move_notices()
    _move_reminders()
    _move_rewards()
    _move_edits()


def _must(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False, autoincrement=False) for name in names]


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", INT, nullable=False),
        *_must(TEXT, "kind", "platform", "workspace", "subject", "payload"),
        sa.Column("group_id", INT, nullable=True),
        sa.Column("member_id", INT, nullable=True),
        sa.Column("user_workspace", TEXT, nullable=False, server_default=""),
        sa.Column("user_id", TEXT, nullable=False, server_default=""),
        *_must(INT, "due_at", "attempts", "revision"),
        sa.Column("error", TEXT, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.ForeignKeyConstraint(["group_id"], ["study_group.id"], name="fk_delivery_group_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_delivery_member_id"),
        sa.UniqueConstraint("kind", "subject", name="uq_delivery_kind_subject"),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_delivery_attempts")),
        sqlite_strict=True,
    )
    member, account = sa.text("member_id IS NOT NULL"), sa.text("user_id <> ''")
    op.create_index("ix_delivery_kind_due_at", "delivery", ["kind", "due_at"])
    op.create_index(
        "ix_delivery_member_id", "delivery", ["member_id"], sqlite_where=member, postgresql_where=member
    )
    op.create_index(
        "ix_delivery_platform_user_id",
        "delivery",
        ["platform", "user_id"],
        sqlite_where=account,
        postgresql_where=account,
    )


def _rows(statement: str) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(statement)).mappings()]


def _owe(kind: str, subject: str, payload: dict[str, Any], **values: Any) -> None:
    names = (*values, "kind", "subject", "payload", "attempts", "revision")
    statement = sa.insert(sa.table("delivery", *map(sa.column, names)))
    row = {"kind": kind, "subject": subject, "payload": json.dumps(payload), "attempts": 0}
    op.get_bind().execute(statement, {**values, **row, "revision": secrets.randbits(62)})


def _move_errands() -> None:
    seen = set()
    for row in _rows("SELECT * FROM errand ORDER BY id"):
        place = {"platform": row["platform"], "workspace": row["workspace"], "due_at": row["claimable_at"]}
        account = {"user_workspace": row["user_workspace"], "user_id": row["user_id"]}
        where = f"{row['platform']}/{row['workspace']}"
        if row["kind"] == "file":
            kind, subject, payload = "file_removal", f"{where}/{row['target']}", {"file": row["target"]}
        else:
            kind = "role_removal"
            subject = f"{where}/{row['channel']}/{row['target']}/{row['user_id']}"
            payload = {"channel": row["channel"], "role": row["target"]}
        if (kind, subject) not in seen:
            _owe(kind, subject, payload, **place, **account)
        seen.add((kind, subject))
    op.drop_table("errand")


def _move_notices() -> None:
    for row in _rows(
        "SELECT notice.*, platform, workspace FROM notice JOIN study_group ON study_group.id = group_id"
        " WHERE claimable_at IS NOT NULL ORDER BY notice.id"
    ):
        place = {"platform": row["platform"], "workspace": row["workspace"], "due_at": row["claimable_at"]}
        account = {"user_workspace": row["workspace"], "user_id": row["passed"]}
        _owe("notice", str(row["id"]), {"rung": row["rung"]}, **place, **account)
    op.drop_index("ix_notice_claimable_at", "notice")
    _make_anew("notice", _notice, "id, group_id, subject, owed_at, told_at, data, kind")


def _move_reminders() -> None:
    for row in _rows("SELECT * FROM reminder WHERE claimable_at IS NOT NULL AND next_date IS NOT NULL"):
        place = {"platform": row["platform"], "workspace": "", "due_at": row["claimable_at"]}
        payload = {"date": row["next_date"], "at": row["wall_time"], "zone": row["zone"]}
        _owe("reminder", str(row["member_id"]), payload, **place, member_id=row["member_id"])
    op.drop_index("ix_reminder_claimable_at", "reminder")
    columns = "member_id, platform, wall_time, zone, next_date, last_date, claimable_at, closed"
    _make_anew("reminder", _reminder, f"{columns}, reminded_at, unanswered")


def _reminder() -> None:
    op.create_table(
        "reminder",
        *_must(INT, "member_id"),
        *_must(TEXT, "platform", "wall_time", "zone"),
        *(sa.Column(name, TEXT, nullable=True) for name in ("next_date", "last_date")),
        sa.Column("due_at", INT, nullable=True),
        *_must(SMALL, "closed"),
        sa.Column("reminded_at", INT, nullable=True),
        sa.Column("unanswered", INT, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("member_id", name="pk_reminder"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_reminder_member_id"),
        sa.CheckConstraint("closed IN (0, 1)", name=op.f("ck_reminder_closed")),
        sqlite_strict=True,
    )


def _move_rewards() -> None:
    for row in _rows(
        "SELECT badge.*, platform, workspace FROM badge JOIN study_group ON study_group.id = group_id"
        " WHERE wanted <> settled"
    ):
        ids = {"group_id": row["group_id"], "member_id": row["member_id"]}
        subject = f"{row['group_id']}/{row['member_id']}/{row['audience']}"
        place = {"platform": row["platform"], "workspace": row["workspace"], "due_at": row["not_before"]}
        _owe("reward", subject, {}, **place, **ids)
    op.drop_index("ix_badge_not_before", "badge")
    op.drop_index("ix_badge_look_at", "badge")
    _make_anew("badge", _badge, "group_id, member_id, audience, wanted, settled, changed_at, look_at")


def _badge() -> None:
    op.create_table(
        "badge",
        *_must(INT, "group_id", "member_id"),
        *_must(TEXT, "audience"),
        *_must(SMALL, "wanted"),
        *_must(INT, "settled", "changed_at"),
        sa.Column("look_at", INT, nullable=True),
        sa.PrimaryKeyConstraint("group_id", "member_id", "audience", name="pk_badge"),
        sa.ForeignKeyConstraint(["group_id"], ["study_group.id"], name="fk_badge_group_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_badge_member_id"),
        sa.CheckConstraint("wanted IN (0, 1)", name=op.f("ck_badge_wanted")),
        sa.CheckConstraint("settled IN (0, 1, 2)", name=op.f("ck_badge_settled")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    watched = sa.text("look_at IS NOT NULL")
    op.create_index(
        "ix_badge_look_at", "badge", ["look_at"], sqlite_where=watched, postgresql_where=watched
    )


def _move_edits() -> None:
    for row in _rows(
        "SELECT post.id, edit_at, platform, workspace FROM post"
        " JOIN study_group ON study_group.id = group_id"
        " WHERE state IN ('sent', 'closed') AND version > shown_version ORDER BY post.id"
    ):
        place = {"platform": row["platform"], "workspace": row["workspace"], "due_at": row["edit_at"]}
        _owe("edit", str(row["id"]), {}, **place)
    op.drop_index("ix_post_edit_at", "post")
    if op.get_bind().dialect.name == "sqlite":
        _drop_versions_on_sqlite()
        return
    op.execute("ALTER TABLE post DROP CONSTRAINT ck_post_shown_version")
    op.drop_column("post", "shown_version")
    op.drop_column("post", "version")


def _drop_versions_on_sqlite() -> None:
    """Make the table anew as it is written in the schema, without these columns: SQLite drops no CHECK."""
    statements = _rows("SELECT type, sql FROM sqlite_schema WHERE tbl_name = 'post' AND sql IS NOT NULL")
    (table,) = (each["sql"] for each in statements if each["type"] == "table")
    for gone in (
        r"\bversion INTEGER NOT NULL,\s*",
        r"\bshown_version INTEGER NOT NULL,\s*",
        r",\s*CONSTRAINT ck_post_shown_version CHECK \([^)]*\)",
    ):
        table = re.sub(gone, "", table)
    names = (each["name"] for each in _rows("PRAGMA table_info(post)"))
    columns = ", ".join(name for name in names if name not in ("version", "shown_version"))
    op.execute(f"CREATE TEMPORARY TABLE kept AS SELECT {columns} FROM post")  # noqa: S608
    op.drop_table("post")
    op.execute(table)
    op.execute(f"INSERT INTO post ({columns}) SELECT {columns} FROM kept")  # noqa: S608
    op.execute("DROP TABLE kept")
    for each in statements:
        if each["type"] == "index":
            op.execute(each["sql"])


def _make_anew(name: str, create: Any, columns: str) -> None:
    """Copy a table into one with fewer columns. Nothing refers to it."""
    op.execute(f"CREATE TEMPORARY TABLE kept AS SELECT {columns} FROM {name}")  # noqa: S608
    op.drop_table(name)
    create()
    op.execute(f"INSERT INTO {name} SELECT * FROM kept")  # noqa: S608
    op.execute("DROP TABLE kept")


def _notice() -> None:
    kinds = "'failed', 'failed_by_hand', 'paused', 'pause_unended', 'reward_failed',"
    kinds += " 'mention_stopped', 'reward_stopped', 'written'"
    op.create_table(
        "notice",
        sa.Column("id", INT, nullable=False),
        *_must(INT, "group_id"),
        *_must(TEXT, "subject"),
        *_must(INT, "created_at"),
        sa.Column("told_at", INT, nullable=True),
        sa.Column("data", TEXT, nullable=False, server_default="{}"),
        sa.Column(
            "kind",
            TEXT,
            sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_notice_kind")),
            nullable=False,
            server_default="written",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.ForeignKeyConstraint(["group_id"], ["study_group.id"], name="fk_notice_group_id"),
        sa.UniqueConstraint("group_id", "subject", name="uq_notice_group_id_subject"),
        sqlite_strict=True,
    )
