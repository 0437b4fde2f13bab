"""EST is not taken for a zone without summer time: in July 09:30 in New York is meant."""

import datetime as dt

import pytest

from tests.support.people import FakeClock, world_at


@pytest.mark.asyncio
async def test_est_is_refused_with_a_city_or_follows_summer_time(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(dt.datetime(2026, 7, 6, 5, 0, tzinfo=dt.UTC))) as world:
        olga = world.person("Olga", organiser=True)
        await olga.uses("/study setup", pack="backend-python", zone="EST", time="09:30", days="daily")
        if olga.sees("set up"):
            await world.slots_pass(hours=8, minutes=31)  # 13:31 UTC is 09:31 in New York in July
            assert world.channel_posts(about="Question of the day"), olga.shown()
        else:
            assert olga.sees("America/New_York"), olga.shown()
