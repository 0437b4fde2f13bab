"""Role mentions of a post that is first sent, and the thread that a prompt opens."""

import asyncio
import dataclasses

import pytest

from bot.chat import Rejected, Transient
from tests.support.helpers import CHALLENGE, PROMPT, QUIZ, RECAP, facts, library_with, quiz_of
from tests.support.people import FakeClock, Room, shipped_library, world_at

pytestmark = pytest.mark.asyncio

ROLE = "8001"


def organiser(world):
    return world.person("Olga", organiser=True)


async def test_every_scheduled_kind_calls_the_role_that_was_chosen(world):
    olga = await world.founds(days="daily")
    await olga.uses("/study mention", role=ROLE)
    assert olga.sees("Scheduled posts now mention “8001”, if this chat has such a role.")
    await world.slots_pass(days=15)
    calling = [post for post in world.channel_posts() if post.message.mention_role]
    assert {post.message.mention_role for post in calling} == {ROLE}
    assert len(calling) == 15
    for about in (PROMPT, QUIZ, CHALLENGE, RECAP):
        assert world.channel_posts(about=about)


async def test_a_day_mentions_the_role_once_over_restarts_and_processes(tmp_path):
    """Prompt and question come in one minute, sent by two processes; a project three hours later."""
    room, clock = Room(), FakeClock()
    for day in range(14):
        async with (
            world_at(tmp_path, room=room, clock=clock) as one,
            world_at(tmp_path, room=room, clock=clock) as other,
        ):
            if not day:
                olga = await one.founds(days="daily")
                await olga.uses("/study mention", role=ROLE)
            for hours in (2, 4, 18):
                clock.advance(hours=hours)
                await asyncio.gather(one.run_once(), other.run_once(), one.run_once())
    calling = [message for message in room.sent_first if message.mention_role]
    assert len(calling) == 14
    assert len(room.sent_first) > 20


async def test_a_mention_that_was_refused_is_left_to_the_next_post(study):
    olga = organiser(study)
    await olga.uses("/study mention", role=ROLE)
    await olga.uses("/study schedule", kind="quiz", time="15:00")
    await study.days_pass(1)
    study.room.refusals = [Rejected("malformed")]
    await study.days_pass(1)
    assert len(study.channel_posts(about=PROMPT)) == 1
    await study.passes(hours=6)
    assert quiz_of(study).message.mention_role == ROLE


async def test_nobody_is_called_by_default_nor_after_the_call_is_off(study):
    assert {message.mention_role for message in study.room.sent_first} == {""}
    olga = organiser(study)
    await olga.uses("/study mention", role=ROLE)
    await olga.uses("/study status")
    assert olga.sees(f"Posts mention: {ROLE}")
    await olga.uses("/study mention")
    assert olga.sees("Posts no longer mention anyone.")
    await study.days_pass(1)
    assert {message.mention_role for message in study.room.sent_first} == {""}
    await olga.uses("/study status")
    assert olga.sees("Posts mention: No one")


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Evening class", "Evening class"),
        ("  Two\nlines\u200b ", "Two lines"),
        ("**<@&1>** @everyone", "**<@&1>** @everyone"),
        ("x" * 61, "x" * 59 + "…"),
    ],
)
async def test_a_role_is_shown_by_the_name_that_the_platform_told(study, told, shown):
    olga = organiser(study)
    await olga.uses("/study mention", role=ROLE, names={"role": told})
    assert olga.reply.message.summary == f"Scheduled posts now mention “{shown}”."
    await olga.uses("/study status")
    assert olga.sees(f"Posts mention: {shown}")
    await study.days_pass(1)
    assert study.room.sent_first[-1].mention_role == ROLE


@pytest.mark.parametrize("names", [{}, {"role": "\u200b "}, {"other": "Evening class"}])
async def test_a_role_without_a_name_that_can_be_read_is_shown_by_its_id(study, names):
    olga = organiser(study)
    await olga.uses("/study mention", role="7000", names={"role": "Evening class"})
    await olga.uses("/study mention", role=ROLE, names=names)
    await olga.uses("/study status")
    assert olga.sees("Posts mention: 8001")


@pytest.mark.parametrize("command", ["/study mention", "/study reward"])
async def test_a_role_that_the_platform_calls_unfit_is_refused_in_its_words(study, command):
    olga = organiser(study)
    await olga.uses("/study mention", role="7000")
    before = facts(study)
    days = {"days": "7"} if "reward" in command else {}
    await olga.uses(command, role=ROLE, invalid_options={"role": "That is everybody."}, **days)
    assert olga.shown() == "That is everybody."
    assert facts(study) == before


