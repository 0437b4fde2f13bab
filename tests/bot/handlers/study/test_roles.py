"""A role is given or mentioned only for somebody who could do it themselves, now and at each act."""

import dataclasses

import pytest

from bot.chat import Denial, Denied, Purpose, Transient
from tests.bot.worker.senders.test_rewards import ROLE, acts_on, holders, rewarded
from tests.support.helpers import facts, quiz_of
from tests.support.people import world_at
from tests.support.room import Room

pytestmark = pytest.mark.asyncio

CLASS = "8001"
POWERFUL = Denial(Denied.POWERFUL, "Ban Members")


def letters(study):
    """Direct messages to Olga about a role that is no longer used."""
    told = [posted.message.summary for posted in study.room.posted if posted.only == "olga"]
    return [letter for letter in told if letter.startswith("I've stopped")]


def organiser(study):
    return study.person("Olga", organiser=True)


@pytest.mark.parametrize("reason", Denied)
@pytest.mark.parametrize("command", ["/study mention", "/study reward"])
async def test_each_reason_refuses_in_one_plain_text_and_changes_nothing(study, command, reason):
    olga, before = organiser(study), facts(study)
    days = {"days": "7"} if "reward" in command else {}
    name = {"role": "{role} {do}"}
    await olga.uses(command, role=CLASS, denials={"role": Denial(reason)}, names=name, **days)
    assert facts(study) == before
    assert olga.shown()
    assert "{" not in olga.shown().replace("{role} {do}", "")


async def test_a_named_organiser_and_one_in_private_are_told_whom_to_ask_and_where(study):
    olga, ana = organiser(study), study.person("Ana")
    await olga.uses("/study organiser", member=ana.user.id)
    before = facts(study)
    for command in ("/study mention", "/study reward"):
        await ana.uses(command, role=CLASS, days="3") if "reward" in command else await ana.uses(command)
        assert ana.sees("Only admins can choose which role to mention or give")
        direct = study.person("Olga", direct=True)
        await direct.uses(command)
        assert direct.sees("Please use this command in the group's channel")
    assert facts(study) == before


async def test_the_one_who_chose_is_asked_about_before_each_act(study):
    await rewarded(study, days=2)
    await organiser(study).uses("/study mention", role=CLASS)
    await acts_on(study, study.person("Ana"), 2)
    await study.run_once()
    assert holders(study) == {"ana"}
    asked = set(study.room.asked_denial)
    assert asked == {("olga", ROLE, Purpose.GIVE), ("olga", CLASS, Purpose.MENTION)}


async def test_another_one_who_chooses_answers_for_it_from_then_on(study):
    await rewarded(study, days=2)
    pia = study.person("Pia")
    pia.is_admin = True
    await pia.uses("/study reward", role=ROLE, days="2")
    study.room.denials = {("olga", ROLE): POWERFUL}
    await acts_on(study, study.person("Ana"), 2)
    assert holders(study) == {"ana"}


async def test_what_has_been_stopped_asks_nothing_more_and_outlives_a_restart(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await rewarded(world, days=2)
        await organiser(world).uses("/study mention", role=CLASS)
        room.denials = {("olga", ROLE): POWERFUL, ("olga", CLASS): Denial(Denied.MAY_NOT)}
        await world.passes(minutes=31)
        await acts_on(world, world.person("Ana"), 2)
        clock = world.clock
    room.denials, asked = {}, len(room.asked_denial)
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await acts_on(world, world.person("Ana"), 2)
        await acts_on(world, world.person("Ben"), 3)
        assert holders(world) == set()
        assert {message.mention_role for message in room.sent_first} == {""}
        assert len(room.asked_denial) == asked
        told = sorted(letters(world))
        assert [letter.split(" because ")[0] for letter in told] == [
            f"I've stopped giving “{ROLE}” for streaks",
            f"I've stopped mentioning “{CLASS}”",
        ]
        assert "over the place (Ban Members); change that or choose another role" in told[0]


async def test_stopping_takes_the_role_from_nobody_and_adds_no_debt(study):
    await rewarded(study, days=2)
    await acts_on(study, study.person("Ana"), 2)
    assert holders(study) == {"ana"}
    study.room.denials = {("olga", ROLE): POWERFUL}
    study.room.roles[ROLE].add("ben")  # given by hand
    await acts_on(study, study.person("Ben"), 2)
    await study.days_pass(5)
    assert holders(study) == {"ben"}
    assert await study.problems() == ()


async def test_a_platform_that_is_busy_is_asked_again_and_nothing_is_given_meanwhile(study):
    await rewarded(study, days=2)
    study.room.refuse_denial = Transient("busy", retry_after=120)
    await acts_on(study, study.person("Ana"), 2)
    assert holders(study) == set()
    study.room.refuse_denial = None
    await study.passes(minutes=3)
    assert holders(study) == {"ana"}


async def test_a_reward_of_nobody_knows_whom_is_given_to_nobody(study):
    await rewarded(study, days=2)

    async def forget(unit):
        await unit.groups.save(dataclasses.replace(await unit.groups.get(1), reward_by=""))

    await study.run(forget)
    await acts_on(study, study.person("Ana"), 2)
    await study.passes(minutes=3)
    assert holders(study) == set()
    assert study.room.asked_denial == []
    assert "because the person who chose it has left" in letters(study)[0]


async def test_the_post_comes_without_the_mention_that_was_stopped(study):
    olga = organiser(study)
    await olga.uses("/study mention", role=CLASS)
    study.room.denials = {("olga", CLASS): Denial(Denied.MISSING)}
    await study.days_pass(1)
    assert quiz_of(study).message.mention_role == ""
    await olga.uses("/study status")
    assert olga.sees("Posts mention: 8001 (stopped because it no longer exists; see /study mention)")
    await olga.uses("/study mention", role="8002")
    await study.days_pass(1)
    assert {message.mention_role for message in study.room.sent_first} == {"", "8002"}
    assert len(letters(study)) == 1
