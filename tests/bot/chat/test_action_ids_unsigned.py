"""Buttons of before ids were signed: they work on where nothing can be gained by making one up."""

import datetime as dt

import pytest
import pytest_asyncio

from bot.chat import OpenForm, encode
from bot.handlers import all_routes
from bot.routing import STALE
from bot.services.signing_key import SIGNING
from tests.support.helpers import CHALLENGE, PROMPT, every_project, facts, posts_project, quiz_of
from tests.support.people import items_of, shipped_library, world_at

pytestmark = pytest.mark.asyncio

LINK = "https://example.org/ana"


def pack():
    return shipped_library().packs["backend-python"]


async def begin_signing_at(world, instant):
    """Set the instant from which this database has signed its action ids."""

    async def put(unit):
        key, _, _ = (await unit.notes.get(SIGNING)).partition(" ")
        await unit.notes.put(SIGNING, f"{key} {instant.isoformat()}")

    await world.run(put)


@pytest_asyncio.fixture
async def upgraded(tmp_path):
    """A group whose first posts came before ids were signed, and whose next ones came after."""
    async with world_at(tmp_path) as world:
        await world.founds(days="daily")
        await world.passes(minutes=31)
        await posts_project(world)
        await begin_signing_at(world, world.clock.now() + dt.timedelta(hours=1))
        clock, room = world.clock, world.room
    async with world_at(tmp_path, clock=clock, room=room) as world:
        yield world


def unsigned(posted, label):
    return next(i.action for i in items_of(posted.message) if i.label == label).rpartition("|")[0]


async def test_buttons_of_before_still_work_on_their_own_message(upgraded):
    ana, quiz, prompt = upgraded.person("Ana"), quiz_of(upgraded), upgraded.newest(PROMPT)
    await ana.forges(unsigned(quiz, "A"), on=quiz)
    assert ana.sees("Why:") or ana.sees("Not quite"), ana.shown()
    await ana.forges(unsigned(prompt, "Mark done"), on=prompt)
    assert ana.sees("Done!")
    project = upgraded.newest(CHALLENGE)
    await ana.forges(unsigned(project, "Join"), on=project)
    assert ana.sees("You're in!")
    await ana.forges(unsigned(project, "Share my project"), on=project)
    assert isinstance(ana.reply, OpenForm)
    await ana.forges_form(ana.form.action.rpartition("|")[0], on=project, link=LINK, learned="Much.")
    assert ana.sees("Shared with the group.")


async def test_navigation_of_before_still_works(upgraded):
    ana = upgraded.person("Ana")
    for action in ("mp1|progress.mine|", "mp1|quiz.topic|", "mp1|leaderboard.show|period=month"):
        await ana.forges(action)
        assert not ana.sees(STALE), action


async def test_buttons_of_before_do_nothing_else(upgraded):
    ana, quiz, prompt = upgraded.person("Ana"), quiz_of(upgraded), upgraded.newest(PROMPT)
    project, before = upgraded.newest(CHALLENGE), facts(upgraded)
    for action, on in (
        (unsigned(quiz, "A"), None),
        (unsigned(quiz, "A"), prompt),
        (unsigned(prompt, "Mark done"), quiz),
        (unsigned(project, "Join"), None),
        (unsigned(project, "Join"), quiz),
        (encode("challenge.join", c=every_project()[-1].id), project),
        ("mp1|practice.answer|d=1;o=a", quiz),
        ("mp1|preferences.save|", quiz),
    ):
        await ana.forges(action, on=on)
        assert ana.sees(STALE), action
        await ana.forges_form(action, on=on)
        assert ana.sees(STALE), action
    assert facts(upgraded) == before


async def test_what_is_posted_since_needs_its_signature(upgraded):
    await upgraded.passes(days=1)
    ana, quiz, before = upgraded.person("Ana"), quiz_of(upgraded), facts(upgraded)
    await ana.forges(unsigned(quiz, "A"), on=quiz)
    assert ana.sees(STALE)
    assert facts(upgraded) == before
    await ana.presses("A", on=quiz)
    assert not ana.sees(STALE)


async def test_only_what_changes_nothing_for_others_takes_an_unsigned_id():
    """A new route needs a signature unless somebody thinks it over and adds it here."""
    free = {name for name, route in all_routes().of_actions.items() if route.navigates}
    assert free == {
        "challenge.details", "challenge.list", "challenge.show", "practice.skip", "leaderboard.show",
        "preferences.open", "progress.mine", "prompt.mine", "quiz.topic", "reminder.off",
        "reminder.question", "roadmap.step",
    }  # fmt: skip
    assert not any(route.organiser_only for route in all_routes().of_actions.values() if route.navigates)
