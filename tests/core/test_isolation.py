"""One bad schedule, channel, platform or day harms no other one, and whoever must act is told."""

import asyncio
import datetime as dt
import logging
from dataclasses import replace

import pytest

from bot import Forbidden, Transient
from bot.delivery.courier import Courier
from bot.domain.records import PostKind, PostState
from bot.errors import DatabaseBusy
from bot.library import Library
from tests.core.helpers import PROMPT, QUIZ, quiz_of
from tests.people import PLATFORM, Room, words, world_at

pytestmark = pytest.mark.asyncio

NO_PATIENCE = {"beat_patience_seconds": 0.02}


async def ledger(world, kind=PostKind.QUIZ, group=1):
    posts = await world.run(lambda unit: unit.posts.history(group, kind, 100))
    return sorted(posts, key=lambda post: post.due_at)


async def quiz_only(world, channel="study", **options):
    """A group that gets one question a day and nothing else."""
    olga = await world.founds(channel, **{"days": "daily"} | options)
    for kind in ("prompt", "challenge", "recap"):
        await olga.uses("/study schedule", kind=kind, time="off")
    return olga


async def schedule_of(world, group=1, kind=PostKind.QUIZ):
    schedules = await world.run(lambda unit: unit.groups.schedules(group))
    return next(found for found in schedules if found.kind is kind)


async def put(world, schedule):
    await world.run(lambda unit: unit.groups.put_schedule(schedule))


def told(world, about=""):
    """What Olga was told directly."""
    return [p for p in world.room.posted if p.ref.channel.id == "@olga" and about in p.message.summary]


class Locked:
    """A database that is locked while ``locked``."""

    def __init__(self, database):
        self._database, self.locked = database, True

    async def run(self, use_case, *expected):
        if self.locked:
            raise DatabaseBusy("The database is locked by another process.")
        return await self._database.run(use_case, *expected)


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
    assert bad.failures > 1
    assert world.clock.now() < bad.next_due_at <= world.clock.now() + dt.timedelta(hours=1)


async def test_a_schedule_that_is_mended_the_same_day_serves_its_slot_then(world):
    await quiz_only(world)
    whole = await schedule_of(world)
    await put(world, replace(whole, zone="Mars/Olympus_Mons"))
    await world.passes(minutes=30)
    broken = await schedule_of(world)
    assert (broken.failures, broken.next_date) == (1, whole.next_date)
    await put(world, replace(broken, zone=whole.zone))
    await world.passes(minutes=1)
    (post,) = await ledger(world)
    assert (post.state, post.due_at) == (PostState.SENT, whole.next_due_at)


async def test_a_slot_put_off_past_its_day_is_missed_and_not_posted_beside_todays(world):
    await quiz_only(world)
    whole = await schedule_of(world)
    await put(world, replace(whole, zone="Mars/Olympus_Mons"))
    for _ in range(24):
        await world.passes(hours=1)
    await put(world, replace(await schedule_of(world), zone=whole.zone))
    await world.passes(hours=1)
    assert [post.state for post in await ledger(world)] == [PostState.MISSED, PostState.SENT]
    assert len(world.channel_posts(about=QUIZ)) == 1


# Downtime and pauses


