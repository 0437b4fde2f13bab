"""Five hundred clicks in one second, the server in a process of its own: all in time, none lost.

The platform gives three seconds. A machine that others keep busy does less in them, so fewer click there:
as many as it can serve in two seconds, as a first small rush has shown.
"""

import datetime as dt
import json
from types import SimpleNamespace

import pytest

from tests.adapters.slack.wired import PLAN, running
from tests.loopback.driven import driven
from tests.support.room import FakeClock

pytestmark = pytest.mark.asyncio

CLICKS, FIRST = 500, 50
RULES = {"patience": 60.0}
"""Everybody waits for their verdict."""


def elsewhere(server):
    """Stand-in for a server in another process, with the attributes that ``running`` reads."""
    told = server.addresses
    return SimpleNamespace(
        api_url=told["api"],
        app_token=told["app_token"],
        signing_secret=told["signing_secret"],
        pulse=server.pulse,
        http=SimpleNamespace(send_to=lambda _: None),
    )


async def test_five_hundred_clicks_in_a_second_are_all_in_time_and_none_is_lost(tmp_path):
    async with driven("tests.loopback.slack", "--rules", json.dumps(RULES)) as server:
        team = await server.does("team")
        channel = (await server.does("channel", team=team["id"]))["id"]
        olga = (await server.does("member", name="Olga", team=team["id"], admin=True))["id"]
        people = [
            (await server.does("member", name=f"M{n}", team=team["id"], tz="Asia/Tokyo"))["id"]
            for n in range(FIRST + CLICKS)
        ]
        # The server's clicks bear the time of the machine.
        clock = FakeClock(dt.datetime.now(dt.UTC))
        bot = SimpleNamespace(token=team["token"])
        async with running(tmp_path, elsewhere(server), bot, clock) as wired:
            for words in (PLAN, "post-now quiz"):
                told = {"person": olga, "channel": channel, "command": "/study", "text": words}
                await server.does("uses", **told)
            clock.set(dt.datetime.now(dt.UTC))
            await wired.application.scheduler.run_once()
            shown = await server.tells(f"messages/{channel}")
            [*_, post] = (message for message in shown if message["only"] is None)
            presses = [(person, post["surface"], "A") for person in people]
            done = await server.does("burst", presses=presses[:FIRST], per_second=CLICKS)
            most = FIRST + min(CLICKS, int(2 * FIRST / done["lasted"]))
            done = await server.does("burst", presses=presses[FIRST:most], per_second=CLICKS)
            assert None not in done["seconds"]
            assert max(done["seconds"]) < 3
            saved = wired.rows("SELECT count(*), count(DISTINCT member_id) FROM answer")
            assert saved == [(most, most)]
            state = await server.tells("state")
            assert (state["late"], state["refusals"]) == (0, 0)
            told = [m for m in await server.tells(f"messages/{channel}") if m["only"] in set(people)]
            assert len({m["only"] for m in told}) == len(told) == most
            # Slack tells of about a hundred people a minute, one by one.
            assert wired.rows("SELECT DISTINCT zone FROM answer") == [("Asia/Tokyo",)]
