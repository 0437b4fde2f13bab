"""Figures of ``/progress`` and ``/leaderboard`` in a database of 10,000, 1 million and 10 million answers.

A member's own history is the same in each: 200 answers in 250 days, in a group of 25. More answers come of
more members.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from itertools import product
from pathlib import Path

from bench import postgres
from bench.environment import BenchEnv, bench_env_on, file_in, folder
from bench.figure import Figure, times
from bench.history import SEATS, evening, live, multiply, whereabouts
from bench.steps import Steps
from bench.timed import percentile

FEW, MANY, MOST = 10_000, 1_000_000, 10_000_000
COMMANDS = ("progress", "leaderboard")
WARMING, ASKING = 100, 400
"""Members who ask at each size, chosen by chance; the first ones warm the process up."""

BYTES = {"SQLite": 1_000, "PostgreSQL": 1_500}
"""Bytes of disk for an answer with all that belongs to it, at most, while it is written."""

GOAL = 1.5
"""Ratio of the time at most answers to that at fewest, at most."""

Runs = Mapping[tuple[int, str], Sequence[float]]
"""Seconds of each who asked, by the number of answers and the command."""


def measure(steps: Steps, *, quick: bool) -> list[Figure]:
    with folder() as place:
        return asyncio.run(_measure(steps, place, (FEW, MANY) if quick else (FEW, MANY, MOST)))


async def _measure(steps: Steps, place: Path, sizes: Sequence[int]) -> list[Figure]:
    on_sqlite = await _on_sqlite(steps, place, sizes)
    figures = list(_figures("sqlite", "SQLite", on_sqlite))
    async with postgres.server() as server:
        if server is None:
            steps.note(postgres.NONE)
            return figures
        on_postgresql = await _on_postgresql(steps, place, server, sizes)
        return [*figures, *_figures("postgresql", await postgres.title(server), on_postgresql)]


async def _on_sqlite(steps: Steps, place: Path, sizes: Sequence[int]) -> Runs:
    original = place / "one"
    original.mkdir()
    with steps.step("a group lives through 250 days"):
        answers = await _lived(file_in(original))
    async with AsyncExitStack() as stack:
        envs = {}
        for size in _that_fit(steps, place, sizes, "SQLite"):
            here = place / str(size)
            here.mkdir()
            stack.callback(shutil.rmtree, here)
            shutil.copy(original / "milepost.db", here)
            with steps.step(f"{size:,} answers written to SQLite"):
                await multiply(file_in(here), size // answers)
            envs[size] = await stack.enter_async_context(bench_env_on(file_in(here)))
        return await _asked(steps, envs, answers)


async def _on_postgresql(steps: Steps, place: Path, server: str, sizes: Sequence[int]) -> Runs:
    async with AsyncExitStack() as stack:
        original = await stack.enter_async_context(postgres.database(server))
        with steps.step("a group lives through 250 days on PostgreSQL"):
            answers = await _lived(original)
        envs = {}
        for size in _that_fit(steps, place, sizes, "PostgreSQL"):
            url = await stack.enter_async_context(postgres.database(server, postgres.name_of(original)))
            with steps.step(f"{size:,} answers written to PostgreSQL"):
                await multiply(url, size // answers)
            envs[size] = await stack.enter_async_context(bench_env_on(url))
        return await _asked(steps, envs, answers)


def _that_fit(steps: Steps, place: Path, sizes: Sequence[int], name: str) -> Iterator[int]:
    """Yield the sizes that the disk has room for now.

    The server's files are taken to be on the same one.
    """
    for size in sizes:
        needed, free = size * BYTES[name] / 1e9, shutil.disk_usage(place).free / 1e9
        if needed <= free:
            yield size
        else:
            steps.note(
                f"{size:,} answers on {name} need {needed:.0f} GB of disk and {free:.0f} GB are free, so "
                "they are left out: free some, or use --quick"
            )


async def _lived(url: str) -> int:
    """Return how many answers one group gave."""
    async with bench_env_on(url) as env:
        return await live(env)


async def _asked(steps: Steps, envs: Mapping[int, BenchEnv], answers: int) -> Runs:
    """Have members ask in each database in turn: a noisy moment of the machine is one for all sizes."""
    runs: dict[tuple[int, str], list[float]] = {}
    for env in envs.values():
        env.clock.jump_to(evening())
    with steps.step(f"{ASKING:,} members ask for each"):
        for command, turn in product(COMMANDS, range(WARMING + ASKING)):
            chance = random.Random(f"{command} {turn}")
            for size, env in envs.items():
                seconds = await _ask(env, command, chance.randrange(size // answers * SEATS))
                if turn >= WARMING:
                    runs.setdefault((size, command), []).append(seconds)
    return runs


async def _ask(env: BenchEnv, command: str, number: int) -> float:
    """Return the seconds until a member has an answer. Raises RuntimeError when it is another one."""
    began = time.perf_counter()
    message = await env.uses(*whereabouts(number % SEATS, number // SEATS), command)
    passed = time.perf_counter() - began
    if not message.summary.startswith(("Your progress: active", "Leaderboard")):
        raise RuntimeError(f"no {command}: {message.summary}")
    return passed


def _figures(key: str, name: str, runs: Runs) -> Iterator[Figure]:
    for (size, command), run in sorted(runs.items()):
        at, half = f"scale.{key}_{command}_{size}", percentile(run, 50)
        few = percentile(runs[FEW, command], 50)
        yield Figure(
            f"{at}_p50",
            f"`/{command}` on {name} with {size:,} answers: half of them are answered within",
            half,
            "ms",
            f"≤ {GOAL} ×" if size == MOST else "",
            "" if size == FEW else times(half, few, f"with {FEW:,}"),
        )
        yield Figure(f"{at}_p99", "99 of 100 are answered within", percentile(run, 99), "ms")
