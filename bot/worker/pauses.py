"""Pauses that end by themselves: every pass resumes the groups whose pause is over."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace
from functools import partial

from bot.domain.model import Group
from bot.errors import is_the_databases
from bot.ports import Database, UnitOfWork
from bot.services.notices import notify_unended_pause
from bot.services.scheduling import end_pause

log = logging.getLogger(__name__)

AT_ONCE = 50
"""Groups that go on in one transaction: each asks for the last post of its schedules."""

TRIED_AGAIN = dt.timedelta(hours=1)
"""When a group that could not go on is tried again."""


async def end_pauses(database: Database, now: dt.datetime) -> None:
    """Go on with every group whose pause is over; one that cannot holds up no other."""

    async def end_some(unit: UnitOfWork) -> int:
        over = await unit.groups.ending_pauses(now, AT_ONCE)
        for group in over:
            await end_pause(unit, group, now)
        return len(over)

    try:
        while await database.run(end_some):
            pass
    except Exception as error:
        if is_the_databases(error):
            raise
        await _end_each(database, now)


async def _end_each(database: Database, now: dt.datetime) -> None:
    """Put off those that are at fault, so that the next pass finds the others alone.

    Their pause goes on until it can end: what falls in between is left out, and the organiser is told.
    """

    async def end(group: Group, unit: UnitOfWork) -> None:
        await end_pause(unit, group, now)

    async def put_off(group: Group, error: Exception, unit: UnitOfWork) -> None:
        await unit.groups.save(replace(group, resume_at=now + TRIED_AGAIN))
        await notify_unended_pause(unit, group, error, now)

    for group in await database.run(lambda unit: unit.groups.ending_pauses(now, AT_ONCE)):
        try:
            await database.run(partial(end, group))
        except Exception as error:
            if is_the_databases(error):
                raise
            log.exception("the pause of group %s cannot end; it is tried again in an hour", group.id)
            await database.run(partial(put_off, group, error))
