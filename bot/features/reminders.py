"""A member's daily reminder: asked for, made, switched off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from bot.border.message import Message
from bot.border.reply import Reply, Say
from bot.domain.calendar import BadTime
from bot.domain.reading import is_off, parse_time
from bot.domain.records import Group, Member, PostKind, PostState, Reminder
from bot.domain.reminding import planned
from bot.errors import UserError
from bot.features.activity import Streak
from bot.features.due import open_question, open_tasks
from bot.features.people import group_by_id, member_of
from bot.features.quiz import CLOSED, asked_in
from bot.library import Library
from bot.ports import UnitOfWork
from bot.routing import STALE, Routes, Turn
from bot.views.common import notice
from bot.views.quiz import question_message
from bot.views.reminder import reminder_message

routes = Routes()

OFF = "off"
INBOX_CLOSED = "I couldn't message you, so reminders are off."
NO_MORE = "No more reminders. Ask for them again with /preferences."


@routes.action("reminder.off")
async def switch_off(turn: Turn) -> Reply:
    """No more reminders; a second time says the same."""
    member = await member_of(turn)
    found = await turn.unit.reminders.find(member.id)
    if found is not None:
        turn.unit.reminders.put(replace(found, due_at=None, next_date=None, closed=False))
    return Say(notice(NO_MORE))


@routes.action("reminder.question")
async def show_question(turn: Turn) -> Reply:
    """The question of a reminder, to be answered there and then."""
    post = await turn.unit.posts.get(turn.number("p"))
    if post is None or post.kind is not PostKind.QUIZ or post.state is PostState.PLANNED:
        raise UserError(STALE)
    group = await group_by_id(turn, post.group_id)
    if post.closes_at is not None and turn.now >= post.closes_at:
        raise UserError(CLOSED)
    question = turn.library.question(group.pack, post.content_id)
    asked = asked_in(turn, group, post, question)
    return Say(question_message(asked, "Question of the day", "Only you see your result"))


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


def set_reminder(turn: Turn, member: Member, old: Reminder | None, at: dt.time | None, zone: str) -> str:
    """Remind at this time from now on, or not at all when it is None; what to say of it."""
    if at is None:
        if old:
            turn.unit.reminders.put(replace(old, due_at=None, next_date=None, closed=False))
        return NO_MORE
    platform = turn.origin.user.platform
    new = Reminder(member.id, platform, at, zone, last_date=old.last_date if old else None)
    turn.unit.reminders.put(planned(new, turn.now))
    return f"On days without activity I remind you at {at:%H:%M} of what is open, by direct message."


async def reminder_of(
    unit: UnitOfWork, library: Library, member: Member, streak: Streak, now: dt.datetime
) -> Message | None:
    """What to remind a member of; None when today counts, is a rest day or has nothing open."""
    if streak.summary.today_counted or streak.rests_today:
        return None
    groups = [await unit.groups.get(group_id) for group_id in await unit.members.groups_of(member.id)]
    running = [group for group in groups if group.paused_at is None]
    tasks = [task for group in running for task in await open_tasks(unit, library, member, group, now)]
    if not tasks:
        return None
    question = await first_question(unit, member, running, now)
    return reminder_message(tasks, streak.summary.counts_until, streak.zone, question)


async def first_question(
    unit: UnitOfWork, member: Member, groups: Sequence[Group], now: dt.datetime
) -> int | None:
    """The first post among those of the groups that the member may still answer."""
    for group in groups:
        if post := await open_question(unit, member, group, now):
            return post.id
    return None
