"""One honest recap: one window for the whole message, and every point in just one recap."""

import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat import Forbidden, Transient
from bot.domain.selection import coming_prompts
from tests.support.helpers import PROMPT, RECAP, library_with, quiz_of
from tests.support.people import items_of, question_in, shipped_library, words, world_at

pytestmark = pytest.mark.asyncio

NAMES = ("Ana", "Ben", "Chidi")


def recaps(world):
    return [words(posted.message) for posted in world.channel_posts(about=RECAP)]


async def by_hand(world):
    await world.passes(minutes=11)
    number = len(recaps(world))
    await world.person("Olga", organiser=True).uses("/study post-now", kind="recap")
    await world.run_once()
    assert len(recaps(world)) == number + 1
    return recaps(world)[-1]


async def test_a_recap_on_monday_names_the_best_of_the_week_before(tmp_path):
    async with world_at(tmp_path) as world:
        olga = await world.founds(zone="UTC", time="09:30", days="daily")
        await olga.uses("/study schedule", kind="recap", days="mon", time="09:00")
        await world.passes(minutes=91)
        ana = world.person("Ana")
        for _ in range(6):
            await ana.answers(world.newest("Question of the day"))
            await world.passes(days=1)
        await world.slots_pass(days=1)
        recap = recaps(world)[-1]
        assert "Most points" in recap
        assert "1. **Ana** 18 points" in recap


