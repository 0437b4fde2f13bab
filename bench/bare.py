"""A discord.py bot without a Milepost in it: ``python -m bench.bare KIND API GATEWAY TOKEN``.

``clicks`` acknowledges every click and does nothing else. ``plain`` is the client as discord.py makes it,
``lean`` the one that Milepost connects with; both only listen, and every server must have been described.
"""

from __future__ import annotations

import asyncio
import gc
import sys

import discord
from discord.gateway import DiscordWebSocket
from yarl import URL

from adapters.discord.client import Client, nobody_serves, point_at
from adapters.discord.settings import Settings
from bench.child import asked, tell
from bench.weight import resident


class Clicks(discord.Client):
    """A client that acknowledges clicks and does nothing else."""

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Acknowledge."""
        await interaction.response.defer(ephemeral=True)


async def stay(kind: str, settings: Settings) -> None:
    """Connect, report the memory ``before`` that and after it, then the usage whenever it is asked for."""
    client = _client(kind, settings)
    await client.login(settings.token)
    before = resident()
    connection = asyncio.create_task(client.connect())
    await client.wait_until_ready()
    while client.intents.guilds and any(guild.unavailable for guild in client.guilds):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    gc.collect()
    tell(guilds=len(client.guilds), before=before)
    async for _ in asked():
        tell()
    await client.close()
    await asyncio.gather(connection, return_exceptions=True)


def _client(kind: str, settings: Settings) -> discord.Client:
    match kind:
        case "clicks":
            return Clicks(intents=discord.Intents.none())
        case "plain":
            return discord.AutoShardedClient(intents=discord.Intents.default())
        case _:
            return Client(settings, *nobody_serves())


def connection(api: str, gateway: str, token: str) -> Settings:
    """Return the settings of a bot on this server, whatever the environment says."""
    return Settings(_env_file=None, api_url=api, gateway_url=gateway, token=token)


if __name__ == "__main__":
    chosen = connection(*sys.argv[2:])
    point_at(chosen)
    DiscordWebSocket.DEFAULT_GATEWAY = URL(chosen.gateway_url)
    asyncio.run(stay(sys.argv[1], chosen))
