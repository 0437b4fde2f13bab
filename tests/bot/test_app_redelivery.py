"""The same event delivered again, and events of others that happen to bear the same id."""

import asyncio

import pytest

from tests.support.people import world_at
from tests.support.questions import key_letter
from tests.support.room import words

pytestmark = pytest.mark.asyncio


async def test_a_practice_question_delivered_again_after_a_restart_has_living_buttons(tmp_path):
    async with world_at(tmp_path) as world:
        ana = world.person("Ana")
        await ana.uses("/quiz")
        first, did, clock, room = words(ana.last.message), ana.did, world.clock, world.room
    async with world_at(tmp_path, clock=clock, room=room) as world:
        ana = world.person("Ana")
        ana.did = did
        await ana.is_delivered_again()
        assert words(ana.last.message) == first
        await ana.presses(key_letter(world, ana.last), on=ana.last)
        assert ana.sees("Correct")


async def test_one_event_id_of_two_places_is_two_events(tmp_path):
    async with world_at(tmp_path) as world:
        ana = world.person("Ana", workspace="one")
        ben = world.person("Ben", workspace="two")
        world.room.event_id = lambda: "same"
        await ana.uses("/quiz")
        await ben.uses("/quiz")
        world.room.event_id = lambda: "later"
        await ben.presses(key_letter(world, ben.last), on=ben.last)
        assert ben.sees("Correct")


async def test_two_copies_at_once_are_one_event(tmp_path):
    async with world_at(tmp_path) as world:
        ana, twin = world.person("Ana"), world.person("Ana")
        world.room.event_id = lambda: "same"
        await asyncio.gather(ana.uses("/quiz"), twin.uses("/quiz"))
        assert words(ana.last.message) == words(twin.last.message)
