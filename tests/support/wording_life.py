"""Two processes in different words: one lives a life and leaves it in the database, one continues it.

``python -m tests.support.wording_life begin|end FOLDER [reworded]``. Nothing here looks at a sentence,
but for whether it is in other words.
"""

import asyncio
import datetime as dt
import itertools
import sys
from pathlib import Path

from tests.support import rewording

if "reworded" in sys.argv:
    rewording.install()

# The product is imported in its words of today, or in others.
from bot.allowance import unlimited
from bot.chat import Forbidden, Gone, Transient
from bot.domain.model import PostKind, PostState
from bot.domain.reasons import Fault, PauseReason
from tests.support.people import PLATFORM, Room, words, world_at
from tests.support.room import MONDAY, FakeClock

PLAN = {"pack": "backend-python", "zone": "UTC", "time": "09:30", "days": "daily"}
ALONE = ("prompt", "challenge", "recap")
GROUPS = ("running", "paused", "lost", "until", "skipped", "off", "refused", "gone", "failing")


def olga(world, channel, workspace="w"):
    return world.person("Olga", organiser=True, channel=channel, workspace=workspace)


async def group(world, number):
    return await world.run(lambda unit: unit.groups.get(number))


async def newest(world, number, kind=PostKind.QUIZ):
    return (await world.run(lambda unit: unit.posts.history(number, kind, 1)))[0]


def number_of(name):
    return GROUPS.index(name) + 1


def workspace_of(name):
    return name if name in ("lost", "until") else "w"


async def begin(folder):
    """Groups that are paused, skipped, refused and lost; and the end of a day."""
    async with world_at(folder, clock=FakeClock(MONDAY), send_attempts=50, allowance=unlimited()) as world:
        for name in GROUPS:
            person = olga(world, name, workspace_of(name))
            await person.uses("/study setup", **PLAN)
            for kind in ALONE if name != "failing" else ("challenge", "recap"):
                await person.uses("/study schedule", kind=kind, time="off")
        assert len(await world.run(lambda unit: unit.groups.all())) == len(GROUPS)
        world.room.refuse_channel |= {"refused": Forbidden("no"), "gone": Gone("no channel")}
        await olga(world, "paused").uses("/study pause")
        await olga(world, "until", "until").uses("/study pause", until="2026-03-20")
        await world.slots_pass(days=3, hours=1)
        for name in ("lost", "until"):
            await world.application.app.workspace_lost(PLATFORM, name)
        world.clock.advance(minutes=31)
        await world.application.scheduler._plan()  # and no platform is asked yet
        await olga(world, "skipped").uses("/study skip", add="2026-03-05")
        await olga(world, "off").uses("/study schedule", kind="quiz", time="off")
        world.room.refuse_direct = Transient("busy")
        world.room.refuse_channel["failing"] = Forbidden("no")
        await olga(world, "failing").uses("/study post-now", kind="quiz")
        await world.passes(minutes=1)
        await check_after_begin(world)
        clock = world.clock.now()
    (folder / "now").write_text(clock.isoformat())


async def check_after_begin(world):
    reasons = {name: (await group(world, number_of(name))).pause_reason for name in GROUPS}
    assert reasons == {
        "running": None,
        "paused": PauseReason.ORGANISER,
        "lost": PauseReason.REMOVED,
        "until": PauseReason.REMOVED,
        "skipped": None,
        "off": None,
        "refused": PauseReason.REFUSED,
        "gone": PauseReason.GONE,
        "failing": None,
    }, reasons


async def end(folder):
    """Every reason is understood, and nothing is told twice."""
    clock = FakeClock(dt.datetime.fromisoformat((folder / "now").read_text()))
    room = Room(_events=itertools.count(10_000), _ids=itertools.count(10_000))  # no id comes again
    async with world_at(folder, clock=clock, room=room, send_attempts=50) as world:
        await check_after_begin(world)
        await workspaces_come_back(world)
        await pauses_can_be_changed(world)
        await what_was_let_go_is_regained(world)
        await notices_are_told_once(world)


async def workspaces_come_back(world):
    for name in ("lost", "until"):
        await world.application.app.workspaces_found(PLATFORM, {name})
    assert (await group(world, number_of("lost"))).paused_at is None
    until = await group(world, number_of("until"))
    assert (until.pause_reason, until.resume_on) == (PauseReason.ORGANISER, dt.date(2026, 3, 20))
    assert until.resume_at is not None


async def pauses_can_be_changed(world):
    await olga(world, "paused").uses("/study pause", until="2026-03-30")
    assert (await group(world, number_of("paused"))).resume_on == dt.date(2026, 3, 30)
    await olga(world, "refused").uses("/study pause", until="2026-03-30")
    assert (await group(world, number_of("refused"))).resume_on is None  # it has no end that can be set
    for name in ("paused", "refused"):
        await olga(world, name).uses("/study resume")
        assert (await group(world, number_of(name))).paused_at is None
    await olga(world, "gone-2").uses("/study move", group=str(number_of("gone")))
    moved = await group(world, number_of("gone"))
    assert (moved.paused_at, moved.channel.id) == (None, "gone-2")


async def what_was_let_go_is_regained(world):
    """Posts that waited for their platform were let go when their date or kind was taken away."""
    assert (await newest(world, number_of("skipped"))).fault is Fault.DATE_SKIPPED
    assert (await newest(world, number_of("off"))).fault is Fault.SWITCHED_OFF
    # At a time of the same day that is still to come, they are wanted again.
    await olga(world, "skipped").uses("/study skip", remove="2026-03-05")
    for name in ("skipped", "off"):
        await olga(world, name).uses("/study schedule", kind="quiz", time="23:30")
    for name in ("skipped", "off"):
        post = await newest(world, number_of(name))
        assert (post.state, post.fault) == (PostState.PLANNED, None), (name, post)


async def notices_are_told_once(world):
    """One that was owed in other words is told, in ours; and what happens again on its day is not."""
    for _ in range(4):
        await world.passes(minutes=20)
    told = [words(p.message) for p in world.room.posted if p.only == "olga" and p.ref.channel.id == "@olga"]
    assert told
    assert len(set(told)) == len(told), told
    assert all((rewording.MARK in text) == ("reworded" in sys.argv) for text in told), told
    olgas = olga(world, "failing")
    await olgas.uses("/study status")
    assert (rewording.MARK in olgas.shown()) == ("reworded" in sys.argv)
    before = len(world.room.posted)
    world.room.refuse_channel["failing"] = Forbidden("no")
    await olga(world, "failing").uses("/study schedule", kind="quiz", time="12:00")
    await world.passes(minutes=30)
    again = [words(p.message) for p in world.room.posted[before:] if p.only == "olga"]
    assert len([text for text in again if "/study" in text and text in told]) == 0


if __name__ == "__main__":
    asyncio.run({"begin": begin, "end": end}[sys.argv[1]](Path(sys.argv[2])))
    if "reworded" in sys.argv:
        sys.stdout.write(f"{rewording.Finder.changed} sentences reworded\n")
