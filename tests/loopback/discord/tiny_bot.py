"""The real discord.py client as small as it gets: one function that answers interactions."""

import asyncio
from contextlib import asynccontextmanager

import discord

from tests.loopback.discord.client import pointed_at
from tests.loopback.discord.server import LoopbackDiscord
from tests.loopback.pulse import Pulse

GUILDS = discord.Intents(guilds=True)
NOBODY = discord.AllowedMentions.none()


class TinyBot(discord.Client):
    """``answer(interaction)`` serves all. ``events`` are names in order, ``errors`` what it raised."""

    def __init__(self, answer, intents, **options):
        super().__init__(
            intents=intents, allowed_mentions=NOBODY, max_messages=None, guild_ready_timeout=0.02, **options
        )
        self._answer = answer
        self.events, self.errors = [], []
        self.is_up, self._pulse = asyncio.Event(), Pulse()

    def dispatch(self, event, /, *args, **kwargs):
        self.events.append(event)
        if event == "ready":
            self.is_up.set()
        self._pulse.beat()
        super().dispatch(event, *args, **kwargs)

    async def on_interaction(self, interaction):
        try:
            await self._answer(interaction)
        except Exception as error:  # noqa: BLE001 - a test looks at it
            self.errors.append(error)
            self._pulse.beat()

    async def before_identify_hook(self, shard_id, *, initial=False):
        """At once: the spacing of identifies is the server's to judge."""

    async def until(self, condition, seconds=10):
        """Wait until ``condition()`` holds; looked at after each event and error of this client."""
        await self._pulse.until(condition, seconds)

    def place(self, channel):
        """Channel to post to."""
        return self.get_partial_messageable(channel.id)


class ShardedTinyBot(TinyBot, discord.AutoShardedClient):
    """Small bot with several connections."""


async def silent(interaction):
    """Answers nothing."""


@asynccontextmanager
async def bot_on(server, answer=silent, *, intents=GUILDS, kind=TinyBot, token=None, **options):
    """A connected client, closed at the end."""
    with pointed_at(server):
        bot = kind(answer, intents, **options)
        task = asyncio.create_task(bot.start(token or server.rules.token))
        up = asyncio.create_task(bot.is_up.wait())
        await asyncio.wait({task, up}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        try:
            if task.done():
                task.result()
            yield bot
        finally:
            await bot.close()
            if not task.done():
                await task


@asynccontextmanager
async def talking(answer=silent, *, commands=(), **rules):
    """A server with one guild and channel, a person and a bot: (server, bot, channel, person)."""
    async with LoopbackDiscord(**rules) as server:
        guild = server.guild("Berlin")
        study, ana = server.channel(guild, "study"), server.member("Ana", guild)
        async with bot_on(server, answer) as bot:
            if commands:
                await bot.http.bulk_upsert_global_commands(bot.application_id, list(commands))
            yield server, bot, study, ana
