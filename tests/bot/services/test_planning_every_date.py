"""Ten years of changes and downtimes in every zone: each wanted local date is served once.

A sample of zones at each run, with a seed that a failure names; EVERY_ZONE=1 takes all of them, and
ZONE_SEED repeats a run.
"""

import os
import random
import sys
from collections import Counter

import pytest

from storage import open_database
from tests.support.timetable_life import ZONES, foretell, live, script
from tests.support.timetable_memory import OneGroupLedger

pytestmark = pytest.mark.asyncio

SAMPLE = 24
SEED = int(os.environ.get("ZONE_SEED") or random.SystemRandom().randrange(10**6))


def zones(most):
    chosen = random.Random(SEED).sample(ZONES, most)
    return ZONES if os.environ.get("EVERY_ZONE") else chosen


async def check(life, database):
    """Live it and compare; returns what happened in it, counted."""
    expected, unsettled = foretell(life)
    settled, waiting = await live(life, database)
    differing = [date for date in sorted(settled | expected) if settled.get(date) != expected.get(date)]
    where = f"ZONE_SEED={SEED} {life.rule.zone}"
    assert not differing, (where, differing[0], settled.get(differing[0]), expected.get(differing[0]))
    assert waiting == unsettled, where
    return Counter([*(deed.name for deed in life.deeds), *(state for state, _ in settled.values())])


async def test_every_wanted_date_of_ten_years_is_served_once(capsys):
    chosen, happened = zones(SAMPLE), Counter()
    for zone in chosen:
        happened += await check(script(zone, SEED), OneGroupLedger())
    assert happened["sent"] > 500 * len(chosen), "the lives are too empty to prove anything"
    assert happened["missed"] > 20 * len(chosen), "the bot was hardly ever down"
    with capsys.disabled():
        counts = ", ".join(f"{count:,} {name}" for name, count in sorted(happened.items()))
        sys.stderr.write(f"\nseed {SEED}: {len(chosen)} zones, ten years each: {counts}\n")


async def test_a_real_database_does_the_same(tmp_path):
    for zone in random.Random(SEED).sample(ZONES, 2):
        life = script(zone, SEED, years=1)
        database = await open_database(f"sqlite:///{tmp_path / zone.replace('/', '-')}.db")
        try:
            await check(life, database)
        finally:
            await database.close()
