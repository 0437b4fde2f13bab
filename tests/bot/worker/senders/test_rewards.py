"""Rewards of a streak: given with the act, removed when the streak is over."""

import datetime as dt

import pytest

from bot.chat import Forbidden, Gone, Transient
from bot.domain.model import Reward, ZoneChange
from bot.services.rewards import review
from tests.support.helpers import facts, quiz_of
from tests.support.people import MONDAY, Room, world_at

pytestmark = pytest.mark.asyncio

ROLE = "9001"


def organiser(world):
    return world.person("Olga", organiser=True)


async def practises(person):
    await person.uses("/quiz")
    await person.answers(person.last)


async def acts_on(world, person, days):
    for _ in range(days):
        await practises(person)
        await world.days_pass(1)


async def rewarded(world, days=3):
    await organiser(world).uses("/study reward", role=ROLE, days=str(days))


async def without_streak(unit):
    """The facts of the first member become such that no streak can be counted from them."""
    unit.members.set_zone(ZoneChange(1, MONDAY + dt.timedelta(hours=3), "Nowhere/Land"))
    unit.learning.put_streak_state(1, "")


def holders(world):
    return world.room.roles.get(ROLE, set())


async def test_the_act_that_reaches_the_days_earns_it_and_the_one_before_does_not(study):
    await rewarded(study)
    olga, ana = organiser(study), study.person("Ana")
    await olga.uses("/study status")
    assert olga.sees("Streak reward: 9001 after 3 days")
    await acts_on(study, ana, 2)
    assert holders(study) == set()
    await practises(ana)
    await study.run_once()
    assert holders(study) == {"ana"}
    assert await study.problems() == ()


async def test_a_reward_is_shown_by_the_name_that_the_platform_told(study):
    olga = organiser(study)
    await olga.uses("/study reward", role=ROLE, days="3", names={"role": "On a streak"})
    assert olga.reply.message.summary == (
        "Members with a 3-day streak get “On a streak”. They keep it while the streak lasts."
    )
    await olga.uses("/study status")
    assert olga.sees("Streak reward: On a streak after 3 days")
    await olga.uses("/study reward", role=ROLE, days="3")
    assert olga.sees("get “9001”, if this chat has such a role.")
    await olga.uses("/study status")
    assert olga.sees("Streak reward: 9001 after 3 days")
    await olga.uses("/study reward")
    await olga.uses("/study status")
    assert olga.sees("Streak reward: None")


async def test_it_is_told_to_the_platform_once_while_the_streak_lives(study):
    await rewarded(study)
    await acts_on(study, study.person("Ana"), 8)
    assert holders(study) == {"ana"}
    assert study.room.role_changes == 1


async def test_it_is_taken_back_when_the_streak_is_over_and_earned_again(study):
    await rewarded(study, days=2)
    ana = study.person("Ana")
    await acts_on(study, ana, 2)
    assert holders(study) == {"ana"}
    await study.days_pass(1)
    assert holders(study) == {"ana"}  # the freeze that everybody starts with covers a day
    await study.days_pass(2)
    assert holders(study) == set()
    await acts_on(study, ana, 2)
    assert holders(study) == {"ana"}
    assert await study.problems() == ()


async def test_who_has_the_streak_already_gets_it_when_the_reward_is_chosen(study):
    await acts_on(study, study.person("Ana"), 3)
    await practises(study.person("Ben"))
    await rewarded(study)
    await study.run_once()
    assert holders(study) == {"ana"}


async def test_switching_it_off_or_changing_it_takes_back_what_was_given(study):
    await rewarded(study)
    await acts_on(study, study.person("Ana"), 3)
    olga = organiser(study)
    await olga.uses("/study reward", role="other", days="3")
    await study.run_once()
    assert (holders(study), study.room.roles["other"]) == (set(), {"ana"})
    await olga.uses("/study reward", role="other", days="9")
    await study.run_once()
    assert study.room.roles["other"] == set()
    await rewarded(study)
    await study.run_once()
    assert holders(study) == {"ana"}
    await olga.uses("/study reward")
    assert olga.sees("Streak rewards are off. Everyone who had the role loses it.")
    await study.run_once()
    assert holders(study) == set()


