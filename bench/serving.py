"""Milepost as ``milepost run`` serves Discord: ``python -m bench.serving FOLDER API GATEWAY TOKEN``.

``FOLDER/groups.json`` names the channels that are groups from the start: [[server, channel], ...], and
``FOLDER/due`` exists when a question is due in each of them now.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from adapters.discord.adapter import Discord
from adapters.discord.limits import ACCOUNTS, PLATFORM
from bench.bare import connection
from bench.child import asked, tell
from bench.pressed import pressed_library
from bot.allowance import unlimited
from bot.chat import Adapter, ChannelRef, Clock, UserRef
from bot.chat.clock import SystemClock
from bot.domain.calendar import EVERY_DAY
from bot.domain.model import Group, PostKind
from bot.ports import UnitOfWork, UseCase
from bot.services.group_setup import SetupPlan, start_group
from milepost.bootstrap import build, ticking, tune_gc
from milepost.event_loop import serve_on_loop
from milepost.settings import ProgramSettings

PACK = "backend-python"
TOGETHER = 100
"""Groups founded in one transaction."""


async def serve(place: Path, adapter: Adapter, clock: Clock, organiser: Callable[[str], UserRef]) -> None:
    """Found the groups, then do as ``run`` does, and report the usage when asked.

    ``organiser`` is asked for each server or workspace.
    """
    url = f"sqlite:///{place / 'milepost.db'}"
    settings = ProgramSettings(_env_file=None, database_url=url, ask_again_seconds=0)
    library = pressed_library()
    async with build(settings, clock, [adapter], library, allowance=unlimited()) as application:
        groups = json.loads((place / "groups.json").read_text(encoding="utf-8"))
        # Asked for three hours ago, the first question was due a minute ago: what is much later is looked
        # for before it is sent, which takes a second request.
        founded = clock.now() - dt.timedelta(hours=3 if (place / "due").exists() else 0)
        due = (clock.now() - dt.timedelta(minutes=1)).time().replace(second=0, microsecond=0)
        for start in range(0, len(groups), TOGETHER):
            places = [
                (ChannelRef(adapter.platform, server, channel), organiser(server))
                for server, channel in groups[start : start + TOGETHER]
            ]
            await application.database.run(_founding(places, founded, due))
        tune_gc()
        tell()
        async with ticking(application, settings.tick_seconds):
            async for _ in asked():
                tell()


def _founding(
    places: Sequence[tuple[ChannelRef, UserRef]], now: dt.datetime, time: dt.time
) -> UseCase[None]:
    """Return a use case that adds groups with a question a day at a time, and nothing else."""

    async def found(unit: UnitOfWork) -> None:
        for ref, organiser in places:
            group = Group(0, ref, PACK, "UTC", now, organiser)
            _, schedules = await start_group(unit, group, SetupPlan(PACK, "UTC", time, EVERY_DAY), now)
            for schedule in schedules:
                if schedule.kind is not PostKind.QUIZ:
                    await unit.groups.put_schedule(replace(schedule, enabled=False, next_due_at=None))

    return found


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    discord = Discord(connection(*sys.argv[2:]))
    serve_on_loop(
        serve(Path(sys.argv[1]), discord, SystemClock(), lambda _: UserRef(PLATFORM, ACCOUNTS, "1"))
    )
