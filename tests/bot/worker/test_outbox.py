"""Outbox: entries survive failures and restarts, are shared by workers, and are given up in the end."""

import asyncio

import pytest

from bot.chat import Forbidden, Transient
from bot.domain.deliveries import DeliveryKind
from tests.support.deliveries import quiz_only, told, worker_of
from tests.support.helpers import quiz_of
from tests.support.people import Room, words, world_at

pytestmark = pytest.mark.asyncio


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
        assert world.room.letters == 1
        await world.passes(seconds=2)
        assert world.room.letters == 2
        await world.passes(minutes=30)
        assert world.room.letters == 2
        assert any("notice 1 could not be told (organiser)" in line for line in caplog.messages)


async def test_two_workers_edit_a_message_once(study):
    quiz, other = quiz_of(study), worker_of(study)
    await study.person("Ana").answers(quiz)
    await asyncio.gather(other.deliver_kind(DeliveryKind.EDIT), study.run_once())
    await other.finish()
    assert quiz.edits == 1
    assert "1 answer ·" in words(quiz.message)


async def test_two_workers_tell_an_organiser_once(world):
    await quiz_only(world)
    world.room.refuse_channel["study"] = Forbidden("no permission")
    world.clock.advance(minutes=30)
    worker, other = worker_of(world), worker_of(world)
    await world.application.scheduler._plan()
    await worker.deliver_kind(DeliveryKind.POST)
    await asyncio.gather(worker.deliver(), other.deliver())
    assert world.room.letters == 1
    await world.passes(hours=1)
    assert world.room.letters == 1


async def test_what_one_process_owes_another_one_tells(world):
    await quiz_only(world)
    world.room.refuse_channel["study"] = Forbidden("no permission")
    world.clock.advance(minutes=30)
    dying = worker_of(world)
    await world.application.scheduler._plan()
    await dying.deliver_kind(DeliveryKind.POST)
    assert world.room.letters == 0
    await world.run_once()
    assert len(told(world, "no permission")) == 1
