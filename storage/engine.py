"""URL -> engine, and what the driver's errors mean.

A file has one connection. Writers begin IMMEDIATE: a transaction that reads first and takes the write
lock later is refused by SQLite without waiting. One connection also keeps clear of the WAL-reset
race of SQLite 3.7.0 to 3.51.2, which needs two in one process or more.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import (
    BadValue,
    CommitUnknown,
    Conflict,
    DatabaseBusy,
    DatabaseFull,
    DatabaseReadOnly,
    StorageError,
)
from storage.address import POSTGRESQL, read_address
from storage.driver import DEFERRED, OneTripDriver, defer_for
from storage.shape import shown
from storage.statements import tables_of

_BEGIN = "sqlite_begin"
IMMEDIATE = {_BEGIN: "BEGIN IMMEDIATE"}
NO_TRANSACTION = {_BEGIN: ""}
"""For units that only read: each of their statements sees what is committed then."""

_WRITERS_LOCK = sa.text("SELECT pg_advisory_xact_lock(5577006791947779410)")
_POOL_PATIENCE = 600.0


def create_engine(
    url: str, *, busy_timeout: float = 5.0, answer_timeout: float | None = None, password: str = ""
) -> AsyncEngine:
    """An engine on a SQLite file, such as ``sqlite:///milepost.db``, or on PostgreSQL. Opens nothing yet.

    ``busy_timeout`` is how many seconds a transaction waits for another process, ``answer_timeout`` how
    many more a server may be silent before it counts as unreachable; None for work that may take long.
    ``password`` is for a server's address that has none. No error repeats what a statement was given.
    Raises SetupError when the URL cannot be read or names a database that is not served.
    """
    target = read_address(url)
    if target.get_backend_name() == POSTGRESQL:
        if password and not target.password:
            target = target.set(password=password)
        return _on_postgresql(target, busy_timeout, answer_timeout)
    engine = create_async_engine(
        target,
        module=OneTripDriver(),
        pool_size=1,
        max_overflow=0,
        pool_timeout=_POOL_PATIENCE,
        hide_parameters=True,
        connect_args={"timeout": busy_timeout, "isolation_level": None},
    )
    sa.event.listen(engine.sync_engine, "connect", _prepare)
    sa.event.listen(engine.sync_engine, "begin", _begin)
    defer_for(engine.sync_engine)
    return engine


def _on_postgresql(target: sa.URL, busy_timeout: float, answer_timeout: float | None) -> AsyncEngine:
    """One connection, as on SQLite: a process's units take turns in any case, and share transactions.

    A server that a broken network hides is given up, and gives us up: who went silent in a transaction
    would keep the writers' lock from every other process, for hours by the system's own measure.
    """
    settings = {"lock_timeout": _milliseconds(busy_timeout)}
    connecting: dict[str, Any] = {"server_settings": settings}
    if answer_timeout is not None:
        patience = busy_timeout + answer_timeout
        settings["idle_in_transaction_session_timeout"] = _milliseconds(patience)
        connecting |= {"timeout": patience, "command_timeout": patience}
    engine = create_async_engine(
        target,
        pool_size=1,
        max_overflow=0,
        pool_timeout=_POOL_PATIENCE,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=connecting,
    )
    sa.event.listen(engine.sync_engine, "begin", _take_turns)
    sa.event.listen(engine.sync_engine, "handle_error", _give_up_the_silent)
    return engine


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"


def is_sqlite(engine: AsyncEngine) -> bool:
    """Tell whether the database is a file of SQLite's."""
    return engine.dialect.name == "sqlite"


async def try_to_open(engine: AsyncEngine) -> None:
    """Open the file and close it again. Raises sqlite3.Error when that cannot be.

    aiosqlite would leave a thread behind then, which writes a traceback when the event loop closes first.
    """
    connect: Any = sqlite3.connect
    file, options = engine.dialect.create_connect_args(engine.url)
    await asyncio.to_thread(lambda: connect(*file, **options).close())


def _prepare(connection: Any, _record: object) -> None:
    """Settings that SQLite keeps for a connection. WAL is kept in the file: see ``schema.upgrade``."""
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        # Nothing that a foreign file brings along may call a function with side effects.
        cursor.execute("PRAGMA trusted_schema = OFF")
        cursor.close()
    except BaseException:
        # The pool does not know of the connection yet, and its thread would outlive the event loop.
        connection.close()
        raise


def _begin(connection: sa.Connection) -> None:
    if statement := connection.get_execution_options().get(_BEGIN, "BEGIN"):
        connection.exec_driver_sql(statement, execution_options=DEFERRED)


def _take_turns(connection: sa.Connection) -> None:
    """Who writes holds the lock until the end of the transaction, in whatever process.

    So everything holds that holds on SQLite: a unit sees all that was written before it, and nobody gives
    the same id away. Source: PostgreSQL's documentation, "Advisory Locks".
    """
    if connection.get_execution_options().get(_BEGIN) == IMMEDIATE[_BEGIN]:
        connection.execute(_WRITERS_LOCK)


def _give_up_the_silent(context: sa.engine.ExceptionContext) -> None:
    """A connection that brought no answer is not used again; SQLAlchemy knows only of those that broke."""
    if isinstance(context.original_exception, OSError):
        context.is_disconnect = True
        if context.connection is not None:
            driver: Any = context.connection.connection.driver_connection
            driver.terminate()


