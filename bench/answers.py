"""Figures of answers: from a press of a button to the verdict, each on the disk before it is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from adapters.playground.outbound import message_html
from bench.environment import EDIT_EVERY, BenchEnv, Question, add_questions, bench_env, folder
from bench.figure import Figure, times
from bench.raw import answers_a_second
from bench.steps import Steps
from bench.timed import Timed
from milepost.bootstrap import ticking

GROUPS, MEMBERS, QUIZZES = 10, 20, 100
WITH_SCHEDULER = 20
"""Questions answered by all while the scheduler runs and edits."""

ALONE = 400
"""Answers of the one member who is alone."""


def measure(steps: Steps) -> list[Figure]:
    with folder() as place:
        with steps.step("sqlite3 alone"):
            raw = answers_a_second(place)
        together, scheduling, alone = asyncio.run(_runs(steps, place))
    return [
        Figure(
            "answers.together",
            f"Answers a second, {GROUPS * MEMBERS} members at once ({len(together.each):,} answers)",
            together.rate,
            "/s",
            "≥ 1,500",
            times(together.rate, raw, "sqlite3, one row a transaction"),
        ),
        Figure("answers.p50", "Half of them are answered within", together.percentile(50), "ms"),
        Figure("answers.p99", "99 of 100 are answered within", together.percentile(99), "ms", "< 200"),
        Figure(
            "answers.processor",
            "Processor time of one of them",
            together.processor / len(together.each) * 1000,
            "ms",
        ),
        Figure(
            "answers.scheduling",
            f"The same while the scheduler runs and posts are edited every {EDIT_EVERY:.0f} s",
            scheduling.rate,
            "/s",
            against=times(scheduling.rate, together.rate, "without the scheduler"),
        ),
        Figure("answers.scheduling_p99", "99 of 100 are answered within", scheduling.percentile(99), "ms"),
        Figure(
            "answers.alone",
            "Answers a second, one member alone",
            alone.rate,
            "/s",
            against=times(alone.rate, raw, "sqlite3, one row a transaction"),
        ),
        Figure("answers.alone_p50", "Half of them are answered within", alone.percentile(50), "ms"),
        Figure("answers.alone_p99", "99 of 100 are answered within", alone.percentile(99), "ms"),
        Figure("answers.raw", "For comparison: rows a second, sqlite3 alone, WAL and FULL", raw, "/s"),
    ]


async def _runs(steps: Steps, place: Path) -> tuple[Timed, Timed, Timed]:
    async with bench_env(place) as env:
        with steps.step("questions sent"):
            await add_questions(env, GROUPS, 1 + QUIZZES + WITH_SCHEDULER + -(-ALONE // (GROUPS * MEMBERS)))
        members = [(group, member) for group in range(GROUPS) for member in range(MEMBERS)]
        with steps.step("members met"):
            await _all_answer(env, members, 0, 1)
        with steps.step(f"{GROUPS * MEMBERS * QUIZZES:,} answers"):
            together = await _all_answer(env, members, 1, 1 + QUIZZES)
        with steps.step(f"{GROUPS * MEMBERS * WITH_SCHEDULER:,} answers while the scheduler runs"):
            async with ticking(env.application, env.settings.tick_seconds):
                scheduling = await _all_answer(env, members, 1 + QUIZZES, 1 + QUIZZES + WITH_SCHEDULER)
        with steps.step(f"{ALONE} answers of one"):
            alone = await _one_answers(env, members)
    return together, scheduling, alone


async def _all_answer(env: BenchEnv, members: Sequence[tuple[int, int]], first: int, last: int) -> Timed:
    """Have every member answer these questions of their group, each one question after another."""
    each: list[float] = []

    async def one(group: int, member: int) -> None:
        for number, question in enumerate(env.questions(group)[first:last]):
            each.append(await _answer(env, group, member, question, number + member))

    began, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one(group, member) for group, member in members))
    return Timed(tuple(each), time.perf_counter() - began, time.process_time() - busy)


async def _one_answers(env: BenchEnv, members: Sequence[tuple[int, int]]) -> Timed:
    """Have one member at a time answer: never two answers at once."""
    rest = [
        (group, member, question)
        for group, member in members
        for question in env.questions(group)[1 + QUIZZES + WITH_SCHEDULER :]
    ][:ALONE]
    began, busy = time.perf_counter(), time.process_time()
    each = [
        await _answer(env, group, member, question, n) for n, (group, member, question) in enumerate(rest)
    ]
    return Timed(tuple(each), time.perf_counter() - began, time.process_time() - busy)


async def _answer(env: BenchEnv, group: int, member: int, question: Question, choice: int) -> float:
    began = time.perf_counter()
    message = await env.answers(group, member, question, choice)
    message_html(message)
    passed = time.perf_counter() - began
    if not message.summary.startswith(("Correct", "Not quite")):
        raise RuntimeError(f"no verdict: {message.summary}")
    return passed
