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

_NO_SERVER = 3
_UNREADABLE = (
    "the address of PostgreSQL can't be read: write it like postgresql://USER:PASSWORD@HOST/NAME, "
    "with %, / and @ of the password as %25, %2F and %40"
)

# Tables are temporary, so that nothing is left in the database. The address is read, for everybody sees the
# command line. The time limit is set again: the setup may have lifted it.
_ON_POSTGRESQL = """\
import psycopg, sys
def first_line(error):
    return str(error).strip().partition("\\n")[0]
try:
    connection = psycopg.connect(sys.stdin.read(), autocommit=True, connect_timeout=5)
except psycopg.OperationalError as error:
    print(first_line(error), file=sys.stderr)
    sys.exit(3)
limit = b"SET statement_timeout = {milliseconds}"
try:
    connection.execute(limit)
    connection.execute("SET search_path = pg_temp")
    if setup := {setup!r}.strip():
        connection.execute(setup.encode())
    connection.execute(limit)
    for row in connection.execute({query!r}.encode()):
        print(" | ".join("NULL" if value is None else str(value) for value in row))
except psycopg.Error as error:
    sys.exit(first_line(error))
"""


class EngineError(Exception):
    """Error: there is no such database here; the text says what is missing."""


class SqlError(Exception):
    """Error: the database refuses the statements, or its address is wrong; the text says so."""


def rows_of(
    verify: Verify,
    engine: Literal["sqlite", "postgresql"],
    sandbox: Sandbox,
    postgres_url: str | None,
) -> str:
    """The rows of the query, a line each: columns joined by " | ", NULL as NULL.

    Raises EngineError, SqlError, or SandboxError when it goes over a limit.
    """
    setup, query = verify.setup or "", verify.query or ""
    if engine == "sqlite":
        return _on_sqlite(setup, query, sandbox)
    if postgres_url is None:
        raise EngineError("PostgreSQL: no URL is given")
    return _on_postgresql(setup, query, postgres_url, sandbox)


def _on_sqlite(setup: str, query: str, sandbox: Sandbox) -> str:
    run = sandbox.python(_ON_SQLITE.format(setup=setup, query=query))
    if run.status != 0:
        raise SqlError(f"SQLite says {run.last_words}")
    return run.stdout


def _require_address(url: str) -> None:
    """Have the driver read the address here: its message about a wrong one holds the password."""
    try:
        from psycopg import ProgrammingError, conninfo  # noqa: PLC0415  it may be missing
    except ImportError:
        raise EngineError("PostgreSQL: psycopg is not installed") from None
    try:
        read = conninfo.conninfo_to_dict(url)
    except ProgrammingError:
        raise SqlError(_UNREADABLE) from None
    port, *names = (str(read.get(name) or "") for name in ("port", "host", "dbname"))
    # Parts of a password with a / or @ in it that isn't escaped end up in these.
    if port.strip("0123456789,") or any("@" in name for name in names):
        raise SqlError(_UNREADABLE)


def _on_postgresql(setup: str, query: str, url: str, sandbox: Sandbox) -> str:
    plain_url = url.replace("postgresql+psycopg:", "postgresql:", 1)
    _require_address(plain_url)
    script = _ON_POSTGRESQL.format(setup=setup, query=query, milliseconds=int(sandbox.seconds * 1000))
    run = sandbox.ours(script, plain_url)
    if run.status == _NO_SERVER:
        raise EngineError(f"PostgreSQL: {run.last_words}")
    if run.status != 0:
        raise SqlError(f"PostgreSQL says {run.last_words}")
    return run.stdout
