"""The times of a group's posts: the next slot of a schedule, pauses, and dates that are left out.

A pause with an end ends at the first moment of a date in the group's zone. What fell into it is left out;
what comes after it is served as ever, however long the bot was down meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from bot.domain import audit
from bot.domain.calendar import WallSchedule, day_starts_at, next_occurrence, occurrence
from bot.domain.model import (
    Group,
    Post,
    PostKind,
    PostState,
    Schedule,
)
from bot.domain.reasons import Fault, PauseReason
from bot.ports import UnitOfWork

NEWEST = 50
"""Earlier posts of a kind among which those are that have not been sent yet."""

OPEN_FOR = dt.timedelta(days=1)
"""Time for which a question stays open when no other one is planned."""

OPEN_AT_LEAST = dt.timedelta(hours=6)
"""A question posted by hand passes over slots that are no further away: members need time to come by."""

_OPEN = (PostState.PLANNED, PostState.SENT)
JUST_BEFORE = dt.timedelta(microseconds=1)
_WITHDRAWN = (Fault.SWITCHED_OFF, Fault.DATE_SKIPPED, Fault.DAY_REMOVED)


def rule_of(schedule: Schedule) -> WallSchedule:
    """The wall times of a schedule."""
    return WallSchedule(schedule.at, schedule.days, schedule.zone)


def moved_on(
    schedule: Schedule, group: Group, after: dt.datetime, not_before: dt.date | None = None
) -> Schedule:
    """The schedule, due at its first time after an instant and on no date before ``not_before``."""
    coming = next_occurrence(rule_of(schedule), after, not_before, group.skipped)
    return replace(schedule, next_due_at=coming.utc, next_date=coming.local_date)


async def next_slot(unit: UnitOfWork, schedule: Schedule, now: dt.datetime) -> Schedule:
    """The schedule with the next time it is due, not on a date that has had its post."""
    group = await unit.groups.get(schedule.group_id)
    last = await unit.posts.last_date(schedule.group_id, schedule.kind)
    return moved_on(schedule, group, now, last + dt.timedelta(days=1) if last else None)


def withdrawn(group: Group, schedule: Schedule, date: dt.date) -> Fault | None:
    """Return why an organiser wants no post of the schedule on a date any more; None where they do."""
    if not schedule.enabled:
        return Fault.SWITCHED_OFF
    if date in group.skipped:
        return Fault.DATE_SKIPPED
    return None if date.weekday() in schedule.days else Fault.DAY_REMOVED


async def put_moved(unit: UnitOfWork, group: Group, schedule: Schedule, now: dt.datetime) -> None:
    """Write a schedule that is due at another time than before; what is open closes with that."""
    await unit.groups.put_schedule(schedule)
    await _regain(unit, group, schedule, now)
    if schedule.kind is PostKind.QUIZ:
        await close_with_next(unit, group, now)


async def _regain(unit: UnitOfWork, group: Group, schedule: Schedule, now: dt.datetime) -> None:
    """Plan again what an organiser kept from coming and wants now, at a time still to come."""
    if schedule.next_due_at is None:
        return
    posts = await unit.posts.history(group.id, schedule.kind, NEWEST)
    for post in posts:
        coming = occurrence(rule_of(schedule), post.local_date)
        if coming is None or coming <= now or withdrawn(group, schedule, post.local_date):
            continue
        if _was_let_go(post) and not _came_otherwise(post, posts):
            closes = post.closes_at and coming + OPEN_FOR  # until it is known which slot comes next
            again = replace(post, state=PostState.PLANNED, due_at=coming, closes_at=closes)
            unit.posts.replan(replace(again, fault=None, detail=""))


def _was_let_go(post: Post) -> bool:
    """Tell whether an organiser did not want the post any more before its platform was asked to show it."""
    return post.state is PostState.MISSED and post.fault in _WITHDRAWN and post.attempted_at is None


def _came_otherwise(post: Post, posts: Sequence[Post]) -> bool:
    """Tell whether the post's content came meanwhile, by hand; each recap has content of its own."""
    return post.kind is not PostKind.RECAP and any(
        other.content_id == post.content_id
        and other.id > post.id
        and other.state not in (PostState.MISSED, PostState.FAILED)
        for other in posts
    )


async def kept_posts(
    unit: UnitOfWork, group: Group, schedule: Schedule, now: dt.datetime
) -> tuple[Post, ...]:
    """Return planned posts that a change of their schedule has left at their old time, still to come."""
    return tuple(
        post
        for post in await unit.posts.history(group.id, schedule.kind, NEWEST)
        if post.state is PostState.PLANNED
        and post.schedule_id is not None
        and post.due_at > now
        and not withdrawn(group, schedule, post.local_date)
    )


async def all_kept_posts(unit: UnitOfWork, group: Group, now: dt.datetime) -> tuple[Post, ...]:
    """Return the kept posts of every schedule; none in a pause, which holds them back."""
    if group.paused_at:
        return ()
    schedules = await unit.groups.schedules(group.id)
    return tuple([post for each in schedules for post in await kept_posts(unit, group, each, now)])


