"""Whoever types a time with AM or PM is told of the 24-hour clock, or understood."""

import pytest

from tests.support.people import world_at


@pytest.mark.asyncio
async def test_nine_thirty_am_is_understood_or_explained(tmp_path):
    async with world_at(tmp_path) as world:
        olga = world.person("Olga", organiser=True)
        await olga.uses(
            "/study setup", pack="backend-python", zone="America/New_York", time="9:30 AM", days="daily"
        )
        assert olga.sees("set up") or olga.sees("24-hour"), olga.shown()
