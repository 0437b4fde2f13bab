"""From schedules to the post ledger: what is due, with its content already chosen and the reason.

A slot is a local date of a schedule and is taken once. Catch-up is bounded: what is overdue is posted
only while it is still the same local day, or within the hour, and once, whether it was planned in time or
not; older slots of the last weeks are written down as missed, for the organiser to see. In a streak they
are nobody's fault.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.delivery.notices import owe_failure
from bot.domain.calendar import WallSchedule, is_over, next_occurrence, occurrence
from bot.domain.records import Group, Post, PostKind, PostState, Schedule
from bot.domain.selection import Chosen, choose_challenge, choose_prompt, choose_question, seed_of
from bot.library import Library
from bot.ports import UnitOfWork
from content.model import Pack

HISTORY = 500
"""Earlier posts of a kind among which the last one of a schedule is looked for."""

NEWEST = 50
"""Earlier posts of a kind among which those are that have not been sent yet."""

OPEN_FOR = dt.timedelta(days=1)
"""How long a question stays open when no other one is planned."""

LATE_BY_HAND = dt.timedelta(days=1)
"""A post that was asked for is posted no later than this; who asked has long given up waiting."""

OPEN_AT_LEAST = dt.timedelta(hours=6)
"""A question posted by hand passes over slots that are no further away: members need time to come by."""

FIRST_AGAIN = dt.timedelta(minutes=1)
"""When a schedule that could not be planned is tried again; doubled each time."""

AGAIN_AT_MOST = dt.timedelta(hours=1)
"""The longest of those waits: once mended, the slot of the same day can still be served."""

WRITTEN_DOWN = dt.timedelta(weeks=4)
"""How far back missed slots are written down; a longer absence would only fill the ledger."""

BOT_WAS_DOWN = "the bot was down"
GROUP_WAS_PAUSED = "the group was paused"


async def plan_due(unit: UnitOfWork, library: Library, now: dt.datetime, limit: int) -> int:
    """Take every slot that is due; returns how many schedules were moved on."""
    due = await unit.groups.due_schedules(now, limit)
    if due:
        group_ids = {schedule.group_id for schedule in due}
        await unit.groups.learn(group_ids)
        await unit.posts.learn(group_ids)
    for schedule in due:
        group = await unit.groups.get(schedule.group_id)
        await _plan(unit, library, group, schedule, now)
    return len(due)


async def plan_again(unit: UnitOfWork, library: Library, schedule_id: int, now: dt.datetime) -> None:
    """The same for one schedule, if it is still due."""
    schedule = await unit.groups.get_schedule(schedule_id)
    await plan_overdue(unit, library, await unit.groups.get(schedule.group_id), schedule, now)


async def put_off(unit: UnitOfWork, schedule_id: int, now: dt.datetime) -> None:
    """It could not be planned: count that, and try later. Its slot keeps its date."""
    schedule = await unit.groups.get_schedule(schedule_id)
    if schedule.next_due_at is None or schedule.next_due_at > now:
        return
    wait = min(FIRST_AGAIN * 2 ** min(schedule.failures, 10), AGAIN_AT_MOST)
    await unit.groups.put_schedule(
        replace(schedule, failures=schedule.failures + 1, next_due_at=now + wait)
    )


async def missed_meanwhile(unit: UnitOfWork, group: Group, post: Post, now: dt.datetime) -> bool:
    """Whether it is too late to send a planned post; then it is written down as missed."""
    if not await _too_late(unit, post, now):
        return False
    missed = replace(post, state=PostState.MISSED, fault=post.fault or BOT_WAS_DOWN)
    await unit.posts.save(missed)
    if post.schedule_id is None:
        await owe_failure(unit, group, missed, now)
    return True


async def plan_by_hand(
    unit: UnitOfWork, pack: Pack, group: Group, kind: PostKind, event_id: str, now: dt.datetime
) -> Post | None:
    """A post that an organiser asked for, due now; None when the pack has nothing of the kind."""
    chosen = await _choose(unit, pack, group, kind)
    if chosen is None:
        return None
    today = now.astimezone(ZoneInfo(group.zone)).date()
    post = _post(
        group, None, kind, event_id, today, now, replace(chosen, reason=f"by hand; {chosen.reason}")
    )
    closes = await _closes_at(unit, group, kind, now, OPEN_AT_LEAST)
    added = await unit.posts.add(replace(post, closes_at=closes))
    return added or await unit.posts.find_slot(group.id, kind, event_id)


async def plan_overdue(
    unit: UnitOfWork, library: Library, group: Group, schedule: Schedule, now: dt.datetime
) -> None:
    """Take the slots that are due and not planned yet, before the schedule becomes another one."""
    if schedule.next_due_at is not None and schedule.next_due_at <= now:
        await _plan(unit, library, group, schedule, now)


async def next_slot(unit: UnitOfWork, schedule: Schedule, now: dt.datetime) -> Schedule:
    """The schedule with the next time it is due, not on a date that has had its post."""
    served = await unit.posts.history(schedule.group_id, schedule.kind, HISTORY)
    last = next((post.local_date for post in served if post.schedule_id is not None), None)
    return _moved_on(schedule, now, last + dt.timedelta(days=1) if last else None)


async def pause_group(unit: UnitOfWork, group: Group, now: dt.datetime, reason: str) -> Group:
    """Stop the clock of every schedule of the group. What is planned already waits for its end."""
    paused = replace(group, paused_at=now, pause_reason=reason)
    await unit.groups.save(paused)
    for kind in PostKind:
        for post in await unit.posts.history(group.id, kind, NEWEST):
            if post.state is PostState.PLANNED and post.schedule_id is not None:
                await unit.posts.save(replace(post, fault=GROUP_WAS_PAUSED))
    for schedule in await unit.groups.schedules(group.id):
        await unit.groups.put_schedule(replace(schedule, next_due_at=None, next_date=None))
    return paused


async def resume_group(unit: UnitOfWork, group: Group, now: dt.datetime) -> Group:
    """Go on with every schedule that is enabled, at its next time; what fell in the pause is left out."""
    group = replace(group, paused_at=None, pause_reason="")
    await unit.groups.save(group)
    for schedule in await unit.groups.schedules(group.id):
        if schedule.enabled:
            fresh = replace(schedule, failures=0)
            await unit.groups.put_schedule(await next_slot(unit, fresh, now))
    return group


async def _plan(
    unit: UnitOfWork, library: Library, group: Group, schedule: Schedule, now: dt.datetime
) -> None:
    """Every slot of one schedule up to now: the old ones missed, today's planned."""
    following = _moved_on(schedule, now, None)
    await unit.groups.put_schedule(following)
    slot = _on_time(schedule)
    if slot.next_due_at is not None and slot.next_due_at < now - WRITTEN_DOWN:
        slot = _moved_on(slot, now - WRITTEN_DOWN, None)
    while slot.next_due_at is not None and slot.next_date is not None and slot.next_due_at <= now:
        if is_over(slot.next_date, slot.next_due_at, schedule.zone, now):
            unit.posts.plan(_missed(group, slot, slot.next_date, slot.next_due_at))
        else:
            await _take(unit, library, group, slot, slot.next_date, slot.next_due_at)
        slot = _moved_on(slot, slot.next_due_at, slot.next_date + dt.timedelta(days=1))


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
        gap = Chosen("", "", 0, f"the pack {group.pack} is not installed")
        failed = _post(group, schedule, schedule.kind, slot, date, due_at, gap)
        added = await unit.posts.add(replace(failed, state=PostState.FAILED, fault=gap.reason))
        if added:
            await owe_failure(unit, group, added, due_at)
        return
    if schedule.kind is PostKind.CHALLENGE and await _challenge_runs(unit, pack, group, date):
        return
    chosen = await _choose(unit, pack, group, schedule.kind)
    if chosen is None:
        return
    post = _post(group, schedule, schedule.kind, slot, date, due_at, chosen)
    closes_at = await _closes_at(unit, group, schedule.kind, due_at)
    unit.posts.plan(replace(post, closes_at=closes_at))