def place(engine: AsyncEngine) -> str:
    """Where the database is, for a sentence. Never tells a password."""
    url = engine.url
    return f"{url.database} on {url.host}" if url.host else url.database or "in memory"


@contextmanager
def plain_errors(where: str) -> Iterator[None]:
    """Turn what the driver raises in the block into a StorageError about the database ``where``."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise storage_error(error, where) from error


def storage_error(error: Exception, where: str) -> StorageError:
    """The error to raise instead, with a sentence that says what to do."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    code = _code(error)
    for prefix, kind, sentence in _MEANINGS:
        if code.startswith(prefix):
            return kind(sentence.format(where=where, cause=_told(cause) or "it does not answer"))
    return StorageError(f"The database {where} failed: {_told(cause)}.")


def unreadable(error: Exception, statement: sa.ClauseElement, where: str) -> BadValue:
    """The error to raise when a statement has found a value that no Milepost wrote."""
    tables, what = ", ".join(tables_of(statement)), f"{type(error).__name__}: {shown(str(error))}"
    return BadValue(
        f"The database {where} holds something that can't be read in the tables {tables} ({what}): "
        "it was changed by hand, so restore a backup."
    )


def _told(cause: BaseException | None) -> str:
    """Return what the driver says, without the row that a server repeats in what follows."""
    return re.split(r"\n(?:DETAIL|HINT|CONTEXT|\[SQL)", str(cause), maxsplit=1)[0]


def commit_error(error: Exception, where: str) -> StorageError:
    """Classify what came of a COMMIT, which may have been heard although nobody answered."""
    if _code(error).startswith(_UNHEARD):
        return CommitUnknown(
            f"The database {where} did not say whether it saved something: {storage_error(error, where)}"
        )
    return storage_error(error, where)


def _code(error: Exception) -> str:
    """SQLite's name of the error, or PostgreSQL's SQLSTATE; empty when it has none."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    code = getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "") or ""
    lost = isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated
    return _UNREACHABLE if isinstance(cause, OSError) or (lost and not code) else code


_UNREACHABLE = "08"
"""SQLSTATE class "connection exception". The codes: PostgreSQL's documentation, appendix A."""

_UNHEARD = (_UNREACHABLE, "57P", "SQLITE_IOERR_FSYNC")
""""Operator intervention" is a server that stops, which may be right after the commit."""

_MEANINGS: tuple[tuple[str, type[StorageError], str], ...] = (
    ("SQLITE_CONSTRAINT", Conflict, "This clashes with what is written already ({cause}): try again."),
    (
        "SQLITE_BUSY",
        DatabaseBusy,
        (
            "The database {where} is locked by another process: stop the other program that writes to "
            "it, or allow a longer wait."
        ),
    ),
    (
        "SQLITE_LOCKED",
        DatabaseBusy,
        "The database {where} is locked: stop the other program that writes to it.",
    ),
    (
        "SQLITE_READONLY",
        DatabaseReadOnly,
        (
            "The database {where} cannot be written: give this user write permission on the file and "
            "on its folder."
        ),
    ),
    (
        "SQLITE_FULL",
        DatabaseFull,
        "The database {where} has no room to grow: free space on its disk.",
    ),
    (
        "SQLITE_CANTOPEN",
        StorageError,
        (
            "The database {where} cannot be opened: its folder must exist, and this user must be "
            "allowed to write in it."
        ),
    ),
    (
        "SQLITE_NOTADB",
        StorageError,
        "The file {where} isn't a Milepost database. Choose another file, or restore a backup.",
    ),
    (
        "SQLITE_CORRUPT",
        StorageError,
        "The database {where} is damaged: stop Milepost, keep a copy of it, and restore a backup.",
    ),
    ("23", Conflict, "This clashes with what is written already ({cause}): try again."),
    ("55P03", DatabaseBusy, "The database {where} is locked by another process for too long."),
    ("53", DatabaseFull, "The server of the database {where} has no room or no connection left: {cause}."),
    ("25006", DatabaseReadOnly, "The database {where} can't be written to, because it's a read-only copy."),
    ("28", StorageError, "The database {where} does not let this user in: check MILEPOST_DATABASE_URL."),
    ("3D000", StorageError, "There is no database {where}. Create it with createdb."),
    ("57P", DatabaseBusy, "The server of the database {where} is stopping or starting: try again."),
    (
        _UNREACHABLE,
        DatabaseBusy,
        (
            "The server of the database {where} cannot be reached ({cause}): check that it runs, and its "
            "address."
        ),
    ),
    (
        "SQLITE_IOERR",
        StorageError,
        "The disk under the database {where} failed to read or write: check the disk.",
    ),
)


@dataclass(frozen=True, slots=True)
class SqliteReport:
    """The SQLite that is linked here.

    ``wal_reset_race``: it has the corruption race that two connections to one WAL file can meet.
    Milepost holds one, so it matters only beside other programs that open the file.
    """

    version: str
    wal_reset_race: bool


def sqlite_report(version: str = sqlite3.sqlite_version) -> SqliteReport:
    """Return what ``doctor`` says of SQLite. Fixed in 3.51.3, 3.50.7 and 3.44.6."""
    number = tuple(int(part) for part in version.split("."))
    fixed = number >= (3, 51, 3) or (3, 50, 7) <= number < (3, 51) or (3, 44, 6) <= number < (3, 45)
    return SqliteReport(version, wal_reset_race=number >= (3, 7, 0) and not fixed)
