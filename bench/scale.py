"""``/progress`` and ``/leaderboard`` in a database of 10,000, 1 million and 10 million answers.

A member's own history is the same in each: 200 answers in 250 days, in a group of 25. More answers come of
more members.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench import postgres
from bench.figure import Figure, times
from bench.history import SEATS, evening, live, multiply, whereabouts
from bench.steps import Steps
from bench.timed import Timed, by_hands
from bench.town import Town, file_in, folder, town_on

FEW, MANY, MOST = 10_000, 1_000_000, 10_000_000
COMMANDS = ("progress", "leaderboard")
WARMING, ASKING = 100, 400
"""Members who ask, chosen by chance; the first ones warm the process up."""

BYTES = {"SQLite": 1_000, "PostgreSQL": 1_500}
"""Of disk for an answer with all that belongs to it, at most, while it is written."""

GOAL = 1.5
"""What the time at most answers may be, of that at fewest."""

Runs = Mapping[tuple[int, str], Timed]


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
    runs: dict[tuple[int, str], Timed] = {}
    original = place / "one"
    original.mkdir()
    with steps.step("a group lives through 250 days"):
        answers = await _lived(file_in(original))
    for size in _that_fit(steps, place, sizes, "SQLite"):
        here = place / str(size)
        here.mkdir()
        shutil.copy(original / "milepost.db", here)
        runs |= await _asked(steps, file_in(here), size, size // answers, "SQLite")
        shutil.rmtree(here)
    return runs


async def _on_postgresql(steps: Steps, place: Path, server: str, sizes: Sequence[int]) -> Runs:
    runs: dict[tuple[int, str], Timed] = {}
    async with postgres.database(server) as original:
        with steps.step("a group lives through 250 days on PostgreSQL"):
            answers = await _lived(original)
        for size in _that_fit(steps, place, sizes, "PostgreSQL"):
            async with postgres.database(server, postgres.name_of(original)) as url:
                runs |= await _asked(steps, url, size, size // answers, "PostgreSQL")
    return runs


def _that_fit(steps: Steps, place: Path, sizes: Sequence[int], name: str) -> Iterator[int]:
    """Those that the disk has room for now. The server's files are taken to be on the same one."""
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
    """How many answers one group gave."""
    async with town_on(url) as town:
        return await live(town)


async def _asked(steps: Steps, url: str, size: int, copies: int, name: str) -> dict[tuple[int, str], Timed]:
    with steps.step(f"{size:,} answers written to {name}"):
        await multiply(url, copies)
    async with town_on(url) as town:
        town.clock.jump_to(evening())
        with steps.step(f"{ASKING:,} members ask for each"):
            return {(size, command): await _times(town, command, copies) for command in COMMANDS}


async def _times(town: Town, command: str, copies: int) -> Timed:
    """Seconds of each member who asks, one after another. Raises RuntimeError when one gets no answer."""

    async def ask(number: int) -> None:
        message = await town.uses(*whereabouts(number % SEATS, number // SEATS), command)
        if not message.summary.startswith(("Your progress: active", "Leaderboard")):
            raise RuntimeError(f"no {command}: {message.summary}")

    chance = random.Random(command)
    await by_hands(1, chance.choices(range(copies * SEATS), k=WARMING), ask)
    return await by_hands(1, chance.choices(range(copies * SEATS), k=ASKING), ask)


def _figures(key: str, name: str, runs: Runs) -> Iterator[Figure]:
    for (size, command), run in runs.items():
        at, half = f"scale.{key}_{command}_{size}", run.percentile(50)
        few = runs[FEW, command].percentile(50)
        yield Figure(
            f"{at}_p50",
            f"`/{command}` on {name} with {size:,} answers: half of them are answered within",
            half,
            "ms",
            f"≤ {GOAL} ×" if size == MOST else "",
            "" if size == FEW else times(half, few, f"with {FEW:,}"),
        )
        yield Figure(f"{at}_p99", "99 of 100 are answered within", run.percentile(99), "ms")
