"""Practice tells no key to somebody who isn't in the group that asks, and could answer there next."""

import itertools
from dataclasses import replace

import pytest

from bot.chat import ChannelRef
from bot.domain.selection import KeptBack, choose_practice, is_mostly
from tests.bot.services.test_practice import KEPT, is_practice, shipped, small_pack
from tests.support.helpers import quiz_of
from tests.support.people import question_in, world_at

pytestmark = pytest.mark.asyncio

WAYS = ("left", "left the place", "never joined", "forgotten", "in a group elsewhere")


def alone(world, name="Eve"):
    """The person in a direct conversation that belongs to no workspace, as on Discord."""
    person = world.person(name)
    return replace(person, channel=ChannelRef(world.room.platform, "", f"@{person.user.id}", direct=True))


async def becomes(world, eve, way):
    """Let Eve, a member of the group, be outside of it; returns her where she practises."""
    match way:
        case "left":
            await eve.uses("/leave")
        case "left the place":
            await world.application.app.member_left(eve.user, eve.channel.workspace)
        case "forgotten":
            await eve.uses("/privacy forget")
            await eve.presses("Forget me now")
        case "in a group elsewhere":
            await eve.uses("/leave")
            away = world.person("Eve", channel="own", workspace="eve's")
            return replace(away, user=eve.user)
    return alone(world, "Eva" if way == "never joined" else "Eve")


async def is_served(person, question):
    """Tell if practice on its topic ever serves the question, however often it is asked."""
    topic = shipped().topic_of(question.id).id
    for _ in range(2 * len(shipped().questions[topic])):
        person.world.clock.advance(seconds=10)
        await person.uses("/quiz", topic=topic)
        if is_practice(person) and question_in(person.world, person.last) == question:
            return True
        if is_practice(person):
            await person.answers(person.last)
    return False


@pytest.mark.parametrize("way", WAYS)
async def test_whoever_is_outside_never_practises_what_the_group_asks(study, way):
    await study.founds("own", workspace="eve's", time="23:00")
    for _ in range(3):
        eve = study.person("Eve")
        await eve.answers(quiz_of(study))
        await study.days_pass(1)
        away = await becomes(study, eve, way)
        assert not await is_served(away, question_in(study, quiz_of(study)))
    assert await study.problems() == ()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("label", ["Hint", "answer"])
async def test_what_was_served_before_the_group_asked_it_waits_too(world, way, label):
    eve = alone(world, "Eva" if way == "never joined" else "Eve")
    practices = {}
    if way != "forgotten":
        for topic in shipped().topics[:2]:
            for _ in range(4):
                await eve.uses("/quiz", topic=topic.id)
                practices[question_in(world, eve.last).id] = eve.last
    await world.founds()
    await world.passes(minutes=31)
    question = question_in(world, quiz_of(world))
    if way == "forgotten":  # the practice question was forgotten with her
        await world.person("Eve").answers(quiz_of(world))
        away = await becomes(world, world.person("Eve"), way)
        assert not await is_served(away, question)
        return
    if way != "never joined":
        await world.person("Eve").uses("/challenge join")
    away = await becomes(world, world.person("Eve"), way)
    practice = practices[question.id]
    await (away.presses("Hint", on=practice) if label == "Hint" else away.answers(practice))
    assert away.sees(KEPT), away.shown()
    assert question.explanation not in away.shown()
    await world.days_pass(1)
    await away.answers(practice)
    assert away.sees("✓ Correct")


async def test_what_comes_next_is_left_out_for_whoever_left_and_for_whoever_is_in_no_group(study):
    await study.person("Eve").answers(quiz_of(study))
    await study.person("Eve").uses("/leave")
    practised = {}
    for name in ("Eve", "Eva"):
        away = alone(study, name)
        for _ in range(20):
            study.clock.advance(seconds=10)
            await away.uses("/quiz")
            practised[question_in(study, away.last).id] = name
            await away.answers(away.last)
    for _ in range(5):
        assert question_in(study, quiz_of(study)).id not in practised
        await study.days_pass(1)


async def test_where_groups_ask_most_of_a_roadmap_only_ones_own_are_kept_back(tmp_path):
    """The first group asks one question of three, a second group another one: two are most of them."""
    async with world_at(tmp_path, library=small_pack(questions=1)) as world:
        await world.founds(days="daily")
        await world.passes(minutes=31)
        own = question_in(world, quiz_of(world))
        await world.person("Eve").answers(quiz_of(world))
        await world.person("Eve").uses("/leave")
        away = alone(world)
        seen = await practised(away, 6)
        assert own.id not in seen
        assert len(seen) == 2
        await world.founds("other", workspace="other", days="daily")
        olga = world.person("Olga", organiser=True, channel="other", workspace="other")
        for _ in range(3):
            await olga.uses("/study post-now", kind="quiz")
            await world.run_once()
            if question_in(world, world.channel_posts("other")[-1]) != own:
                break
            world.clock.advance(minutes=2)
        theirs = question_in(world, world.channel_posts("other")[-1])
        assert theirs != own
        seen = await practised(away, 6)
        assert own.id not in seen
        assert theirs.id in seen  # it alternates with the one that is left, which was served last
        assert own.id not in await practised(away, 6)


async def practised(person, times):
    """Ids of what practice serves at large."""
    seen = set()
    for _ in range(times):
        person.world.clock.advance(seconds=10)
        await person.uses("/quiz")
        seen.add(question_in(person.world, person.last).id)
        await person.answers(person.last)
    return seen


async def test_what_others_ask_comes_before_what_is_coming_and_after_all_else():
    pack = shipped()
    ids = [question.id for question in pack.questions["http"]]
    free, soon, elsewhere = ids[0], ids[1], frozenset(ids[2:])
    kept = KeptBack(soon=frozenset({soon}), elsewhere=elsewhere)
    assert choose_practice(pack, "http", {}, kept).id == free
    assert choose_practice(pack, "http", {}, replace(kept, asked=frozenset({free}))).id in elsewhere
    most = replace(kept, asked=elsewhere | {free})
    assert choose_practice(pack, "http", {}, most).id == soon


async def test_most_of_a_pack_is_more_than_half_of_what_is_active():
    pack = small_pack("http", "data-types", questions=2).packs["backend-python"]
    ids = [question.id for question in itertools.chain(*pack.questions.values())]
    assert [is_mostly(pack, ids[:number]) for number in range(5)] == [False, False, False, True, True]
