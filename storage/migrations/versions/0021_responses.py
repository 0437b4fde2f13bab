"""Answers hold a response as JSON and its score; what was served for practice is a practice question."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL = sa.Integer()
TEXT = sa.Text()
RESPONSE = "'[' || %s || ']'"
KEPT = "event_id, member_id, group_id, post_id, drill_id, pack, topic, question_id, question_rev"
KEPT_TOO = "correct, points, happened_at, local_date, zone"


def upgrade() -> None:
    """Every answer so far was one option; its score is whether it was right."""
    if op.get_bind().dialect.name == "sqlite":
        _make_anew()
    else:
        _alter()
    op.execute("UPDATE activity SET key = 'practice:' || substr(key, 7) WHERE key LIKE 'drill:%'")


def _alter() -> None:
    for what in (
        "TABLE drill RENAME TO practice_question",
        "SEQUENCE drill_id_seq RENAME TO practice_question_id_seq",
        "INDEX ix_drill_member_id RENAME TO ix_practice_question_member_id",
        "TABLE practice_question RENAME CONSTRAINT pk_drill TO pk_practice_question",
        "TABLE practice_question RENAME CONSTRAINT uq_drill_event_id TO uq_practice_question_event_id",
        "TABLE practice_question RENAME CONSTRAINT fk_drill_member_id TO fk_practice_question_member_id",
        "TABLE answer RENAME COLUMN drill_id TO practice_id",
        "TABLE answer RENAME CONSTRAINT fk_answer_drill_id TO fk_answer_practice_id",
        "TABLE answer RENAME CONSTRAINT ck_answer_post_or_drill TO ck_answer_post_or_practice",
        "INDEX uq_answer_drill_id RENAME TO uq_answer_practice_id",
        "TABLE answer ADD COLUMN response TEXT, ADD COLUMN score DOUBLE PRECISION",
    ):
        op.execute(f"ALTER {what}")
    said = RESPONSE % "CAST(to_json(option_id) AS TEXT)"
    op.execute(f"UPDATE answer SET response = {said}, score = correct")  # noqa: S608 - texts of ours
    op.execute(
        "ALTER TABLE answer ALTER COLUMN response SET NOT NULL, ALTER COLUMN score SET NOT NULL,"
        " ADD CONSTRAINT ck_answer_score CHECK (score BETWEEN 0 AND 1), DROP COLUMN option_id"
    )


def _make_anew() -> None:
    """SQLite changes no columns that conditions name: copy both tables."""
    connection = op.get_bind()
    for name in ("drill", "answer"):
        for index in sa.inspect(connection).get_indexes(name):
            if str(index["name"]).startswith(("ix_", "uq_answer")):
                op.drop_index(str(index["name"]), name)
    _practice_question()
    op.execute("INSERT INTO practice_question SELECT * FROM drill ORDER BY id")
    op.rename_table("answer", "answer_before")
    _answer()
    said = RESPONSE % "json_quote(option_id)"
    new = KEPT.replace("drill_id", "practice_id")
    op.execute(
        f"INSERT INTO answer (id, {new}, response, score, {KEPT_TOO})"  # noqa: S608 - texts of ours
        f" SELECT id, {KEPT}, {said}, correct, {KEPT_TOO} FROM answer_before ORDER BY id"
    )
    op.drop_table("answer_before")
    op.drop_table("drill")


def _must(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False, autoincrement=False) for name in names]


def _may(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _practice_question() -> None:
    op.create_table(
        "practice_question",
        sa.Column("id", INT, nullable=False),
        *_must(TEXT, "event_id"),
        *_must(INT, "member_id"),
        *_must(TEXT, "pack", "question_id"),
        *_must(INT, "question_rev", "seed", "created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_practice_question"),
        _refers("practice_question", "member_id", "member"),
        sa.UniqueConstraint("event_id", name="uq_practice_question_event_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_practice_question_member_id", "practice_question", ["member_id"])


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("id", INT, nullable=False),
        *_must(TEXT, "event_id"),
        *_may(INT, "member_id", "group_id", "post_id", "practice_id"),
        *_must(TEXT, "pack", "topic", "question_id"),
        *_must(INT, "question_rev"),
        *_must(TEXT, "response"),
        *_must(sa.REAL(), "score"),
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
        sqlite_strict=True,
    )
    on_post, on_practice = sa.text("post_id IS NOT NULL"), sa.text("practice_id IS NOT NULL")
    columns = ["post_id", "member_id"]
    op.create_index("uq_answer_post_id_member_id", "answer", columns, unique=True, sqlite_where=on_post)
    op.create_index(
        "uq_answer_practice_id", "answer", ["practice_id"], unique=True, sqlite_where=on_practice
    )
    op.create_index("ix_answer_member_id_pack", "answer", ["member_id", "pack"])
