"""A flood: how much longer others wait for their verdicts while one member sends a thousand commands."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

from bench.figure import Figure
from bench.steps import Steps
from bench.town import Town, folder, quiz_town, town_in
from bot.allowance import Allowance

GROUPS, MEMBERS = 5, 10
ROUNDS = 8
"""Pairs of a quiet question and one with a flood: whatever else the machine does meets both."""

FLOOD = 1000
COMMANDS = ("help", "progress", "leaderboard", "quiz")


def measure(steps: Steps) -> list[Figure]:
    with folder() as place, steps.step(f"{ROUNDS} × {FLOOD:,} commands of one member"):
        quiet, flooded = asyncio.run(_runs(place))
    alone, during = (statistics.median(each) * 1000 for each in (quiet, flooded))
    return [
        Figure("flood.alone", f"Half of {GROUPS * MEMBERS} at once are answered within", alone, "ms"),
        Figure(
            "flood.during",
            f"The same while one member sends {FLOOD:,} commands at once",
            during,
            "ms",
            against=f"{during / alone:.2f} × without the flood",
        ),
        Figure("flood.delay", "So the flood delays others by, at the median", during - alone, "ms", "< 50"),
    ]


async def _runs(place: Path) -> tuple[list[float], list[float]]:
    quiet: list[float] = []
    flooded: list[float] = []
    async with town_in(place) as town:
        await quiz_town(town, GROUPS, 1 + 2 * ROUNDS)
        town.house.app.allowance = Allowance()
        await _all_answer(town, 0)
        for number in range(ROUNDS):
            first, second = 1 + 2 * number, 2 + 2 * number
            if number % 2:
                first, second = second, first
                flooded += await _all_answer(town, second, FLOOD)
            quiet += await _all_answer(town, first)
            if not number % 2:
                flooded += await _all_answer(town, second, FLOOD)
    return quiet, flooded


async def _all_answer(town: Town, number: int, flood: int = 0) -> list[float]:
    """Everybody answers a question of their group at once, behind a flood; the seconds that each waits."""
    began = time.perf_counter()
    commands = [_uses(town, COMMANDS[n % len(COMMANDS)]) for n in range(flood)]

    async def one(group: int, member: int) -> float:
        message = await town.answers(group, member, town.questions(group)[number], member)
        passed = time.perf_counter() - began
        if not message.summary.startswith(("Correct", "Not quite")):
            raise RuntimeError(f"no verdict: {message.summary}")
        return passed

    members = [(group, member) for group in range(GROUPS) for member in range(MEMBERS)]
    waited = await asyncio.gather(*commands, *(one(*who) for who in members))
    return [seconds for seconds in waited if seconds is not None]


async def _uses(town: Town, command: str) -> None:
    await town.uses("Eve", "eve", "channel-0", command)
