"""``verify`` sees what is wrong, and says nothing when nothing is."""

import pytest

from storage import open_database, verify
from tests.storage_db.facts import NOW, PERIODS, act, answer, drill, group, sent, user

pytestmark = pytest.mark.asyncio


async def fill(database):
    async def write(unit):
        of = await unit.groups.add(group())
        for number in range(1, 4):
            who = await unit.members.add(user(number), f"Member {number}", NOW)
            quiz = await unit.posts.add(sent(of.id, str(number)))
            served = await unit.learning.add_drill(drill(who.id))
            right = number != 2
            unit.learning.add_answer(answer(who.id, quiz, correct=right))
            unit.learning.add_answer(answer(who.id, drill=served, topic="git"))
            unit.learning.add_activity(act(who.id, of.id, "post:1"), PERIODS, correct=right)
            unit.learning.add_activity(act(who.id, of.id, "prompt:1"), PERIODS)
            unit.learning.add_activity(act(who.id, None, "drill:1"), (), correct=True)
            unit.learning.put_streak_state(who.id, f"state {who.id}")

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


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DELETE FROM study_group", "refers to no study_group"),
        ("INSERT INTO streak_state VALUES (77, 'x')", "streak_state: row 77 refers to no member"),
    ],
)
async def test_rows_that_refer_to_nothing_are_found(database, statement, finding):
    await fill(database)
    await spoil(database, statement)
    findings = await verify(database, streak_of)
    assert any(finding in each for each in findings), findings


async def test_streaks_are_checked_beyond_the_first_batch(database, monkeypatch):
    async def add_many(unit):
        for number in range(250):
            who = await unit.members.add(user(number), "x", NOW)
            unit.learning.put_streak_state(who.id, "old")

    await database.run(add_many)

    async def right(member_id, _unit):
        return "old" if member_id % 100 else "new"

    assert len(await verify(database, right)) == 2


async def test_a_damaged_file_is_reported_and_not_recounted(path):
    database = await open_database(f"sqlite:///{path}")
    await fill(database)
    await spoil(
        database,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'ON answer (drill_id)', 'ON answer (post_id)') "
        "WHERE name = 'uq_answer_drill_id'",
        "UPDATE tally SET points = 99",
    )
    await database.close()
    database = await open_database(f"sqlite:///{path}")
    findings = await verify(database)
    await database.close()
    assert findings
    assert all(each.startswith("file: ") for each in findings)
