"""A group moves into another channel with its history, and what is left in the old one still works."""

import asyncio

import pytest

from bot.chat import ChannelRef, Forbidden, Gone
from bot.domain.model import PostKind
from tests.support.deliveries import NO_PATIENCE
from tests.support.helpers import QUIZ
from tests.support.people import PLATFORM, words, world_at

pytestmark = pytest.mark.asyncio


def organiser(world, channel="new", *, direct=False, name="Olga"):
    return world.person(name, organiser=not direct, channel=channel, direct=direct)


def place(channel="new", workspace="w"):
    return ChannelRef(PLATFORM, workspace, channel)


async def is_deleted(world, channel="study", days=4):
    """The channel is deleted; days pass until the group is paused."""
    world.room.refuse_channel[channel] = Gone("The channel is gone.")
    await world.slots_pass(days=days)


def told(world, who="olga"):
    return [words(p.message) for p in world.room.posted if p.ref.channel.id == f"@{who}"]


async def test_a_group_whose_channel_is_gone_goes_on_elsewhere_with_its_history(study):
    ana = study.person("Ana")
    await ana.answers(study.newest(QUIZ))
    await is_deleted(study)
    assert "/study move" in told(study)[-1]
    assert ".." not in told(study)[-1]
    olga = organiser(study)
    await olga.uses("/study move")
    assert olga.sees("The study group has moved")
    assert olga.sees("next "), olga.shown()
    await study.days_pass(3)
    assert study.channel_posts("new", about=QUIZ)
    served = [
        post.content_id for post in await study.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 9))
    ]
    assert len(set(served)) == len(served)
    here = study.person("Ana", channel="new")
    await here.uses("/leaderboard", period="all")
    assert here.sees("Ana")
    assert here.sees("points")
    assert await study.problems() == ()


async def test_from_a_direct_message_the_new_channel_is_named(study):
    await is_deleted(study)
    olga = organiser(study, direct=True)
    await olga.uses("/study move", channels={"channel": place()}, names={"channel": "#new"}, channel="new")
    assert olga.sees("now posts in **#new**")
    await olga.uses("/study status")
    assert olga.sees("State: Running")
    await study.days_pass(3)
    assert study.channel_posts("new", about=QUIZ)


async def test_an_organiser_who_never_answered_finds_the_group_in_a_direct_message(study):
    await is_deleted(study)
    study.room.refuse_channel.clear()
    olga = organiser(study, direct=True)
    await olga.uses("/study status")
    assert olga.sees("Paused: its channel can't be reached: The channel is gone")
    await olga.presses("Resume")
    assert olga.sees("State: Running")
    await olga.uses("/study pause")
    assert olga.sees("State: Paused")
    await olga.uses("/study skip", add="2026-04-06")
    assert olga.sees("2026-04-06") or olga.sees("6 Apr")


async def test_nobody_else_organises_from_a_direct_message(study):
    ben = study.person("Ben", direct=True)
    for command in ("/study status", "/study move", "/study resume", "/study pause"):
        await ben.uses(command)
        assert ben.sees("Only organisers"), command
    olga = organiser(study, "study")
    await olga.uses("/study organiser", member="ben")
    await ben.uses("/study pause")
    assert ben.sees("State: Paused")


async def test_whoever_is_no_organiser_any_more_loses_the_direct_message_too(study):
    admin = study.person("Ada", organiser=True)
    await admin.uses("/study organiser", member="olga", allow="no")
    olga = organiser(study, direct=True)
    await olga.uses("/study status")
    assert olga.sees("Only organisers")
    ada = study.person("Ada", direct=True)
    await ada.uses("/study status")
    assert ada.sees("State: Running")


async def test_buttons_and_replies_in_the_old_channel_still_work_and_are_closed_there(study):
    old, prompt = study.newest(QUIZ), study.newest("Roadmap")
    olga = organiser(study)
    await olga.uses("/study move")
    assert olga.sees("The study group has moved")
    ana = study.person("Ana")
    await ana.answers(old)
    assert ana.sees("✓ Correct")
    await ana.replies("I use it for everything that can be repeated.", to=prompt)
    edits = old.edits
    await study.days_pass(1)
    assert old.edits > edits
    assert "answer" in words(old.message).lower()
    assert [p.ref.channel.id for p in study.channel_posts("new", about=QUIZ)] == ["new"]
    replies = [await study.run(lambda unit, of=of: unit.learning.count_acts(of, "reply")) for of in (1, 2)]
    assert sum(replies) == 1


