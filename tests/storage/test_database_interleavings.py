"""Any mixture of units that run at once gives what the successful ones give one after another."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings

from bot.domain.model import PostState
from storage import open_database
from tests.storage.facts import dump
from tests.storage.scripts import play, seed, units

IDS_OF_THE_UNDONE = [
    ([("change", 2)], "keep"),
    ([("reply", 2, "a")], "keep"),
    ([("reply", 1, "b"), ("event", "b"), ("reply", 1, "a"), ("rename", 1, "b")], "discard"),
    ([("change", 1), ("plan", "a"), ("reply", 2, "a"), ("save", 2, PostState.FAILED)], "keep"),
    ([("answer blindly", 3, 3), ("note", "a"), ("streak", 2, "b"), ("act", 1, "b")], "keep"),
    ([("move", 1, "a")], "refuse"),
    ([("streak", 3, "a"), ("meet", 3), ("meet", 4), ("practice", 3, "a")], "keep"),
    ([("change", 2), ("meet", 4)], "discard"),
]
"""Units that began again for ever, since ids of others that were undone stayed given."""


async def play_on(path, script, *, at_once):
    database = await open_database(f"sqlite:///{path}", group_size=5)
    try:
        return await play(database, script, at_once=at_once)
    finally:
        await database.close()


async def prepare(path):
    database = await open_database(f"sqlite:///{path}")
    await database.run(seed)
    await database.close()


def test_units_at_once_equal_units_in_turn(template, tmp_path):
    shutil.copy(template, tmp_path / "seed.db")
    asyncio.run(prepare(tmp_path / "seed.db"))

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(units)
    @example(IDS_OF_THE_UNDONE)
    def check(script):
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            together, alone = Path(folder) / "together.db", Path(folder) / "alone.db"
            for path in (together, alone):
                shutil.copy(tmp_path / "seed.db", path)
            assert asyncio.run(play_on(together, script, at_once=True)) == asyncio.run(
                play_on(alone, script, at_once=False)
            )
            by_chance = {"revision"}  # of a delivery
            assert dump(together, by_chance) == dump(alone, by_chance)

    check()