async def test_a_post_that_was_planned_before_two_days_of_downtime_is_missed(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    await world.house.heart._plan()  # and killed before it was sent
    await world.passes(days=2)
    posts = await ledger(world)
    assert [post.state for post in posts] == [PostState.MISSED, PostState.MISSED, PostState.SENT]
    assert {post.fault for post in posts[:2]} == {"the bot was down"}
    assert len(world.channel_posts(about=QUIZ)) == 1
    assert told(world) == []


async def test_a_post_that_was_planned_before_some_hours_of_downtime_is_sent(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    await world.house.heart._plan()
    await world.passes(hours=13)
    assert len(world.channel_posts(about=QUIZ)) == 1


@pytest.mark.parametrize(("hours", "posted"), [(23, 1), (25, 0)])
async def test_a_post_by_hand_is_sent_within_a_day_or_missed(world, hours, posted):
    olga = await quiz_only(world)
    await olga.uses("/study schedule", kind="quiz", time="off")
    await olga.uses("/study post-now", kind="prompt")
    await world.passes(hours=hours)
    assert len(world.channel_posts(about=PROMPT)) == posted
    assert len(told(world, "that you asked for could not be posted: the bot was down")) == 1 - posted


async def test_a_pause_stops_what_is_planned_already_but_nothing_by_hand(world):
    olga = await quiz_only(world)
    world.room.refusals = [Transient("bad gateway")]
    await world.passes(minutes=30)
    await olga.uses("/study pause")
    await world.passes(minutes=5)
    assert world.channel_posts() == []
    await olga.uses("/study post-now", kind="prompt")
    await world.beat()
    assert len(world.channel_posts(about=PROMPT)) == 1
    await olga.uses("/study resume")
    await world.beat()
    assert len(world.channel_posts(about=QUIZ)) == 1


async def test_what_a_pause_held_back_beyond_its_day_is_missed(world):
    olga = await quiz_only(world)
    world.room.refusals = [Transient("bad gateway")]
    await world.passes(minutes=30)
    await olga.uses("/study pause")
    await world.days_pass(2)
    await olga.uses("/study resume")
    await world.beat()
    (post,) = await ledger(world)
    assert (post.state, post.fault) == (PostState.MISSED, "the group was paused")
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
        await world.house.heart._courier.finish()
        assert (await ledger(world))[0].state is PostState.SENT
        await world.passes(minutes=5)
        assert len(world.channel_posts("study")) == 1


async def test_channels_that_hang_take_no_more_posts_than_there_are_hands(tmp_path):
    async with world_at(tmp_path, send_at_once=2, **NO_PATIENCE) as world:
        for channel in "abc":
            await quiz_only(world, channel)
            world.room.held[channel] = asyncio.Event()
        await world.passes(minutes=30)
        assert world.room.sends == 2
        lease = dt.timedelta(seconds=60)
        now = world.clock.now()
        left = await world.run(lambda unit: unit.posts.claim(now, lease, 10, [PLATFORM]))
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
        await asyncio.wait_for(world.beat(), 5)
        await asyncio.wait_for(world.passes(minutes=5), 5)
        assert len(edits) == 1
        assert len(world.channel_posts("second", about=QUIZ)) == 1


async def test_the_house_stops_what_hangs_before_the_adapters_stop(tmp_path):
    stopped = []

    class Hanging(Room):
        async def send(self, channel, message, key):
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
    await world.beat()
    (post,) = await ledger(world)
    assert post.closes_at == dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)


# Who must act is told


async def test_a_post_by_hand_that_fails_is_told_to_the_organiser_each_time(world):
    olga = await quiz_only(world)
    world.room.refuse_channel["study"] = Forbidden("no permission")
    for _ in range(2):
        await olga.uses("/study post-now", kind="quiz")
        await world.beat()
    sentence = (
        "The question that you asked for could not be posted: no permission. "
        "Mend that and ask again with /study post-now."
    )
    assert [words(p.message) for p in told(world)] == [sentence, sentence]


async def test_of_scheduled_posts_the_organiser_hears_once_a_day(world):
    await world.founds(days="daily")
    world.room.refuse_channel["study"] = Forbidden("no permission")
    await world.passes(minutes=31)
    (message,) = told(world)
    assert words(message.message) == (
        "The roadmap prompt of Mon 02 Mar could not be posted: no permission. "
        "Mend that and post one with /study post-now."
    )
    await world.days_pass(1)
    assert len(told(world)) == 2


async def test_a_pack_that_is_not_installed_is_told_too(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await quiz_only(world)
        clock = world.clock
    async with world_at(tmp_path, room=room, clock=clock, library=Library({})) as world:
        await world.passes(minutes=30)
        assert len(told(world, "the pack backend-python is not installed")) == 1


async def test_what_an_organiser_must_hear_survives_failures_and_a_restart(tmp_path):
    room = Room(refuse_direct=Transient("bad gateway"))
    async with world_at(tmp_path, room=room) as world:
        await quiz_only(world)
        room.refuse_channel["study"] = Forbidden("no permission")
        await world.passes(minutes=30)
        await world.passes(seconds=10)
        clock = world.clock
    room.refuse_direct = None
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.passes(minutes=1)
        await world.passes(minutes=1)
        assert len(told(world, "no permission")) == 1


@pytest.mark.parametrize("error", [Transient("down", retry_after=1), ZeroDivisionError("oops")])
async def test_telling_an_organiser_is_given_up_in_the_end(tmp_path, caplog, error):
    async with world_at(tmp_path, send_attempts=2) as world:
        world.room.refuse_direct = error
        await quiz_only(world)
        world.room.refuse_channel["study"] = Forbidden("no permission")
        await world.passes(minutes=30)
        assert await world.run(lambda unit: unit.notes.get("untold")) != "[]"
        await world.passes(seconds=2)
        assert await world.run(lambda unit: unit.notes.get("untold")) == "[]"
        assert any("organiser of group 1 could not be told" in line for line in caplog.messages)


# A database that is locked


async def test_a_locked_database_is_said_once_and_so_is_its_end(world, caplog):
    heart = world.house.heart
    heart._database = Locked(world.house.database)
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            await heart.beat_safely()
        heart._database.locked = False
        for _ in range(3):
            await heart.beat_safely()
    assert caplog.messages == [
        "posts wait; each beat tries again: The database is locked by another process.",
        "the database works again",
    ]
    assert all(record.exc_info is None for record in caplog.records)


async def test_a_locked_database_is_no_schedules_fault(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    heart = world.house.heart
    heart._database = Locked(world.house.database)
    with pytest.raises(DatabaseBusy):
        await heart._plan()
    assert (await schedule_of(world)).failures == 0


# Keys


async def test_a_platform_that_outlives_the_database_shows_the_posts_of_a_new_one(tmp_path):
    room = Room()
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        async with world_at(tmp_path / name, room=room) as world:
            await quiz_only(world)
            await world.passes(minutes=30)
    assert len(world.channel_posts(about=QUIZ)) == 2


async def test_keys_stay_the_same_over_restarts_and_are_short(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await quiz_only(world)
        await world.passes(minutes=30)
        clock = world.clock
    async with world_at(tmp_path, room=room, clock=clock) as world:
        (post,) = await ledger(world)
        again = replace(post, state=PostState.PLANNED, message=None, sent_at=None)
        await world.run(lambda unit: unit.posts.save(again))
        await world.beat()
        assert room.sends == 2
        assert len(world.channel_posts(about=QUIZ)) == 1
    assert all(len(key) <= 25 for key in room.by_key)


async def test_a_restored_backup_gives_out_the_same_numbers_under_other_keys(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await quiz_only(world)
        await world.passes(minutes=30)
        clock = world.clock
    backup = (tmp_path / "milepost.db").read_bytes()
    for kind, about in (("prompt", PROMPT), ("quiz", QUIZ)):
        (tmp_path / "milepost.db").write_bytes(backup)
        async with world_at(tmp_path, room=room, clock=clock) as world:
            posted = len(world.channel_posts(about=about))
            await world.person("Olga", organiser=True).uses("/study post-now", kind=kind)
            await world.beat()
            assert len(world.channel_posts(about=about)) == posted + 1


async def test_two_couriers_share_the_work_of_one_ledger(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    await world.house.heart._plan()
    other = Courier(
        world.house.database, world.library, world.settings, {PLATFORM: world.room}, world.clock
    )
    claimed = await asyncio.gather(other.deliver(), world.beat())
    await other.finish()
    assert claimed[0] in (0, 1)
    assert world.room.sends == 1
