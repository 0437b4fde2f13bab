"""Daily deletion of data that's past its retention."""

import datetime as dt

import pytest

from bot.worker import retention as upkeep
from tests.support.helpers import posts_project, quiz_of
from tests.support.people import PLATFORM, world_at

pytestmark = pytest.mark.asyncio


async def upkeep_of(world):
    await world.application.scheduler.upkeep()


async def test_shared_projects_are_deleted_after_their_time_and_points_stay(tmp_path):
    async with world_at(tmp_path, keep_shared_days=30) as world:
        await world.founds()
        await world.passes(minutes=31)
        await posts_project(world)
        ana = world.person("Ana")
        await ana.uses("/challenge submit", link="https://example.org/ana", learned="Much")
        await upkeep_of(world)
        assert "example.org/ana" in world.dump()
        await world.passes(days=31)
        await upkeep_of(world)
        assert "example.org/ana" not in world.dump()
        await ana.uses("/leaderboard", period="all")
        assert ana.sees("**Ana** 5 points")
        assert await world.problems() == ()


async def test_nothing_is_deleted_where_the_setting_is_nought(tmp_path):
    async with world_at(tmp_path, keep_shared_days=0, keep_idle_days=0, keep_removed_days=0) as world:
        await world.founds()
        await world.passes(minutes=31)
        await posts_project(world)
        await world.person("Ana").uses("/challenge submit", link="https://example.org/ana", learned="Much")
        await world.application.app.workspace_lost(PLATFORM, "w")
        world.clock.advance(days=5000)
        await upkeep_of(world)
        assert "example.org/ana" in world.dump()
        assert "'ana'" in world.dump()


async def test_idle_members_are_forgotten_in_batches_and_active_ones_are_not(tmp_path, monkeypatch):
    monkeypatch.setattr(upkeep, "BATCH", 2)
    async with world_at(tmp_path, keep_idle_days=100) as world:
        await world.founds()
        await world.passes(minutes=31)
        names = ("Ana", "Ben", "Cem", "Dan", "Eli")
        for name in names:
            await world.person(name).answers(quiz_of(world))
        await world.passes(days=99)
        await world.person("Eli").answers(quiz_of(world))
        await upkeep_of(world)
        assert all(f"'{name.lower()}'" in world.dump() for name in names)
        await world.passes(days=2)
        await upkeep_of(world)
        left = world.dump()
        assert [name for name in names if f"'{name.lower()}'" in left] == ["Eli"]
        assert await world.problems() == ()


async def test_members_of_a_place_that_removed_milepost_are_forgotten(tmp_path):
    async with world_at(tmp_path, keep_removed_days=90) as world:
        await world.founds()
        await world.founds(channel="other", workspace="elsewhere")
        await world.passes(minutes=31)
        ana, eve = world.person("Ana"), world.person("Eve", channel="other", workspace="elsewhere")
        await ana.answers(quiz_of(world))
        await eve.answers(quiz_of(world, "other"))
        await world.application.app.workspace_lost(PLATFORM, "w")
        await world.passes(days=89)
        await upkeep_of(world)
        assert "'ana'" in world.dump()
        await world.passes(days=2)
        for _ in range(2):  # a second time finds nothing to do
            await upkeep_of(world)
        left = world.dump()
        assert "'ana'" not in left
        assert "'eve'" in left
        groups = await world.run(lambda unit: unit.groups.all())
        assert [group.organiser.id for group in groups] == ["", "olga"]
        assert await world.problems() == ()


async def test_one_who_is_also_elsewhere_only_leaves_the_group(tmp_path):
    async with world_at(tmp_path, keep_removed_days=90) as world:
        await world.founds()
        await world.founds(channel="second")
        await world.passes(minutes=31)
        ana = world.person("Ana")
        await ana.answers(quiz_of(world))
        await world.person("Ana", channel="second").answers(quiz_of(world, "second"))
        gone = (await world.run(lambda unit: unit.groups.all()))[0]
        before = await world.run(lambda unit: unit.learning.activities(1))
        await world.run(lambda unit: unit.persons.vacate(gone.id))
        assert await world.run(lambda unit: unit.members.groups_of(1)) == (2,)
        assert await world.run(lambda unit: unit.learning.activities(1)) == before
        assert await world.problems() == ()


async def test_what_a_platform_keeps_for_a_time_is_deleted_after_it(tmp_path):
    async with world_at(tmp_path) as world:
        state = world.application.app.platform_state(PLATFORM, "cursors")
        await state.put("short", "for an hour", expires_at=world.clock.now() + dt.timedelta(hours=1))
        await state.put("long", "for good")
        await world.passes(hours=1)
        await upkeep_of(world)
        assert "for an hour" not in world.dump()
        assert "for good" in world.dump()
