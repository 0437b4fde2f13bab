"""Sending: retries, refusals, crashes, and one bad channel that harms no other."""

import asyncio
import datetime as dt

import pytest

from bot.chat import Forbidden, Gone, Rejected, Transient
from bot.domain.deliveries import DeliveryKind
from bot.domain.model import (
    PostKind,
    PostState,
)
from bot.domain.reasons import Fault
from bot.errors import StorageError
from tests.support.deliveries import Dying, ledger, quiz_only, worker_of
from tests.support.helpers import PROMPT, QUIZ, quiz_of
from tests.support.people import PLATFORM, Room, words, world_at

pytestmark = pytest.mark.asyncio


async def test_a_passing_failure_is_tried_again_after_a_while(world):
    await quiz_only(world)
    world.room.refusals = [Transient("bad gateway")]
    await world.passes(minutes=30)
    (post,) = await ledger(world)
    assert (post.state, post.fault, post.detail) == (PostState.PLANNED, Fault.TROUBLE, "bad gateway")
    assert post.attempted_at == world.clock.now()
    await world.passes(seconds=0.999)
    assert (world.room.sends, world.channel_posts()) == (1, [])
    await world.passes(seconds=1.001)
    assert len(world.channel_posts(about=QUIZ)) == 1


async def test_the_platforms_own_retry_after_is_honoured(world):
    await quiz_only(world)
    world.room.refusals = [Transient("slow down", retry_after=90)]
    await world.passes(minutes=30)
    await world.passes(seconds=89)
    assert world.room.sends == 1
    await world.passes(seconds=1)
    assert len(world.channel_posts(about=QUIZ)) == 1


async def test_waits_double_and_end(world):
    await quiz_only(world)
    world.room.refusals = [Transient("down")] * 7
    world.clock.advance(minutes=30)
    await world.run_once()
    for tries in range(1, 8):
        await world.passes(seconds=2 ** (tries - 1) - 0.001)
        assert world.room.sends == tries
        await world.passes(seconds=2 ** (tries - 1) + 0.001)
        assert world.room.sends == tries + 1


@pytest.mark.parametrize("attempts", [1, 3])
async def test_it_is_given_up_after_so_many_tries(tmp_path, attempts):
    async with world_at(tmp_path, send_attempts=attempts) as world:
        await quiz_only(world)
        world.room.refuse_channel["study"] = Transient("down", retry_after=1)
        await world.passes(minutes=30)
        for _ in range(10):
            await world.passes(seconds=1)
        (post,) = await ledger(world)
        assert post.state is PostState.FAILED
        assert world.room.sends == attempts
        ana = world.person("Ana")
        await ana.acts(f"mp1|quiz.answer|o=a;p={post.id}")
        assert ana.sees("This question is closed")


async def test_our_own_fault_is_tried_again_and_then_given_up(tmp_path):
    async with world_at(tmp_path, send_attempts=2) as world:
        await quiz_only(world)
        world.room.refusals = [ZeroDivisionError("oops"), ZeroDivisionError("oops")]
        await world.passes(minutes=30)
        await world.passes(seconds=2)
        (post,) = await ledger(world)
        assert (post.state, post.fault, post.detail) == (PostState.FAILED, Fault.BUG, "ZeroDivisionError")


@pytest.mark.parametrize(
    ("error", "remedy", "state"),
    [
        (Forbidden("no permission."), "continue with /study resume.", "posting was refused"),
        (Gone("no such channel."), "/study move in another channel", "its channel can't be reached"),
    ],
)
async def test_refused_so_often_the_group_is_paused_and_its_organiser_told(study, error, remedy, state):
    olga = study.person("Olga", organiser=True)
    study.room.refuse_channel["study"] = error
    await study.days_pass(3)
    told = [p for p in study.room.posted if p.only == "olga" and "paused" in p.message.summary]
    assert len(told) == 1
    assert str(error) in words(told[0].message)
    assert ".." not in words(told[0].message)
    assert remedy in words(told[0].message)
    await olga.uses("/study status")
    assert olga.sees(f"State: Paused: {state}: {str(error)[:-1]}\n")
    before = study.room.sends
    await study.days_pass(3)
    assert study.room.sends == before
    study.room.refuse_channel.clear()
    await olga.uses("/study resume")
    await study.days_pass(3)
    assert study.channel_posts(about=QUIZ) != []
    assert olga.sees("State: Running")


