"""A stop lets those finish who are being served, and fails in nothing."""

from __future__ import annotations

import asyncio

import pytest

from adapters.contract.app import ScriptedApp
from adapters.contract.place import Place

pytestmark = pytest.mark.asyncio


async def test_a_stop_waits_for_a_handler_that_runs(place: Place, app: ScriptedApp) -> None:
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


async def test_a_second_stop_does_nothing(place: Place) -> None:
    await place.adapter.stop()
    await place.adapter.stop()
