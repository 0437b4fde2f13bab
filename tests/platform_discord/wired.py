"""The whole of Milepost connected to the loopback Discord, over REST and gateway."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing

from adapters.discord.adapter import Discord
from adapters.discord.settings import Settings as DiscordSettings
from bot import decode
from bot.compose import build
from bot.settings import Settings
from tests.loopback_discord import LoopbackDiscord, pointed_at
from tests.people import shipped_library
from tests.room import MONDAY, FakeClock, put_empty_database

QUIZ_ONLY = ("prompt", "challenge", "recap")


async def nap(seconds):
    """The pauses between tries, shortened: the order of things is what is tested."""
    await asyncio.sleep(min(seconds, 0.01))


class Wired:
    """A running Milepost, the server it talks to, and a group's channel with its organiser."""

    def __init__(self, folder, server, clock, house, adapter):
        self.folder, self.server, self.clock = folder, server, clock
        self.house, self.adapter = house, adapter

    async def founds(self, channel, organiser, *, quiz_only=True):
        """A study group in UTC, at 09:00 on every day."""
        plan = {"pack": "backend-python", "zone": "UTC", "time": "09:00", "days": "daily"}
        shown = await organiser.uses(channel, "study setup", plan)
        assert "set up" in shown.text, shown.text
        for kind in QUIZ_ONLY if quiz_only else ():
            await organiser.uses(channel, "study schedule", {"kind": kind, "time": "off"})

    async def passes(self, **parts):
        """Let time pass, with a beat at the end of it that waits for what it began."""
        self.clock.advance(**parts)
        await self.house.heart.beat()

    def rows(self, query):
        """What the database holds."""
        with closing(sqlite3.connect(self.folder / "milepost.db")) as database:
            return database.execute(query).fetchall()

    def posts(self, channel):
        """The messages in a channel that everybody sees, oldest first."""
        return [message for message in self.server.messages(channel) if message.only is None]


@asynccontextmanager
async def running(folder, server, clock, *, settings=None, **chosen):
    """Start Milepost on the server; a second one on the same folder and server is a restart."""
    await put_empty_database(folder / "milepost.db")
    core = Settings(database_url=f"sqlite:///{folder / 'milepost.db'}", _env_file=None, **(settings or {}))
    discord = DiscordSettings(
        token=server.rules.token,
        api_url=server.api_url,
        gateway_url=chosen.pop("gateway_url", ""),
        _env_file=None,
        **chosen,
    )
    with pointed_at(server):
        adapter = Discord(discord, nap)
        async with build(core, clock, [adapter], shipped_library()) as house:
            yield Wired(folder, server, clock, house, adapter)


@asynccontextmanager
async def study(folder, *, quiz_only=True, settings=None, rules=None, **chosen):
    """A running Milepost with one group: (wired, channel, organiser)."""
    clock = FakeClock(MONDAY)
    async with LoopbackDiscord(clock=lambda: clock.now().timestamp(), **(rules or {})) as server:
        guild = server.guild("Berlin")
        channel = server.channel(guild, "study")
        olga = server.member("Olga", guild, permissions=1 << 5)
        async with running(folder, server, clock, settings=settings, **chosen) as wired:
            await wired.founds(channel, olga, quiz_only=quiz_only)
            yield wired, channel, olga


async def until(condition):
    """Wait for what the other end of a connection will do, ten seconds at most."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - it happens at the other end, which tells nobody
            await asyncio.sleep(0.01)


def options_of(message):
    """The ids of a question's answer buttons."""
    ids = [button["custom_id"] for button in message.buttons if "custom_id" in button]
    return [custom_id for custom_id in ids if decode(custom_id).route == "quiz.answer"]
