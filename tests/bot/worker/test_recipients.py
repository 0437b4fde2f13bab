"""Fallback recipients when the organiser can't be reached: one after the other, each once."""

import pytest

from bot.chat import Forbidden, Gone, Rejected, Transient
from tests.support.people import Room, words, world_at

pytestmark = pytest.mark.asyncio

CLOSED = Forbidden("This person takes no direct messages from me.")
LACKING = Forbidden("I lack a permission.")


def told(world):
    """(who, what) of each notice that arrived, in order."""
    return [
        (p.only or p.ref.channel.id, words(p.message))
        for p in world.room.posted
        if "paused the study group" in words(p.message) or "be posted" in words(p.message)
    ]


def who_heard_of_the_pause(world):
    return [who for who, what in told(world) if "paused the study group" in what]


async def until_it_is_paused(world, days=5):
    world.room.refuse_channel["study"] = LACKING
    await world.slots_pass(days=days)


@pytest.mark.parametrize(
    ("closed", "heard"),
    [
        ((), "olga"),
        (("olga",), "otto"),
        (("olga", "otto"), "pia"),
        (("olga", "otto", "pia"), "ada"),
        (("olga", "otto", "pia", "ada"), "bo"),
    ],
)
async def test_the_next_one_who_can_be_reached_hears_it_and_nobody_else(tmp_path, closed, heard):
    room = Room(managed_by=("olga", "ada", "bo"))
    async with world_at(tmp_path, room=room) as world:
        olga = await world.founds(zone="UTC", days="daily")
        for name in ("otto", "pia"):  # who have never done anything here
            await olga.uses("/study organiser", member=name)
        world.room.refuse_people = dict.fromkeys(closed, CLOSED)
        await until_it_is_paused(world)
        assert who_heard_of_the_pause(world) == [heard]
        await world.slots_pass(days=14)
        assert who_heard_of_the_pause(world) == [heard]


async def test_at_last_the_channel_itself_hears_what_is_not_about_the_channel(tmp_path):
    room = Room(refuse_managers=Forbidden("no list"))
    async with world_at(tmp_path, room=room) as world:
        olga = await world.founds(zone="UTC", days="daily")
        world.room.refuse_people = {"olga": Gone("This person has left.")}
        world.room.refusals.append(Rejected("malformed"))
        await olga.uses("/study post-now", kind="quiz")
        await world.run_once()
        for _ in range(3):
            await world.passes(minutes=20)
        ((who, what),) = told(world)
        assert who == "study"
        assert "for the organisers of this study group" in what
        letters = world.room.letters
        await world.slots_pass(days=3)
        assert len(told(world)) == 1
        assert world.room.letters == letters


async def test_nobody_at_all_is_given_up_and_asked_no_more(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds(zone="UTC", days="daily")
        world.room.refuse_direct = CLOSED
        await until_it_is_paused(world)
        asked = world.room.letters, world.room.sends
        await world.slots_pass(days=14)
        assert (world.room.letters, world.room.sends) == asked
        assert told(world) == []


async def test_an_organiser_who_is_out_of_reach_for_a_while_is_given_time_then_passed_over(tmp_path):
    async with world_at(tmp_path, send_attempts=3) as world:
        olga = await world.founds(zone="UTC", days="daily")
        await olga.uses("/study organiser", member="otto")
        world.room.refuse_people = {"olga": Transient("busy")}
        await until_it_is_paused(world)
        for _ in range(4):
            await world.passes(minutes=20)
        assert who_heard_of_the_pause(world) == ["otto"]


async def test_a_restart_on_the_way_goes_on_with_the_same_rung(tmp_path):
    room = Room(managed_by=("ada",))
    async with world_at(tmp_path, room=room) as world:
        olga = await world.founds(zone="UTC", days="daily")
        await olga.uses("/study organiser", member="otto")
        room.refuse_people = {"olga": CLOSED, "otto": Transient("busy", retry_after=600)}
        await until_it_is_paused(world, days=4)
        clock, asked = world.clock, room.letters
    room.refuse_people = {"otto": CLOSED}
    async with world_at(tmp_path, room=room, clock=clock) as world:
        for _ in range(4):
            await world.passes(minutes=20)
        assert who_heard_of_the_pause(world) == ["ada"]
        assert room.letters > asked


async def test_members_are_told_in_the_help_and_by_next_that_the_group_is_paused(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds(zone="UTC", days="daily")
        ana = world.person("Ana")
        await ana.uses("/help")
        assert not ana.sees("paused")
        await until_it_is_paused(world)
        for command in ("/help", "/next"):
            await ana.uses(command)
            assert ana.sees("aused"), command
