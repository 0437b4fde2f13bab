"""``verify`` sees what is wrong, and says nothing when nothing is."""

import pytest

from storage import open_database, verify
from tests.storage.facts import NOW, PERIODS, act, answer, group, post, practice, schedule, sent, user

pytestmark = [pytest.mark.asyncio, pytest.mark.sql]

MANY = 250
"""Members, more than are looked at in one batch."""


async def fill(database):
    async def write(unit):
        of = await unit.groups.add(group())
        for number in range(1, 4):
            who = await unit.members.add(user(number), NOW)
            quiz = await unit.posts.add(sent(of.id, str(number)))
            served = await unit.practice.add(practice(who.id))
            right = number != 2
            unit.learning.add_answer(answer(who.id, quiz, correct=right))
            unit.learning.add_answer(answer(who.id, practice=served, topic="git"))
            unit.learning.add_activity(act(who.id, of.id, "post:1"), PERIODS, correct=right)
            unit.learning.add_activity(act(who.id, of.id, "prompt:1"), PERIODS)
            unit.learning.add_activity(act(who.id, None, "practice:1"), (), correct=True)
            unit.learning.put_streak_state(who.id, f"state {who.id}")

    await database.run(write)


async def add_many(database):
    async def write(unit):
        for number in range(MANY):
            who = await unit.members.add(user(number), NOW)
            unit.learning.put_streak_state(who.id, "old")

    await database.run(write)


async def streak_of(member_id, unit):
    assert await unit.members.get(member_id)
    return f"state {member_id}"


async def spoil(database, *statements):
    off = {"sqlite": "PRAGMA foreign_keys = OFF", "postgresql": "SET session_replication_role = replica"}
    async with database.engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        for statement in (off[database.engine.dialect.name], *statements):
            await raw.execute(statement)


async def test_all_is_well(database):
    assert await verify(database, streak_of) == ()
    await fill(database)
    assert await verify(database, streak_of) == ()
    assert await verify(database) == ()


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "UPDATE tally SET points = 99 WHERE member_id = 1 AND period = 'all'",
            "tally (group, period, member) (1, 'all', 1): stored (99, 1, 1), the facts say (20, 1, 1)",
        ),
        (
            "DELETE FROM tally WHERE member_id = 2 AND period = 'all'",
            "tally (group, period, member) (1, 'all', 2): stored None, the facts say (20, 1, 0)",
        ),
        (
            "INSERT INTO tally VALUES (1, '1999', 3, 5, 0, 0)",
            "tally (group, period, member) (1, '1999', 3): stored (5, 0, 0), the facts say None",
        ),
        (
            "UPDATE answer SET score = 0.5 WHERE id = 1",
            "answer 1: score 0.5, and correct is True",
        ),
        (
            "UPDATE topic_tally SET correct = 7, last_at = 0 WHERE member_id = 2 AND topic = 'http'",
            "topic_tally (member, pack, topic) (2, 'backend', 'http'): stored (1, 7, ",
        ),
        (
            "UPDATE streak_state SET state = 'wrong' WHERE member_id = 3",
            "streak_state of member 3: stored wrong, the facts say state 3",
        ),
    ],
)
async def test_each_cache_that_does_not_agree_is_found(database, statement, finding):
    await fill(database)
    await spoil(database, statement)
    findings = await verify(database, streak_of)
    assert any(finding in each for each in findings), findings


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE schedule SET next_due_at = NULL", "schedule 1 of group 1 is on, and is never due"),
        ("UPDATE schedule SET enabled = 0", "schedule 1 of group 1 is due, and is off or paused"),
        ("UPDATE study_group SET paused_at = 0", "schedule 1 of group 1 is due, and is off or paused"),
    ],
)
async def test_a_schedule_at_odds_with_its_group_is_found(database, statement, finding):
    async def plan(unit):
        of = await unit.groups.add(group())
        await unit.groups.put_schedule(schedule(of.id))

    await database.run(plan)
    assert await verify(database) == ()
    await spoil(database, statement)
    assert await verify(database) == (finding,)


