"""A member's daily reminder: asked for, made, switched off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.messages import Message
from bot.chat.replies import Reply, Send
from bot.domain.calendar import ONE_DAY, BadTime
from bot.domain.model import Group, Member, Post, PostKind, Reminder
from bot.domain.parsing import is_off, parse_time
from bot.domain.reminders import MOST_UNANSWERED, planned, unanswered_with_next
from bot.errors import UserError
from bot.handlers.answers import asked_in
from bot.handlers.served_posts import CLOSED
from bot.ports import UnitOfWork
from bot.routing import Request, Routes, Writes
from bot.services.library import Library
from bot.services.membership import member_of
from bot.services.open_tasks import named, open_posts, open_question
from bot.services.streaks import Streak
from bot.views.common import notice
from bot.views.questions import question_message
from bot.views.reminder import reminder_message

routes = Routes()

OFF = "off"
INBOX_CLOSED = "I couldn't message you, so reminders are off."
NO_MORE = "Reminders are off. Turn them back on in /preferences."


@dataclass(frozen=True, slots=True)
class Letter:
    """A reminder to be sent. ``number`` counts those since the member's last act, this one included.

    ``zone`` is the one that the member's days are in from their next day on.
    """

    message: Message
    number: int
    zone: str


@routes.action("reminder.off", navigates=True)
async def switch_off(request: Request) -> Reply:
    """No more reminders; a second time says the same."""
    member = await member_of(request)
    found = await request.unit.reminders.find(member.id)
    if found is not None:
        request.unit.reminders.put(replace(found, due_at=None, next_date=None, closed=False))
    return Send(notice(NO_MORE))


@routes.action("reminder.question", navigates=True, writes=Writes.NEVER)
async def show_question(request: Request) -> Reply:
    """The question of a reminder, to be answered there and then."""
    post, group = request.post(PostKind.QUIZ)
    if post.closes_at is not None and request.now >= post.closes_at:
        raise UserError(CLOSED)
    question = request.library.question(group.pack, post.content_id)
    asked = asked_in(request, group, post, question)
    return Send(question_message(asked, "Question of the day", "Only you see your result"))


def in_words(reminder: Reminder | None) -> str:
    """The time, such as ``19:00``, or ``off``."""
    return f"{reminder.at:%H:%M}" if reminder and reminder.due_at else OFF


def parse_reminder(typed: str) -> dt.time | None:
    """The time, None for off. Raises BadTime."""
    if is_off(typed):
        return None
    try:
        return parse_time(typed)
    except BadTime as error:
        raise BadTime(f"{error} For no reminders, write off.") from None


def set_reminder(
    request: Request, member: Member, old: Reminder | None, at: dt.time | None, zone: str
) -> str:
    """Remind at this time from now on, or not at all when it is None; what to say of it."""
    if at is None:
        if old:
            request.unit.reminders.put(replace(old, due_at=None, next_date=None, closed=False))
        return NO_MORE
    platform = request.origin.user.platform
    new = Reminder(member.id, platform, at, zone)
    if old:
        new = replace(new, last_date=old.last_date, reminded_at=old.reminded_at)
    request.unit.reminders.put(planned(new, request.now))
    return f"I'll message you at {at:%H:%M} on days you haven't taken part, if something new is open."


async def reminder_of(
    unit: UnitOfWork, library: Library, member: Member, streak: Streak, reminder: Reminder, now: dt.datetime
) -> Letter | None:
    """What to remind a member of; None on a day that is done or a rest day, and when there is no reason.

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
    return Letter(message, number, streak.coming_zone)


async def _open_in_groups(unit: UnitOfWork, member: Member, now: dt.datetime) -> list[tuple[Group, Post]]:
    """Return what waits for the member in each of their groups that is not paused."""
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
    """The first post among those of the groups that the member may still answer."""
    for group in groups:
        if post := await open_question(unit, member, group, now):
            return post.id
    return None
