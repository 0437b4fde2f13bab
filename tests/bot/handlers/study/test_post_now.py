"""A post at once: once for each request, and beside the schedule."""

import pytest

from bot.chat import encode
from bot.domain.model import PostKind, PostState
from tests.support.deliveries import ledger
from tests.support.helpers import CHALLENGE, PROMPT, QUIZ, RECAP, library_with, quiz_of
from tests.support.people import Room, words, world_at

pytestmark = pytest.mark.asyncio

EVERY_KIND = [("prompt", PROMPT), ("quiz", QUIZ), ("challenge", CHALLENGE), ("recap", RECAP)]


def organiser(world):
    return world.person("Olga", organiser=True)


@pytest.mark.parametrize(("kind", "about"), EVERY_KIND)
async def test_every_kind_can_be_posted_at_once_and_once_for_each_request(study, kind, about):
    olga = organiser(study)
    before = len(study.channel_posts(about=about))
    await olga.uses("/study post-now", kind=kind)
    assert olga.sees("Posting the ")
    await olga.is_delivered_again()
    assert olga.sees("Posting the ")
    await study.run_once()
    assert len(study.channel_posts(about=about)) == before + 1
    study.clock.advance(days=7 if kind == "challenge" else 0, hours=1)
    await olga.uses("/study post-now", kind=kind)
    assert olga.sees("Posting the ")
    await study.run_once()
    by_hand = [post for post in await ledger(study, PostKind(kind)) if post.schedule_id is None]
    assert [post.state for post in by_hand][-1] == PostState.SENT
    assert len(by_hand) == 2


async def test_a_request_delivered_again_after_a_restart_posts_nothing_more(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        olga = await world.founds()
        await olga.uses("/study post-now", kind="quiz")
        await world.run_once()
        clock, did = world.clock, olga.did
    async with world_at(tmp_path, room=room, clock=clock) as world:
        olga = organiser(world)
        olga.did = did
        await olga.is_delivered_again()
        assert olga.sees("so I'm posting one.")
        await world.run_once()
        assert len(world.channel_posts(about=QUIZ)) == 1


async def test_a_question_by_hand_closes_with_the_next_slot_and_takes_none(study):
    olga = organiser(study)
    await study.passes(hours=2)
    await olga.uses("/study post-now", kind="quiz")
    await study.run_once()
    by_hand = quiz_of(study)
    assert "closes Tue 3 Mar, 09:30" in words(by_hand.message)
    await olga.uses("/study status")
    assert olga.sees("(by hand; Variables: not asked before")
    await study.passes(hours=22)
    assert "closed" in words(by_hand.message)
    assert len(study.channel_posts(about=QUIZ)) == 3


async def test_a_question_by_hand_takes_no_day_from_a_schedule_that_is_changed_then(world):
    olga = await world.founds()
    await olga.uses("/study post-now", kind="quiz")
    await world.run_once()
    await olga.uses("/study schedule", kind="quiz", time="10:00")
    assert olga.sees("**Question**: 10:00, weekdays; next Mon 2 Mar, 10:00")


async def test_a_question_by_hand_without_a_schedule_stays_open_for_a_day(study):
    olga = organiser(study)
    await olga.uses("/study schedule", kind="quiz", time="off")
    await olga.uses("/study post-now", kind="quiz")
    await study.run_once()
    assert "closes Tue 3 Mar, 09:31" in words(quiz_of(study).message)


async def test_posting_at_once_works_in_a_pause(study):
    olga = organiser(study)
    await olga.uses("/study pause")
    await olga.uses("/study post-now", kind="prompt")
    await study.run_once()
    assert len(study.channel_posts(about=PROMPT)) == 2


@pytest.mark.parametrize(
    ("kind", "empty"),
    [("quiz", "questions"), ("prompt", "prompts"), ("challenge", "challenges")],
)
async def test_a_pack_with_nothing_of_the_kind_says_so(tmp_path, kind, empty):
    async with world_at(tmp_path, library=library_with(**{empty: {}})) as world:
        olga = await world.founds()
        await olga.uses("/study post-now", kind=kind)
        assert olga.sees("This roadmap has no ")


async def test_a_button_for_no_kind_is_refused(study):
    olga = organiser(study)
    await olga.acts(encode("study.post_now", k="song"))
    assert olga.sees("This button no longer works")
