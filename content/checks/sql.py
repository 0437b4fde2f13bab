"""Runs the SQL of a proof on an engine and returns its rows as text."""

from __future__ import annotations

from typing import Literal

from content.checks.sandbox import Sandbox
from content.model import Verify

# The names are given by repr, so any text is safe in the script.
_ON_SQLITE = """\
import sqlite3
connection = sqlite3.connect(":memory:")
connection.executescript({setup!r})
for row in connection.execute({query!r}):
    print(" | ".join("NULL" if value is None else str(value) for value in row))
"""


class EngineError(Exception):
    """There is no such database here; the text says what is missing."""


class SqlError(Exception):
    """The database refuses the statements; the text is its own."""


def rows_of(
    verify: Verify,
    engine: Literal["sqlite", "postgresql"],
    sandbox: Sandbox,
    postgres_url: str | None,
) -> str:
    """The rows of the query, a line each: columns joined by " | ", NULL as NULL.

    Raises EngineError, SqlError, or SandboxError when SQLite goes over a limit.
    """
    setup, query = verify.setup or "", verify.query or ""
    if engine == "sqlite":
        return _on_sqlite(setup, query, sandbox)
    if postgres_url is None:
        raise EngineError("PostgreSQL: no URL is given")
    return _on_postgresql(setup, query, postgres_url, sandbox.seconds)


def _on_sqlite(setup: str, query: str, sandbox: Sandbox) -> str:
    run = sandbox.python(_ON_SQLITE.format(setup=setup, query=query))
    if run.status != 0:
        raise SqlError(f"SQLite says {run.last_words}")
    return run.stdout


def _on_postgresql(setup: str, query: str, url: str, seconds: float) -> str:
    """Run in a session whose tables are temporary, so that nothing is left in the database."""
    try:
        import psycopg  # noqa: PLC0415  optional: only a check against PostgreSQL needs it
    except ImportError as error:
        raise EngineError("PostgreSQL: psycopg is not installed") from error
    plain_url = url.replace("postgresql+psycopg:", "postgresql:", 1)
    try:
        connection = psycopg.connect(plain_url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise EngineError(f"PostgreSQL: {_first_line(error)}") from error
    with connection:
        try:
            connection.execute(f"SET statement_timeout = {int(seconds * 1000)}".encode())
            connection.execute("SET search_path = pg_temp")
            if setup.strip():
                connection.execute(setup.encode())
            rows = connection.execute(query.encode()).fetchall()
        except psycopg.Error as error:
            raise SqlError(f"PostgreSQL says {_first_line(error)}") from error
    return "\n".join(" | ".join(map(_value, row)) for row in rows)


def _value(value: object) -> str:
    return "NULL" if value is None else str(value)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
