"""Handlers of a member's daily reminder: setting it, switching it off, answering from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.chat.replies import Reply, Send
from bot.domain.calendar import BadTime
from bot.domain.model import Member, PostKind, Reminder
from bot.domain.parsing import is_off, parse_time
from bot.domain.reminders import planned
from bot.errors import UserError
from bot.routing import Request, Routes, Writes
from bot.services.answering import CLOSED, post_place
from bot.services.membership import member_of
from bot.services.reminders import NO_MORE
from bot.views.common import text_message
from bot.views.questions import question_message

routes = Routes()

OFF = "off"


@routes.action("reminder.off", navigates=True)
async def switch_off(request: Request) -> Reply:
    """Switch reminders off; a second time says the same."""
    member = await member_of(request)
    found = await request.unit.reminders.find(member.id)
    if found is not None:
        request.unit.reminders.put(replace(found, due_at=None, next_date=None, closed=False))
    return Send(text_message(NO_MORE))


@routes.action("reminder.question", navigates=True, writes=Writes.NEVER)
async def show_question(request: Request) -> Reply:
    """Show the question of a reminder, to be answered there and then."""
    post, group = request.post(PostKind.QUIZ)
    if post.closes_at is not None and request.now >= post.closes_at:
        raise UserError(CLOSED)
    asked = post_place(request, post, group).asked
    return Send(question_message(asked, "Question of the day", "Only you see your result"))


def in_words(reminder: Reminder | None) -> str:
    """Return a reminder's time, such as ``19:00``, or ``off``."""
    return f"{reminder.at:%H:%M}" if reminder and reminder.due_at else OFF


def parse_reminder(typed: str) -> dt.time | None:
    """Return the time that was typed, None for off. Raises BadTime."""
    if is_off(typed):
        return None
    try:
        return parse_time(typed)
    except BadTime as error:
        raise BadTime(f"{error} For no reminders, write off.") from None


def set_reminder(
    request: Request, member: Member, old: Reminder | None, at: dt.time | None, zone: str
) -> str:
    """Set or switch off the reminder from now on; return what to say of it.

    It is switched off if ``at`` is None.
    """
    if at is None:
        if old:
            request.unit.reminders.put(replace(old, due_at=None, next_date=None, closed=False))
        return NO_MORE
    platform = request.origin.user.platform
    new = Reminder(member.id, platform, at, zone)
    if old:
        new = replace(new, last_date=old.last_date, reminded_at=old.reminded_at)
    request.unit.reminders.put(planned(new, request.now))
    return (
        f"I'll message you at {at:%H:%M} on days you haven't taken part, if something new is open or your "
        "streak would end."
    )
