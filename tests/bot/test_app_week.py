"""A study week with thirty members in a room in memory."""

import pytest

from tests.support.people import words, world_at
from tests.support.week import CLOSED, SHARE, study_week

pytestmark = pytest.mark.asyncio


async def test_a_week_of_thirty_members(tmp_path):
    async with world_at(tmp_path) as world:
        people = await study_week(world)
        assert f"Answers: {len(CLOSED)}, {SHARE} % right" in words(
            world.newest("The week in review").message
        )
        await people[1].uses("/streak")
        assert people[1].sees("Streak: 5 days"), people[1].shown()
