"""The key that action ids are signed with: made once, kept in the database, shared by all its processes."""

from __future__ import annotations

import datetime as dt
import secrets

from bot.chat.action_ids import KEY_BYTES, Signer
from bot.errors import BadValue
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
    return _read(note)


def _read(note: str) -> Signer:
    """Return the key and the instant since which it is in use.

    Raises BadValue: another key would end every button.
    """
    digits, _, since = note.partition(" ")
    try:
        key, at = bytes.fromhex(digits), dt.datetime.fromisoformat(since)
    except ValueError:
        pass
    else:
        if len(key) == KEY_BYTES and at.tzinfo is not None:
            return Signer(key, at)
    raise BadValue(
        f"The database's note {SIGNING}, the key of all buttons, can't be read, since it was changed by "
        "hand. Restore a backup, or delete the note, and a new key is made; buttons in older messages then "
        "no longer work."
    )
