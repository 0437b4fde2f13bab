"""People can be forgotten; what they write under prompts is not kept, and event ids name nobody."""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL = sa.Integer()
TEXT = sa.Text()
EVENTS = ("event", "drill", "answer", "submission")
DIGEST = 32
"""Characters of the digest that an event id becomes."""


def upgrade() -> None:
    """Nothing that counts is lost: a reply has counted by its act, which stays."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_table("prompt_reply")
    op.add_column("member", sa.Column("hidden", SMALL, nullable=False, server_default="0"))
    _digest_events(on_sqlite=on_sqlite)
    if on_sqlite:
        _make_anew("answer", _answer)
        _make_anew("activity", _activity)
    else:
        op.alter_column("answer", "member_id", nullable=True)
        op.alter_column("activity", "member_id", nullable=True)
    _new_tables()


def _digest_events(*, on_sqlite: bool) -> None:
    """Their ids held accounts."""
    digest = f"substr(encode(sha256(convert_to(event_id, 'UTF8')), 'hex'), 1, {DIGEST})"
    if on_sqlite:
        # The driver's own connection: SQLite has no such function.
        driver: Any = op.get_bind().connection.dbapi_connection
        driver.create_function("milepost_digest", 1, _digest, deterministic=True)
        digest = "milepost_digest(event_id)"
    for name in EVENTS:
        op.execute(f"UPDATE {name} SET event_id = {digest}")  # noqa: S608 - names of our own


def _digest(event_id: str) -> str:
    return hashlib.sha256(event_id.encode()).hexdigest()[:DIGEST]


def _make_anew(name: str, create: Any) -> None:
    """Copy a table into one whose ``member_id`` may be empty. Nothing refers to it."""
    connection = op.get_bind()
    for index in sa.inspect(connection).get_indexes(name):
        op.drop_index(str(index["name"]), name)
    op.rename_table(name, f"{name}_before")
    create()
    op.execute(f"INSERT INTO {name} SELECT * FROM {name}_before ORDER BY id")  # noqa: S608
    op.drop_table(f"{name}_before")


def _must(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False, autoincrement=False) for name in names]


def _may(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("id", INT, nullable=False),
        *_must(TEXT, "event_id"),
        *_may(INT, "member_id", "group_id", "post_id", "drill_id"),
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
        sqlite_strict=True,
    )
    on_post, on_drill = sa.text("post_id IS NOT NULL"), sa.text("drill_id IS NOT NULL")
    columns = ["post_id", "member_id"]
    op.create_index("uq_answer_post_id_member_id", "answer", columns, unique=True, sqlite_where=on_post)
    op.create_index("uq_answer_drill_id", "answer", ["drill_id"], unique=True, sqlite_where=on_drill)
    op.create_index("ix_answer_member_id_pack", "answer", ["member_id", "pack"])


def _activity() -> None:
    op.create_table(
        "activity",
        sa.Column("id", INT, nullable=False),
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
        sqlite_strict=True,
    )
    op.create_index("ix_activity_member_id_local_date", "activity", ["member_id", "local_date"])
    op.create_index("ix_activity_group_id_id", "activity", ["group_id", "id"])


def _new_tables() -> None:
    op.create_table(
        "forgotten",
        *_must(TEXT, "fingerprint", "salt"),
        *_must(INT, "at"),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_forgotten"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_forgotten_at", "forgotten", ["at"])
    kinds = sa.CheckConstraint("kind IN ('file', 'audience')", name=op.f("ck_errand_kind"))
    op.create_table(
        "errand",
        sa.Column("id", INT, nullable=False),
        sa.Column("kind", TEXT, kinds, nullable=False, server_default="file"),
        *_must(TEXT, "platform", "workspace", "target", "channel", "user_workspace", "user_id"),
        *_must(INT, "claimable_at", "tries"),
        sa.PrimaryKeyConstraint("id", name="pk_errand"),
        _check("ck_errand_tries", "tries >= 0"),
        sqlite_strict=True,
    )
    op.create_index("ix_errand_claimable_at", "errand", ["claimable_at"])
    op.create_index("ix_errand_platform_user_id", "errand", ["platform", "user_id"])