async def _choose(unit: UnitOfWork, pack: Pack, group: Group, kind: PostKind) -> Chosen | None:
    prompted = [had.topic for had in await unit.posts.served(group.id, PostKind.PROMPT) if had.asked]
    match kind:
        case PostKind.PROMPT:
            return choose_prompt(pack, prompted)
        case PostKind.CHALLENGE:
            posted = await unit.posts.served(group.id, PostKind.CHALLENGE)
            return choose_challenge(pack, [had.content_id for had in posted if had.asked], prompted)
        case PostKind.QUIZ:
            quizzes = await unit.posts.served(group.id, PostKind.QUIZ)
            # A refused question counts as served: were it malformed, it would be refused for ever.
            served = [(had.topic, had.content_id) for had in quizzes if had.content_id]
            return choose_question(pack, served, frozenset(prompted))
        case PostKind.RECAP:
            return Chosen("", "recap", 1, "the week in review")


async def _challenge_runs(unit: UnitOfWork, pack: Pack, group: Group, date: dt.date) -> bool:
    """Whether the group's last challenge still has days left: a new one waits for its end."""
    last = await unit.posts.open_of(group.id, PostKind.CHALLENGE)
    challenge = pack.challenge(last.content_id) if last else None
    return bool(last and challenge and date < last.local_date + dt.timedelta(days=challenge.days))


