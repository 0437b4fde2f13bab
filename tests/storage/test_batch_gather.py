"""Coroutines of one unit that ask at once: one round for all, and no noise once their unit is over."""

import asyncio
import gc

import pytest
import pytest_asyncio

from bot.errors import UserError
from tests.storage.facts import NOW, user
from tests.storage.units import notes, noting, outcomes

pytestmark = [pytest.mark.asyncio, pytest.mark.sql]


@pytest_asyncio.fixture(autouse=True)
async def complaints():
    """Let asyncio complain of nothing, such as an exception that nobody has retrieved."""
    found = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: found.append(context["message"]))
    yield
    await asyncio.sleep(0)
    gc.collect()
    assert found == []


@pytest_asyncio.fixture
async def members(database):
    async def build(unit):
        return [await unit.members.add(user(number), NOW) for number in (1, 2, 3)]

    return await database.run(build)


async def beside(database, unit, others):
    """Run a unit with so many others; return what it came to."""
    found = await outcomes(database, unit, *(noting(f"other {number}") for number in range(others)))
    assert found[1:] == [f"other {number}" for number in range(others)]
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


@pytest.mark.parametrize("others", [0, 2])
async def test_two_reads_that_are_gathered_are_one_statement(database, members, asked, others):
    async def find(unit):
        found = await asyncio.gather(*(unit.learning.streak_state(each.id) for each in members))
        return found, await unit.notes.get("n")

    assert await beside(database, find, others) == ([None] * 3, None)
    assert len([each for each in asked if each.startswith("SELECT")]) == 2


async def test_units_that_gather_stay_in_step_with_those_that_do_not(database, members, asked):
    async def gathering(unit):
        for name in "ab":
            await asyncio.gather(*(unit.learning.streak_state(each.id) for each in members[:2]))
            await unit.notes.get(name)

    async def plain(unit):
        for name in "ab":
            await unit.learning.streak_state(members[2].id)
            await unit.notes.get(name)

    await outcomes(database, gathering, plain, gathering)
    assert len([each for each in asked if each.startswith("SELECT")]) == 3, "streaks, a, b"


@pytest.mark.parametrize("others", [0, 2])
async def test_a_read_that_needs_its_turn_takes_along_the_one_that_waits(database, members, others):
    runs = []

    async def unit_of_work(unit):
        runs.append(unit)
        await unit.notes.put("a", "x")
        return await asyncio.gather(
            unit.learning.streak_state(members[0].id), unit.notes.get("a"), unit.notes.get("b")
        )

    assert await beside(database, unit_of_work, others) == [None, "x", None]
    assert len(runs) == (2 if others else 1)


async def test_who_is_told_of_a_need_for_its_turn_as_a_value_runs_again_too(database):
    async def unit_of_work(unit):
        await unit.notes.put("a", "x")
        return await asyncio.gather(unit.notes.get("a"), unit.notes.get("b"), return_exceptions=True)

    assert await beside(database, unit_of_work, 1) == ["x", None]


async def test_a_group_of_tasks_may_need_its_turn(database):
    async def unit_of_work(unit):
        await unit.notes.put("a", "x")
        async with asyncio.TaskGroup() as tasks:
            found = [tasks.create_task(unit.notes.get(name)) for name in "ab"]
        return [each.result() for each in found]

    assert await beside(database, unit_of_work, 1) == ["x", None]


@pytest.mark.parametrize("others", [0, 2])
async def test_an_error_of_one_drops_what_the_other_still_asks(database, members, others):
    went_on = []

    async def fail(unit):
        await unit.learning.streak_state(members[0].id)
        raise UserError("no")

    async def go_on(unit):
        await unit.learning.streak_state(members[1].id)
        await unit.notes.put("a", "x")
        for name in "ab":
            await unit.notes.get(name)
        went_on.append(unit)

    async def unit_of_work(unit):
        await asyncio.gather(fail(unit), go_on(unit))

    with pytest.raises(UserError, match="no"):
        await beside(database, unit_of_work, others)
    assert await notes(database) == []
    assert went_on == []


@pytest.mark.parametrize("others", [0, 2])
async def test_a_child_that_asks_after_its_unit_has_failed_is_cancelled(database, others):
    over, children = asyncio.Event(), []

    async def late(unit):
        await over.wait()
        await unit.notes.put("a", "x")

    async def unit_of_work(unit):
        children.append(asyncio.create_task(late(unit)))
        await unit.notes.get("a")
        raise UserError("no")

    with pytest.raises(UserError, match="no"):
        await beside(database, unit_of_work, others)
    over.set()
    await asyncio.wait(children)
    assert all(child.cancelled() for child in children)
    assert await notes(database) == []


async def test_a_child_that_waits_for_its_answer_when_its_unit_fails_is_cancelled(database):
    children = []

    async def unit_of_work(unit):
        children.append(asyncio.create_task(unit.notes.get("a")))
        await asyncio.sleep(0)
        raise UserError("no")

    with pytest.raises(UserError, match="no"):
        await database.run(unit_of_work)
    await asyncio.wait(children)
    assert all(child.cancelled() for child in children)


async def test_a_child_that_is_cancelled_takes_no_answer_from_another_unit(database):
    async def impatient(unit):
        child = asyncio.create_task(unit.notes.get("n"))
        await asyncio.sleep(0)
        child.cancel()
        await asyncio.wait([child])
        return "gone"

    async def patient(unit):
        return await unit.notes.get("n")

    assert await outcomes(database, impatient, patient) == ["gone", None]
