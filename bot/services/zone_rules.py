"""Zone rules that have changed since the last run: what was worked out with the old ones is made anew.

Governments change their clocks, and an update of the zone database brings that between two runs. The
dates that were due stay, and their instants follow the new rules: 09:00 is 09:00 on the new clocks.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import logging
import zoneinfo
from functools import cache, partial
from importlib import resources
from pathlib import Path

from bot.domain.calendar import NOT_ZONES, BadZone
from bot.domain.model import Group, Schedule
from bot.domain.reminders import on_new_clocks
from bot.ports import Database, UnitOfWork
from bot.services.scheduling import ending_on, moved_on, next_slot, put_moved

log = logging.getLogger(__name__)

NOTE = "zone-rules"
"""The name of the note with the fingerprint of the rules that everything was worked out with."""

AT_ONCE = 500
"""Schedules or reminders that are looked at in one transaction."""

FAR_BEHIND = dt.timedelta(days=3)
"""Age of a due time beyond that of any clock that is behind another one."""

END_OF_PAUSES = 1_000_000
END_OF_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)


async def follow_zone_rules(database: Database, now: dt.datetime) -> bool:
    """Work out anew what is due, if the rules of the zones have changed since the last run.

    Returns whether they have. To be done before anything is served; killed halfway, it is done again.
    """
    present = fingerprint()
    past = await database.read(lambda unit: unit.notes.get(NOTE))
    if past == present:
        return False
    if past is not None:
        log.info("the rules of time zones are other ones than at the last run: what is due follows them")
    for some in (_some_schedules, _some_reminders):
        last: int | None = 0
        while last is not None:
            last = await database.run(partial(some, last, now))
    await database.run(partial(_finish, now, present))
    return True


# A process reads a zone's rules once too: zoneinfo keeps them.
@cache
def fingerprint() -> str:
    """Return a digest of the rules of every zone: equal as long as no clock anywhere is set otherwise."""
    digest = hashlib.sha256()
    for name in sorted(zoneinfo.available_timezones() - NOT_ZONES):
        rules = _rules(name)
        digest.update(f"{name} {len(rules)} ".encode() + rules)
    return digest.hexdigest()


def _rules(name: str) -> bytes:
    """Return the file that ``zoneinfo`` reads: the machine's, else that of the package."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder, name)
        if path.is_file():
            return path.read_bytes()
    return resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


async def _some_schedules(after: int, now: dt.datetime, unit: UnitOfWork) -> int | None:
    """Work out a batch of schedules with a higher id; return the last id, None when there are no more."""
    schedules = await unit.groups.scheduled_after(after, AT_ONCE)
    of = [schedule.group_id for schedule in schedules]
    groups = await asyncio.gather(*map(unit.groups.get, of))
    await asyncio.gather(*map(unit.groups.schedules, of))  # asked for at once, it is one statement
    for group, schedule in zip(groups, schedules, strict=True):
        try:
            await _follow(unit, group, schedule, now)
        except BadZone as error:
            log.warning("schedule %s of group %s stays as it is: %s", schedule.id, group.id, error)
    return schedules[-1].id if schedules else None


async def _follow(unit: UnitOfWork, group: Group, schedule: Schedule, now: dt.datetime) -> None:
    moved = await _on_new_clocks(unit, group, schedule, now)
    if moved != schedule:
        await put_moved(unit, group, moved, now)


async def _on_new_clocks(unit: UnitOfWork, group: Group, schedule: Schedule, now: dt.datetime) -> Schedule:
    """Return the schedule, due on the date that was next, or on the one after if the zone lacks it."""
    date = schedule.next_date
    if date is None:
        return schedule
    coming = moved_on(schedule, group, now)
    if coming.next_date is not None and coming.next_date < date:
        # A date that the old rules left out, or one that is over and comes a second time: the ledger knows.
        return await next_slot(unit, schedule, now)
    long_before = dt.datetime.combine(date, dt.time(), dt.UTC) - FAR_BEHIND
    return moved_on(schedule, group, long_before, date)


async def _some_reminders(after: int, now: dt.datetime, unit: UnitOfWork) -> int | None:
    """Work out a batch of reminders of members with a higher id; return the last id, or None."""
    reminders = await unit.reminders.due_after(after, AT_ONCE)
    for reminder in reminders:
        try:
            moved = on_new_clocks(reminder, now)
        except BadZone as error:
            log.warning("the reminder of member %s stays as it is: %s", reminder.member_id, error)
        else:
            if moved != reminder:
                unit.reminders.put(moved)
    return reminders[-1].member_id if reminders else None


async def _finish(now: dt.datetime, present: str, unit: UnitOfWork) -> None:
    """Move the ends of pauses, drop the cached streaks, whose days have changed, and note the rules."""
    for group in await unit.groups.ending_pauses(END_OF_TIME, END_OF_PAUSES):
        if group.resume_at is not None and group.resume_at > now:
            await unit.groups.save(ending_on(group, group.resume_on, now))
    await unit.learning.forget_streak_states()
    await unit.notes.put(NOTE, present)