@pytest.mark.parametrize("days", ["1", "366", "0", "-2", "two", "٣", ""])
async def test_days_that_are_none_are_refused_and_change_nothing(study, days):
    olga = organiser(study)
    before = facts(study)
    await olga.uses("/study reward", role=ROLE, days=days)
    assert olga.sees("Choose between 2 and 365 days" if days else "Choose both a role and a number of days")
    assert facts(study) == before


async def test_days_without_a_role_are_refused(study):
    olga = organiser(study)
    await olga.uses("/study reward", days="7")
    assert olga.sees("Choose both a role and a number of days, or neither to switch the reward off.")


async def test_a_platform_that_is_busy_is_asked_again(study):
    await rewarded(study)
    study.room.refuse_roles = Transient("busy", retry_after=120)
    await acts_on(study, study.person("Ana"), 3)
    assert holders(study) == set()
    study.room.refuse_roles = None
    await study.passes(minutes=3)
    assert holders(study) == {"ana"}


async def test_a_refusal_is_told_to_the_organiser_once_a_day_and_can_be_mended(study):
    await rewarded(study)
    study.room.refuse_roles = Forbidden("the role is above mine")
    for name in ("Ana", "Ben"):
        await practises(study.person(name))
    await study.days_pass(1)
    for name in ("Ana", "Ben"):
        await practises(study.person(name))
    await study.days_pass(1)
    for name in ("Ana", "Ben"):
        await practises(study.person(name))
        await study.passes(minutes=1)
    letters = [p.message.summary for p in study.room.posted if p.only == "olga"]
    (told,) = [letter for letter in letters if "has the streak role" in letter]
    assert study.room.letters == 1
    assert "the role is above mine." in told
    assert "moving my own role above it, then use /study reward again" in told
    asked = study.room.role_changes
    await study.passes(hours=1)
    assert study.room.role_changes == asked
    study.room.refuse_roles = None
    await rewarded(study)
    await study.run_once()
    assert holders(study) == {"ana", "ben"}


async def test_a_member_who_has_left_needs_nothing_taken_back(study):
    await rewarded(study, days=2)
    await acts_on(study, study.person("Ana"), 2)
    study.room.refuse_roles = Gone("no such member")
    await study.days_pass(4)
    assert not [p for p in study.room.posted if "streak earns" in p.message.summary]
    asked = study.room.role_changes
    await study.days_pass(1)
    assert study.room.role_changes == asked


async def test_a_paused_group_waits_with_it(study):
    await rewarded(study)
    olga, ana = organiser(study), study.person("Ana")
    await acts_on(study, ana, 2)
    await olga.uses("/study pause")
    await practises(ana)
    await study.run_once()
    assert holders(study) == set()
    await olga.uses("/study resume")
    await study.run_once()
    assert holders(study) == {"ana"}


async def test_an_act_in_another_group_earns_nothing_of_this_one(study):
    await study.founds("elsewhere")
    await rewarded(study)
    await acts_on(study, study.person("Ana", channel="elsewhere"), 4)
    assert holders(study) == set()


async def test_a_look_that_comes_after_the_reward_was_changed_gives_nothing(study):
    await rewarded(study)
    await acts_on(study, study.person("Ana"), 3)
    await organiser(study).uses("/study reward")
    await study.run_once()
    late = Reward(1, 1, ROLE, wanted=True)
    await study.run(lambda unit: review(unit, study.settings, late, study.clock.now()))
    await study.run_once()
    assert holders(study) == set()


async def test_a_streak_that_cannot_be_looked_at_stands_in_nobodys_way(study, caplog):
    for name in ("Ana", "Ben"):
        await acts_on(study, study.person(name), 2)
    await study.run(without_streak)
    await rewarded(study, days=2)
    await study.person("Ben").uses("/quiz")
    await study.run_once()
    assert holders(study) == {"ben"}
    assert len([r for r in caplog.records if "could not be reviewed" in r.message]) == 1
    await study.passes(hours=1)
    assert len([r for r in caplog.records if "could not be reviewed" in r.message]) == 1


async def test_what_was_earned_is_given_after_a_restart(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        await rewarded(world, days=2)
        ana = world.person("Ana")
        await acts_on(world, ana, 1)
        await ana.answers(quiz_of(world))
        clock = world.clock
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.run_once()
        assert holders(world) == {"ana"}
