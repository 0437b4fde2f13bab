"""Roles as the reward of a streak, in a simulated Discord server."""

import discord
import pytest

from tests.platform_discord.world import letter

pytestmark = pytest.mark.asyncio

QUIZ = "Question of the day"


async def test_a_streak_earns_a_role_and_its_end_takes_it_back(study):
    olga, ana = study.person("Olga2", organiser=True), study.person("Ana")
    role = study.server.guild.create_role("On a streak")
    await olga.uses("/study reward", audience=role, days="2")
    assert olga.sees("Members with a 2-day streak")
    await answers(study, ana)
    assert not holds(study, ana, role)
    await study.passes(days=1)
    await answers(study, ana)
    assert holds(study, ana, role)
    for _ in range(4):
        await study.passes(days=1)
    assert not holds(study, ana, role)


async def test_a_role_that_the_bot_may_not_give_harms_nothing_else(study):
    olga, ana = study.person("Olga2", organiser=True), study.person("Ana")
    role = study.server.guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
    study.server.env.inject_error("PUT", "/guilds/*/members/*/roles/*", status=403, code=50013, times=None)
    await olga.uses("/study reward", audience=role, days="2")
    await answers(study, ana)
    await study.passes(days=1)
    await answers(study, ana)
    assert not holds(study, ana, role)
    await study.passes(days=1)
    assert len(study.posts(QUIZ)) == 3


async def answers(study, person):
    quiz = study.newest(QUIZ)
    await person.presses(letter(quiz, right=True), on=quiz)
    await study.passes(seconds=15)


def holds(study, person, role):
    guild = study.server.env.backend.guilds[study.server.guild.id]
    return role.id in guild.members[person.actor.id].role_ids
