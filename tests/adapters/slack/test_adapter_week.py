"""The study week of the harness in memory, with thirty members, in a Slack workspace over the wire."""

import pytest

from tests.adapters.slack.wired import over_http, over_socket
from tests.adapters.slack.world import world_at
from tests.support.week import CLOSED, SHARE, study_week

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("mode", [over_socket, over_http])
async def test_a_week_of_thirty_members(tmp_path, mode):
    async with world_at(tmp_path, mode=mode) as world:
        people = await study_week(world)
        recap = world.newest("The week in review").text
        assert f"{len(CLOSED)}, {SHARE} % right" in recap
        await people[1].uses("/streak")
        assert people[1].sees("5 days"), people[1].shown()
        zones = world.wired.rows("SELECT DISTINCT zone FROM answer ORDER BY zone")
        assert zones == [("America/New_York",), ("Asia/Tokyo",), ("Europe/Berlin",), ("UTC",)]
        server = world.wired.server
        assert not server.refused
        assert not server.late
        assert server.too_many == 0
        keys = [post.metadata["event_payload"]["key"] for post in world.channel_posts() if post.metadata]
        assert len(keys) == len(set(keys)) == 9