async def test_the_hardest_question_can_be_recognised_and_tried_again(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds(zone="UTC", time="09:30", days="daily")
        await world.passes(minutes=91)
        ana = world.person("Ana")
        while question_in(world, quiz_of(world)).stem != "What does this print?":
            await world.slots_pass(days=1)
        question = question_in(world, quiz_of(world))
        topic = shipped_library().packs["backend-python"].topic_of(question.id).title
        await ana.answers(quiz_of(world), right=False)
        recap = await by_hand(world)
        assert "Worth another look" not in recap  # nobody may know yet how it went
        await world.slots_pass(days=1)
        recap = await by_hand(world)
        line = next(line for line in recap.splitlines() if "Worth another look" in line)
        assert line == f"**Worth another look:** {topic}, a question with code to read"
        await ana.presses("Try it again", on=world.newest(RECAP))
        assert question_in(world, ana.last) == question
        assert ana.reply.visibility == "private"


async def test_a_question_that_is_open_is_in_no_recap_and_says_nothing_of_how_it_goes(study):
    for name, right in zip(NAMES, (True, False, False), strict=True):
        await study.person(name).answers(quiz_of(study), right=right)
    recap = await by_hand(study)
    assert "Took part: 3 members" in recap
    for word in ("Answers", "%", "Worth another look", "Most points"):
        assert word not in recap
    await study.passes(days=1)
    recap = await by_hand(study)
    assert "Answers: 3, 33 % right" in recap
    assert "1. **Ana** 3 points" in recap


async def test_what_one_member_alone_answered_is_no_share_of_right_answers(study):
    await study.person("Ana").answers(quiz_of(study), right=False)
    await study.passes(days=1)
    recap = await by_hand(study)
    assert "Answers: 1\n" in recap
    assert "%" not in recap


async def test_the_recap_says_since_when_and_a_second_one_begins_there(study):
    await study.person("Ana").presses("Mark done", on=study.newest(PROMPT))
    first = await by_hand(study)
    assert "Everything since the group started." in first
    assert "1. **Ana** 1 point" in first
    second = await by_hand(study)
    assert "Everything since the last recap, Mon 2 Mar, 09:42." in second
    assert "A quiet week." in second
    assert "Most points" not in second


async def test_two_recaps_in_one_minute_share_nothing(study):
    await study.person("Ana").presses("Mark done", on=study.newest(PROMPT))
    await study.passes(seconds=1)
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study schedule", kind="recap", days="daily", time="09:32")
    study.clock.advance(minutes=1)
    await olga.uses("/study post-now", kind="recap")
    await study.run_once()
    assert sorted("Ana" in each for each in recaps(study)) == [False, True]


async def test_a_question_that_closes_in_the_minute_of_the_recap_counts_in_it(tmp_path):
    async with world_at(tmp_path) as world:
        olga = await world.founds(zone="UTC", time="09:30", days="daily")
        await olga.uses("/study schedule", kind="recap", days="tue", time="09:30")
        await world.passes(minutes=91)
        await world.person("Ana").answers(quiz_of(world))
        await world.passes(days=1)
        assert "1. **Ana** 3 points" in recaps(world)[-1]


async def test_a_recap_that_never_came_leaves_its_time_to_the_next_one(study):
    await study.person("Ana").presses("Mark done", on=study.newest(PROMPT))
    await study.passes(seconds=1)
    study.room.refusals.append(Forbidden("no"))
    await study.person("Olga", organiser=True).uses("/study post-now", kind="recap")
    await study.run_once()
    assert recaps(study) == []
    await study.person("Ben").presses("Mark done", on=study.newest(PROMPT))
    recap = await by_hand(study)
    assert "**Ana** 1 point" in recap
    assert "**Ben** 1 point" in recap


async def test_a_recap_that_is_sent_again_shows_what_it_would_have_shown(study):
    await study.person("Ana").presses("Mark done", on=study.newest(PROMPT))
    await study.passes(seconds=1)
    study.room.refusals.append(Transient("busy"))
    await study.person("Olga", organiser=True).uses("/study post-now", kind="recap")
    await study.run_once()
    await study.person("Ben").presses("Mark done", on=study.newest(PROMPT))
    for _ in range(5):
        await study.passes(minutes=5)
    (recap,) = recaps(study)
    assert "Ana" in recap
    assert "Ben" not in recap
    assert "Ben" in await by_hand(study)


@pytest.mark.parametrize(("equals", "named", "counted"), [(4, 4, 0), (6, 6, 0), (12, 3, 9)])
async def test_equals_in_a_recap_are_named_or_counted(study, equals, named, counted):
    for number in range(equals):
        await study.person(f"P{number:02}").presses("Mark done", on=study.newest(PROMPT))
    recap = await by_hand(study)
    assert recap.count("1 point") == named
    assert (f"and {counted} more with as many points" in recap) == bool(counted)


async def test_the_same_three_of_many_equals_are_not_named_in_every_recap(study):
    named = set()
    for _ in range(3):
        for number in range(12):
            await study.person(f"P{number:02}").presses("Mark done", on=study.newest(PROMPT))
        named |= {line.split("**")[1] for line in (await by_hand(study)).splitlines() if "1 point" in line}
        await study.slots_pass(days=2)
    assert len(named) > 3


async def test_members_are_told_of_when_not_all_took_part(study):
    for name in NAMES:
        await study.person(name).presses("Mark done", on=study.newest(PROMPT))
    assert "Took part: 3 members" in await by_hand(study)
    await study.person("Ana").uses("/quiz")
    await study.person("Ana").answers(study.room.posted[-1])
    assert "Took part: 1 of 3 members" in await by_hand(study)


async def test_what_comes_up_is_what_comes_after_this_minute(tmp_path):
    async with world_at(tmp_path) as world:
        olga = await world.founds(zone="UTC", days="daily")
        await olga.uses("/study schedule", kind="prompt", days="daily", time="09:30")
        await olga.uses("/study schedule", kind="recap", days="daily", time="09:30")
        topics = shipped_library().packs["backend-python"].topics
        await world.passes(minutes=91)
        for stop in range(1, 4):
            assert f"**Coming up:** {topics[stop].title}, {topics[stop + 1].title}\n" in recaps(world)[-1]
            await world.passes(days=1)
        await olga.uses("/study schedule", kind="prompt", time="off")
        await world.passes(days=1)
        assert "Coming up" not in recaps(world)[-1]


async def test_nothing_comes_up_after_the_last_stop():
    pack = shipped_library().packs["backend-python"]
    assert coming_prompts(pack, [pack.topics[-1].id]) == ()
    assert [topic.id for topic in coming_prompts(pack, [])] == [topic.id for topic in pack.topics]
    few = {topic.id: pack.prompts[topic.id] for topic in pack.topics[2:5]}
    small = library_with(prompts=few).packs["backend-python"]
    assert [topic.id for topic in coming_prompts(small, [pack.topics[3].id])] == [pack.topics[4].id]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["right", "wrong", "done", "reply", "late"]), st.sampled_from(NAMES)),
        st.tuples(st.sampled_from(["hours", "day", "outage"]), st.integers(1, 40)),
        st.tuples(st.sampled_from(["recap", "refused", "busy"]), st.none()),
        st.tuples(st.just("schedule"), st.sampled_from(["mon", "daily", "sun", "wed,fri"])),
    ),
    min_size=5,
    max_size=30,
)


