"""Whoever must act is told, and what is sent is known by a key of its own."""

import asyncio

import pytest

from bot.chat import Forbidden, Transient
from bot.domain.deliveries import DeliveryKind
from bot.domain.model import (
    PostState,
)
from bot.domain.reasons import Fault
from bot.library import Library
from tests.support.deliveries import forget_the_sending, ledger, quiz_only, told, worker_of
from tests.support.helpers import PROMPT, QUIZ
from tests.support.people import Room, words, world_at

pytestmark = pytest.mark.asyncio


async def test_a_post_by_hand_that_fails_is_told_to_the_organiser_each_time(world):
    olga = await quiz_only(world)
    world.room.refuse_channel["study"] = Forbidden("no permission")
    for _ in range(2):
        await olga.uses("/study post-now", kind="quiz")
        await world.run_once()
    sentence = (
        "The question you asked for couldn't be posted: no permission. "
        "Fix that, then try again with /study post-now."
    )
    assert [words(p.message) for p in told(world)] == [sentence, sentence]


async def test_of_scheduled_posts_the_organiser_hears_once_a_day(world):
    await world.founds(days="daily")
    world.room.refuse_channel["study"] = Forbidden("no permission")
    await world.passes(minutes=31)
    (message,) = told(world)
    assert words(message.message) == (
        "The roadmap prompt of Mon 2 Mar couldn't be posted: no permission. "
        "Fix that, then post one with /study post-now."
    )
    await world.days_pass(1)
    assert len(told(world)) == 2


async def test_a_scheduled_post_that_its_platform_refused_until_its_day_was_over_is_told(world):
    await quiz_only(world, time="23:30", zone="UTC")
    world.room.refuse_channel["study"] = Transient("too many requests", retry_after=95 * 60)
    await world.slots_pass(hours=15, minutes=31)
    world.room.refuse_channel.clear()
    await world.passes(minutes=96)
    (post,) = await ledger(world)
    assert (post.state, post.fault, post.detail) == (PostState.MISSED, Fault.TROUBLE, "too many requests")
    (message,) = told(world)
    assert words(message.message) == (
        "The question of Mon 2 Mar couldn't be posted: too many requests. "
        "Fix that, then post one with /study post-now."
    )


@pytest.mark.parametrize("command", ["/study pause", "/study skip"])
async def test_nobody_is_told_of_what_an_organiser_or_a_downtime_has_kept(world, command):
    olga = await quiz_only(world, time="23:30", zone="UTC")
    world.room.refuse_channel["study"] = Transient("busy")
    await world.slots_pass(hours=15, minutes=31)
    await olga.uses(command, **{"add": "2026-03-02"} if command == "/study skip" else {})
    await world.passes(hours=2)
    world.clock.advance(days=3)
    await olga.uses("/study resume")
    await world.passes(minutes=1)
    assert {post.state for post in await ledger(world)} & {PostState.MISSED}
    assert told(world) == []


async def test_a_pack_that_is_not_installed_is_told_too(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await quiz_only(world)
        clock = world.clock
    async with world_at(tmp_path, room=room, clock=clock, library=Library({})) as world:
        await world.passes(minutes=30)
        assert len(told(world, "the pack backend-python isn't installed")) == 1


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
        await world.run(lambda unit: forget_the_sending(unit, post.id))
        await world.run_once()
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
            await world.run_once()
            assert len(world.channel_posts(about=about)) == posted + 1


async def test_two_senders_share_the_work_of_one_ledger(world):
    await quiz_only(world)
    world.clock.advance(minutes=30)
    await world.application.scheduler._plan()
    other = worker_of(world)
    claimed = await asyncio.gather(other.deliver_kind(DeliveryKind.POST), world.run_once())
    await other.finish()
    assert claimed[0] in (0, 1)
    assert world.room.sends == 1