async def test_the_status_tells_of_mentions_and_rewards_only_where_the_chat_has_them(study):
    olga = organiser(study)
    await olga.uses("/study status")
    assert olga.sees("Posts mention: No one")
    assert olga.sees("Streak reward: None")
    study.room.capabilities = dataclasses.replace(study.room.capabilities, roles=False)
    await olga.uses("/study status")
    assert olga.sees("Time zone")
    assert not olga.sees("Posts mention")
    assert not olga.sees("Streak reward")
    await olga.presses("Pause")
    assert not olga.sees("Posts mention")


@pytest.mark.parametrize("command", ["/study mention", "/study reward"])
async def test_a_chat_without_roles_offers_no_command_for_them_and_says_so(study, command):
    study.room.capabilities = dataclasses.replace(study.room.capabilities, roles=False)
    olga, before = organiser(study), facts(study)
    for options in ({}, {"role": ROLE}, {"days": "7"} if "reward" in command else {}):
        await olga.uses(command, **options)
        assert olga.shown() == "I can't mention or give roles or user groups in this chat."
    assert facts(study) == before
    await olga.uses("/help")
    assert olga.sees("/study organiser")
    assert not olga.sees(command)
    await olga.uses("/study nothing")
    assert not olga.sees(command.removeprefix("/study "))


async def test_a_post_by_hand_calls_nobody_and_an_edit_still_names_whom_it_called(study):
    olga = organiser(study)
    await olga.uses("/study mention", role=ROLE)
    await olga.uses("/study post-now", kind="quiz")
    await study.run_once()
    await study.passes(hours=23)
    await study.passes(hours=1)
    await study.person("Ana").answers(quiz_of(study))
    await study.passes(minutes=1)
    assert quiz_of(study).edits
    assert quiz_of(study).message.mention_role == ROLE
    assert [message.mention_role for message in study.room.sent_first][-2:] == ["", ROLE]
    assert len(study.channel_posts(about=QUIZ)) == 3


async def test_a_post_that_is_tried_again_still_calls(study):
    await organiser(study).uses("/study mention", role=ROLE)
    study.room.refusals = [Transient("busy")]
    await study.days_pass(1)
    await study.passes(minutes=1)
    assert study.room.sent_first[-1].mention_role == ROLE


async def test_a_platform_without_roles_is_asked_to_call_nobody(tmp_path):
    async with world_at(tmp_path, room=Room()) as world:
        olga = await world.founds()
        await olga.uses("/study mention", role=ROLE)
        world.room.capabilities = dataclasses.replace(world.room.capabilities, roles=False)
        await world.passes(minutes=31)
        assert world.room.sent_first
        assert {message.mention_role for message in world.room.sent_first} == {""}


async def test_a_role_that_cannot_be_read_changes_nothing(study):
    olga = organiser(study)
    before = facts(study)
    for typed in ("two\nlines", "in\u200bvisible"):
        await olga.uses("/study mention", role=typed)
        assert olga.sees("I can't read that name. Choose one from the list.")
    await olga.uses("/study mention", role="x" * 101)
    assert olga.sees("Please shorten “role” to 100 characters or fewer.")
    assert facts(study) == before


async def test_a_member_may_not_choose_whom_posts_call(study):
    ana = study.person("Ana")
    await ana.uses("/study mention", role=ROLE)
    assert ana.sees("Only organisers can do that here.")


async def test_a_prompt_opens_a_discussion_of_its_title_and_nothing_else_does(study):
    discussions = {message.summary: message.discussion for message in study.room.sent_first}
    opened = {summary: title for summary, title in discussions.items() if title}
    assert [f"Roadmap: Data types. {title}" for title in opened.values()] == list(opened)
    assert len(opened) == 1


async def test_a_long_title_is_cut_for_the_discussion(tmp_path):
    prompts = {
        topic: tuple(prompt.model_copy(update={"title": "word " * 40}) for prompt in prompts)
        for topic, prompts in shipped_library().packs["backend-python"].prompts.items()
    }
    async with world_at(tmp_path, library=library_with(prompts=prompts)) as world:
        await world.founds()
        await world.passes(minutes=31)
        (title,) = [m.discussion for m in world.room.sent_first if m.discussion]
        assert len(title) <= 100
        assert title.endswith("word…")