async def test_a_planned_post_that_nobody_will_send_is_found(database):
    async def plan(unit):
        of = await unit.groups.add(group())
        await unit.posts.add(post(of.id))
        await unit.posts.add(sent(of.id, "2"))

    await database.run(plan)
    assert await verify(database) == ()
    await spoil(database, "DELETE FROM delivery")
    assert await verify(database) == ("post 1 of group 1 is planned, and is never sent",)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DELETE FROM study_group", "refers to no study_group"),
        ("DELETE FROM post", "answer: row 1 refers to no post"),
        ("INSERT INTO streak_state VALUES (77, 'x')", "streak_state: row 77 refers to no member"),
    ],
)
async def test_rows_that_refer_to_nothing_are_found(database, statement, finding):
    await fill(database)
    await spoil(database, statement)
    findings = await verify(database, streak_of)
    assert any(finding in each for each in findings), findings


@pytest.mark.parametrize(
    ("statements", "finding"),
    [
        (["DROP INDEX ix_schedule_next_due_at"], "schema: the table schedule lacks the index CREATE INDEX"),
        (
            ["ALTER TABLE tally DROP CONSTRAINT fk_tally_member_id"],
            "schema: the table tally lacks the condition fk_tally_member_id",
        ),
        (
            [
                "ALTER TABLE post DROP CONSTRAINT ck_post_state",
                "ALTER TABLE post ADD CONSTRAINT ck_post_state CHECK (state <> 'x') NOT VALID",
            ],
            "schema: the table post lacks the condition ck_post_state",
        ),
        (
            [
                (
                    "UPDATE pg_index SET indisvalid = false "
                    "WHERE indexrelid = 'uq_practice_question_event_id'::regclass"
                ),
            ],
            "schema: the table practice_question lacks the index CREATE UNIQUE INDEX uq_practice_question",
        ),
    ],
)
async def test_what_a_server_goes_on_without_is_found(server_url, statements, finding):
    database = await open_database(server_url)
    await fill(database)
    await spoil(database, *statements)
    found, *other = await verify(database, streak_of)
    assert found.startswith(finding)
    assert len(other) <= 1
    await database.close()


async def test_a_server_is_looked_at_while_others_write(server_url):
    """Writes during the check aren't seen, so no cache seems wrong; and nobody has to wait."""
    looking, writing = [await open_database(server_url, busy_timeout=1) for _ in range(2)]
    await add_many(looking)

    async def writes_meanwhile(member_id, _unit):
        if member_id == 1:
            await writing.run(lambda unit: put_streak_states(unit, "new", 2))
        return "old"

    async def put_streak_states(unit, state, first):
        for member_id in range(first, MANY + 1):
            unit.learning.put_streak_state(member_id, state)

    assert await verify(looking, writes_meanwhile) == ()
    assert len(await verify(looking, writes_meanwhile)) == MANY - 1
    for each in (looking, writing):
        await each.close()


async def test_a_look_at_a_server_writes_nothing(server_url):
    async def writes(member_id, unit):
        unit.learning.put_streak_state(member_id, "x")
        return await streak_of(member_id, unit)

    database = await open_database(server_url)
    await fill(database)
    with pytest.raises(RuntimeError, match="to read only"):
        await verify(database, writes)
    await database.run(lambda unit: unit.notes.put("a", "x"))
    await database.close()


async def test_streaks_are_checked_beyond_the_first_batch(database, monkeypatch):
    await add_many(database)

    async def right(member_id, _unit):
        return "old" if member_id % 100 else "new"

    assert len(await verify(database, right)) == 2


async def test_a_damaged_file_is_reported_and_not_recounted(path):
    database = await open_database(f"sqlite:///{path}")
    await fill(database)
    await spoil(
        database,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET rootpage = (SELECT min(rootpage) FROM sqlite_master "
        "WHERE tbl_name = 'reward' AND type = 'index') WHERE name = 'uq_answer_practice_id'",
        "UPDATE tally SET points = 99",
    )
    await database.close()
    database = await open_database(f"sqlite:///{path}")
    findings = await verify(database)
    await database.close()
    assert findings
    assert all(each.startswith("file: ") for each in findings)
