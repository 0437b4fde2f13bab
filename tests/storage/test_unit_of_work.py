"""The database in memory and the real ones: whatever is done, they come to the same."""

import asyncio
import inspect
import shutil
import typing

import pytest
from hypothesis import HealthCheck, given, settings

from bot.ports import Database, UnitOfWork
from storage import open_database
from storage.unit_of_work import Unit as SqlUnit
from tests.storage import clock_scripts, scripts
from tests.storage.snapshot import everything
from tests.support.memory import MemoryDatabase, Store
from tests.support.memory.unit import Unit as MemoryUnit

PORTS = typing.get_type_hints(UnitOfWork)


def signatures(thing):
    """The public methods with the names and kinds of what they take."""
    return {
        name: [(each.name, each.kind) for each in inspect.signature(method).parameters.values()]
        for name, method in inspect.getmembers(thing, inspect.isfunction)
        if not name.startswith("_")
    }


@pytest.mark.parametrize("port", PORTS)
def test_every_port_is_there_with_all_of_its_methods(port):
    promised = signatures(PORTS[port])
    assert promised
    for unit in (MemoryUnit(None), SqlUnit(None)):
        offered = signatures(type(getattr(unit, port)))
        for name, parameters in promised.items():
            assert offered.get(name) == parameters, f"{type(unit).__module__}: {port}.{name}"


def test_the_database_in_memory_offers_what_a_database_does():
    assert signatures(Database).items() <= signatures(MemoryDatabase).items()


@pytest.mark.asyncio
async def test_a_streak_that_the_facts_do_not_say_is_a_problem():
    database = MemoryDatabase()
    await database.run(scripts.seed)

    async def put(unit):
        unit.learning.put_streak_state(1, "right")
        unit.learning.put_streak_state(2, "wrong")

    async def facts(member_id, unit):
        return (await unit.members.get(member_id)) and "right"

    await database.run(put)
    assert await database.problems(facts) == ("member 2: stored wrong, the facts say right",)


@pytest.mark.asyncio
async def test_what_is_kept_outlives_a_database_that_is_closed():
    store = Store()
    first = MemoryDatabase(store)
    await first.run(scripts.seed)
    before = await first.read(everything)
    await first.close()
    assert await MemoryDatabase(store).read(everything) == before
    assert await MemoryDatabase().read(everything) != before


@pytest.fixture
def both(template, tmp_path):
    """Plays on a copy of a file and in memory, each seeded first; returns what both came to."""

    async def on(database, seed, script):
        try:
            await database.run(seed)
            outcomes = await script(database)
            return outcomes, await database.read(everything)
        finally:
            await database.close()

    async def play(seed, script):
        shutil.copy(template, tmp_path / "milepost.db")
        for left in tmp_path.glob("milepost.db-*"):
            left.unlink()
        file = await open_database(f"sqlite:///{tmp_path / 'milepost.db'}")
        return await on(file, seed, script), await on(MemoryDatabase(), seed, script)

    return lambda *script: asyncio.run(play(*script))


def test_what_members_do_comes_to_the_same(both):
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(scripts.units)
    def check(script):
        on_file, in_memory = both(
            scripts.seed, lambda database: scripts.play(database, script, at_once=True)
        )
        assert in_memory == on_file

    check()


def test_what_the_clock_does_comes_to_the_same(both):
    async def play(database, script):
        seen = []
        for what in script:
            try:
                seen.append(await database.run(clock_scripts.step(*what)))
            except Exception as error:  # noqa: BLE001 - which one it is must be the same, too
                seen.append(type(error))
        return seen

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(clock_scripts.scripts)
    def check(script):
        on_file, in_memory = both(clock_scripts.seed, lambda database: play(database, script))
        assert in_memory == on_file

    check()
