"""Planning: puts due slots of schedules on the post ledger, with their content and the reason for it.

A slot is a local date of a schedule and is taken once. Catch-up is bounded: what is overdue is posted
only while it is still the same local day, or within the hour, and once, whether it was planned in time or
not; older slots of the last weeks are written down as missed, for the organiser to see. They ask
nothing of anybody.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.calendar import is_over, occurrence
from bot.domain.deliveries import DeliveryKind
from bot.domain.model import (
    Group,
    Post,
    PostKind,
    PostState,
    Schedule,
)
from bot.domain.reasons import Fault
from bot.domain.selection import Chosen, seed_of
from bot.library import Library
from bot.ports import UnitOfWork
from bot.services.content_choice import choose_for_slot
from bot.services.notices import notify_failure
from bot.services.scheduling import (
    closes_at,
    end_pause,
    moved_on,
    next_slot,
    put_moved,
    rule_of,
    withdrawn,
)
from bot.services.settlement import settle_if_answered

LATE_BY_HAND = dt.timedelta(days=1)
"""Delay within which a post that was asked for is still posted; who asked has long given up waiting."""

FIRST_AGAIN = dt.timedelta(minutes=1)
"""Wait before a schedule that could not be planned is tried again; doubled each time."""

AGAIN_AT_MOST = dt.timedelta(hours=1)
"""Longest wait before a schedule is tried again: the slot of the same day can still be served."""

WRITTEN_DOWN = dt.timedelta(weeks=4)
"""Time back for which missed slots are recorded; a longer absence would only fill the ledger."""

_TRIED = {
    Fault.BUG,
    Fault.NOT_RUNNING,
    Fault.SILENT,
    Fault.TROUBLE,
    Fault.FORBIDDEN,
    Fault.GONE,
    Fault.MALFORMED,
}
"""Faults with which a try to send a post ends."""

NOTHING = Chosen("", "", 0, None)
"""The content of a slot that had no post."""


async def plan_due(unit: UnitOfWork, library: Library, now: dt.datetime, limit: int) -> int:
    """Take every slot that is due; returns how many schedules were moved on."""
    due = await unit.groups.due_schedules(now, limit)
    by_group: dict[int, list[Schedule]] = {}
    for schedule in due:
        by_group.setdefault(schedule.group_id, []).append(schedule)

    async def plan(group_id: int, schedules: Sequence[Schedule]) -> None:
        group = await unit.groups.get(group_id)
        for schedule in schedules:
            await _plan(unit, library, group, schedule, now)

    # What all groups ask at one moment is one statement.
    await asyncio.gather(*(plan(group_id, schedules) for group_id, schedules in by_group.items()))
    return len(due)


async def plan_again(unit: UnitOfWork, library: Library, schedule_id: int, now: dt.datetime) -> None:
    """Take the slots of one schedule that are due, if it is still due."""
    schedule = await unit.groups.get_schedule(schedule_id)
    await plan_overdue(unit, library, await unit.groups.get(schedule.group_id), schedule, now)


async def put_off(unit: UnitOfWork, schedule_id: int, now: dt.datetime) -> None:
    """Put off a schedule that could not be planned, counting the failure. Its slot keeps its date."""
    schedule = await unit.groups.get_schedule(schedule_id)
    if schedule.next_due_at is None or schedule.next_due_at > now:
        return
    wait = min(FIRST_AGAIN * 2 ** min(schedule.put_offs, 10), AGAIN_AT_MOST)
    await unit.groups.put_schedule(
        replace(schedule, put_offs=schedule.put_offs + 1, next_due_at=now + wait)
    )


async def missed_meanwhile(unit: UnitOfWork, group: Group, post: Post, now: dt.datetime) -> bool:
    """Tell whether a planned post must not be sent any more; if so, record it as missed, and owe it not.

    The organiser gets a notice where one was asked for by hand, or where its platform kept it from coming.
    """
    cannot_post_reason = await _obstacle(unit, group, post, now)
    if not cannot_post_reason:
        return False
    detail = post.detail if cannot_post_reason is post.fault else ""
    missed = replace(post, state=PostState.MISSED, fault=cannot_post_reason, detail=detail)
    await unit.posts.save(missed)
    unit.outbox.withdraw(DeliveryKind.POST, str(post.id))
    await settle_if_answered(unit, missed, now)
    # Tried in vain until its day was over: no downtime, pause or organiser kept it.
    if post.schedule_id is None or cannot_post_reason in _TRIED:
        await notify_failure(unit, group, missed, now)
    return True


async def plan_overdue(
    unit: UnitOfWork, library: Library, group: Group, schedule: Schedule, now: dt.datetime
) -> None:
    """Take the slots that are due and not planned yet, before the schedule becomes another one."""
    if schedule.next_due_at is not None and schedule.next_due_at <= now:
        await _plan(unit, library, group, schedule, now)


async def catch_up(unit: UnitOfWork, library: Library, group: Group, now: dt.datetime) -> Group:
    """Plan all that is due for a group by now, before the group or a schedule of it is changed."""
    group = await end_pause(unit, group, now)
    for schedule in await unit.groups.schedules(group.id):
        await plan_overdue(unit, library, group, schedule, now)
    return group


async def reschedule(
    unit: UnitOfWork, library: Library, group: Group, new: Schedule, now: dt.datetime
) -> None:
    """Write a changed schedule, due at its next time. What is due must have been planned.

    A date that has had its post is not served again. The date that was next keeps its post where the new
    rule wants it too: if its new time is past, it is planned for the instant at which it was to come.
    """
    old = await _before(unit, new)
    if not new.enabled or group.paused_at:
        await put_moved(unit, group, replace(new, next_due_at=None, next_date=None), now)
        return
    moved = await next_slot(unit, new, now)
    if old and _would_lose(old, moved):
        await plan_overdue(unit, library, group, old, old.next_due_at or now)
        moved = await next_slot(unit, new, now)
    await put_moved(unit, group, moved, now)


async def _before(unit: UnitOfWork, new: Schedule) -> Schedule | None:
    """Return the stored schedule; None for one that is not written yet."""
    schedules = await unit.groups.schedules(new.group_id)
    return next((old for old in schedules if old.id == new.id), None)


def _would_lose(old: Schedule, moved: Schedule) -> bool:
    """Tell whether a date that both schedules want would be passed over."""
    if old.next_date is None or moved.next_date is None:
        return False
    return old.next_date < moved.next_date and old.next_date.weekday() in moved.days


async def _plan(
    unit: UnitOfWork, library: Library, group: Group, schedule: Schedule, now: dt.datetime
) -> None:
    """Plan every slot of one schedule up to now: the old ones missed, today's planned."""
    following = moved_on(schedule, group, now)
    await unit.groups.put_schedule(replace(following, put_offs=0))
    slot = _on_time(schedule)
    if slot.next_due_at is not None and slot.next_due_at < now - WRITTEN_DOWN:
        slot = moved_on(slot, group, now - WRITTEN_DOWN)
    while slot.next_due_at is not None and slot.next_date is not None and slot.next_due_at <= now:
        if is_over(slot.next_date, slot.next_due_at, schedule.zone, now):
            await _miss(unit, library, group, slot, slot.next_date, slot.next_due_at)
        else:
            await _take(unit, library, group, slot, slot.next_date, slot.next_due_at)
        slot = moved_on(slot, group, slot.next_due_at, slot.next_date + dt.timedelta(days=1))


