"""A stop lets those finish who are being served, and fails in nothing."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def test_a_stop_waits_for_a_handler_that_runs(place, app):
    ana = place.person("Ana")
    app.open.clear()
    served = asyncio.create_task(ana.uses("/quiz"))
    await app.arrived.wait()
    stopping = asyncio.create_task(place.adapter.stop())
    done, _ = await asyncio.wait([stopping], timeout=0.1)
    assert not done
    app.open.set()
    await stopping
    await served


async def test_a_second_stop_does_nothing(place):
    await place.adapter.stop()
    await place.adapter.stop()
