"""One bad schedule, channel, platform or day harms no other one, and whoever must act is told."""

import asyncio
import datetime as dt
import logging
from dataclasses import replace

import pytest

from bot.chat import Forbidden, Transient
from bot.domain.deliveries import DeliveryKind
from bot.domain.model import (
    PostState,
)
from bot.domain.reasons import Fault
from bot.errors import DatabaseBusy
from bot.services import planning as planner
from tests.support.deliveries import NO_PATIENCE, ledger, put, quiz_only, schedule_of, told
from tests.support.helpers import PROMPT, QUIZ, quiz_of
from tests.support.people import PLATFORM, Room, world_at

pytestmark = pytest.mark.asyncio


class Locked:
    """A database that is locked while ``locked``."""

    def __init__(self, database):
        self._database, self.locked = database, True

    async def run(self, use_case, *expected):
        if self.locked:
            raise DatabaseBusy("The database is locked by another process.")
        return await self._database.run(use_case, *expected)

    read = run


# One bad schedule


async def test_a_schedule_that_cannot_be_planned_stops_no_other_one(world, caplog):
    await quiz_only(world, "bad")
    await quiz_only(world, "good")
    good = await schedule_of(world)
    await put(world, replace(good, zone="Mars/Olympus_Mons"))
    await world.passes(minutes=30)
    assert len(world.channel_posts("good", about=QUIZ)) == 1
    for _ in range(24):
        await world.passes(hours=1)
    assert len(world.channel_posts("good", about=QUIZ)) == 2
    faults = [record for record in caplog.records if "cannot be planned" in record.getMessage()]
    assert [record.getMessage().split(";")[0] for record in faults] == [
        f"schedule {good.id} of group 1 cannot be planned"
    ]
    bad = await schedule_of(world)
    assert bad.put_offs > 1
    assert world.clock.now() < bad.next_due_at <= world.clock.now() + dt.timedelta(hours=1)


async def test_a_schedule_that_is_mended_the_same_day_serves_its_slot_then(world):
    await quiz_only(world)
    whole = await schedule_of(world)
    await put(world, replace(whole, zone="Mars/Olympus_Mons"))
    await world.passes(minutes=30)
    broken = await schedule_of(world)
    assert (broken.failures, broken.put_offs, broken.next_date) == (0, 1, whole.next_date)
    await put(world, replace(broken, zone=whole.zone))
    await world.passes(minutes=1)
    (post,) = await ledger(world)
    assert (post.state, post.due_at) == (PostState.SENT, whole.next_due_at)


async def test_a_slot_put_off_past_its_day_is_told_and_not_posted_beside_todays(world):
    await quiz_only(world)
    whole = await schedule_of(world)
    await put(world, replace(whole, zone="Mars/Olympus_Mons"))
    for _ in range(24):
        await world.passes(hours=1)
    await put(world, replace(await schedule_of(world), zone=whole.zone))
    await world.passes(hours=1)
    failed, sent = await ledger(world)
    assert (failed.state, sent.state) == (PostState.FAILED, PostState.SENT)
    assert failed.fault is Fault.UNPLANNABLE
    said = "The question of Mon 2 Mar couldn't be posted: I couldn't plan it"
    assert len(told(world, said)) == 1
    assert len(world.channel_posts(about=QUIZ)) == 1
    assert (await schedule_of(world)).put_offs == 0


