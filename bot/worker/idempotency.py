"""Idempotency keys: what a platform knows a message by, so that sending it twice shows it once.

A platform may outlive the database. So a key holds the database's own random id, and part of what the
message is about, because a restored backup has the id of its original and gives out the same numbers anew.
The shortest limit among the platforms is 25 characters.
"""

from __future__ import annotations

from uuid import uuid4
from zlib import crc32

from bot.domain.model import Notice, Post, Reminder
from bot.domain.reasons import Rung
from bot.ports import UnitOfWork

DATABASE_ID = "database-id"


async def post_key(unit: UnitOfWork, post: Post) -> str:
    """Return the idempotency key of a post, equal at each try."""
    return f"{await database_id(unit)}-{post.id}-{post.seed % 0x10000:04x}"


async def notice_key(unit: UnitOfWork, notice: Notice, rung: Rung, whom: str) -> str:
    """Return the key of a notice to one person or the channel, equal at each try."""
    about = crc32(f"{notice.subject}|{rung}|{whom}".encode()) % 0x10000
    return f"{await database_id(unit)}-n{notice.id}-{about:04x}"


async def reminder_key(unit: UnitOfWork, reminder: Reminder) -> str:
    """Return the key of the reminder of one day, equal at each try."""
    day = reminder.next_date.toordinal() if reminder.next_date else 0
    return f"{await database_id(unit)}-{reminder.member_id}-r{day:x}"


async def database_id(unit: UnitOfWork) -> str:
    """Eight random characters, made at first use."""
    known = await unit.notes.get(DATABASE_ID)
    if known is None:
        known = uuid4().hex[:8]
        await unit.notes.put(DATABASE_ID, known)
    return known
