"""A backup that is put back must bring nobody back who was forgotten after it was made."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bot.domain.refs import UserRef
from bot.ports import UnitOfWork
from storage.batch import Session
from storage.database import open_database
from storage.privacy_tables import forgotten
from storage.repositories.persons import fingerprint
from storage.statements import append, query
from storage.tables import account, organiser, study_group
from storage.unit_of_work import Unit

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FORGOTTEN = "SELECT fingerprint, salt, at FROM forgotten"
_KNOWN = query(sa.select(forgotten.c.fingerprint))
_ADD = append(forgotten)
_PEOPLE = (
    query(sa.select(account.c.platform, account.c.workspace, account.c.user_id)),
    query(sa.select(organiser.c.platform, organiser.c.workspace, organiser.c.user_id)),
    query(
        sa.select(
            study_group.c.organiser_platform,
            study_group.c.organiser_workspace,
            study_group.c.organiser_id,
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Who was forgotten, and when: nobody can be named by it, but an account can be held against it."""

    fingerprint: str
    salt: str
    at: dt.datetime

    def fits(self, user: UserRef) -> bool:
        """Tell if it is this account's."""
        return fingerprint(user, self.salt)["fingerprint"] == self.fingerprint


def fingerprints_in(file: Path) -> Sequence[Fingerprint] | None:
    """Return those in a database file; none in an older or absent one, and None if it can't be read."""
    if not file.exists():
        return ()
    try:
        with closing(sqlite3.connect(file)) as database:  # a reader would leave a log beside it
            there = database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'forgotten'").fetchone()
            rows = database.execute(_FORGOTTEN).fetchall() if there else ()
    except sqlite3.Error:
        return None
    return [Fingerprint(digest, salt, _EPOCH + dt.timedelta(microseconds=at)) for digest, salt, at in rows]


async def forget_again(file: Path, known: Collection[Fingerprint]) -> int:
    """Forget in a database file whom these fingerprints fit, in one unit of work; returns how many people.

    Those that the file holds itself are left out: who is in it came back after that. The file is brought to
    this version's schema, unless there is nothing to do.
    """
    if not known:
        return 0
    database = await open_database(f"sqlite:///{file}")
    try:
        number = await database.run(lambda unit: _forget(unit, known))
    finally:
        await database.close()
    with closing(sqlite3.connect(file)) as alone:
        alone.execute("PRAGMA journal_mode = DELETE")  # so that it is one file again
    return number


async def _forget(unit: UnitOfWork, known: Collection[Fingerprint]) -> int:
    session = _session(unit)
    own = {row[0] for row in await session.rows(_KNOWN)}
    new = [each for each in known if each.fingerprint not in own]
    number = 0
    for user in await _people(session):
        for each in new:
            if each.fits(user):
                number += await unit.persons.forget(user, each.at)
    for each in new:
        values = {"fingerprint": each.fingerprint, "salt": each.salt, "at": each.at}
        session.stage(_ADD, values)
    return number


async def _people(session: Session) -> list[UserRef]:
    """Everybody whom the database names; an organiser's account may hold on the whole platform."""
    found: dict[UserRef, None] = {}
    for wanted in _PEOPLE:
        for platform, workspace, user_id in await session.rows(wanted):
            found[UserRef(platform, workspace, user_id)] = None
            found[UserRef(platform, platform, user_id)] = None
    return list(found)


def _session(unit: UnitOfWork) -> Session:
    assert isinstance(unit, Unit), "a SqlDatabase hands out no other"
    return unit.session
