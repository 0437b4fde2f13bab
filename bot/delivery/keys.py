"""Idempotency keys: what a platform knows a message by, so that sending it twice shows it once.

A platform may outlive the database. So a key holds the database's own random id, and part of the
post's seed, because a restored backup has the id of its original and gives out the same numbers anew.
The shortest limit among the platforms is 25 characters.
"""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from bot.domain.records import Group, Post, Reminder
from bot.ports import UnitOfWork

DATABASE_ID = "database-id"


async def post_key(unit: UnitOfWork, post: Post) -> str:
    """The same for each try of one post."""
    return f"{await database_id(unit)}-{post.id}-{post.seed % 0x10000:04x}"


async def notice_key(unit: UnitOfWork, post: Post) -> str:
    """The key of what the organiser is told about a post."""
    return f"{await post_key(unit, post)}-n"


async def reward_key(unit: UnitOfWork, group: Group, day: dt.date) -> str:
    """The key of what a group's organiser is told of its reward on a day."""
    return f"{await database_id(unit)}-{group.id}-b{day.toordinal():x}"


async def reminder_key(unit: UnitOfWork, reminder: Reminder) -> str:
    """The same for each try of the reminder of one day."""
    day = reminder.next_date.toordinal() if reminder.next_date else 0
    return f"{await database_id(unit)}-{reminder.member_id}-r{day:x}"


async def database_id(unit: UnitOfWork) -> str:
    """Eight random characters, made at first use."""
    known = await unit.notes.get(DATABASE_ID)
    if known is None:
        known = uuid4().hex[:8]
        await unit.notes.put(DATABASE_ID, known)
    return known