class Recount:
    """Lives through any order of events, and adds up what people were shown, verdict by verdict."""

    def __init__(self, world):
        self.world = world
        self.olga = world.person("Olga", organiser=True)
        self.earned = Counter()

    async def does(self, what, detail):
        world = self.world
        match what:
            case "right" | "wrong" | "late":
                await self.answers(world.person(detail), what)
            case "done":
                person = world.person(detail)
                await person.presses("Mark done", on=world.newest(PROMPT))
                self.earned[detail] += "streak" in person.shown() or "in a row" in person.shown()
            case "reply":
                person = world.person(detail)
                await person.replies("A bool is an int.", to=world.newest(PROMPT))
                self.earned[detail] += 2 * bool(person.last and person.reply.__class__.__name__ == "Send")
            case "hours":
                await world.slots_pass(hours=detail)
            case "day":
                await world.passes(days=1)
            case "outage":
                world.clock.advance(hours=detail)
            case "recap" | "refused" | "busy":
                refusal = {"refused": Forbidden("no"), "busy": Transient("busy", retry_after=60)}.get(what)
                world.room.refusals += [refusal] if refusal else []
                await self.olga.uses("/study post-now", kind="recap")
                await world.run_once()
                world.room.refusals.clear()
            case "schedule":
                await self.olga.uses("/study schedule", kind="recap", days=detail)
        world.clock.advance(minutes=7)

    async def answers(self, person, what):
        question = quiz_of(self.world)
        if not any(item.label == "A" for item in items_of(question.message)):
            return
        if what == "late":  # clicked before it closed, and delivered after the next recap
            person.clicks_at = self.world.clock.now()
            await self.world.slots_pass(days=1)
        if not any(item.label == "A" for item in items_of(question.message)):
            return
        await person.answers(question, right=what != "wrong")
        shown = person.shown()
        self.earned[person.name] += 3 * ("✓ Correct" in shown) + ("✗ Not quite" in shown)

    def shown(self):
        """Points by name, added up over every recap."""
        total = Counter()
        for recap in recaps(self.world):
            for name, points in re.findall(r"\*\*(\w+)\*\* (\d+) points?", recap):
                total[name] += int(points)
        return total


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
async def test_each_point_is_in_just_one_recap(steps):
    folder = Path(tempfile.mkdtemp())
    try:
        async with world_at(folder) as world:
            await world.founds(days="daily")
            await world.slots_pass(minutes=91)
            life = Recount(world)
            for what, detail in steps:
                await life.does(what, detail)
            await life.olga.uses("/study resume")
            await world.slots_pass(days=3)
            await by_hand(world)
            assert life.shown() == +life.earned
            assert await world.problems() == ()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def test_a_month_of_forty_members_recounted(tmp_path):
    """Four weekly recaps: their answers, shares and best are those of the log of what was shown."""
    async with world_at(tmp_path) as world:
        await world.founds(days="mon-fri")
        await world.passes(minutes=31)
        people = [world.person(f"M{number:02}") for number in range(40)]
        log, week = [], []
        for day in range(28):
            question = quiz_of(world)
            fresh = [item for item in items_of(question.message) if item.label == "A"]
            if fresh and world.clock.now().weekday() < 5:
                for number, person in enumerate(people):
                    if (number + day) % 3:
                        await person.answers(question, right=(number * day) % 4 > 1)
                        week.append((person.name, "✓ Correct" in person.shown(), question.ref.id))
            before = len(recaps(world))
            await world.slots_pass(days=1)
            if len(recaps(world)) > before:
                log.append((recaps(world)[-1], open_in(world, week)))
                week = [each for each in week if each[2] == quiz_of(world).ref.id]
        assert len(log) == 4
        for recap, counted in log:
            right = sum(each[1] for each in counted)
            share = round(100 * right / len(counted))
            assert f"Answers: {len(counted)}, {share} % right" in recap
            assert f"Took part: {len({name for name, _, _ in counted})}" in recap
            points = Counter()
            for name, correct, _ in counted:
                points[name] += 3 if correct else 1
            for rank, name, shown in re.findall(r"(\d+)\. \*\*(\w+)\*\* (\d+) points", recap):
                assert points[name] == int(shown)
                assert int(rank) == 1 + sum(other > int(shown) for other in points.values())
        assert await world.problems() == ()


def open_in(world, week):
    """Answers of the week to questions that have closed: all but those to the newest."""
    return [each for each in week if each[2] != quiz_of(world).ref.id]


async def test_a_week_that_counts_answers_of_an_earlier_one_is_not_called_quiet(study):
    await study.person("Ana").answers(quiz_of(study))
    await by_hand(study)
    await study.slots_pass(days=1)
    recap = await by_hand(study)
    assert "Answers: 1\n" in recap
    assert "1. **Ana** 3 points" in recap
    assert "A quiet week" not in recap
    assert "A quiet week" in await by_hand(study)
