"""A Discord server in memory: the real discord.py and the real adapter, with simcord below them.

Simcord replaces the HTTP client, so there are no lost replies, retries and rate limits here; these have
tests of their own. What it leaves out and the adapter relies on is added: how often a bot may log in, and
the nonce, under which Discord takes a message once.
"""

import datetime as dt
import json
from contextlib import asynccontextmanager

from simcord.env import Env
from simcord.http.router import route

from adapters.discord.adapter import Discord
from adapters.discord.commands import publish
from adapters.discord.limits import DIRECT, PLATFORM
from adapters.discord.settings import Settings
from bot.chat import ChannelRef, UserRef
from tests.support.people import MONDAY

LOGINS = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}


@route("GET", "/gateway/bot")
def _gateway(_request):
    return {"url": "wss://gateway.invalid", "shards": 1, "session_start_limit": LOGINS}


class Server:
    """One server with one channel. It outlives the bot: each ``connect`` is a bot that was started anew."""

    def __init__(self):
        self.env = None
        self.guild = self.channel = None
        self._taken = {}

    async def connect(self, client):
        """Log the client in; the first time, make the server too."""
        if self.env is None:
            self.env = Env(client)
            self.env.backend.advance_clock((MONDAY - self.env.now()).total_seconds())
            await self.env.start()
            self.guild = self.env.create_guild("Backend study")
            self.channel = self.guild.create_text_channel("study")
        else:
            await self.env.restart_bot(client)
        client.http.request = self._once_a_nonce(client.http.request)

    async def close(self):
        """End the bot's work. Raises what the bot swallowed."""
        if self.env is not None:
            await self.env.shutdown()
            self.env.raise_errors()

    def now(self):
        """The server's time, from which Discord's ids are made: a Clock."""
        return self.env.now() if self.env else MONDAY

    async def passes(self, **parts):
        """Let time pass for Discord and for the bot."""
        await self.env.advance_time(dt.timedelta(**parts).total_seconds())

    def ref(self, channel=None):
        """A channel as the core names it."""
        return ChannelRef(PLATFORM, str(self.guild.id), str((channel or self.channel).id))

    def direct_ref(self, actor):
        """A person's direct conversation as the core names it."""
        return ChannelRef(PLATFORM, DIRECT, str(actor.user.dm_channel.id), direct=True)

    def user(self, actor):
        """A person as the core names them."""
        return UserRef(PLATFORM, PLATFORM, str(actor.id))

    def posts(self, channel=None):
        """Public posts of the bot in a channel, oldest first."""
        stored = self.env.backend.messages.get((channel or self.channel).id, {})
        return [
            message
            for _, message in sorted(stored.items())
            if message.components and not message.is_ephemeral
        ]

    def requests(self, method, end):
        """Requests that the bot sent to Discord with this method and a path that ends with ``end``."""
        return [
            sent for sent in self.env.http_requests if sent.method == method and sent.path.endswith(end)
        ]

    def _once_a_nonce(self, request):
        async def dispatch(wanted, *, form=None, **given):
            parts = {part["name"]: part.get("value") for part in form or ()}
            body = json.loads(parts["payload_json"]) if "payload_json" in parts else given.get("json")
            enforced = isinstance(body, dict) and body.get("enforce_nonce")
            key = (wanted.url, body["nonce"]) if enforced else None
            if key is None or key not in self._taken:
                answer = await request(wanted, form=form, **given)
                if key is None:
                    return answer
                self._taken[key] = answer
            return self._taken[key]

        return dispatch


class Simulated(Discord):
    """The adapter as it is, but connected to the server in memory."""

    def __init__(self, server, **settings):
        super().__init__(Settings(token="simulated", shards="0/1", _env_file=None, **settings))
        self._server = server

    async def start(self, app):
        client = self.new_client()
        self.attach(app, client)
        await self._server.connect(client)
        await publish(client, app)


@asynccontextmanager
async def server():
    """A server that no bot has joined yet."""
    made = Server()
    try:
        yield made
    finally:
        await made.close()
