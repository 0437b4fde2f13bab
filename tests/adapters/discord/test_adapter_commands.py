"""Commands, menus and forms of members and organisers in a simulated Discord server."""

import asyncio
import dataclasses

import pytest
from simcord.backend.errors import SetupError as CannotBeDone

from adapters.discord.outbound import walk
from tests.adapters.discord.native import buttons, words
from tests.adapters.discord.world import letter

pytestmark = pytest.mark.asyncio

QUIZ, CHALLENGE = "Question of the day", "Project · "


async def test_a_practice_question_with_a_hint_and_an_answer_all_in_private(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await ana.uses("/quiz", topic="data-types")
    assert ana.sees("Practice · Data types")
    assert ana.result.ephemeral
    question = ana.result.response
    await ana.presses("Hint")
    assert ana.sees("Hint:")
    assert ana.result.response.id == question.id
    await ana.presses(letter(ana.result.response, right=True))
    assert ana.sees("✓ Correct")
    assert not ben.can_read("Practice")


async def test_topics_are_suggested_while_they_are_typed(study):
    ana = study.person("Ana")
    offered = await ana.types("quiz", "topic", "http")
    assert 0 < len(offered) <= 25
    assert all("http" in f"{choice['name']} {choice['value']}".casefold() for choice in offered)
    assert len(await ana.types("quiz", "topic", "")) == 25
    await ana.uses("/quiz", topic=offered[0]["value"])
    assert ana.sees(f"Practice · {offered[0]['name']}")


async def test_zones_are_suggested_to_an_organiser(world):
    olga = world.person("Olga", organiser=True)
    offered = await olga.types("study setup", "zone", "berl")
    assert {"name": "Europe/Berlin (Germany)", "value": "Europe/Berlin"} in offered


async def test_the_roadmap_leads_to_a_step_and_on_to_a_topic(study):
    ana = study.person("Ana")
    await ana.uses("/roadmap")
    assert ana.sees("Roadmap ·")
    await ana.chooses("1. ")
    assert ana.sees("Step 1")
    await ana.chooses("Data types")
    assert ana.sees("Practice · Data types")


async def test_a_leaderboard_turns_its_page(study):
    ana, quiz = study.person("Ana"), study.newest(QUIZ)
    await ana.presses(letter(quiz, right=True), on=quiz)
    await study.passes(days=1)
    await ana.uses("/leaderboard")
    assert ana.sees("1. **Ana** 3 points")
    await ana.presses("All time")
    assert ana.sees("Leaderboard · All time")
    assert ana.result.ephemeral


async def test_progress_is_a_picture_with_words_that_stand_for_it(study):
    ana, quiz = study.person("Ana"), study.newest(QUIZ)
    await ana.presses(letter(quiz, right=True), on=quiz)
    await ana.uses("/progress")
    (picture,) = ana.result.response.attachments
    assert (picture.filename, picture.content_type) == ("picture-0.png", "image/png")
    assert picture.description
    assert picture.description in ana.shown()
    png = study.server.env.backend.cdn.get(picture.url)
    assert png.startswith(b"\x89PNG")
    assert ana.sees("Streak** 1 day")
    assert ana.result.ephemeral


async def test_another_members_progress(study):
    ana, ben, quiz = study.person("Ana"), study.person("Ben"), study.newest(QUIZ)
    await ben.presses(letter(quiz, right=True), on=quiz)
    await ana.presses(letter(quiz, right=False), on=quiz)
    await ana.uses("/progress", member=ben)
    assert ana.sees("Progress of Ben")


async def has_project(study):
    """A project was posted."""
    await study.person("Olga3", organiser=True).uses("/study post-now", kind="challenge")
    await study.passes(seconds=11)


async def test_a_project_is_shared_through_the_form_and_seen_in_the_list(study):
    ana, ben = study.person("Ana"), study.person("Ben")
    await study.person("Olga", organiser=True).uses("/study post-now", kind="challenge")
    await study.passes(seconds=11)
    await ana.presses("Share my project", on=study.newest(CHALLENGE))
    assert ana.sees("Share what you built")
    await ana.sends(link="https://example.org/ana", learned="Reading @everyone **lazily**.")
    assert ana.sees("Shared with the group.")
    await ben.uses("/challenge list")
    assert ben.sees("https://example.org/ana")
    assert ben.sees("Reading @everyone **lazily**.")
    assert any(r"\*\*lazily\*\*" in text for text in texts(ben.result.response.components))
    await study.passes(seconds=11)
    assert "1 built" in words(study.newest(CHALLENGE).components)


async def test_a_form_that_was_filled_in_wrongly_is_explained_in_private(study):
    await has_project(study)
    ana = study.person("Ana")
    await ana.uses("/challenge submit")
    await ana.sends(link="no link at all", learned="A lot.")
    assert ana.sees("Nothing was saved.")
    assert ana.result.ephemeral


async def test_help_shows_an_organiser_more(study):
    ana, olga = study.person("Ana"), study.person("Olga2", organiser=True)
    await ana.uses("/help")
    assert not ana.sees("/study setup")
    await olga.uses("/help")
    assert olga.sees("/study setup")


async def test_discord_shows_a_member_no_commands_of_organisers(study):
    ana = study.person("Ana")
    with pytest.raises(CannotBeDone, match="default-member-permissions"):
        await ana.uses("/study status")


async def test_where_a_server_shows_them_all_the_same_a_member_is_refused(study):
    ana = study.person("Ana")
    allow_everybody(study, "study")
    before = study.rows("SELECT * FROM study_group")
    await ana.uses("/study pause")
    assert ana.sees("Only organisers can do that here.")
    assert ana.result.ephemeral
    assert study.rows("SELECT * FROM study_group") == before


async def test_a_button_of_organisers_refuses_a_member(world):
    olga = world.person("Olga", organiser=True)
    await olga.uses("/study setup", pack="backend-python", zone="Europe/Berlin", time="09:30", days="daily")
    ana = world.person("Ana")
    with pytest.raises(CannotBeDone, match="not visible"):
        await ana.presses("Post a question now", on=olga.result.response)


async def test_in_a_direct_message_one_practises_and_sees_ones_progress(study):
    ana = study.person("Ana", direct=True)
    await ana.uses("/quiz")
    assert ana.sees("Practice ·")
    await ana.presses(letter(ana.result.response, right=True))
    assert ana.sees("✓ Correct")
    await ana.uses("/progress")
    assert ana.sees("Your progress")


async def test_preferences_are_set_through_their_form(study):
    ana = study.person("Ana")
    await ana.uses("/preferences")
    assert "zone" in ana.shown().casefold()
    await ana.sends(zone="Asia/Tokyo")
    assert ana.result.ephemeral
    assert ana.sees("Asia/Tokyo")


async def test_nobody_is_called_whatever_a_member_is_named(study):
    eve, quiz = study.person("@everyone"), study.newest(QUIZ)
    await eve.presses(letter(quiz, right=True), on=quiz)
    await study.passes(days=1)
    await eve.uses("/leaderboard")
    assert eve.sees("@everyone")
    for _ in range(6):
        await study.passes(days=1)
    recap = study.newest("The week in review")
    assert "@everyone" in words(recap.components)
    assert not any(post.ping_user_ids or post.ping_role_ids for post in study.server.posts())
    assert not any(post.mention_everyone for post in study.server.posts())


async def test_a_role_that_is_chosen_is_called_by_scheduled_posts_alone(study):
    olga = study.person("Olga2", organiser=True)
    role = study.server.guild.create_role("Learners", mentionable=True)
    await chooses(study, olga, role)
    await study.passes(days=1)
    quiz = study.newest(QUIZ)
    assert f"<@&{role.id}>" in words(quiz.components)
    assert list(quiz.ping_role_ids) == [role.id]
    await olga.uses("/study post-now", kind="quiz")
    await study.passes(seconds=5)
    assert study.newest(QUIZ).id != quiz.id
    assert not study.newest(QUIZ).ping_role_ids


async def chooses(study, person, role):
    """Write as /study mention does. Simcord cannot settle an act that asks Discord more than once."""

    async def choose(unit):
        group = await unit.groups.get(1)
        chosen = {"mention_role": str(role.id), "mention_by": str(person.actor.id)}
        await unit.groups.save(dataclasses.replace(group, **chosen))

    await study.application.database.run(choose)


async def test_nothing_is_kept_in_memory_for_an_answer(study):
    ana, quiz = study.person("Ana"), study.newest(QUIZ)
    await ana.presses(letter(quiz, right=True), on=quiz)
    await has_project(study)
    await ana.uses("/challenge submit")
    client = study.server.env.bot
    assert client._connection._view_store._views == {}
    assert client._connection._view_store._modals == {}
    assert not [task for task in asyncio.all_tasks() if "timeout" in repr(task.get_coro())]
    assert buttons(quiz.components)


def texts(components):
    return [part["content"] for part in walk(components) if part["type"] == 10]


def allow_everybody(study, name):
    """Allow a command to everybody, as a manager can in the server's settings under Integrations."""
    guild, backend = study.server.guild, study.server.env.backend
    command = backend.find_command(name, guild.id, type=1)
    guild.set_command_permissions(int(command["id"]), {guild.default_role: True})
