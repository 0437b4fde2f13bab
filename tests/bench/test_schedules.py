"""The schedules that the clock's figures start from: none is due, then about a tenth of them at once."""

import sqlite3
from contextlib import closing

import pytest

from bench.environment import MONDAY, bench_env
from bench.schedules import WHEN_DUE, WHEN_WARM, ask, fill
from bot.services.planning import plan_due

pytestmark = pytest.mark.asyncio


async def planned(env, instant):
    """Number of schedules that Milepost finds due at an instant."""

    async def plan(unit):
        return await plan_due(unit, env.application.installed.library, instant, 10_000)

    return await env.application.database.run(plan)


@pytest.mark.parametrize("schedules", [1_000, 10_000])
async def test_a_tenth_is_due_at_once_and_nothing_before(tmp_path, schedules):
    await fill(tmp_path, schedules)
    with closing(sqlite3.connect(tmp_path / "milepost.db")) as connection:
        (written,) = connection.execute("SELECT count(*) FROM schedule").fetchone()
        ask(connection)
    assert written == schedules
    async with bench_env(tmp_path) as env:
        assert await planned(env, MONDAY) == 0
        assert 0 < await planned(env, WHEN_WARM) <= schedules // 100
        assert await planned(env, WHEN_DUE) == pytest.approx(schedules / 10, rel=0.05)
