"""Figure of a flood: how much longer others wait while one member sends a thousand commands."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from bench.environment import BenchEnv, add_questions, bench_env, folder
from bench.figure import Figure
from bench.steps import Steps
from bot.allowance import Allowance

GROUPS, MEMBERS = 5, 10
ROUNDS = 8
"""Pairs of a quiet question and one with a flood: whatever else the machine does meets both."""

FLOOD = 1000
COMMANDS = ("help", "progress", "leaderboard", "quiz")


Waited = tuple[float, float]
"""Seconds until somebody was answered, and the seconds of processor time that passed in them."""


def measure(steps: Steps) -> list[Figure]:
    with folder() as place, steps.step(f"{ROUNDS} × {FLOOD:,} commands of one member"):
        quiet, flooded = asyncio.run(_runs(place))
    alone, during = _medians(quiet), _medians(flooded)
    return [
        Figure("flood.alone", f"Half of {GROUPS * MEMBERS} at once are answered within", alone[0], "ms"),
        Figure(
            "flood.during",
            f"The same while one member sends {FLOOD:,} commands at once",
            during[0],
            "ms",
            against=f"{during[0] / alone[0]:.2f} × without the flood",
        ),
        Figure(
            "flood.delay",
            "So the flood delays others by, at the median",
            during[0] - alone[0],
            "ms",
            "< 50",
        ),
        Figure("flood.processor", "The same in processor time", during[1] - alone[1], "ms"),
    ]


def _medians(waited: Sequence[Waited]) -> tuple[float, float]:
    """Return milliseconds, and milliseconds of processor time."""
    seconds, processor = zip(*waited, strict=True)
    return statistics.median(seconds) * 1000, statistics.median(processor) * 1000


async def _runs(place: Path) -> tuple[list[Waited], list[Waited]]:
    quiet: list[Waited] = []
    flooded: list[Waited] = []
    async with bench_env(place) as env:
        await add_questions(env, GROUPS, 1 + 2 * ROUNDS)
        env.application.app.allowance = Allowance()
        await _all_answer(env, 0)
        for number in range(ROUNDS):
            first, second = 1 + 2 * number, 2 + 2 * number
            if number % 2:
                first, second = second, first
                flooded += await _all_answer(env, second, FLOOD)
            quiet += await _all_answer(env, first)
            if not number % 2:
                flooded += await _all_answer(env, second, FLOOD)
    return quiet, flooded


async def _all_answer(env: BenchEnv, number: int, flood: int = 0) -> list[Waited]:
    """Have everybody answer a question at once, behind a flood; return how long each of them waits."""
    began, busy = time.perf_counter(), time.process_time()
    commands = [_uses(env, COMMANDS[n % len(COMMANDS)]) for n in range(flood)]

    async def one(group: int, member: int) -> Waited:
        message = await env.answers(group, member, env.questions(group)[number], member)
        passed = time.perf_counter() - began, time.process_time() - busy
        if not message.summary.startswith(("Correct", "Not quite")):
            raise RuntimeError(f"no verdict: {message.summary}")
        return passed

    members = [(group, member) for group in range(GROUPS) for member in range(MEMBERS)]
    waited = await asyncio.gather(*commands, *(one(*who) for who in members))
    return [each for each in waited if each is not None]


async def _uses(env: BenchEnv, command: str) -> None:
    await env.uses("Eve", "eve", "channel-0", command)
