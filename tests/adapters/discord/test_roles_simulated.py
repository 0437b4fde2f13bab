"""Roles as the reward of a streak, in a simulated Discord server."""

import dataclasses

import discord
import pytest

from tests.adapters.discord.members import Member
from tests.adapters.discord.world import letter

pytestmark = pytest.mark.asyncio

QUIZ = "Question of the day"


async def test_a_streak_earns_a_role_and_its_end_takes_it_back(study):
    olga, ana = may_give(study), study.person("Ana")
    role = study.server.guild.create_role("On a streak")
    await rewards(study, olga, role)
    await answers(study, ana)
    assert not holds(study, ana, role)
    await study.passes(days=1)
    await answers(study, ana)
    assert holds(study, ana, role)
    for _ in range(4):
        await study.passes(days=1)
    assert not holds(study, ana, role)


async def test_a_role_that_the_bot_may_not_give_harms_nothing_else(study):
    olga, ana = may_give(study), study.person("Ana")
    role = study.server.guild.create_role("On a streak")
    study.server.env.inject_error("PUT", "/guilds/*/members/*/roles/*", status=403, code=50013, times=None)
    await rewards(study, olga, role)
    await answers(study, ana)
    await study.passes(days=1)
    await answers(study, ana)
    assert not holds(study, ana, role)
    await study.passes(days=1)
    assert len(study.posts(QUIZ)) == 3


def may_give(study):
    """A member who manages the server and its roles, above those that are made later."""
    rights = discord.Permissions(manage_guild=True, manage_roles=True)
    guild = study.server.guild
    return Member(
        study.server,
        guild.add_member(
            study.server.env.create_user("Olga2"), roles=[guild.create_role("Leads", permissions=rights)]
        ),
        study.server.channel,
        direct=False,
    )


async def rewards(study, person, role):
    """Write as /study reward does. Simcord cannot settle an act that asks Discord more than once."""

    async def choose(unit):
        group = await unit.groups.get(1)
        chosen = {"reward_role": str(role.id), "reward_by": str(person.actor.id), "reward_days": 2}
        group = dataclasses.replace(group, **chosen)
        await unit.groups.save(group)
        await unit.rewards.review_all(group, study.server.now())

    await study.application.database.run(choose)


async def answers(study, person):
    quiz = study.newest(QUIZ)
    await person.presses(letter(quiz, right=True), on=quiz)
    await study.passes(seconds=15)


def holds(study, person, role):
    guild = study.server.env.backend.guilds[study.server.guild.id]
    return role.id in guild.members[person.actor.id].role_ids