async def _closes_at(
    unit: UnitOfWork,
    group: Group,
    kind: PostKind,
    at: dt.datetime,
    at_least: dt.timedelta = dt.timedelta(),
) -> dt.datetime | None:
    """A question closes at the next slot further away than ``at_least``; the other kinds stay open."""
    if kind is not PostKind.QUIZ:
        return None
    for schedule in await unit.groups.schedules(group.id):
        if schedule.kind is PostKind.QUIZ and schedule.enabled:
            return next_occurrence(_rule(schedule), at + at_least).utc
    return at + OPEN_FOR


def _post(
    group: Group,
    schedule: Schedule | None,
    kind: PostKind,
    slot: str,
    date: dt.date,
    due_at: dt.datetime,
    chosen: Chosen,
) -> Post:
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
        state=PostState.PLANNED,
        due_at=due_at,
    )


def _missed(group: Group, schedule: Schedule, date: dt.date, due_at: dt.datetime) -> Post:
    gap = Chosen("", "", 0, BOT_WAS_DOWN)
    post = _post(group, schedule, schedule.kind, date.isoformat(), date, due_at, gap)
    return replace(post, state=PostState.MISSED, fault=BOT_WAS_DOWN)


async def _too_late(unit: UnitOfWork, post: Post, now: dt.datetime) -> bool:
    """Its local day is over, or it would be closed at once."""
    if post.closes_at is not None and post.closes_at <= now:
        return True
    if post.schedule_id is None:
        return post.due_at < now - LATE_BY_HAND
    zone = (await unit.groups.get_schedule(post.schedule_id)).zone
    return is_over(post.local_date, post.due_at, zone, now)


def _on_time(schedule: Schedule) -> Schedule:
    """Due when its slot is: it may have been put off since then."""
    if schedule.next_date is None or schedule.next_due_at is None:
        return schedule
    slot = occurrence(_rule(schedule), schedule.next_date) or schedule.next_due_at
    return replace(schedule, next_due_at=min(slot, schedule.next_due_at))


def _moved_on(schedule: Schedule, after: dt.datetime, not_before: dt.date | None) -> Schedule:
    coming = next_occurrence(_rule(schedule), after, not_before)
    return replace(schedule, next_due_at=coming.utc, next_date=coming.local_date)


def _rule(schedule: Schedule) -> WallSchedule:
    return WallSchedule(schedule.at, schedule.days, schedule.zone)
