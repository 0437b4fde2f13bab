"""The whole of Milepost connected to the loopback Discord, over REST and gateway."""

import asyncio
from contextlib import asynccontextmanager

from adapters.discord.adapter import Discord
from adapters.discord.settings import Settings as DiscordSettings
from bot.chat import decode
from tests.loopback import wired
from tests.loopback.discord import LoopbackDiscord, pointed_at
from tests.loopback.discord.permissions import MANAGE_GUILD
from tests.support.room import MONDAY, FakeClock

QUIZ_ONLY = ("prompt", "challenge", "recap")


async def nap(seconds):
    """The pauses between tries, left out: the order of things is what is tested."""
    await asyncio.sleep(0)


class Wired(wired.Wired):
    """Milepost running on the loopback Discord, with the steps that tests take."""

    async def founds(self, channel, organiser, *, quiz_only=True):
        """A study group in UTC, at 09:00 on every day."""
        plan = {"pack": "backend-python", "zone": "UTC", "time": "09:00", "days": "daily"}
        shown = await organiser.uses(channel, "study setup", plan)
        assert "set up" in shown.text, shown.text
        for kind in QUIZ_ONLY if quiz_only else ():
            await organiser.uses(channel, "study schedule", {"kind": kind, "time": "off"})

    def posts(self, channel):
        """The messages in a channel that everybody sees, oldest first."""
        return [message for message in self.server.messages(channel) if message.only is None]

    @property
    def newest(self):
        """Latest interaction."""
        return list(self.server.interactions.values())[-1]


@asynccontextmanager
async def running(folder, server, clock, *, settings=None, allowance=None, **chosen):
    """Start Milepost on the server; a second one on the same folder and server is a restart."""
    discord = DiscordSettings(
        token=server.rules.token,
        api_url=server.api_url,
        gateway_url=chosen.pop("gateway_url", ""),
        _env_file=None,
        **chosen,
    )
    with pointed_at(server):
        adapter = Discord(discord, nap)
        kept = {"allowance": allowance, **(settings or {})}
        async with wired.connected(Wired, folder, server, clock, adapter, **kept) as joined:
            yield joined


@asynccontextmanager
async def study(
    folder, *, quiz_only=True, settings=None, rules=None, permissions=MANAGE_GUILD, position=1, **chosen
):
    """A running Milepost with one group: (wired, channel, organiser).

    The organiser has a role with these ``permissions`` at this ``position``; the bot's is at 5.
    """
    clock = FakeClock(MONDAY)
    async with LoopbackDiscord(clock=lambda: clock.now().timestamp(), **(rules or {})) as server:
        guild = server.guild("Berlin")
        channel = server.channel(guild, "study")
        olga = server.member("Olga", guild, permissions=permissions, position=position)
        async with running(folder, server, clock, settings=settings, **chosen) as joined:
            await joined.founds(channel, olga, quiz_only=quiz_only)
            yield joined, channel, olga


def options_of(message):
    """The ids of a question's answer buttons."""
    ids = [button["custom_id"] for button in message.buttons if "custom_id" in button]
    return [custom_id for custom_id in ids if decode(custom_id).route == "quiz.answer"]
