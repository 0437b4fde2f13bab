"""The content of a reminder, and the reasons for which a member's day needs one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.messages import Message
from bot.domain.calendar import ONE_DAY
from bot.domain.model import Group, Member, Post, PostKind, Reminder
from bot.domain.reminders import MOST_UNANSWERED, unanswered_with_next
from bot.library import Library
from bot.ports import UnitOfWork
from bot.services.open_tasks import named, open_posts, open_question
from bot.services.streaks import Streak
from bot.views.reminder import reminder_message

INBOX_CLOSED = "I couldn't message you, so reminders are off."


NO_MORE = "Reminders are off. Turn them back on in /preferences."


@dataclass(frozen=True, slots=True)
class ReminderMessage:
    """A reminder to be sent. ``number`` counts those since the member's last act, this one included.

    ``zone`` is the one that the member's days are in from their next day on.
    """

    message: Message
    number: int
    zone: str


async def reminder_of(
    unit: UnitOfWork, library: Library, member: Member, streak: Streak, reminder: Reminder, now: dt.datetime
) -> ReminderMessage | None:
    """Return the reminder due for a member; None on a day that is done or a rest day, and without a reason.

    A reason is something open that is new since the last reminder, or a streak that would end.
    """
    if streak.summary.today_counted or streak.rests_today:
        return None
    open_now = await _open_in_groups(unit, member, now)
    if not open_now or not (
        await _has_new(unit, member, open_now, reminder) or await _is_at_stake(streak, now)
    ):
        return None
    number = unanswered_with_next(reminder, await unit.learning.last_act_at(member.id))
    question = next((post.id for _, post in open_now if post.kind is PostKind.QUIZ), None)
    tasks = [named(library, group, post) for group, post in open_now]
    message = reminder_message(
        tasks, streak.summary, streak.zone, question, is_last=number >= MOST_UNANSWERED
    )
    return ReminderMessage(message, number, streak.coming_zone)


async def _open_in_groups(unit: UnitOfWork, member: Member, now: dt.datetime) -> list[tuple[Group, Post]]:
    """Return the open posts that wait for the member in each of their groups that is not paused."""
    groups = [await unit.groups.get(group_id) for group_id in await unit.members.groups_of(member.id)]
    running = [group for group in groups if group.paused_at is None]
    return [(group, post) for group in running for post in await open_posts(unit, member, group, now)]


async def _has_new(
    unit: UnitOfWork, member: Member, open_now: Sequence[tuple[Group, Post]], reminder: Reminder
) -> bool:
    """Tell if something came since the last reminder: it was posted, or the member joined its group."""
    since = reminder.reminded_at
    if since is None:
        return True
    joined = dict(await unit.members.joined_groups(member.id))
    return any(max(post.sent_at or post.due_at, joined[group.id]) > since for group, post in open_now)


async def _is_at_stake(streak: Streak, now: dt.datetime) -> bool:
    """Tell if a running streak ends before the next reminder could come, unless the member acts."""
    return any(risk.ends_streak and risk.by <= now + ONE_DAY for risk in await streak.risks())


async def first_question(
    unit: UnitOfWork, member: Member, groups: Sequence[Group], now: dt.datetime
) -> int | None:
    """Return the first post among those of the groups that the member may still answer."""
    for group in groups:
        if post := await open_question(unit, member, group, now):
            return post.id
    return None
