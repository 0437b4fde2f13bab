"""Figure of a connection's memory: the cost of a server that Milepost is a member of."""

from __future__ import annotations

from bench.figure import Figure, times
from bench.loopback import Loopback, bot, loopback
from bench.steps import Steps

SERVERS, CHANNELS, ROLES, SHARDS = 10_000, 15, 10, 4
AT_ONCE = 500
"""Servers made by one request."""


async def measure(steps: Steps, *, quick: bool) -> list[Figure]:
    """Measure KiB a server with Milepost's lean client, and with discord.py as it comes."""
    servers = SERVERS // 10 if quick else SERVERS
    async with loopback(shards=SHARDS, max_concurrency=SHARDS, keep_bodies=False) as discord:
        with steps.step(f"{servers:,} servers made"):
            for _ in range(servers // AT_ONCE):
                await discord.does("populate", guilds=AT_ONCE, members=0, channels=CHANNELS, roles=ROLES)
        each = {}
        for kind in ("lean", "plain"):
            with steps.step(f"{kind} client connected"):
                each[kind] = await _each(kind, discord, servers)
    lean, plain = each["lean"], each["plain"]
    what = f"Memory for a server of {CHANNELS} channels and {ROLES} roles, {servers:,} of them"
    return [
        Figure("discord.server", what, lean, "KiB", "", times(lean, plain, "discord.py as it comes")),
        Figure("discord.server_plain", "For comparison: discord.py as it comes", plain, "KiB"),
    ]


async def _each(kind: str, discord: Loopback, servers: int) -> float:
    """Return how many KiB more a server takes than before connecting."""
    async with bot("bench.bare", kind, *discord.address) as client:
        said = client.first
    if said["guilds"] != servers:
        raise RuntimeError(f"the {kind} client knows {said['guilds']:,} of {servers:,} servers")
    return (said["resident"] - said["before"]) * 1024 / servers