async def test_a_fault_in_planning_is_no_refusal_and_is_shown_while_it_lasts(world, monkeypatch):
    olga = await quiz_only(world)

    async def fails(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(planner, "choose_for_slot", fails)
        await world.passes(minutes=30)
        await world.passes(minutes=1)
        await olga.uses("/study status")
        assert olga.sees("Mon 2 Mar is late because of a problem on my side, next try Mon 2 Mar, 09:33")
    world.room.refuse_channel["study"] = Forbidden("no permission")
    await world.passes(minutes=2)
    assert (await schedule_of(world)).failures == 1
    assert len(told(world, "couldn't be posted: no permission")) == 1
    assert told(world, "paused") == []


# Downtime and pauses


async def test_a_post_that_was_planned_before_two_days_of_downtime_is_missed(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    await world.application.scheduler._plan()  # and killed before it was sent
    await world.passes(days=2)
    posts = await ledger(world)
    assert [post.state for post in posts] == [PostState.MISSED, PostState.MISSED, PostState.SENT]
    assert {post.fault for post in posts[:2]} == {Fault.DOWN}
    assert len(world.channel_posts(about=QUIZ)) == 1
    assert told(world) == []


async def test_a_post_that_was_planned_before_some_hours_of_downtime_is_sent(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    await world.application.scheduler._plan()
    await world.passes(hours=13)
    assert len(world.channel_posts(about=QUIZ)) == 1


@pytest.mark.parametrize(("hours", "posted"), [(23, 1), (25, 0)])
async def test_a_post_by_hand_is_sent_within_a_day_or_missed(world, hours, posted):
    olga = await quiz_only(world)
    await olga.uses("/study schedule", kind="quiz", time="off")
    await olga.uses("/study post-now", kind="prompt")
    await world.passes(hours=hours)
    assert len(world.channel_posts(about=PROMPT)) == posted
    assert len(told(world, "you asked for couldn't be posted: the bot was down")) == 1 - posted


async def test_a_pause_stops_what_is_planned_already_but_nothing_by_hand(world):
    olga = await quiz_only(world)
    world.room.refusals = [Transient("bad gateway")]
    await world.passes(minutes=30)
    await olga.uses("/study pause")
    await world.passes(minutes=5)
    assert world.channel_posts() == []
    await olga.uses("/study post-now", kind="prompt")
    await world.run_once()
    assert len(world.channel_posts(about=PROMPT)) == 1
    await olga.uses("/study resume")
    await world.run_once()
    assert len(world.channel_posts(about=QUIZ)) == 1


async def test_what_a_pause_held_back_beyond_its_day_is_missed(world):
    olga = await quiz_only(world)
    world.room.refusals = [Transient("bad gateway")]
    await world.passes(minutes=30)
    await olga.uses("/study pause")
    await world.days_pass(2)
    await olga.uses("/study resume")
    await world.run_once()
    (post,) = await ledger(world)
    assert (post.state, post.fault) == (PostState.MISSED, Fault.PAUSED)
    assert world.channel_posts() == []


# Slow channels


async def test_a_beat_does_not_wait_for_a_channel_that_hangs(tmp_path):
    async with world_at(tmp_path, **NO_PATIENCE) as world:
        await quiz_only(world)
        await quiz_only(world, "second", time="09:31")
        release = world.room.held["study"] = asyncio.Event()
        await asyncio.wait_for(world.passes(minutes=30), 5)
        await asyncio.wait_for(world.passes(minutes=1), 5)
        assert len(world.channel_posts("second", about=QUIZ)) == 1
        await asyncio.wait_for(world.passes(minutes=5), 5)
        assert world.room.sends == 2, "what is being sent is not sent again, whatever its lease"
        release.set()
        await world.application.scheduler._outbox.finish()
        assert (await ledger(world))[0].state is PostState.SENT
        await world.passes(minutes=5)
        assert len(world.channel_posts("study")) == 1


async def test_channels_that_hang_take_no_more_posts_than_there_are_workers(tmp_path):
    async with world_at(tmp_path, send_at_once=2, **NO_PATIENCE) as world:
        for channel in "abc":
            await quiz_only(world, channel)
            world.room.held[channel] = asyncio.Event()
        await world.passes(minutes=30)
        assert world.room.sends == 2
        lease = dt.timedelta(seconds=60)
        now = world.clock.now()
        left = await world.run(
            lambda unit: unit.outbox.claim(DeliveryKind.POST, now, lease, 10, [PLATFORM])
        )
        assert len(left) == 1, "what nobody here has a hand free for is another process's to send"


async def test_an_edit_that_hangs_holds_up_no_post(tmp_path):
    async with world_at(tmp_path, send_at_once=1, **NO_PATIENCE) as world:
        await quiz_only(world)
        await quiz_only(world, "second", time="09:35")
        await world.passes(minutes=31)
        edits = []

        async def hangs(ref, message):
            edits.append(ref)
            await asyncio.Event().wait()

        world.room.edit = hangs
        await world.person("Ana").answers(quiz_of(world))
        await asyncio.wait_for(world.run_once(), 5)
        await asyncio.wait_for(world.passes(minutes=5), 5)
        assert len(edits) == 1
        assert len(world.channel_posts("second", about=QUIZ)) == 1


async def test_the_house_stops_what_hangs_before_the_adapters_stop(tmp_path):
    stopped = []

    class Hanging(Room):
        async def send(self, channel, message, key, **again):
            self.sends += 1
            try:
                await asyncio.Event().wait()
            finally:
                stopped.append("send")

        async def stop(self):
            stopped.append("adapter")

    async with world_at(tmp_path, room=Hanging(), **NO_PATIENCE) as world:
        await quiz_only(world)
        await asyncio.wait_for(world.passes(minutes=30), 5)
    assert stopped == ["send", "adapter"]


async def test_a_send_is_given_up_before_its_lease_is_over(world, monkeypatch):
    asked = []
    real = asyncio.timeout
    monkeypatch.setattr(asyncio, "timeout", lambda delay: asked.append(delay) or real(delay))
    await quiz_only(world)
    await world.passes(minutes=30)
    assert asked
    assert max(asked) < world.settings.lease_seconds


# Posts by hand


async def test_a_question_by_hand_passes_over_a_slot_that_is_near(world):
    olga = await quiz_only(world)
    world.clock.advance(minutes=28)
    await olga.uses("/study post-now", kind="quiz")
    await world.passes(minutes=5)
    by_hand = next(post for post in await ledger(world) if post.schedule_id is None)
    assert by_hand.state is PostState.SENT
    assert by_hand.closes_at == dt.datetime(2026, 3, 3, 8, 30, tzinfo=dt.UTC)


async def test_a_question_by_hand_closes_at_a_slot_that_is_far_enough(world):
    olga = await quiz_only(world, time="17:00")
    await olga.uses("/study post-now", kind="quiz")
    await world.run_once()
    (post,) = await ledger(world)
    assert post.closes_at == dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)


# A database that is locked


async def test_a_locked_database_is_said_once_and_so_is_its_end(world, caplog):
    scheduler = world.application.scheduler
    scheduler._database = Locked(world.application.database)
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            await scheduler.run_once_safely()
        scheduler._database.locked = False
        for _ in range(3):
            await scheduler.run_once_safely()
    assert caplog.messages == [
        "posts wait; each pass tries again: The database is locked by another process.",
        "the database works again",
    ]
    assert all(record.exc_info is None for record in caplog.records)


async def test_a_locked_database_is_no_schedules_fault(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    scheduler = world.application.scheduler
    scheduler._database = Locked(world.application.database)
    with pytest.raises(DatabaseBusy):
        await scheduler._plan()
    assert (await schedule_of(world)).failures == 0
