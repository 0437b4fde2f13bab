"""Helpers of the tests of delivery."""

from dataclasses import replace

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.model import PostKind, PostState
from bot.errors import StorageError
from bot.library import Installed
from bot.worker.outbox import Outbox
from bot.worker.senders import all_senders
from bot.worker.senders.sender import Context
from tests.support.people import PLATFORM

NO_PATIENCE = {"pass_timeout_seconds": 0.02}


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
    """Direct messages to Olga with ``about`` in their summary."""
    return [p for p in world.room.posted if p.ref.channel.id == "@olga" and about in p.message.summary]


async def forget_the_sending(unit, post_id):
    """Put the ledger and the outbox back to before a post was recorded as sent."""
    post = await unit.posts.get(post_id)
    of = await unit.groups.get(post.group_id)
    await unit.posts.save(replace(post, state=PostState.PLANNED, message=None, sent_at=None))
    place = (of.channel.platform, of.channel.workspace, str(post.id))
    unit.outbox.enqueue(Delivery(DeliveryKind.POST, *place, post.due_at, group_id=of.id))


def worker_of(world, database=None, room=None):
    """The outbox's worker of another process, on the same database and platform unless others are given."""
    context = Context.build(
        database or world.application.database,
        Installed(world.library),
        world.settings,
        {PLATFORM: room or world.room},
        world.clock,
        world.application.signer,
    )
    return Outbox(context, all_senders(context))


class Dying:
    """A database that fails from the moment on at which ``is_over`` says so."""

    def __init__(self, database, is_over):
        self._database, self._is_over = database, is_over

    async def run(self, use_case, *expected):
        if self._is_over():
            raise StorageError("the disk is gone")
        return await self._database.run(use_case, *expected)