async def closes_at(
    unit: UnitOfWork,
    group: Group,
    kind: PostKind,
    at: dt.datetime,
    at_least: dt.timedelta = dt.timedelta(),
) -> dt.datetime | None:
    """Return when a post closes: a question at the next slot after ``at_least``, others never."""
    if kind is not PostKind.QUIZ:
        return None
    for schedule in await unit.groups.schedules(group.id):
        if schedule.kind is PostKind.QUIZ and schedule.enabled:
            return moved_on(schedule, group, at + at_least).next_due_at
    return at + OPEN_FOR


async def close_with_next(unit: UnitOfWork, group: Group, now: dt.datetime) -> None:
    """Let the questions that are open, or not sent yet, close with the slot that is the next one now.

    Where none comes, in a pause or switched off, they close when they were to.
    """
    schedule = await _quizzes(unit, group)
    if schedule is None or schedule.next_due_at is None:
        return
    kept = [post.due_at for post in await kept_posts(unit, group, schedule, now)]
    for post in await unit.posts.history(group.id, PostKind.QUIZ, NEWEST):
        if post.state not in _OPEN or post.closes_at is None or post.closes_at <= now:
            continue
        after = max(now, post.due_at + (dt.timedelta() if post.schedule_id else OPEN_AT_LEAST))
        closes = min([_slot_after(schedule, group, after), *(due for due in kept if due > after)])
        if closes != post.closes_at:
            unit.posts.note_closing(post.id, closes)
            if post.state is PostState.SENT:
                await unit.posts.mark_changed(post.id)


async def pause_group(
    unit: UnitOfWork,
    group: Group,
    now: dt.datetime,
    reason: PauseReason,
    until: dt.date | None = None,
    detail: str = "",
) -> Group:
    """Stop the clock of every schedule of the group. What is planned already waits for its end.

    With ``until`` the group goes on when that date begins in its zone, else when somebody says so.
    """
    paused = replace(group, paused_at=now, pause_reason=reason, pause_detail=detail)
    paused = ending_on(paused, until, now)
    await unit.groups.save(paused)
    if reason is not PauseReason.ORGANISER:
        unit.audit.append(audit.by_milepost(paused, audit.paused(paused), now))
    for kind in PostKind:
        for post in await unit.posts.history(group.id, kind, NEWEST):
            if post.state is PostState.PLANNED and post.schedule_id is not None:
                unit.posts.note_fault(post.id, Fault.PAUSED)
    for schedule in await unit.groups.schedules(group.id):
        await unit.groups.put_schedule(replace(schedule, next_due_at=None, next_date=None))
    return paused


def ending_on(group: Group, until: dt.date | None, now: dt.datetime) -> Group:
    """The paused group with this end, which is never in the past: the zone may have changed."""
    if until is None:
        return replace(group, resume_on=None, resume_at=None)
    begins = day_starts_at(until, group.zone, dt.time())
    return replace(group, resume_on=until, resume_at=max(begins, now))


async def resume_group(unit: UnitOfWork, group: Group, now: dt.datetime) -> Group:
    """Resume every schedule that is enabled, at its next time; what fell in the pause is left out."""
    running = replace(group, paused_at=None, pause_reason=None, pause_detail="")
    group = ending_on(running, None, now)
    await unit.groups.save(group)
    for schedule in await unit.groups.schedules(group.id):
        if schedule.enabled:
            fresh = replace(schedule, failures=0)
            await put_moved(unit, group, await next_slot(unit, fresh, now), now)
    return group


async def end_pause(unit: UnitOfWork, group: Group, now: dt.datetime) -> Group:
    """Resume a group as of the end of its pause, if that has come, however long ago it is."""
    if group.resume_at is None or group.resume_at > now:
        return group
    unit.audit.append(audit.by_milepost(group, audit.resumed(group), group.resume_at))
    return await resume_group(unit, group, group.resume_at - JUST_BEFORE)


async def skip_dates(unit: UnitOfWork, group: Group, dates: frozenset[dt.date], now: dt.datetime) -> Group:
    """Post nothing on these dates, and on every other again. What is due must have been planned.

    A schedule is moved only where its next date is skipped now or an earlier one no more, so that
    none is dropped.
    """
    group = replace(group, skipped=dates)
    await unit.groups.save(group)
    for schedule in await unit.groups.schedules(group.id):
        if schedule.next_date is None:
            continue
        moved = await next_slot(unit, schedule, now)
        if schedule.next_date in dates or (moved.next_date and moved.next_date < schedule.next_date):
            await unit.groups.put_schedule(moved)
        await _regain(unit, group, schedule, now)
    await close_with_next(unit, group, now)
    return group


async def _quizzes(unit: UnitOfWork, group: Group) -> Schedule | None:
    schedules = await unit.groups.schedules(group.id)
    return next((schedule for schedule in schedules if schedule.kind is PostKind.QUIZ), None)


def _slot_after(schedule: Schedule, group: Group, instant: dt.datetime) -> dt.datetime:
    """The first slot after an instant; none before the next one, whose date is the first free one."""
    if schedule.next_due_at is not None and schedule.next_due_at > instant:
        return schedule.next_due_at
    coming = next_occurrence(rule_of(schedule), instant, schedule.next_date, group.skipped)
    return coming.utc