async def test_a_button_forged_in_a_third_channel_is_refused(study):
    await organiser(study).uses("/study move")
    ana, other = study.person("Ana"), study.person("Ana", channel="other")
    await ana.answers(study.newest(QUIZ))
    await other.acts(ana.did.action)
    assert other.sees("no longer works") or other.sees("/help")
    assert not other.sees("Correct")


async def test_a_group_can_move_back_and_every_message_stays_where_it_is(study):
    for channel in ("new", "study", "new"):
        await organiser(study, channel).uses("/study move")
        await study.days_pass(1)
    posts = await study.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 9))
    assert [post.message.channel.id for post in posts] == ["new", "study", "new", "study"]
    for post in posts:
        assert study.room.find(post.message), post


@pytest.mark.parametrize(
    "case", ["taken", "here", "there", "direct", "unfit", "elsewhere", "unknown", "nothing"]
)
async def test_what_cannot_be_moved_stays_and_says_why(study, case):
    await study.founds("other")
    before = await study.run(lambda unit: unit.groups.all())
    olga, options, said = organiser(study), {"group": "1"}, ""
    match case:
        case "taken":
            olga, said = organiser(study, "other"), "This channel already has a study group"
        case "here":
            olga, said = organiser(study, "study"), "already in this channel"
        case "there":
            olga = organiser(study, "other")
            options["channel"], options["channels"] = "study", {"channel": place("study")}
            said = "already in that channel"
        case "direct":
            olga, said = organiser(study, direct=True), "needs a channel"
        case "unfit":
            olga.cannot_post_reason = said = "I need to be allowed to post here."
        case "elsewhere":
            options |= {"channel": "x", "channels": {"channel": place("x", "other place")}}
            said = "can't move to another server or workspace"
        case "unknown":
            options, said = options | {"channel": "x"}, "can't find that channel"
        case "nothing":
            options, said = {"group": "99"}, "can't find that study group"
    await olga.uses("/study move", **options)
    assert olga.sees(said), olga.shown()
    assert await study.run(lambda unit: unit.groups.all()) == before


async def test_of_several_groups_the_one_whose_channel_is_gone_moves_or_one_is_asked_for(study):
    await study.founds("other")
    olga = organiser(study)
    await olga.uses("/study move")
    assert olga.sees("Which study group?")
    choices = await olga.completes("study move", "group", "")
    assert [choice.value for choice in choices] == ["1", "2"]
    await is_deleted(study, "other")
    await olga.uses("/study move")
    assert olga.sees("The study group has moved")
    groups = await study.run(lambda unit: unit.groups.all())
    assert [group.channel.id for group in groups] == ["study", "new"]


async def test_an_organisers_own_pause_stays_and_a_post_that_was_planned_comes_in_the_new_channel(study):
    olga = organiser(study)
    study.room.refuse_channel["study"] = Forbidden("no permission")
    await organiser(study, "study").uses("/study pause")
    await olga.uses("/study move")
    assert olga.sees("It's still paused.")
    await olga.uses("/study post-now", kind="quiz")
    await study.run_once()
    assert len(study.channel_posts("new", about=QUIZ)) == 1
    await study.days_pass(2)
    assert len(study.channel_posts("new", about=QUIZ)) == 1


async def test_after_a_move_the_old_channel_can_have_a_new_group(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        await organiser(world).uses("/study move")
        await world.founds()
        channels = [group.channel.id for group in await world.run(lambda unit: unit.groups.all())]
        assert channels == ["new", "study"]


async def test_a_post_that_is_being_sent_while_the_group_moves_is_known_where_it_came(tmp_path):
    async with world_at(tmp_path, **NO_PATIENCE) as world:
        await world.founds(zone="UTC", days="daily")
        release = world.room.held["study"] = asyncio.Event()
        await world.passes(minutes=91)
        await organiser(world).uses("/study move")
        release.set()
        await world.application.scheduler._outbox.finish()
        post = (await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 1)))[0]
        assert post.message.channel.id == "study"
        ana = world.person("Ana")
        await ana.answers(world.newest(QUIZ))
        assert ana.sees("✓ Correct")
