"""A thousand clicks in one second, the server in a process of its own: all in time, none lost."""

import asyncio
import datetime as dt
import json
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest

from bot import decode
from tests.platform_discord.wired import running
from tests.room import MONDAY, FakeClock

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).parents[2]
CLICKS = 1000
PLAN = {"pack": "backend-python", "zone": "UTC", "time": "09:00", "days": "daily"}


class Remote:
    """The loopback Discord in another process."""

    def __init__(self, told, session):
        self.api_url, self.gateway_url = told["api"], told["gateway"]
        self.rules = SimpleNamespace(token=told["token"])
        self._session = session

    async def does(self, verb, **given):
        """One verb of tests/loopback_discord/control.py; what it answers."""
        async with self._session.post(f"/control/{verb}", json=given) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    async def tells(self, what):
        """What stands under /control."""
        async with self._session.get(f"/control/{what}") as response:
            return await response.json()

    async def posts(self, channel):
        """The messages that everybody in a channel sees."""
        return [post for post in await self.tells(f"messages/{channel}") if post["only"] is None]


@asynccontextmanager
async def elsewhere():
    """The server, ended at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.loopback_discord", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        told = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession(told["url"]) as session:
            yield Remote(told, session)
    finally:
        process.terminate()
        await process.wait()


def answer_button(post):
    """The id of a question's first answer button."""
    rows = post["components"][0]["components"]
    ids = [part.get("custom_id", "") for row in rows for part in row.get("components", ())]
    return next(found for found in ids if found and decode(found).route == "quiz.answer")


async def test_a_thousand_clicks_in_a_second_are_all_in_time_and_none_is_lost(tmp_path):
    async with elsewhere() as server:
        guild = (await server.does("guild"))["id"]
        channel = (await server.does("channel", guild=guild))["id"]
        olga = (await server.does("member", name="Olga", guild=guild, permissions=32))["id"]
        people = [(await server.does("member", name=f"M{n}", guild=guild))["id"] for n in range(CLICKS)]
        clock = FakeClock(MONDAY)
        async with running(tmp_path, server, clock) as wired:
            await server.does("uses", person=olga, channel=channel, command="study setup", given=PLAN)
            asks = {"kind": "quiz"}
            await server.does("uses", person=olga, channel=channel, command="study post-now", given=asks)
            # The server's clicks bear the time of the machine.
            clock.set(dt.datetime.now(dt.UTC))
            await wired.house.heart.beat()
            post = (await server.posts(channel))[-1]
            done = await server.does(
                "burst",
                presses=[(person, post["id"], answer_button(post)) for person in people],
                per_second=CLICKS,
            )
            assert None not in done["seconds"]
            assert max(done["seconds"]) < 3
            state = await server.tells("state")
            assert (state["late"], state["refusals"], state["too_many"]) == (0, 0, 0)
            saved = wired.rows("SELECT count(*), count(DISTINCT member_id) FROM answer")
            assert saved == [(CLICKS, CLICKS)]