async def _take(
    unit: UnitOfWork,
    library: Library,
    group: Group,
    schedule: Schedule,
    date: dt.date,
    due_at: dt.datetime,
) -> None:
    pack = library.packs.get(group.pack)
    slot = date.isoformat()
    if pack is None:
        await _fail(unit, group, schedule, date, due_at, Fault.PACK_MISSING, group.pack)
        return
    chosen = await choose_for_slot(unit, pack, group, schedule, due_at)
    if chosen is None:
        return
    post = new_post(group, schedule, schedule.kind, slot, date, due_at, chosen)
    closes = await closes_at(unit, group, schedule.kind, due_at)
    unit.posts.plan(replace(post, closes_at=closes))


def new_post(
    group: Group,
    schedule: Schedule | None,
    kind: PostKind,
    slot: str,
    date: dt.date,
    due_at: dt.datetime,
    chosen: Chosen,
) -> Post:
    """A post for a slot, planned and not written yet."""
    return Post(
        id=0,
        group_id=group.id,
        schedule_id=schedule.id if schedule else None,
        kind=kind,
        slot=slot,
        local_date=date,
        topic=chosen.topic,
        content_id=chosen.content_id,
        content_rev=chosen.rev,
        seed=seed_of(f"{group.id}:{kind}:{slot}"),
        reason=chosen.reason,
        figures=chosen.figures,
        state=PostState.PLANNED,
        due_at=due_at,
    )


async def _miss(
    unit: UnitOfWork,
    library: Library,
    group: Group,
    schedule: Schedule,
    date: dt.date,
    due_at: dt.datetime,
) -> None:
    """Write down a slot whose day is over, and tell the organiser if that was a fault of ours.

    A slot that would have passed without a project is no loss, and is not written down.
    """
    pack = library.packs.get(group.pack)
    may_pass = schedule.kind is PostKind.CHALLENGE and pack is not None
    if may_pass and pack and not await choose_for_slot(unit, pack, group, schedule, due_at):
        return
    if schedule.put_offs:
        await _fail(unit, group, schedule, date, due_at, Fault.UNPLANNABLE)
        return
    post = new_post(group, schedule, schedule.kind, date.isoformat(), date, due_at, NOTHING)
    unit.posts.plan(replace(post, state=PostState.MISSED, fault=Fault.DOWN))


async def _fail(
    unit: UnitOfWork,
    group: Group,
    schedule: Schedule,
    date: dt.date,
    due_at: dt.datetime,
    fault: Fault,
    detail: str = "",
) -> None:
    """Write down a slot that nothing can be posted in, and tell the organiser."""
    post = new_post(group, schedule, schedule.kind, date.isoformat(), date, due_at, NOTHING)
    added = await unit.posts.add(replace(post, state=PostState.FAILED, fault=fault, detail=detail))
    if added:
        await notify_failure(unit, group, added, due_at)


async def _obstacle(unit: UnitOfWork, group: Group, post: Post, now: dt.datetime) -> Fault | None:
    """Return why a planned post is not sent any more; None when it is.

    An organiser wants its date no more, its local day is over, or it would be closed at once.
    """
    late = post.fault or Fault.DOWN
    if post.schedule_id is None:
        over = post.due_at < now - LATE_BY_HAND
    else:
        schedule = await unit.groups.get_schedule(post.schedule_id)
        if unwanted := withdrawn(group, schedule, post.local_date):
            return unwanted
        over = is_over(post.local_date, post.due_at, schedule.zone, now)
    return late if over or (post.closes_at is not None and post.closes_at <= now) else None


def _on_time(schedule: Schedule) -> Schedule:
    """Return the schedule due when its slot is: it may have been put off since then."""
    if schedule.next_date is None or schedule.next_due_at is None:
        return schedule
    slot = occurrence(rule_of(schedule), schedule.next_date) or schedule.next_due_at
    return replace(schedule, next_due_at=min(slot, schedule.next_due_at))
