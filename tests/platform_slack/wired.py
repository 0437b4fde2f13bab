"""The whole of Milepost connected to the loopback Slack, over Web API and Socket Mode."""

from contextlib import asynccontextmanager

from adapters.slack.adapter import Slack
from adapters.slack.settings import Settings as SlackSettings
from tests.loopback import wired
from tests.loopback_slack import LoopbackSlack
from tests.room import MONDAY, FakeClock

PLAN = "setup backend-python zone:UTC time:09:00 days:daily"


class Wired(wired.Wired):
    """What a test of Slack does with a running Milepost."""

    async def founds(self, channel, organiser, *, quiz_only=True):
        """A study group in UTC, at 09:00 on every day."""
        shown = await organiser.uses(channel, "/study", PLAN)
        assert "set up" in shown.text, shown.text
        for kind in ("prompt", "challenge", "recap") if quiz_only else ():
            await organiser.uses(channel, "/study", f"schedule {kind} off")


@asynccontextmanager
async def running(folder, server, team, clock, **settings):
    """Start Milepost in a workspace; a second one on the same folder is a restart."""
    tokens = {"bot_token": team.token, "app_token": server.app_token}
    adapter = Slack(SlackSettings(**tokens, api_url=server.api_url, _env_file=None), clock)
    async with wired.connected(Wired, folder, server, clock, adapter, **settings) as joined:
        yield joined


@asynccontextmanager
async def study(folder, *, quiz_only=True, rules=None, **settings):
    """A running Milepost with one group: (wired, channel, organiser)."""
    clock = FakeClock(MONDAY)
    async with LoopbackSlack(clock=lambda: clock.now().timestamp(), **(rules or {})) as server:
        team = server.team("Berlin")
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        async with running(folder, server, team, clock, **settings) as joined:
            await joined.founds(channel, olga, quiz_only=quiz_only)
            yield joined, channel, olga
