"""Corrected keys with crashes, several processes, and answers in the same moment: graded again once."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from bot.services.regrading import regrade_corrected
from tests.support.corrected import Scene, chooses, corrected, notices, points, scene_in, two_groups
from tests.support.helpers import library_with, serve
from tests.support.people import Room, world_at

pytestmark = pytest.mark.asyncio


class Killed(BaseException):
    """The end of a process."""


@pytest.mark.parametrize("chosen", [0, 1], ids=["gains", "gains nothing"])
async def test_a_crash_between_any_two_commits_loses_and_doubles_nothing(tmp_path, chosen):
    """The corrected pack is followed with a crash after each commit in turn, and gone on with after it."""
    outcomes, crashed, commits = [], True, 0
    while crashed:
        folder = tmp_path / str(commits)
        folder.mkdir()
        room = Room()
        async with world_at(folder, room=room) as world:
            first, other = await two_groups(world)
            await chooses(world.person("Ben", channel="other"), other.quiz, first.others[chosen])
            await world.passes(days=1)
            clock, library = world.clock, library_with(corrected(first.question, first.others[0]))
            crashed = await is_killed(world, library, commits)
        async with world_at(folder, room=room, clock=clock, library=library) as world:
            await world.run_once()
            outcomes.append(
                (await points(world), await points(world, 2), notices(world), notices(world, "other"))
            )
            assert await world.problems() == ()
        commits += 1
    assert commits > 3
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert outcomes[0][0]["Ben"] == (3, 1, 1)
    assert [len(each) for each in outcomes[0][2:]] == [1, 1]


async def is_killed(world, library, commits):
    """Follow the packs until so many units of work are committed; tell whether more were needed."""
    database = world.application.database
    run, left = database.run, [commits]

    async def counted(use_case, **options):
        if not left[0]:
            raise Killed
        left[0] -= 1
        return await run(use_case, **options)

    database.run = counted
    try:
        await regrade_corrected(database, library, world.clock.now())
    except Killed:
        return True
    finally:
        database.run = run
    return False


async def test_two_processes_on_one_file_grade_once(tmp_path):
    await two_processes(tmp_path)


async def test_two_processes_on_one_server_grade_once(tmp_path, server_url):
    await two_processes(tmp_path, database_url=server_url)


async def two_processes(tmp_path, **options):
    """Both read the corrected pack at once."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(world_at(tmp_path, **options))
        await one.founds()
        await one.passes(minutes=31)
        scene = await scene_in(one)
        shared = {"clock": one.clock, "room": one.room, **options}
        other = await stack.enter_async_context(world_at(tmp_path, **shared))
        library = library_with(corrected(scene.question, scene.others[0]))
        for each in (one, other):
            serve(each, library)
        await asyncio.gather(one.run_once(), other.run_once())
        await one.passes(minutes=1)
        assert await points(one) == {"Ana": (3, 1, 1), "Ben": (3, 1, 1), "Cem": (1, 1, 0)}
        assert len(notices(one)) == 1
        assert await one.problems() == ()


async def test_an_answer_by_the_old_key_of_another_process_is_found_when_that_reads_the_pack(tmp_path):
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(world_at(tmp_path))
        await one.founds()
        await one.passes(minutes=31)
        scene = Scene(one)
        other = await stack.enter_async_context(world_at(tmp_path, clock=one.clock, room=one.room))
        await other.run_once()
        await chooses(one.person("Ana"), scene.quiz, scene.key)
        await scene.is_corrected()
        late = other.person("Ben")
        await chooses(late, scene.quiz, scene.others[0])
        assert late.sees("✗ Not quite")
        serve(other, one.application.installed.library)
        await other.passes(minutes=1)
        await one.passes(days=1)
        assert (await points(one))["Ben"] == (3, 1, 1)


async def test_answers_in_the_same_moment_are_graded_by_either_key_and_end_right(study):
    scene = Scene(study)
    await chooses(study.person("Ana"), scene.quiz, scene.key)
    people = [study.person(f"P{number}") for number in range(20)]
    serve(study, library_with(corrected(scene.question, scene.others[0])))
    await asyncio.gather(
        *(chooses(person, scene.quiz, scene.others[0]) for person in people[:10]),
        study.run_once(),
        *(chooses(person, scene.quiz, scene.others[0]) for person in people[10:]),
    )
    await study.passes(days=1)
    found = await points(study)
    assert all(found[person.name] == (3, 1, 1) for person in people)
    assert await study.problems() == ()
