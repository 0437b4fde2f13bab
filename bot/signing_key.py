"""The key that action ids are signed with: made once, kept in the database, shared by all its processes."""

from __future__ import annotations

import datetime as dt
import secrets

from bot.border.signing import KEY_BYTES, Signer
from bot.ports import Database, UnitOfWork

SIGNING = "action-signing"
"""The note with the key in hexadecimal digits and the instant at which it was made."""


async def open_signer(database: Database, now: dt.datetime) -> Signer:
    """Return the database's own signer; the first process that asks makes the key.

    It travels with the database, so that buttons still work after a restore or a move. Processes that ask
    at the same moment get the same key, since those that write take turns.
    """

    async def make(unit: UnitOfWork) -> str:
        made = await unit.notes.get(SIGNING) or f"{secrets.token_hex(KEY_BYTES)} {now.isoformat()}"
        await unit.notes.put(SIGNING, made)
        return made

    async def look(unit: UnitOfWork) -> str | None:
        return await unit.notes.get(SIGNING)

    note = await database.read(look)
    if note is None:
        note = await database.run(make)
    key, _, since = note.partition(" ")
    return Signer(bytes.fromhex(key), dt.datetime.fromisoformat(since))
