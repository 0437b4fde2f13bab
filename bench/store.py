"""Figures of answers, each durable before it is told, by 1 to 1,000 members, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from bench import postgres
from bench.environment import MONDAY, BenchEnv, Question, add_questions, bench_env_on, file_in, folder
from bench.figure import Figure, times
from bench.same_rows import on_postgresql, on_sqlite
from bench.steps import Steps
from bench.timed import Timed, by_tasks

GROUPS, MEMBERS = 50, 20
ANSWERS = {1: 400, 10: 2_000, 100: 6_000, 1_000: 12_000}
"""Answers that are given, by the number of members at once."""

FEWER = 5
"""Divisor of the answers with ``quick``."""

RAW_SECONDS = 2.0
RAW_QUESTIONS = 24
"""Questions left for the plain driver: each can be answered once by every member of its group."""

CONNECTIONS = (1, 10, 90)
"""Connections of the plain driver to PostgreSQL, which takes 100 by default. Milepost has one, and is
held against the fastest of those that are no more than its members at once.
"""

Press = tuple[int, int, Question]


def measure(steps: Steps, *, quick: bool) -> list[Figure]:
    wanted = {at_once: number // (FEWER if quick else 1) for at_once, number in ANSWERS.items()}
    with folder() as place:
        return asyncio.run(_measure(steps, place, wanted))


async def _measure(steps: Steps, place: Path, wanted: Mapping[int, int]) -> list[Figure]:
    runs = await _answer_all(steps, file_in(place), wanted)
    with steps.step("sqlite3 alone"):
        rate = on_sqlite(place / "milepost.db", MONDAY, RAW_SECONDS)
    raw = dict.fromkeys(wanted, rate)
    figures = [
        *_figures("sqlite", "SQLite", runs, raw, "sqlite3, the same rows"),
        Figure("store.sqlite_raw", "For comparison: sqlite3 alone, the same rows", rate, "/s"),
    ]
    async with postgres.server() as server:
        if server is None:
            steps.note(postgres.NONE)
            return figures
        async with postgres.database(server) as url:
            return figures + await _on_postgresql(steps, url, wanted)


async def _on_postgresql(steps: Steps, url: str, wanted: Mapping[int, int]) -> list[Figure]:
    runs = await _answer_all(steps, url, wanted)
    rates: dict[int, float] = {}
    for number in CONNECTIONS:
        with steps.step(f"asyncpg alone, {_connections(number)}"):
            rates[number] = await on_postgresql(url, number, MONDAY, RAW_SECONDS)
    raw = {at_once: max(rate for number, rate in rates.items() if number <= at_once) for at_once in wanted}
    return [
        *_figures("postgresql", await postgres.title(url), runs, raw, "asyncpg, the same rows"),
        *(
            Figure(
                f"store.postgresql_raw_{number}",
                f"For comparison: asyncpg alone, the same rows, {_connections(number)}",
                rate,
                "/s",
            )
            for number, rate in rates.items()
        ),
    ]


async def _answer_all(steps: Steps, url: str, wanted: Mapping[int, int]) -> dict[int, Timed]:
    """Return seconds of answers by each number of members at once; some questions are left unanswered."""
    everybody = GROUPS * MEMBERS
    questions = 1 + -(-sum(wanted.values()) // everybody)
    async with bench_env_on(url) as env:
        with steps.step("questions sent and members met"):
            await add_questions(env, GROUPS, questions + RAW_QUESTIONS)
            presses = _presses(env)
            await by_tasks(everybody, islice(presses, everybody), lambda press: _answer(env, press))
        runs = {}
        for at_once, number in wanted.items():
            with steps.step(f"{number:,} answers by {_members(at_once)} at once"):
                mine = list(islice(presses, number))
                runs[at_once] = await by_tasks(at_once, mine, lambda press: _answer(env, press))
    return runs


def _presses(env: BenchEnv) -> Iterator[Press]:
    """Yield all that can be pressed, so that one member comes again after everybody else."""
    asked = [env.questions(group) for group in range(GROUPS)]
    for question in zip(*asked, strict=True):
        for member in range(MEMBERS):
            for group in range(GROUPS):
                yield group, member, question[group]


async def _answer(env: BenchEnv, press: Press) -> None:
    """Give an answer. Raises RuntimeError when there is no verdict."""
    group, member, question = press
    message = await env.answers(group, member, question, member)
    if not message.summary.startswith(("Correct", "Not quite")):
        raise RuntimeError(f"no verdict: {message.summary}")


def _figures(
    key: str, name: str, runs: Mapping[int, Timed], raw: Mapping[int, float], against: str
) -> Iterator[Figure]:
    for at_once, run in runs.items():
        at = f"store.{key}_{at_once}"
        what = f"Answers a second on {name}, {_members(at_once)} at once ({len(run.each):,} answers)"
        yield Figure(at, what, run.rate, "/s", against=times(run.rate, raw[at_once], against))
        yield Figure(f"{at}_p50", "Half of them are answered within", run.percentile(50), "ms")
        yield Figure(f"{at}_p99", "99 of 100 are answered within", run.percentile(99), "ms")


def _members(number: int) -> str:
    return f"{number:,} {'member' if number == 1 else 'members'}"


def _connections(number: int) -> str:
    return f"{number} {'connection' if number == 1 else 'connections'}"
