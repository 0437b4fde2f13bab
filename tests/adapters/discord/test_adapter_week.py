"""A week of posts in a simulated Discord server: what comes, its threads, and what Discord refuses."""

import discord
import pytest
from simcord.backend.models import Overwrite

from tests.adapters.discord.native import words
from tests.adapters.discord.world import letter
from tests.support.helpers import first_prompt

pytestmark = pytest.mark.asyncio

QUIZ, PROMPT, CHALLENGE = "Question of the day", "Mark done", "Project · "
RECAP = "The week in review"


async def days_pass(study, days):
    for _ in range(days):
        await study.passes(days=1)


async def test_a_week_brings_its_questions_prompts_and_recap(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    for day in range(5):
        if day:
            await study.passes(days=1)
        quiz = study.newest(QUIZ)
        await ana.presses(letter(quiz, right=day % 2 == 0), on=quiz)
        if day == 0:
            await ben.presses(letter(quiz, right=True), on=quiz)
    await days_pass(study, 2)
    counts = {about: len(study.posts(about)) for about in (QUIZ, PROMPT, CHALLENGE, RECAP)}
    assert counts == {QUIZ: 5, PROMPT: 3, CHALLENGE: 0, RECAP: 1}
    recap = words(study.newest(RECAP).components)
    assert "5, 60 % right" in recap  # Friday's question is still open
    assert "1. **Ana**" in recap


async def test_a_prompt_opens_a_thread_with_its_title_and_nothing_else_does(study):
    prompt = study.newest(PROMPT)
    (thread,) = study.server.channel.threads
    assert thread.id == prompt.id
    assert thread.name == first_prompt("data-types").title


async def test_without_the_permission_for_threads_a_prompt_comes_all_the_same(world):
    forbid(world, create_public_threads=False)
    await world.founds()
    await world.passes(minutes=31)
    assert len(world.posts(PROMPT)) == 1
    assert not world.server.channel.threads
    await world.passes(minutes=31)
    assert len(world.posts(PROMPT)) == 1


async def test_what_is_done_in_the_thread_counts_for_the_group_of_its_channel(study):
    (thread,) = study.server.channel.threads
    ana = study.person("Ana", channel=thread)
    await ana.uses("/challenge show")
    assert ana.sees("Project · ")
    ana.channel = study.server.channel
    await ana.presses("Mark done", on=study.newest(PROMPT))
    assert ana.sees("Done!")
    await study.passes(seconds=11)
    assert "1 done" in words(study.newest(PROMPT).components)


async def test_a_channel_that_was_closed_to_the_bot_pauses_the_group_and_its_organiser_hears_of_it(study):
    olga = study.person("Olga2", organiser=True)
    forbid(study, send_messages=False)
    await days_pass(study, 3)
    await olga.uses("/study status")
    assert olga.sees("Paused"), olga.shown()
    inboxes = [message for message in messages_to_people(study) if "permission" in message]
    assert inboxes, messages_to_people(study)


async def test_an_organiser_with_a_closed_inbox_stops_nothing(study):
    olga = study.person("Olga2", organiser=True)
    forbid(study, send_messages=False)
    env = study.server.env
    for dm in set(env.backend.dm_channels.values()) | {0}:
        env.inject_error("POST", f"/channels/{dm}/messages", status=403, code=50007, times=None)
    env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    await days_pass(study, 3)
    await olga.uses("/study status")
    assert olga.sees("Paused")
    assert messages_to_people(study) == []
    await olga.uses("/help")
    assert olga.sees("Milepost")


async def test_a_channel_that_was_deleted_harms_no_other_group(study):
    other = study.server.guild.create_text_channel("other")
    await study.founds(channel=other)
    study.server.env.backend.delete_channel(study.server.channel.id)
    await study.passes(days=1)
    assert [post for post in study.server.posts(other) if QUIZ in words(post.components)]


def forbid(world, **permissions):
    """Take permissions in the channel away from the bot."""
    backend = world.server.env.backend
    allow, deny = discord.PermissionOverwrite(**permissions).pair()
    channel = backend.get_channel(world.server.channel.id)
    channel.overwrites.append(
        Overwrite(target_id=backend.bot_user.id, type=1, allow=allow.value, deny=deny.value)
    )


def messages_to_people(world):
    backend = world.server.env.backend
    return [
        words(message.components)
        for channel in backend.dm_channels.values()
        for message in backend.messages.get(channel, {}).values()
    ]
