"""Waiting on a pulse: it looks when it begins and at each beat, and never in between."""

import asyncio

import pytest

from tests.loopback.pulse import Pulse

pytestmark = pytest.mark.asyncio


async def test_it_looks_at_the_beginning_and_at_each_beat():
    pulse, looked = Pulse(), []

    def three_times():
        looked.append(len(looked) + 1)
        return len(looked) == 3

    waiting = asyncio.create_task(pulse.until(three_times))
    for expected in (1, 2, 3):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert looked[-1] == expected
        pulse.beat()
    await waiting
    assert looked == [1, 2, 3]


async def test_one_beat_wakes_all_who_wait():
    pulse, happened = Pulse(), []
    waiting = asyncio.gather(*(pulse.until(lambda: happened) for _ in range(3)))
    await asyncio.sleep(0)
    happened.append("it")
    pulse.beat()
    await waiting


async def test_what_does_not_come_ends_the_wait():
    pulse = Pulse()
    with pytest.raises(TimeoutError):
        await pulse.until(lambda: False, 0)
    assert not await pulse.within(0, lambda: False)
    assert await pulse.within(0, lambda: True)
