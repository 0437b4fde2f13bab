"""People whose one account acts in several places: what belongs to a place stays in it.

As on platforms where an account is the same in every server, and each server has its own names.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import pytest_asyncio

from bot.chat import ChannelRef, UserRef
from bot.routing import Request
from bot.services.membership import take_part
from tests.support.helpers import posts_project
from tests.support.people import markdown, words, world_at

pytestmark = pytest.mark.asyncio
QUIZ = "Question of the day"
PLACES = {"berlin": "study", "secret": "hidden"}


@pytest_asyncio.fixture
async def world(tmp_path):
    async with world_at(tmp_path) as world:
        for place, channel in PLACES.items():
            await world.founds(channel=channel, workspace=place, zone="UTC", time="09:30", days="daily")
        await world.passes(minutes=91)
        for place, channel in PLACES.items():
            await posts_project(world, channel, place)
        yield world


def person(world, account, place, name=""):
    """Somebody in one of the places, or in a conversation of their own, which is in none."""
    platform = world.room.platform
    user = UserRef(platform, "everywhere", account)
    inbox = ChannelRef(platform, "direct", f"@{account}", direct=True)
    channel = ChannelRef(platform, place, PLACES[place]) if place else inbox
    return replace(
        world.person(account, channel=channel.id), name=name or account, user=user, channel=channel
    )


async def answers(world, who):
    await who.answers(world.newest(QUIZ, who.channel.id))
    assert who.sees("Correct"), who.shown()


async def shares(who):
    """Earn points that are on the board at once."""
    await who.uses("/challenge submit", link="https://example.org/x", learned="much")
    assert who.sees("Shared"), who.shown()


async def board(who):
    await who.uses("/leaderboard")
    return markdown(who.last.message)


async def test_a_name_of_one_place_is_shown_in_no_other(world):
    here = person(world, "ana", "berlin", "xX_ana_Xx")
    there = person(world, "ana", "secret", "Dr. Anna Schmidt")
    await shares(here)
    await shares(there)
    assert "xX\\_ana\\_Xx" in await board(person(world, "carl", "berlin"))
    assert "Dr\\. Anna Schmidt" in await board(person(world, "dora", "secret"))
    assert "Schmidt" not in await board(person(world, "carl", "berlin"))
    assert "xX" not in await board(person(world, "dora", "secret"))


async def test_the_recap_of_a_place_has_the_names_of_that_place(world):
    await shares(person(world, "ana", "berlin", "xX_ana_Xx"))
    await shares(person(world, "ana", "secret", "Dr. Anna Schmidt"))
    await world.slots_pass(days=7)
    for channel, own, other in (("study", "xX", "Schmidt"), ("hidden", "Schmidt", "xX")):
        recap = markdown(world.newest("week", channel).message)
        assert own in recap, recap
        assert other not in recap


async def test_a_new_name_is_taken_over_where_it_is_used(world):
    here, there = person(world, "ana", "berlin", "Ana"), person(world, "ana", "secret", "Anna")
    await shares(here)
    await shares(there)
    here.name = "Anastasia"
    assert "**Anastasia**" in await board(here)
    assert "**Anna**" in await board(there)


async def test_a_direct_conversation_gives_no_place_a_name(world):
    here = person(world, "ana", "berlin", "xX")
    await answers(world, here)
    alone = person(world, "ana", "", "Anna Schmidt")
    for typed in ("/streak", "/progress", "/home", "/challenge join"):
        await alone.uses(typed)
    await alone.uses("/challenge submit", link="https://example.org/x", learned="much")
    carl = person(world, "carl", "berlin")
    assert "**xX**" in await board(carl)
    await carl.uses("/challenge list")
    assert "**xX**" in markdown(carl.last.message)
    await carl.uses("/progress", member="ana")
    assert carl.sees("Progress of xX")
    assert "Schmidt" not in words(carl.last.message)
    assert "**xX**" in await board(alone)


async def test_coming_back_from_a_direct_conversation_keeps_the_name_of_the_place(world):
    here, alone = person(world, "ana", "berlin", "xX"), person(world, "ana", "", "Anna Schmidt")
    await shares(here)
    await answers(world, person(world, "ana", "secret", "Anna Schmidt"))
    group_id = 1
    assert (await world.run(lambda unit: unit.groups.get(group_id))).channel.workspace == "berlin"
    member = await world.run(lambda unit: unit.members.find(here.user))
    await here.uses("/leave")
    assert here.sees("You've left")

    async def back(unit):
        request = Request(alone._origin(), unit, world.library, world.settings, ())
        await take_part(request, await unit.groups.get(group_id), member)

    await world.run(back)
    assert "**xX**" in await board(person(world, "carl", "berlin"))


async def test_what_was_done_elsewhere_is_told_to_nobody_who_was_not_there(world):
    bob = person(world, "bob", "secret", "Bob the hidden")
    await answers(world, person(world, "bob", "berlin", "Bob"))
    for _ in range(4):
        await answers(world, bob)
        await world.days_pass(1)
    olga = person(world, "olga", "berlin")
    await answers(world, olga)
    await olga.uses("/progress", member="bob")
    assert olga.sees("Progress of Bob\n"), olga.shown()
    assert olga.sees("Best streak: 1 day")
    assert olga.sees("Questions answered: 1")
    assert olga.sees("Active: 1 ")
    assert "1 day in the last" in olga.shown()
    await bob.uses("/progress")
    assert bob.sees("Best streak: 4 days")
    assert bob.sees("Questions answered: 5")
    both = person(world, "olga", "secret")
    await answers(world, both)
    await olga.uses("/progress", member="bob")
    assert olga.sees("Best streak: 4 days")
    assert olga.sees("Progress of Bob\n")
    assert await world.problems() == ()


async def test_who_shares_a_group_of_another_place_alone_is_called_as_the_platform_does_here(world):
    await answers(world, person(world, "bob", "secret", "Bob the hidden"))
    await answers(world, person(world, "olga", "secret"))
    here = person(world, "olga", "berlin")
    await here.uses("/progress", member="bob", names={"member": "Bobby"})
    assert here.sees("Progress of Bobby")
    await here.uses("/progress", member="bob")
    assert here.sees("Progress of Somebody")
    alone = person(world, "olga", "")
    await alone.uses("/progress", member="bob")
    assert alone.sees("Progress of Bob the hidden")
    await person(world, "carl", "berlin").uses("/challenge join")
    carl = person(world, "carl", "berlin")
    await carl.uses("/progress", member="bob")
    assert carl.sees("This person hasn't taken part yet")


async def test_looking_at_somebody_changes_nothing_of_theirs(world):
    bob = person(world, "bob", "secret")
    await answers(world, person(world, "bob", "berlin"))
    await answers(world, bob)
    await world.days_pass(3)
    olga = person(world, "olga", "berlin")
    await answers(world, olga)
    await olga.uses("/progress", member="bob")
    assert await world.problems() == ()
    await bob.uses("/progress")
    assert bob.sees("Questions answered: 2")
