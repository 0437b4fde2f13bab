"""Many groups of which one in ten is forbidden: the others have their post in the same pass.

``CITY=10000 pytest tests/faults/test_many_groups.py -s`` is the whole city, as ``make crash`` runs it.
"""

import datetime as dt
import os
import sys
import time
from collections import Counter
from contextlib import suppress

import pytest

from bot.chat import ChannelRef, Forbidden, UserRef
from bot.domain.calendar import EVERY_DAY
from bot.domain.model import Group, PostKind, Schedule
from tests.endtoend.test_crash import rows
from tests.support.people import MONDAY, PLATFORM, Room, world_at

pytestmark = pytest.mark.asyncio

# Without Milepost's prefix, which would make it a setting.
GROUPS = int(os.environ.get("CITY", "200"))
ONE_IN = 10
AT_ONCE = 500
DUE = MONDAY + dt.timedelta(minutes=30)

PAUSED = "SELECT channel FROM study_group WHERE paused_at IS NOT NULL"
COUNTED = "SELECT count(*) FROM schedule WHERE failures = 1"


class City(Room):
    """Refuses every tenth channel, and counts what each channel and each organiser gets."""

    def __init__(self):
        super().__init__()
        self.posts, self.told = Counter(), Counter()

    async def send(self, channel, message, key, *, again=False):
        if forbidden(int(channel.id)):
            raise Forbidden("no permission")
        self.posts[channel.id] += 1
        return self.add(channel, message).ref

    async def direct(self, user, message, key):
        self.told[user.id, "paused" in message.summary] += 1
        return self.add(ChannelRef(PLATFORM, "w", user.id, direct=True), message).ref


def forbidden(number):
    return number % ONE_IN == 0


def founding(numbers):
    """Groups with a question a day, all at the same moment, each with an organiser of its own."""

    async def found(unit):
        for number in numbers:
            channel, organiser = ChannelRef(PLATFORM, "w", f"{number}"), UserRef(PLATFORM, "w", f"{number}")
            group = await unit.groups.add(Group(0, channel, "backend-python", "UTC", MONDAY, organiser))
            daily = (PostKind.QUIZ, DUE.time(), EVERY_DAY, "UTC")
            await unit.groups.put_schedule(Schedule(0, group.id, *daily, DUE, DUE.date()))

    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("server_url")
    return f"sqlite:///{tmp_path / 'milepost.db'}"


async def everybody_is_told(world, wanted):
    """Run passes until so many letters are written: there are more of them than one pass waits for."""
    for _ in range(GROUPS):
        if sum(world.room.told.values()) >= wanted:
            return
        await world.passes(seconds=2)


@pytest.mark.parametrize("refusals", [1, 2])
async def test_the_others_are_on_time_and_who_is_refused_is_paused(url, tmp_path, caplog, capsys, refusals):
    caplog.set_level("CRITICAL")
    asked_for = {"refusals_before_pause": refusals, "send_at_once": 100}
    groups = GROUPS if refusals == 1 else GROUPS // 3
    refused = {f"{number}" for number in range(groups) if forbidden(number)}
    async with world_at(tmp_path, database_url=url, room=City(), **asked_for) as world:
        for first in range(0, groups, AT_ONCE):
            await world.run(founding(range(first, min(first + AT_ONCE, groups))))
        for day in range(refusals):
            world.clock.set(DUE + dt.timedelta(days=day))
            began = time.monotonic()
            await world.run_once()
            took = time.monotonic() - began
            assert world.room.posts == dict.fromkeys(set(map(str, range(groups))) - refused, day + 1)
            counted = await rows(url, COUNTED)
            assert day or counted == [(len(refused),)]
            await everybody_is_told(world, len(refused) * (day + 1))
        assert {channel for (channel,) in await rows(url, PAUSED)} == refused
        assert world.room.told == {(who, paused): 1 for who in refused for paused in {refusals == 1, True}}
        await world.passes(days=1)
        assert set(world.room.posts.values()) == {refusals + 1}
        assert sum(world.room.told.values()) == len(refused) * refusals
    with capsys.disabled(), suppress(OSError):
        sys.stderr.write(f"\n{groups} groups on {url.partition(':')[0]}: a day's posts in {took:.1f} s\n")
