"""SQLite by aiosqlite, with one trip to its thread for a statement.

SQLAlchemy's own adapter makes four: to get a cursor, to execute, to fetch and to close it. A trip costs as
much as ten small statements do in the thread itself.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

import aiosqlite
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_dbapi

DEFERRED = {"deferred": True}
"""Execution options of a statement whose outcome is not needed before that of the next, or the commit."""
PIPELINED = {"pipelined": True}
"""Execution options of a SELECT whose rows are fetched after others were executed: they make one trip."""


class Refused(Exception):
    """A statement that waited was refused by the driver itself; the cause says why."""


class _Rows(list[Any]):
    """All rows of a statement, and what else its cursor tells."""

    def __init__(self, cursor: sqlite3.Cursor, rows: list[Any]) -> None:
        super().__init__(rows)
        self.description, self.rowcount, self.lastrowid = (
            cursor.description,
            cursor.rowcount,
            cursor.lastrowid,
        )


class _FetchingCursor(sqlite3.Cursor):
    """A cursor that brings all rows at once."""

    def fetchall(self) -> _Rows:
        """Return all rows, with what else is known of them."""
        return _Rows(self, super().fetchall())


class _Connection(sqlite3.Connection):
    """The connection in aiosqlite's thread, which first runs the statements that were deferred."""

    def __init__(self, deferred: deque[Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deferred = deferred

    def cursor(self, factory: Any = _FetchingCursor) -> Any:
        """Return a cursor, for ``execute`` too."""
        return super().cursor(factory)

    def execute(self, *statement: Any) -> Any:
        """Run a statement."""
        self._catch_up()
        return self.cursor().execute(*statement)

    def executemany(self, *statement: Any) -> Any:
        """Run a statement for many rows."""
        self._catch_up()
        return super().executemany(*statement)

    def commit(self) -> None:
        """Make durable what was done, also what was deferred. When that fails, nothing of it is left."""
        try:
            self._catch_up()
            super().commit()
        except BaseException:
            self._deferred.clear()
            super().rollback()  # SQLAlchemy takes a transaction for ended whose commit has failed
            raise

    def _catch_up(self) -> None:
        while self._deferred:
            shows, method, *statement = self._deferred.popleft()
            # No name for a driver's cursor: a traceback would keep it, and that the file open.
            if shows is None:
                getattr(super(), method)(*statement)
            else:
                shows.show(self.cursor().execute(*statement).fetchall())


class _Cursor:
    """A cursor for SQLAlchemy (PEP 249). Its rows are here before anybody fetches them."""

    arraysize = 1

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: Iterator[Any] = iter(())
        self._waiting: tuple[Any, ...] | None = None
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Run it, and bring its rows."""
        self.show(self._connection.asks(lambda driver: driver.execute_fetchall(statement, parameters)))

    def show(self, found: _Rows) -> None:
        """Take rows that have come."""
        self._rows, self._waiting = iter(found), None
        self.description, self.rowcount, self.lastrowid = found.description, found.rowcount, found.lastrowid

    def executemany(self, statement: str, rows: Sequence[Any]) -> None:
        """Run it for each of many rows."""
        self.rowcount = self._connection.asks(lambda driver: driver.executemany(statement, rows)).rowcount

    def defer(self, *statement: Any) -> None:
        """Run it before whatever comes next."""
        self._connection.deferred.append((None, *statement))

    def pipeline(self, statement: str, parameters: Sequence[Any]) -> None:
        """Run a SELECT when its rows, or those of another one, are fetched; the first time at once.

        Its columns must be known when it is executed, and are the same each time.
        """
        self.description = self._connection.descriptions.get(statement)
        if self.description is None:
            self.execute(statement, parameters)
            self._connection.descriptions[statement] = self.description
        else:
            self._waiting = (self, "execute", statement, parameters)
            self._connection.deferred.append(self._waiting)

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        return next(self._rows, None)

    def fetchmany(self, size: int = arraysize) -> list[Any]:
        """Return so many of the next rows."""
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        if self._waiting is not None:
            self._connection.deferred.remove(self._waiting)
            try:
                self.execute(*self._waiting[2:])
            except sqlite3.Error:
                raise
            except Exception as error:
                raise Refused from error
        return list(self._rows)

    def close(self) -> None:
        """Do nothing: the driver's own cursor is gone by now."""

    async def _async_soft_close(self) -> None:
        """Do nothing, where SQLAlchemy would close the driver's cursor."""


class OneTripConnection(AsyncAdapt_aiosqlite_connection):
    """A connection for SQLAlchemy (PEP 249)."""

    __slots__ = ("deferred", "descriptions")

    deferred: deque[Any]
    descriptions: dict[str, Any]

    def cursor(self, server_side: bool = False) -> Any:  # noqa: FBT001, FBT002 - SQLAlchemy's signature
        """Return a cursor; one for streams is SQLAlchemy's own."""
        return super().cursor(server_side=True) if server_side else _Cursor(self)

    def asks(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        """Let aiosqlite work. Raises its errors as SQLAlchemy knows them."""
        try:
            return self.run_async(work)
        except Exception as error:  # noqa: BLE001 - it is raised again
            self._handle_exception(error)

    def rollback(self) -> None:
        """Undo what was done, and leave what was deferred."""
        self.deferred.clear()
        if self.driver_connection.in_transaction:
            super().rollback()

    def commit(self) -> None:
        """Do what was deferred, and make all durable."""
        if self.deferred or self.driver_connection.in_transaction:
            super().commit()


class OneTripDriver(AsyncAdapt_aiosqlite_dbapi):
    """The driver, for ``create_engine(module=…)``."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arguments: Any, **options: Any) -> OneTripConnection:
        """Open a connection."""
        deferred: deque[Any] = deque()
        plain = super().connect(*arguments, factory=partial(_Connection, deferred), **options)
        connection = OneTripConnection(self, plain.driver_connection)
        connection.deferred, connection.descriptions = deferred, {}
        return connection


def defer_for(engine: sa.Engine) -> None:
    """Let statements with the options ``DEFERRED`` or ``PIPELINED`` wait for the next on this engine."""

    def defers(method: str) -> Callable[..., bool]:
        def defer(cursor: _Cursor, statement: str, parameters: Any, context: Any) -> bool:
            options = context.execution_options if context is not None else {}
            if "deferred" in options:
                cursor.defer(method, statement, parameters)
            elif "pipelined" in options:
                cursor.pipeline(statement, parameters)
            else:
                return False
            return True

        return defer

    sa.event.listen(engine, "do_execute", defers("execute"))
    sa.event.listen(engine, "do_executemany", defers("executemany"))
