"""The address of a database: which kinds are served, and what may stand in it."""

from __future__ import annotations

import sqlalchemy as sa

from bot.errors import SetupError

POSTGRESQL = "postgresql"
LAST_PORT = 65_535
_SSL, _SSLMODE = "ssl", "sslmode"
_MAY_FOLLOW = frozenset({_SSL, _SSLMODE, "host", "port"})


def read_address(url: str) -> sa.URL:
    """The URL with the driver that we use. Raises SetupError, which tells no password, for any other."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise SetupError("The database URL cannot be read: write it like sqlite:///milepost.db.") from None
    if parsed.get_backend_name() == POSTGRESQL:
        return _on_postgresql(parsed)
    if parsed.get_backend_name() != "sqlite":
        raise SetupError(
            f"A database of the kind {parsed.get_backend_name()!r} is not served: "
            "write the URL like sqlite:///milepost.db or postgresql://user@host/milepost."
        )
    database = parsed.database or ":memory:"
    # SQLite reads what follows the name only of a ``file:`` address, and would pass it over elsewhere.
    if database == ":memory:" or (parsed.query and not database.startswith("file:")):
        raise SetupError(
            "The database must be a file, with nothing after its name: write the URL like "
            "sqlite:///milepost.db."
        )
    return parsed.set(drivername="sqlite+aiosqlite")


def _on_postgresql(parsed: sa.URL) -> sa.URL:
    """``sslmode``, as PostgreSQL's own programs write it, is ``ssl`` to the driver."""
    if "@" in (parsed.host or ""):
        raise SetupError(
            "The database URL has more than one @: write those of the password as %40, like "
            "postgresql://user:pass%40word@host/milepost."
        )
    if unknown := parsed.query.keys() - _MAY_FOLLOW:
        raise SetupError(
            f"The database URL holds {min(unknown)!r}, which is not understood: after the name may follow "
            "ssl, such as ?ssl=require, and host, such as ?host=/run/postgresql."
        )
    if not parsed.database:
        raise SetupError(
            "The database URL names no database: write it like postgresql://user@host/milepost."
        )
    if parsed.port is not None and not 0 < parsed.port <= LAST_PORT:
        raise SetupError(f"The database URL has the port {parsed.port}: ports go from 1 to {LAST_PORT}.")
    query = {_SSL if name == _SSLMODE else name: value for name, value in parsed.query.items()}
    return parsed.set(drivername="postgresql+asyncpg", query=query)
