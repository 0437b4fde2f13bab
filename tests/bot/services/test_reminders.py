"""Reminders have a reason, follow the member's clock, and stop where nobody answers."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest

from bot.domain.model import PostKind
from bot.domain.reminders import MOST_UNANSWERED
from bot.services.streaks import Streak
from tests.support.helpers import post_of, quiz_of
from tests.support.people import MONDAY, FakeClock, Room, words, world_at

pytestmark = pytest.mark.asyncio

LAST = "this is my last reminder"
BERLIN = ZoneInfo("Europe/Berlin")


def letters(world, who="ana"):
    return [p for p in world.room.posted if p.only == who and "Still open today" in p.message.summary]


async def ana_asks(world, at="19:00", **kind):
    """Ana took part in the first question, and asks for reminders the day after."""
    ana = world.person("Ana", **kind)
    await ana.answers(quiz_of(world))
    await world.passes(days=1)
    await ana.uses("/preferences", reminder=at)
    return ana


def at(world, hour, minute=0, zone=BERLIN):
    """Move to this time of the day on the wall, and run the scheduler."""
    local = world.clock.now().astimezone(zone)
    world.clock.set(local.replace(hour=hour, minute=minute).astimezone(dt.UTC))
    return world.run_once()


async def evenings(world, days, hour=19):
    """So many days to come, with a pass at each slot and one at this hour in Berlin."""
    for _ in range(days):
        now = world.clock.now()
        there = now.astimezone(BERLIN).replace(hour=hour, minute=0)
        there += dt.timedelta(days=there <= now)
        await world.slots_pass(seconds=(there - now).total_seconds())


async def test_what_one_was_reminded_of_is_no_reason_for_another_reminder(study):
    olga = study.person("Olga", organiser=True)
    await olga.uses("/study schedule", kind="prompt", time="off")
    await olga.uses("/study schedule", kind="quiz", days="tue")
    await ana_asks(study)
    await evenings(study, 7)
    assert [f"{letter.message.summary}".count("question") for letter in letters(study)] == [1]
    await evenings(study, 1)
    assert len(letters(study)) == 2


async def test_a_streak_that_would_end_is_a_reason_though_nothing_is_new(study):
    """A question of the evening counts for the day after it; the first of those days costs a freeze."""
    olga, ana = study.person("Olga", organiser=True), study.person("Ana")
    await ana.answers(quiz_of(study))
    await olga.uses("/study schedule", kind="prompt", time="off")
    await olga.uses("/study schedule", kind="quiz", time="20:30", days="tue,thu,sat")
    await ana.uses("/preferences", reminder="21:00")
    came = []
    for _ in range(7):
        before = len(letters(study))
        await evenings(study, 1, hour=21)
        came.append(len(letters(study)) - before)
    assert came == [0, 1, 0, 1, 1, 1, 0]
    assert "to keep your streak of 1 day" in words(letters(study)[2].message)
    assert "to start a streak" in words(letters(study)[3].message)


async def test_weekends_without_posts_are_quiet(study):
    await ana_asks(study)
    when = []
    for _ in range(7):
        before = len(letters(study))
        await evenings(study, 1)
        when += [study.clock.now().astimezone(BERLIN).weekday()] * (len(letters(study)) - before)
    assert when == [1, 2, 3, 4, 0]


async def test_after_seven_without_an_answer_one_sentence_closes_and_it_ends(study):
    ana = await ana_asks(study)
    await evenings(study, 30)
    assert len(letters(study)) == MOST_UNANSWERED
    assert [LAST in words(letter.message) for letter in letters(study)] == [False] * 6 + [True]
    assert LAST in letters(study)[-1].message.summary
    await ana.uses("/preferences")
    assert ana.sees("Daily reminder, or off: off")
    await ana.sends(reminder="19:00")
    assert ana.sees("I'll message you at 19:00")
    await evenings(study, 12)
    assert len(letters(study)) == 2 * MOST_UNANSWERED


@pytest.mark.parametrize("act", ["answer", "practice", "prompt"])
async def test_any_act_begins_the_count_anew(study, act):
    ana = await ana_asks(study)
    await evenings(study, 8)
    assert len(letters(study)) == MOST_UNANSWERED - 1
    await study.slots_pass(hours=15)
    match act:
        case "answer":
            await ana.answers(quiz_of(study))
        case "practice":
            await ana.uses("/quiz")
            await ana.answers(ana.last)
        case "prompt":
            await ana.presses("Mark done")
    await evenings(study, 5)
    assert len(letters(study)) > MOST_UNANSWERED
    assert not any(LAST in words(letter.message) for letter in letters(study))


async def test_a_group_that_one_joins_is_something_new(study):
    await study.founds("lounge", days="sat")
    await ana_asks(study)
    for kind in ("quiz", "prompt"):
        await study.person("Olga", organiser=True).uses("/study schedule", kind=kind, time="off")
    await study.person("Olga", organiser=True, channel="lounge").uses("/study post-now", kind="prompt")
    await evenings(study, 2)
    assert "the prompt on" in words(letters(study)[0].message)
    before = len(letters(study))
    await study.person("Ana", channel="lounge").uses("/challenge join")
    await evenings(study, 1)
    assert len(letters(study)) == before + 1


async def test_a_reminder_follows_the_zone_of_the_profile(study):
    ana = await ana_asks(study, "21:00", zone="Europe/London")
    await evenings(study, 6, hour=22)
    assert len(letters(study)) == 4
    await study.slots_pass(hours=12)
    ana.zone = "Asia/Dubai"
    await ana.answers(quiz_of(study))
    assert (await study.run(lambda unit: unit.reminders.find(1))).zone == "Asia/Dubai"
    await evenings(study, 3, hour=18)
    assert len(letters(study)) == 6
    assert f"{study.clock.now().astimezone(ZoneInfo('Asia/Dubai')):%H}" == "21"


async def test_a_reminder_that_comes_every_day_moves_when_the_new_zone_begins(study):
    """The zone copied when a reminder was set is used until the next reminder, not longer."""
    ana = await ana_asks(study, "21:00")
    await evenings(study, 1, hour=21)
    await ana.uses("/preferences", zone="Asia/Dubai")
    await evenings(study, 2, hour=18)
    assert len(letters(study)) == 3


async def test_a_reminder_of_a_day_that_is_over_is_left_out(tmp_path):
    """Due at 00:30, which is of the day before, and kept by an outage until 09:31."""
    room, clock = Room(), FakeClock(MONDAY)
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.founds()
        await world.passes(minutes=31)
        await ana_asks(world, "00:30")
        await world.person("Ana").answers(quiz_of(world))
    clock.set(dt.datetime(2026, 3, 4, 8, 31, tzinfo=dt.UTC))
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.run_once()
        assert letters(world) == []
        clock.set(dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC))
        await world.run_once()
        assert len(letters(world)) == 1


class Evening:
    """One member's months as they are lived: acts until 19:00, or not, and what then comes or does not.

    Judged from what was posted, done and received alone, by the sentence "a reminder comes when something
    is open that is new since the last one, or when the streak would end".
    """

    def __init__(self, world, chance, keen):
        self.world, self.chance, self.keen = world, chance, keen
        self.ana = world.person("Ana")
        self.acts, self.got, self.in_vain = {}, [], 0
        self.must_have_ended = False

    async def lives(self):
        await self._until(18, 59)
        if self.must_have_ended:
            assert await self._streak() == 0, "a reminder without anything new, and no streak ended"
        waiting = await self._waiting()
        if waiting and self.chance.random() < self.keen:
            await self._answers()
        before = len(letters(self.world))
        await self._until(19, 0)
        came = len(letters(self.world)) - before
        self._judge(await self._waiting(), came)
        if came:
            self.got.append(self.world.clock.now())
            self.in_vain += 1

    def _judge(self, waiting, came):
        last = self.got[-1] if self.got else None
        new = [post for post in waiting if last is None or post.sent_at > last]
        quiet = self._is_active() or self.in_vain >= 7 or not waiting
        self.must_have_ended = bool(came) and not new
        if quiet:
            assert came == 0
        elif new:
            assert came == 1
        assert came <= 1

    async def _answers(self):
        quiz = quiz_of(self.world)
        posts = {post.id: post for post in await self._posts()}
        post = posts[post_of(quiz)]
        if post.id in self.acts or self.world.clock.now() >= post.closes_at:
            return
        await self.ana.answers(quiz)
        self.acts[post.id] = self.world.clock.now()
        self.in_vain = 0 if self.in_vain < 7 else 7

    def _is_active(self):
        now = self.world.clock.now()
        return any(_day(at) == _day(now) for at in self.acts.values())

    async def _posts(self):
        found = []
        for kind in (PostKind.QUIZ, PostKind.PROMPT):
            posts = await self.world.run(lambda unit, kind=kind: unit.posts.history(1, kind, 500))
            found += [post for post in posts if post.sent_at]
        return found

    async def _waiting(self):
        """The newest question and the newest prompt, if they take an act of hers."""
        posts, now = await self._posts(), self.world.clock.now()
        newest = [max(each, key=lambda post: post.sent_at) for each in _by_kind(posts)]
        unanswered = [post for post in newest if post.id not in self.acts]
        return [post for post in unanswered if post.closes_at is None or now < post.closes_at]

    async def _streak(self):
        async def look(unit):
            member = await unit.members.get(self.member)
            return (await Streak.at(unit, member, self.world.settings, self.world.clock.now())).summary

        return (await self.world.run(look)).current

    async def _until(self, hour, minute):
        now = self.world.clock.now()
        there = now.astimezone(BERLIN).replace(hour=hour, minute=minute).astimezone(dt.UTC)
        if there <= now:
            there = (now.astimezone(BERLIN) + dt.timedelta(days=1)).replace(hour=hour, minute=minute)
        await self.world.slots_pass(seconds=(there - now).total_seconds())


def _by_kind(posts):
    kinds = {post.kind for post in posts}
    return [[post for post in posts if post.kind is kind] for kind in kinds]


def _day(instant):
    """Her day: it ends at three in the morning."""
    return (instant.astimezone(BERLIN).replace(tzinfo=None) - dt.timedelta(hours=3)).date()


@pytest.mark.parametrize("seed", range(6))
async def test_over_random_months_each_reminder_has_a_reason(tmp_path, seed):
    chance = random.Random(seed)
    days = chance.choice(["mon-fri", "daily", "mon,wed,fri", "tue,sat"])
    async with world_at(tmp_path) as world:
        await world.founds(days=days, time=chance.choice(["08:00", "12:15", "20:30"]))
        life = Evening(world, chance, keen=chance.choice([0, 0.3, 0.6]))
        while not world.channel_posts(about="Question of the day"):
            await world.slots_pass(hours=6)
        await life._answers()
        await life.ana.uses("/preferences", reminder="19:00")
        life.member = (await world.run(lambda unit: unit.members.find(life.ana.user))).id
        for _ in range(45):
            await life.lives()
        assert life.got, (seed, days)
        assert LAST in words(letters(world)[-1].message) or life.in_vain < 7
