"""No statement walks a table that grows, and nothing is due at the price of one probe."""

import re
import sqlite3

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from storage.repositories import (
    boards,
    community,
    events,
    groups,
    learning,
    members,
    outbox,
    post_queries,
    posts,
    reminders,
    rewards,
)
from storage.statements import Query
from storage.tables import metadata

MODULES = (
    rewards,
    boards,
    community,
    events,
    groups,
    learning,
    members,
    outbox,
    post_queries,
    posts,
    reminders,
)
QUERIES = {
    f"{module.__name__.rsplit('.', 1)[1]}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Query)
}
PARTIAL = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
BATCHED = {name: value.batched for name, value in QUERIES.items() if value.batched is not None}
WHOLE_TABLE = {"groups._ALL"}


@pytest.fixture(scope="module")
def connection():
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    metadata.create_all(engine)
    raw = engine.raw_connection()
    yield raw.driver_connection
    raw.close()
    engine.dispose()


def plan(connection: sqlite3.Connection, statement):
    compiled = statement.compile(dialect=sqlite.dialect())
    parameters = ["[]" if name == "keys" else 1 for name in compiled.positiontup]
    return [row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + str(compiled), parameters)]


def walks(steps):
    """The steps that go through a whole table, or a whole index that is not a partial one."""
    for step in steps:
        found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        if found and found[1] in metadata.tables and found[2] not in PARTIAL:
            yield step


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_uses_an_index(connection, name):
    steps = plan(connection, QUERIES[name].statement)
    assert (name in WHOLE_TABLE) == any(walks(steps)), steps


@pytest.mark.parametrize("name", BATCHED)
def test_a_query_for_many_uses_an_index(connection, name):
    steps = plan(connection, BATCHED[name])
    assert not list(walks(steps)), steps


def test_who_answered_an_open_question_is_found_by_the_question(connection):
    steps = plan(connection, boards._ANSWERED_OPEN.statement)
    assert any("activity USING INDEX sqlite_autoindex_activity_1 (key=?)" in step for step in steps), steps


@pytest.mark.parametrize(
    "name", ["_EARN", "_WITHDRAW", "_REVIEW_ALL", "_REVIEWED", "_GRANTED", "_ENQUEUE", "_ENQUEUE_ALL"]
)
def test_a_reward_is_written_by_its_key_or_its_group(connection, name):
    written = getattr(rewards, name)
    steps = plan(connection, getattr(written, "statement", written))
    assert not list(walks(steps)), steps


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (groups._DUE.statement, "ix_schedule_next_due_at"),
        (groups._NEXT_DUE.statement, "ix_schedule_next_due_at"),
        (groups._ENDING.statement, "ix_study_group_resume_at"),
        (groups._NEXT_END.statement, "ix_study_group_resume_at"),
        (posts._WORK_WAITS.statement, "ix_study_group_resume_at"),
        (outbox._FETCH_BACK, "ix_delivery_kind_due_at"),
        (posts._CLOSING.statement, "ix_post_closes_at"),
        (post_queries.LAST_DATE.statement, "ix_post_group_id_local_date"),
        (events._FORGET, "ix_event_at"),
        (rewards._DUE_FOR_REVIEW.statement, "ix_reward_review_at"),
        (outbox._CLAIM, "ix_delivery_kind_due_at"),
        (outbox._DUE_KINDS.statement, "ix_delivery_kind_due_at"),
        (posts._WORK_WAITS.statement, "ix_reward_review_at"),
        (posts._WORK_WAITS.statement, "ix_delivery_kind_due_at"),
    ],
)
def test_the_scheduler_finds_its_work_by_an_index(connection, statement, index):
    steps = plan(connection, statement)
    assert any(index in step for step in steps), steps
    assert not any("TEMP B-TREE" in step for step in steps), steps
