"""Figures of the clock with 1,000, 10,000 and 100,000 schedules: nothing due, and a tenth due at once."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

from bench.environment import PLATFORM, BenchEnv, bench_env, folder
from bench.figure import Figure, times
from bench.schedules import TOMORROW, WHEN_DUE, WHEN_WARM, ask, fill
from bench.steps import Steps
from bot.domain.deliveries import DeliveryKind
from bot.ports import UnitOfWork
from bot.services.planning import plan_due
from bot.services.zone_rules import NOTE, follow_zone_rules
from bot.worker.closing import close_due
from bot.worker.outbox import Outbox
from bot.worker.senders import all_senders
from bot.worker.senders.sender import Context

SIZES = (1_000, 10_000, 100_000)
MOST = SIZES[-1]
"""Size that the goals are for; its figures have short names."""

PASSES = 300
Key = TypeVar("Key")
Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Burst:
    """A burst: the number of schedules planned, in how many seconds, and the longest stall in ms."""

    planned: int
    seconds: float
    stall: float


def measure(steps: Steps) -> list[Figure]:
    with folder() as place:
        return asyncio.run(_measure(steps, place))


async def _measure(steps: Steps, place: Path) -> list[Figure]:
    async with AsyncExitStack() as stack:
        envs = {}
        for size in SIZES:
            here = place / str(size)
            here.mkdir()
            with steps.step(f"{size:,} schedules written"):
                await fill(here, size)
            envs[size] = await stack.enter_async_context(bench_env(here))
        with steps.step(f"{PASSES} idle passes of each"):
            passes = await _in_turns(
                {size: env.application.scheduler.run_once for size, env in envs.items()}
            )
            parts = await _in_turns(_parts(envs[MOST]))
            probe = _probe(place / str(MOST))
        with steps.step("all worked out anew"):
            followed = {size: await _follow_new_rules(env) for size, env in envs.items()}
        with steps.step("a tenth of them due at once"):
            bursts = {size: await _burst(env) for size, env in envs.items()}
    return [
        *_idle(passes, probe),
        *(
            Figure(f"tick.{name}", f"A pass's {name} in a transaction of its own", value, "ms")
            for name, value in parts.items()
        ),
        *_due(bursts),
        Figure(
            "tick.rules",
            f"The first start after an update of the time zones, {MOST:,} schedules",
            followed[MOST],
            "s",
        ),
    ]


def _idle(passes: Mapping[int, float], probe: float) -> Iterator[Figure]:
    for size, run_once in passes.items():
        yield Figure(
            _name("idle", size),
            f"An idle pass, {size:,} schedules",
            run_once,
            "ms",
            "< 1" if size == MOST else "",
            times(run_once, probe, "its indexed question in plain sqlite3") if size == MOST else "",
        )


def _due(bursts: Mapping[int, Burst]) -> Iterator[Figure]:
    for size, burst in bursts.items():
        what = f"{burst.planned:,} schedules due at once, planned in"
        yield Figure(_name("burst", size), what, burst.seconds, "s", "< 3" if size == MOST else "")
        what = "Longest that nobody else was served meanwhile"
        yield Figure(_name("stall", size), what, burst.stall, "ms", "< 50" if size == MOST else "")


def _name(what: str, size: int) -> str:
    return f"tick.{what}" if size == MOST else f"tick.{what}_{size}"


def _parts(env: BenchEnv) -> dict[str, Work]:
    """Return the parts of a pass of the scheduler with work."""
    application = env.application
    context = Context.build(
        application.database,
        application.installed,
        env.settings,
        {PLATFORM: env.room},
        env.clock,
        application.signer,
    )
    outbox = Outbox(context, all_senders(context))
    return {
        "planning": lambda: _plan(env),
        "claiming": partial(outbox.deliver_kind, DeliveryKind.POST),
        "closing": lambda: close_due(application.database, env.clock.now()),
        "refreshing": partial(outbox.deliver_kind, DeliveryKind.EDIT),
    }


async def _in_turns(works: Mapping[Key, Work]) -> dict[Key, float]:
    """Return the median of many, in milliseconds; a noisy moment of the machine is one for all of them."""
    durations: dict[Key, list[float]] = {key: [] for key in works}
    for _ in range(PASSES):
        for key, work in works.items():
            began = time.perf_counter()
            await work()
            durations[key].append((time.perf_counter() - began) * 1000)
    return {key: median(found) for key, found in durations.items()}


def _probe(place: Path) -> float:
    """Return milliseconds of the query alone, in plain sqlite3."""
    durations = []
    with closing(sqlite3.connect(place / "milepost.db")) as connection:
        for _ in range(PASSES):
            began = time.perf_counter()
            ask(connection)
            durations.append((time.perf_counter() - began) * 1000)
    return median(durations)


async def _burst(env: BenchEnv) -> Burst:
    env.clock.jump_to(WHEN_WARM)
    await _plan_all(env)
    env.clock.jump_to(WHEN_DUE)
    async with _watched() as pauses:
        began = time.perf_counter()
        planned = await _plan_all(env)
        passed = time.perf_counter() - began
    return Burst(planned, passed, max(pauses))


async def _plan_all(env: BenchEnv) -> int:
    planned = 0
    while moved := await _plan(env):
        planned += moved
    return planned


@asynccontextmanager
async def _watched() -> AsyncIterator[list[float]]:
    """Yield the milliseconds between two runs of a task that wants one every millisecond."""
    pauses: list[float] = []
    last = time.perf_counter()

    def served() -> None:
        nonlocal last
        now = time.perf_counter()
        pauses.append((now - last) * 1000)
        last = now

    async def watch() -> None:
        while True:
            await asyncio.sleep(0.001)
            served()

    watching = asyncio.create_task(watch())
    try:
        yield pauses
    finally:
        watching.cancel()
        served()  # or a block that ends in a stall would hide it


async def _plan(env: BenchEnv) -> int:
    async def plan(unit: UnitOfWork) -> int:
        return await plan_due(
            unit, env.application.installed.library, env.clock.now(), env.settings.plan_batch
        )

    return await env.application.database.run(plan)


async def _follow_new_rules(env: BenchEnv) -> float:
    """Return seconds, as at a start after the zones were updated; the dates that are next stay."""
    await env.application.database.run(lambda unit: unit.notes.put(NOTE, "other rules"))
    began = time.perf_counter()
    await follow_zone_rules(env.application.database, TOMORROW - dt.timedelta(minutes=1))
    return time.perf_counter() - began
