"""Figures of learning of a post that another process has planned: by polling, or by a notification.

Milepost polls. The notification is a prototype that lives here alone: a trigger that notifies, and a
connection that listens. Both on PostgreSQL: a SQLite file has one process. The other process is a second
Milepost in this one: they share nothing but the database.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import sqlalchemy as sa

from bench import postgres
from bench.environment import MONDAY, BenchEnv, bench_env_on
from bench.figure import Figure
from bench.steps import Steps
from bot.worker.periodic import PeriodicRunner
from storage import SqlDatabase

TIMES, IDLE = 20, 20.0
"""Posts of each way, and seconds of doing nothing; ``quick`` makes a fourth of both."""

PATIENCE = 30.0
CHANNEL = "planned"
_TRIGGER = (
    (
        "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL; END $$"
    ),
    "CREATE TRIGGER tell AFTER INSERT ON post FOR EACH STATEMENT EXECUTE FUNCTION tell()",
)


def measure(steps: Steps, *, quick: bool) -> list[Figure]:
    return asyncio.run(_measure(steps, quick=quick))


async def _measure(steps: Steps, *, quick: bool) -> list[Figure]:
    number, idle = (TIMES // 4, IDLE / 4) if quick else (TIMES, IDLE)
    async with postgres.server() as server:
        if server is None:
            steps.note(postgres.NONE)
            return []
        async with postgres.database(server) as url, _two(url) as (asked, other):
            tick = other.settings.tick_seconds
            with steps.step(f"{number} posts sent by the process that was asked"):
                async with _running(asked):
                    own = await _each(asked, asked, number, tick)
            with steps.step(f"{number} posts found by another one that looks"):
                async with _running(other):
                    looked = await _each(asked, other, number, tick)
            with steps.step(f"{number} posts that another one is told of"):
                async with _running(other) as runner, _told(url, runner.wake):
                    told = await _each(asked, other, number, tick)
            with steps.step(f"{idle:.0f} s of doing nothing"):
                async with _running(other):
                    questions, processor = await _idle(other, idle)
    longest = f"looking every {tick:g} s"
    return [
        *_figures("own", "A post by hand is sent by the process that was asked, after the commit", own),
        *_figures("looked", f"By another process that looks every {tick:g} s", looked),
        *_figures("told", "By another process that PostgreSQL tells (LISTEN/NOTIFY)", told),
        Figure(
            "wake.idle", f"Statements a second of a process with nothing to do, {longest}", questions, "/s"
        ),
        Figure("wake.processor", "Processor time that these take in an hour", processor * 3600, "s"),
    ]


def _figures(key: str, what: str, seconds: list[float]) -> list[Figure]:
    half, most = statistics.median(seconds) * 1000, max(seconds) * 1000
    return [
        Figure(f"wake.{key}", f"{what}: half of {len(seconds)} begin within", half, "ms"),
        Figure(f"wake.{key}_most", "The slowest begins within", most, "ms"),
    ]


@asynccontextmanager
async def _two(url: str) -> AsyncIterator[tuple[BenchEnv, BenchEnv]]:
    """Yield two Mileposts on one database with a group, whose clocks go alike; neither scheduler runs."""
    async with AsyncExitStack() as stack:
        asked = await stack.enter_async_context(bench_env_on(url))
        other = await stack.enter_async_context(bench_env_on(url))
        await asked.found(1)
        for env in (other, asked):
            env.clock.jump_to(MONDAY)
        yield asked, other


@asynccontextmanager
async def _running(env: BenchEnv) -> AsyncIterator[PeriodicRunner]:
    """Run the scheduler as ``milepost.bootstrap.ticking`` does."""
    runner = PeriodicRunner(env.application.scheduler, env.settings.tick_seconds)
    env.application.app.served = runner.wake
    await runner.start()
    try:
        yield runner
    finally:
        await runner.stop()
        env.application.app.served = lambda: None


@asynccontextmanager
async def _told(url: str, wake: Callable[[], None]) -> AsyncIterator[None]:
    """Run the prototype."""
    connection = await asyncpg.connect(url)
    try:
        for statement in _TRIGGER:
            await connection.execute(statement)
        await connection.add_listener(CHANNEL, lambda *_: wake())
        yield
    finally:
        await connection.close()


async def _each(asked: BenchEnv, sending: BenchEnv, number: int, tick: float) -> list[float]:
    """Return seconds from the commit of a post, at any moment between polls, until it begins to be sent."""
    chance, found = random.Random(number), list[float]()
    for _ in range(number):
        await asyncio.sleep(chance.uniform(0, tick))
        before = len(sending.room.sent_at)
        await asked.post_now(0, "quiz")
        committed = time.perf_counter()
        while len(sending.room.sent_at) == before:
            if time.perf_counter() - committed > PATIENCE:
                raise RuntimeError("a post was not sent")
            await asyncio.sleep(0.005)
        # The sender may be faster than the answer to the one who asked.
        found.append(max(sending.room.sent_at[before] - committed, 0.0))
    return found


async def _idle(env: BenchEnv, seconds: float) -> tuple[float, float]:
    """Return statements, and seconds of processor time, in a second."""
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    database = env.application.database
    assert isinstance(database, SqlDatabase), "a bench runs on a real one"
    engine = database.engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", count)
    busy = time.process_time()
    await asyncio.sleep(seconds)
    sa.event.remove(engine, "before_cursor_execute", count)
    return statements / seconds, (time.process_time() - busy) / seconds
