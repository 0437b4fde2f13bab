"""The question "Did you mean …?" names what is near to what was typed, and else nothing."""

import pytest

from tests.people import world_at

pytestmark = pytest.mark.asyncio


async def test_nonsense_gets_no_suggestion(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        ana = world.person("Ana")
        await ana.uses("/quiz", topic="**bold** @everyone")
        assert not ana.sees("Did you mean"), ana.shown()


async def test_a_name_that_is_mistyped_gets_its_own(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        ana = world.person("Ana")
        await ana.uses("/quiz", topic="Contol structurs")
        assert ana.sees("Control structures"), ana.shown()
