"""PostgreSQL is restarted while members answer and a post is due: nothing told is lost, nothing doubled."""

import asyncio
import itertools
import logging

import pytest

from bot.domain.model import PostState
from tests.faults.troubles import PATIENT
from tests.support.deliveries import ledger, quiz_only
from tests.support.helpers import QUIZ, quiz_of
from tests.support.people import world_at

pytestmark = pytest.mark.asyncio

VERDICT, AGAIN = "Correct", "You've already answered this one"
KNOWN = ("Nothing was saved, so please try again.", "This may be saved all the same; please try again")
"""Replies that may be shown to people without a verdict."""


async def answers_through(world, restart):
    """One by one answers until the restart is over, and two more: (who had a verdict, who had none)."""
    told, refused, after = [], [], 2
    numbers = itertools.count()
    while after:
        after -= restart.done()
        number = next(numbers)
        person = world.person(f"M{number}")
        await person.answers(quiz_of(world))
        (told if person.sees(VERDICT) else refused).append(person)
        assert person.sees(VERDICT) or any(person.sees(words) for words in KNOWN), person.shown()
        if number % 5 == 0:
            await world.application.scheduler.run_once_safely()
        await asyncio.sleep(0)
    return told, refused


async def test_no_answer_that_was_told_is_lost_and_no_post_is_doubled(mortal, mortal_url, tmp_path, caplog):
    caplog.set_level(logging.CRITICAL)
    async with world_at(tmp_path, database_url=mortal_url, **PATIENT) as world:
        await quiz_only(world)
        await quiz_only(world, "second", time="10:30")
        await world.passes(minutes=30)
        world.clock.advance(hours=1)
        restart = asyncio.create_task(asyncio.to_thread(restarts, mortal[0]))
        told, refused = await answers_through(world, restart)
        await restart
        assert told
        assert refused
        for person in (*told, *refused):
            await person.answers(quiz_of(world))
            assert person.sees(AGAIN) or (person in refused and person.sees(VERDICT))
        await world.passes(seconds=61)
        (post,) = await ledger(world, group=2)
        assert post.state is PostState.SENT
        assert len(world.channel_posts("second", about=QUIZ)) == 1
        assert await world.problems() == ()


def restarts(server):
    server.goes_away()
    server.comes_back()