async def test_a_success_forgets_earlier_refusals(world):
    await quiz_only(world)
    await world.passes(minutes=30)
    for refusal in (Forbidden("no"), Forbidden("no"), None, Forbidden("no"), Forbidden("no"), None):
        world.room.refusals = [refusal] if refusal else []
        await world.days_pass(1)
    states = [post.state.value for post in await ledger(world)]
    assert states == ["closed", "failed", "failed", "closed", "failed", "failed", "sent"]
    assert [p for p in world.room.posted if p.only == "olga" and "paused" in p.message.summary] == []


async def test_an_organiser_who_cannot_be_told_does_not_stop_the_pause(study):
    study.room.refuse_channel["study"] = Forbidden("no permission")
    study.room.refuse_direct = Forbidden("closed inbox")
    await study.days_pass(3)
    group = (await study.run(lambda unit: unit.groups.all()))[0]
    assert group.paused_at is not None


async def test_a_malformed_message_is_given_up_and_pauses_nothing(world):
    await quiz_only(world)
    await world.passes(minutes=30)
    for _ in range(4):
        world.room.refusals = [Rejected("too long")]
        await world.days_pass(1)
    assert {post.state for post in (await ledger(world))[1:]} == {PostState.FAILED}
    group = (await world.run(lambda unit: unit.groups.all()))[0]
    assert group.paused_at is None


async def test_a_question_that_the_platform_refuses_is_not_chosen_again_and_again(world):
    await quiz_only(world)
    world.room.refusals = [Rejected("malformed")]
    await world.passes(minutes=30)
    await world.days_pass(1)
    refused, sent = await ledger(world)
    assert (refused.state, sent.state) == (PostState.FAILED, PostState.SENT)
    assert refused.topic != sent.topic


async def test_a_prompt_that_was_refused_is_not_left_out_of_the_roadmap(world):
    olga = await quiz_only(world)
    await olga.uses("/study schedule", kind="prompt", time="09:30", days="daily")
    await olga.uses("/study schedule", kind="quiz", time="off")
    world.room.refusals = [Forbidden("no permission")]
    await world.passes(minutes=30)
    await world.days_pass(2)
    topics = [post.topic for post in await ledger(world, PostKind.PROMPT)]
    assert topics == ["data-types", "data-types", "variables"]


async def test_a_post_by_hand_that_is_refused_counts_for_no_schedule(world):
    olga = await quiz_only(world)
    world.room.refuse_channel["study"] = Forbidden("no permission")
    for _ in range(4):
        await olga.uses("/study post-now", kind="quiz")
        await world.run_once()
    await olga.uses("/study status")
    assert olga.sees("State: Running")
    assert olga.sees("failed: no permission")


async def test_a_refused_group_that_is_paused_already_stays_so(tmp_path):
    async with world_at(tmp_path, refusals_before_pause=1) as world:
        await world.founds()
        world.room.refuse_channel["study"] = Forbidden("no permission")
        await world.passes(minutes=31)
        told = [p for p in world.room.posted if p.only == "olga" and "paused" in p.message.summary]
        assert len(told) == 1


async def test_a_channel_that_hangs_keeps_no_other_one_waiting(world):
    await quiz_only(world)
    await quiz_only(world, "second")
    release = world.room.held["study"] = asyncio.Event()
    arrived = asyncio.Event()
    add = world.room.add

    def tell(channel, message, only=None):
        if channel.id == "second":
            arrived.set()
        return add(channel, message, only)

    world.room.add = tell
    world.clock.advance(minutes=30)
    run_once = asyncio.create_task(world.run_once())
    await asyncio.wait_for(arrived.wait(), 5)
    assert not run_once.done()
    assert world.channel_posts("study") == []
    release.set()
    await run_once
    assert len(world.channel_posts("study")) == 1


