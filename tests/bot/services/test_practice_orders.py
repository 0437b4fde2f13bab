"""No order of acts and of posts makes practice tell the key of a question that is open."""

import shutil
import tempfile
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.chat import ChannelRef, encode
from tests.bot.services.test_practice import is_practice, shipped, small_pack, waiting
from tests.support.people import items_of, question_in, world_at

pytestmark = pytest.mark.asyncio


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("quiz"), st.sampled_from([topic.id for topic in shipped().topics[:3]])),
        st.tuples(
            st.sampled_from(["any", "press", "hint", "skip", "again", "redeliver"]), st.integers(0, 99)
        ),
        st.tuples(
            st.sampled_from(["day", "now", "elsewhere", "join", "other", "leave", "alone", "forget"]),
            st.just(0),
        ),
    ),
    min_size=4,
    max_size=24,
)


class Life:
    """Ana's acts in any order, in two channels whose groups walk the same short roadmap."""

    def __init__(self, world):
        self.world = world
        self.ana = world.person("Ana")
        self.practices, self.events = [], []

    async def does(self, what, number):
        world, ana = self.world, self.ana
        match what:
            case "quiz":
                await ana.uses("/quiz", topic=number)
            case "any":
                await ana.uses("/quiz")
            case "press" | "hint" | "skip" if self.practices:
                await self.presses(
                    what, self.practices[number % len(self.practices)], right=number % 2 == 0
                )
            case "again":
                found = [
                    q.id for each in world.library.packs["backend-python"].questions.values() for q in each
                ]
                await ana.acts(encode("quiz.again", q=found[number % len(found)]))
            case "redeliver" if self.events:
                ana.did = self.events[number % len(self.events)]
                await ana.is_delivered_again()
            case "day":
                await world.slots_pass(days=1)
                return
            case "now" | "elsewhere":
                channel = "study" if what == "now" else "second"
                await world.person("Olga", organiser=True, channel=channel).uses(
                    "/study post-now", kind="quiz"
                )
                await world.run_once()
                return
            case "join":
                await ana.uses("/challenge join")
                return
            case "other":
                self.ana = world.person("Ana", channel="second" if ana.channel.id == "study" else "study")
                return
            case _:
                await self.goes(what)
                return
        self.events.append(ana.did)
        await self.is_fair()

    async def goes(self, how):
        ana = self.ana
        if how == "alone":  # a direct conversation of no place, as on Discord
            here = ChannelRef(ana.channel.platform, "", f"@{ana.user.id}", direct=True)
            self.ana = replace(ana, channel=here)
        elif how == "leave":
            await ana.uses("/leave")
        elif how == "forget":
            await ana.uses("/privacy forget")
            if "Forget me now" in {item.label for item in items_of(ana.last.message)}:  # not twice in a row
                await ana.presses("Forget me now")

    async def presses(self, what, practice, *, right):
        labels = {item.label for item in items_of(practice.message)}
        label = {"hint": "Hint", "skip": "Skip"}.get(what)
        if label is None:
            await self.ana.answers(practice, right=right)
        elif label in labels:
            await self.ana.presses(label, on=practice)

    async def is_fair(self):
        """Check that Ana sees no question that waits in her groups or this channel, nor its answer."""
        shown = self.ana.shown()
        for question_id in await waiting(self.world):
            question = shipped().question(question_id)
            told = [
                question.explanation,
                *question.hints,
                *(option.feedback for option in question.options),
            ]
            assert not any(text.replace("\\", "") in shown for text in told)
            if is_practice(self.ana):
                assert question_in(self.world, self.ana.last).id != question_id
        if is_practice(self.ana):
            self.practices.append(self.ana.last)


@asynccontextmanager
async def two_groups():
    folder = Path(tempfile.mkdtemp())
    try:
        async with world_at(folder, library=small_pack()) as world:
            await world.founds(days="daily")
            await world.founds("second", days="daily", time="15:00")
            yield world
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
@example(steps=[("quiz", shipped().topics[0].id), ("forget", 0), ("other", 0), ("forget", 0)])
async def test_no_order_of_events_tells_what_is_open(steps):
    async with two_groups() as world:
        life = Life(world)
        await world.person("Ana", channel="second").uses("/challenge join")
        await world.passes(minutes=31)
        for what, number in steps:
            await life.does(what, number)
        assert await world.problems() == ()
