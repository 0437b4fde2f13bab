"""The whole of Milepost connected to the loopback Slack: over Socket Mode, or over HTTP."""

from contextlib import asynccontextmanager

from adapters.slack.adapter import Slack
from adapters.slack.settings import Settings as SlackSettings
from adapters.slack.token_cipher import new_key
from tests.loopback import wired
from tests.loopback.slack import LoopbackSlack
from tests.support.room import MONDAY, FakeClock

KEY = new_key()
PLAN = "setup backend-python zone:UTC time:09:00 days:daily"


class Wired(wired.Wired):
    """Milepost running on the loopback Slack, with the steps that tests take."""

    async def installed(self, person, **how):
        """Somebody installs the app from its page: (status, text) of the page that they end on."""
        self.server.redirect_uri = f"{self.base}/slack/oauth_redirect"
        return await self.server.installs(person, f"{self.base}/slack/install", **how)

    async def founds(self, channel, organiser, *, quiz_only=True):
        """A study group in UTC, at 09:00 on every day."""
        shown = await organiser.uses(channel, "/study", PLAN)
        assert "set up" in shown.text, shown.text
        for kind in ("prompt", "challenge", "recap") if quiz_only else ():
            await organiser.uses(channel, "/study", f"schedule {kind} off")

    async def posts_project(self, channel, organiser):
        """An organiser posts a project, which members can then share."""
        await organiser.uses(channel, "/study", "post-now challenge")
        await self.passes(seconds=1)


def over_socket(server, team):
    """Slack's settings for one workspace and Socket Mode."""
    return {"bot_token": team.token, "app_token": server.app_token}


def over_http(server, team):
    """Slack's settings for one workspace and HTTP mode."""
    return {"bot_token": team.token, "signing_secret": server.signing_secret, "http_port": 0}


def many(server, _team=None, *, key=KEY):
    """Slack's settings for every workspace that installs the app, and HTTP mode."""
    login = {"client_id": server.client_id, "client_secret": server.client_secret, "token_key": key}
    return {**login, "signing_secret": server.signing_secret, "http_port": 0}


@asynccontextmanager
async def running(folder, server, team, clock, *, mode=over_socket, **settings):
    """Start Milepost in a workspace; a second one on the same folder is a restart.

    ``mode`` makes Slack's settings of the server and the workspace.
    """
    chosen = SlackSettings(**mode(server, team), api_url=server.api_url, _env_file=None)
    adapter = Slack(chosen, clock)
    async with wired.connected(Wired, folder, server, clock, adapter, **settings) as joined:
        joined.base = adapter.address.partition("listening on ")[2]
        server.http.send_to(f"{joined.base}/slack/events" if chosen.over_http else "")
        try:
            yield joined
        finally:
            server.http.send_to("")


@asynccontextmanager
async def study(folder, *, quiz_only=True, rules=None, mode=over_socket, **settings):
    """A running Milepost with one group: (wired, channel, organiser)."""
    clock = FakeClock(MONDAY)
    async with LoopbackSlack(clock=lambda: clock.now().timestamp(), **(rules or {})) as server:
        team = server.team("Berlin")
        channel, olga = server.channel(team, "study"), server.member("Olga", team, admin=True)
        async with running(folder, server, team, clock, mode=mode, **settings) as joined:
            await joined.founds(channel, olga, quiz_only=quiz_only)
            yield joined, channel, olga
