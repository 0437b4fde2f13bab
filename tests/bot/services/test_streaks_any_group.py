"""Random groups, run as they are: whoever answers each question while it is open keeps the streak.

The organiser skips, pauses, posts by hand and changes the schedule; the bot is down for days; the member is
anywhere. STREAK_SEED repeats a run, and LIVES=10000 makes it a long one.
"""

import datetime as dt
import os
import random

import pytest

from bot.domain.model import PostKind
from tests.support.helpers import PROMPT
from tests.support.people import FakeClock, world_at
from tests.support.streak_life import ZONES

pytestmark = pytest.mark.asyncio

SEED = int(os.environ.get("STREAK_SEED") or random.SystemRandom().randrange(10**6))
GROUPS = max(int(os.environ.get("LIVES", "0")) // 200, 3)
QUESTION = "Question of the day"
PLACES = [zone for zone in ZONES if not zone.startswith("Etc/")]
"""Zones that can be typed: a profile may be in any."""

MINUTE = dt.timedelta(minutes=1)
DEEDS = ("skip", "pause", "schedule", "by hand", "outage", "zone", "off", "prompts")


class Run:
    """One group, its organiser, and a member who has the questions that wait for an answer."""

    def __init__(self, world, rng):
        self.world, self.rng = world, rng
        self.olga = self.ana = None
        self.waiting, self.seen, self.prompts = {}, 0, 0

    async def begins(self):
        rng = self.rng
        days = ",".join(rng.sample(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], rng.randint(1, 7)))
        self.olga = await self.world.founds(zone=rng.choice(PLACES), time=self.time(), days=days)
        self.ana = self.world.person("Ana", zone=rng.choice(ZONES))
        await self.ana.uses("/quiz")
        await self.ana.answers(self.ana.last)

    def time(self):
        return f"{self.rng.randrange(24):02}:{self.rng.choice((0, 30)):02}"

    async def lives(self, weeks):
        clock = self.world.clock
        end = clock.now() + dt.timedelta(weeks=weeks)
        deeds = sorted(clock.now() + self.rng.random() * (end - clock.now()) for _ in range(6))
        while clock.now() < end:
            await self.world.run_once()
            await self.hears()
            if deeds and deeds[0] <= clock.now():
                deeds.pop(0)
                await self.something_happens()
            await self.answers_what_is_due()
            due = await self.world.application.scheduler.next_due_at()
            coming = [at for at in (due, end, *deeds[:1], *self.waiting.values()) if at]
            clock.set(max(min(coming), clock.now()))
        await self.world.run_once()

    async def hears(self):
        """Each new question will be answered at some time while it is open."""
        questions = self.world.channel_posts(about=QUESTION)
        for question in questions[self.seen :]:
            closes = await self.closing(question)
            open_for = closes - self.world.clock.now() - MINUTE
            self.waiting[question.ref.id] = self.world.clock.now() + self.rng.random() * open_for
        self.seen = len(questions)
        await self.does_prompts_that_come_alone()

    async def does_prompts_that_come_alone(self):
        dates = {await self.date(question) for question in self.world.channel_posts(about=QUESTION)}
        for prompt in self.world.channel_posts(about=PROMPT)[self.prompts :]:
            if await self.date(prompt) not in dates:
                await self.ana.presses("Mark done", on=prompt)
        self.prompts = len(self.world.channel_posts(about=PROMPT))

    async def date(self, posted):
        return (await self.post_of(posted)).local_date

    async def closing(self, question):
        post = await self.post_of(question)
        assert post.kind is PostKind.QUIZ
        return post.closes_at

    async def post_of(self, posted):
        return await self.world.run(lambda unit: unit.posts.by_message(posted.ref))

    async def answers_what_is_due(self, *, everything=False):
        for question in self.world.channel_posts(about=QUESTION):
            at = self.waiting.get(question.ref.id)
            if at is None:
                continue
            soon = await self.closing(question) - MINUTE  # which may have been moved
            self.waiting[question.ref.id] = min(at, max(soon, self.world.clock.now()))
            if everything or self.waiting[question.ref.id] <= self.world.clock.now():
                del self.waiting[question.ref.id]
                await self.ana.answers(question, right=self.rng.random() < 0.5)

    async def something_happens(self):
        deed = self.rng.choice(DEEDS)
        today = self.world.clock.now().date()
        later = today + dt.timedelta(days=self.rng.randint(2, 12))
        match deed:
            case "skip":
                await self.olga.uses("/study skip", add=f"{today + dt.timedelta(days=2)}..{later}")
            case "pause":
                await self.olga.uses("/study pause", until=str(later))
            case "schedule":
                await self.olga.uses("/study schedule", kind="quiz", time=self.time(), days="tue,fri,sun")
            case "off":
                await self.olga.uses("/study schedule", kind="quiz", time="off")
            case "prompts":
                await self.olga.uses("/study schedule", kind="prompt", time="off")
            case "by hand":
                await self.olga.uses("/study post-now", kind="quiz")
            case "zone":
                await self.ana.uses("/preferences", zone=self.rng.choice(PLACES))
            case "outage":
                await self.answers_what_is_due(everything=True)
                self.world.clock.advance(hours=self.rng.randint(1, 100))
                await self.world.run_once()
        await self.hears()


@pytest.mark.parametrize("number", range(GROUPS))
async def test_who_answers_every_question_of_a_real_group_keeps_the_streak(tmp_path, number):
    where = f"STREAK_SEED={SEED}, group {number}"
    rng = random.Random(f"{SEED}-{number}")
    clock = FakeClock(dt.datetime(2026, rng.choice((2, 3, 10)), rng.randint(1, 28), 8, tzinfo=dt.UTC))
    async with world_at(tmp_path, clock=clock) as world:
        run = Run(world, rng)
        await run.begins()
        await run.lives(weeks=6)
        await run.ana.uses("/streak")
        shown = run.ana.shown()
        assert "○" not in shown, (where, shown)
        assert "❄" not in shown, (where, shown)
        figures = dict(line.split(": ", 1) for line in shown.splitlines()[1:5])
        assert figures["Streak"] == figures["Best streak"], (where, shown)
        if figures["Active"] != "no days asked lately":
            active, _, asked, *_ = figures["Active"].split()
            assert active == asked, (where, shown)
        assert await world.problems() == (), where