async def test_a_channel_that_never_answers_is_given_up_for_now_and_tried_again(tmp_path):
    async with world_at(tmp_path, lease_seconds=0.05) as world:
        await quiz_only(world)
        await quiz_only(world, "second")
        world.room.held["study"] = asyncio.Event()
        await world.passes(minutes=30)
        (post,) = await ledger(world)
        assert (post.state, post.fault) == (PostState.PLANNED, Fault.SILENT)
        assert len(world.channel_posts("second")) == 1
        del world.room.held["study"]
        await world.passes(seconds=2)
        assert len(world.channel_posts("study")) == 1


async def test_refusing_and_failing_channels_harm_no_other_one(world):
    for name, error in (("a", Forbidden("x")), ("b", Transient("y")), ("c", Rejected("z")), ("d", None)):
        await quiz_only(world, name)
        if error:
            world.room.refuse_channel[name] = error
    await world.passes(minutes=30)
    assert [len(world.channel_posts(name)) for name in "abcd"] == [0, 0, 0, 1]


async def test_a_crash_between_sending_and_writing_down_posts_no_second_time(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    await world.application.scheduler._plan()
    dying = Dying(world.application.database, lambda: world.room.sends > 0)
    worker = worker_of(world, dying)
    with pytest.raises(StorageError):
        await worker.deliver_kind(DeliveryKind.POST)
    (post,) = await ledger(world)
    assert (post.state, world.room.sends) == (PostState.PLANNED, 1)
    await world.passes(seconds=59)
    assert world.room.sends == 1
    await world.passes(seconds=1)
    (post,) = await ledger(world)
    assert (post.state, world.room.sends) == (PostState.SENT, 2)
    assert post.message == world.newest(QUIZ).ref
    assert len(world.channel_posts()) == 1


async def test_a_database_that_fails_before_sending_sends_nothing_and_loses_nothing(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    await world.application.scheduler._plan()
    calls = iter([False])  # the claim succeeds, everything after it fails
    dying = Dying(world.application.database, lambda: next(calls, True))
    worker = worker_of(world, dying)
    with pytest.raises(StorageError):
        await worker.deliver_kind(DeliveryKind.POST)
    (post,) = await ledger(world)
    assert (post.state, post.attempted_at, world.channel_posts()) == (PostState.PLANNED, None, [])
    await world.passes(seconds=60)
    assert len(world.channel_posts()) == 1


async def test_what_another_process_has_claimed_is_left_to_it_until_its_lease_is_over(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    await world.application.scheduler._plan()
    lease = dt.timedelta(seconds=60)
    claimed = await world.run(
        lambda unit: unit.outbox.claim(DeliveryKind.POST, world.clock.now(), lease, 10, [PLATFORM])
    )
    assert len(claimed) == 1
    await world.passes(seconds=30)
    assert world.channel_posts() == []
    await world.passes(seconds=30)
    assert len(world.channel_posts()) == 1


async def test_a_post_of_a_platform_that_is_not_running_here_waits_for_it(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await quiz_only(world)
        clock = world.clock
    elsewhere = Room(platform="elsewhere")
    async with world_at(tmp_path, room=elsewhere, clock=clock) as world:
        await world.passes(minutes=30)
        for _ in range(10):
            await world.passes(minutes=20)
        (post,) = await ledger(world)
        assert (post.state, post.attempted_at, post.fault) == (PostState.PLANNED, None, None)
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.run_once()
        assert len(world.channel_posts(about=QUIZ)) == 1


async def test_every_kind_arrives_through_the_same_door(study):
    posts = await study.run(lambda unit: unit.posts.history(1, PostKind.PROMPT, 1))
    assert posts[0].message == study.newest(PROMPT).ref
    assert quiz_of(study).edits == 0
