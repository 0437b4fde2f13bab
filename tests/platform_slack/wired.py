"""The whole of Milepost connected to the loopback Slack, over Web API and Socket Mode."""

import sqlite3
from contextlib import asynccontextmanager, closing

from adapters.slack.adapter import Slack
from adapters.slack.settings import Settings as SlackSettings
from bot.compose import build
from bot.settings import Settings
from tests.loopback_slack import LoopbackSlack
from tests.people import shipped_library
from tests.room import MONDAY, FakeClock, put_empty_database

PLAN = "setup backend-python zone:UTC time:09:00 days:daily"


class Wired:
    """A running Milepost and the server that it talks to."""

    def __init__(self, folder, server, clock, house):
        self.folder, self.server, self.clock, self.house = folder, server, clock, house

    async def founds(self, channel, organiser, *, quiz_only=True):
        """A study group in UTC, at 09:00 on every day."""
        shown = await organiser.uses(channel, "/study", PLAN)
        assert "set up" in shown.text, shown.text
        for kind in ("prompt", "challenge", "recap") if quiz_only else ():
            await organiser.uses(channel, "/study", f"schedule {kind} off")

    async def passes(self, **parts):
        """Let time pass, with a beat at the end of it that waits for what it began."""
        self.clock.advance(**parts)
        await self.house.heart.beat()

    def rows(self, query):
        """What the database holds."""
        with closing(sqlite3.connect(self.folder / "milepost.db")) as database:
            return database.execute(query).fetchall()


@asynccontextmanager
async def running(folder, server, team, clock, **settings):
    """Start Milepost in a workspace; a second one on the same folder is a restart."""
    await put_empty_database(folder / "milepost.db")
    core = Settings(database_url=f"sqlite:///{folder / 'milepost.db'}", _env_file=None, **settings)
    tokens = {"bot_token": team.token, "app_token": server.app_token}
    adapter = Slack(SlackSettings(**tokens, api_url=server.api_url, _env_file=None), clock)
    async with build(core, clock, [adapter], shipped_library()) as house:
        yield Wired(folder, server, clock, house)


@asynccontextmanager
async def study(folder, *, quiz_only=True, rules=None, **settings):
    """A running Milepost with one group: (wired, channel, organiser)."""
    clock = FakeClock(MONDAY)
    async with LoopbackSlack(clock=lambda: clock.now().timestamp(), **(rules or {})) as server:
        team = server.team("Berlin")
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        async with running(folder, server, team, clock, **settings) as wired:
            await wired.founds(channel, olga, quiz_only=quiz_only)
            yield wired, channel, olga
