"""PostgreSQL's own behaviour: several processes on one database, and a server that may be away."""

import asyncio
import datetime as dt

import asyncpg
import pytest
import pytest_asyncio

from bot.domain.deliveries import DeliveryKind
from bot.errors import DatabaseBusy, DatabaseNewer, SetupError, StorageError
from storage import open_database
from storage.engine import create_engine
from storage.schema import compare
from tests.storage.facts import HOUR, NOW, channel, group, post, user

pytestmark = pytest.mark.asyncio

LEASE = dt.timedelta(minutes=5)
PROCESSES = 3


@pytest_asyncio.fixture
async def processes(server_url):
    """Open one database as several processes would."""
    opened = [await open_database(server_url, busy_timeout=2) for _ in range(PROCESSES)]
    yield opened
    for each in opened:
        await each.close()


async def everywhere(processes, use_case, times=10):
    """Run the use case in each process, many times at once, and return all results."""
    return await asyncio.gather(*(each.run(use_case) for each in processes for _ in range(times)))


async def test_a_post_is_claimed_by_one_process_alone(processes):
    async def plan(unit):
        of = await unit.groups.add(group())
        for number in range(40):
            await unit.posts.add(post(of.id, slot=f"{number}"))

    await processes[0].run(plan)

    async def claim(unit):
        return await unit.outbox.claim(DeliveryKind.POST, NOW, LEASE, 3, {channel().platform})

    claimed = [each.id for found in await everywhere(processes, claim) for each in found]
    assert len(claimed) == len(set(claimed)) == 40


async def test_no_id_is_given_away_twice(processes):
    numbers = iter(range(1000))

    async def join(unit):
        return (await unit.members.add(user(next(numbers)), NOW)).id

    ids = await everywhere(processes, join)
    assert sorted(ids) == list(range(1, len(ids) + 1))


async def test_a_change_that_any_process_marks_is_owed_once(processes):
    async def found(unit):
        of = await unit.groups.add(group())
        return await unit.posts.add(post(of.id))

    new = await processes[0].run(found)

    async def change(unit):
        await unit.posts.mark_changed(new.id)

    await everywhere(processes, change)
    claimed = await processes[0].run(
        lambda unit: unit.outbox.claim(DeliveryKind.EDIT, NOW, HOUR, 9, [channel().platform])
    )
    assert [each.subject for each in claimed] == [str(new.id)]


async def test_a_lock_that_is_held_too_long_is_said(processes, server_url):
    waiting = await open_database(server_url, busy_timeout=0.05)

    async def try_meanwhile(unit):
        await unit.notes.put("a", "x")
        with pytest.raises(DatabaseBusy, match="locked by another process"):
            await waiting.run(lambda other: other.notes.put("b", "x"))

    await processes[0].run(try_meanwhile)
    await waiting.run(lambda unit: unit.notes.put("b", "x"))
    await waiting.close()


async def test_a_connection_that_the_server_ended_is_made_anew(processes, server_url):
    database = processes[0]
    await database.run(lambda unit: unit.notes.put("a", "x"))
    admin = await asyncpg.connect(server_url)
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await admin.close()
    assert await database.run(lambda unit: unit.notes.get("a")) == "x"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"database": "none"}, "There is no database none"),
        ({"host": "127.0.0.1", "port": 1}, "cannot be reached"),
    ],
)
async def test_what_keeps_it_from_opening_is_said(server_url, change, said):
    url = create_engine(server_url).url.set(drivername="postgresql", **change)
    with pytest.raises(StorageError, match=said):
        await open_database(url.render_as_string(hide_password=False))


async def test_a_newer_database_is_refused_and_left_alone(server_url):
    connection = await asyncpg.connect(server_url)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer, match="newer Milepost"):
        await open_database(server_url)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == "9999"
    await connection.close()


async def test_no_sentence_tells_the_password():
    engine = create_engine("postgresql://milepost:hunter2@127.0.0.1:1/milepost")
    with pytest.raises(StorageError) as error:
        await compare(engine)
    assert "hunter2" not in str(error.value)
    with pytest.raises(SetupError) as refused:
        create_engine("mysql://milepost:hunter2@localhost/milepost")
    assert "hunter2" not in str(refused.value)


async def test_a_name_with_a_nul_is_kept_without_it(processes):
    async def join(unit):
        member = await unit.members.add(user(), NOW)
        here, there = [await unit.groups.add(group(number)) for number in (1, 2)]
        await unit.members.join(here.id, member.id, NOW, "A\0na")
        await unit.members.join(there.id, member.id, NOW, "Somebody")
        return member.id, (here.id, there.id)

    member_id, groups = await processes[0].run(join)

    async def call(unit):
        unit.members.call(groups[1], member_id, "An\0a")

    await processes[0].run(call)
    for group_id in groups:
        found = await processes[1].read(lambda unit, n=group_id: unit.members.name_in(n, member_id))
        assert found == "Ana"
