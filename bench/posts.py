"""Figure of posts that are due at once, over the loopback Discord with 50 requests a second."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from bench.figure import Figure
from bench.loopback import Loopback, bot, loopback
from bench.steps import Steps

POSTS, SERVERS = 10_000, 100
LIMIT = 50
"""Requests a second that Discord takes of a bot."""

PATIENCE = 180.0
"""Seconds without a post after which it is given up: planning all of them comes first, half a minute."""


async def measure(steps: Steps, place: Path, *, quick: bool) -> list[Figure]:
    """Posts a second from the first to the last, in the server's record."""
    wanted = POSTS // 10 if quick else POSTS
    async with loopback(keep_bodies=False) as discord:
        with steps.step(f"{wanted:,} channels made"):
            made = await discord.does("populate", guilds=SERVERS, members=0, channels=wanted // SERVERS)
        groups = [(found["id"], channel) for found in made for channel in found["channels"]]
        (place / "groups.json").write_text(json.dumps(groups), encoding="utf-8")
        (place / "due").touch()
        async with bot("bench.serving", str(place), *discord.address) as milepost:
            with steps.step(f"{wanted:,} posts due at once"):
                await discord.takes_all("POST 200", wanted, PATIENCE)
            used = (await milepost.tells())["processor"] - milepost.first["processor"]
        times = await _times(discord)
        too_many = await discord.faultless()
    if len(times) != wanted:
        raise RuntimeError(f"{len(times):,} posts of {wanted:,} arrived")
    rate = (len(times) - 1) / (times[-1] - times[0])
    longest = max(later - earlier for earlier, later in pairwise(times))
    return [
        Figure(
            "discord.posts",
            f"Posts a second, {wanted:,} due at once in {SERVERS} servers",
            rate,
            "/s",
            f"≥ {0.95 * LIMIT:.1f}",
            f"{rate / LIMIT:.0%} of Discord's limit",
        ),
        Figure("discord.posts_too_many", "Of which Discord put off (429)", too_many, "", "0"),
        Figure("discord.posts_pause", "Longest pause between two of them", longest * 1000, "ms"),
        Figure(
            "discord.posts_processor",
            "Processor time of one of them, planned and sent",
            used / wanted * 1000,
            "ms",
        ),
    ]


async def _times(discord: Loopback) -> list[float]:
    """Return when each post was taken, in monotonic seconds."""
    return sorted(
        request["at"]
        for request in await discord.tells("requests")
        if request["method"] == "POST"
        and request["path"].endswith("/messages")
        and request["status"] == 200
    )
