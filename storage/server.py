"""Facts that a PostgreSQL server tells of itself, for ``milepost doctor``."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import place, plain_errors

_ABOUT = sa.text("""
SELECT current_setting('server_version'),
       coalesce(ssl, false),
       current_setting('transaction_read_only') = 'on',
       current_setting('max_connections')::int,
       (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL)
FROM pg_stat_ssl WHERE pid = pg_backend_pid()
""")


@dataclass(frozen=True, slots=True)
class ServerReport:
    """The server behind the database's address.

    ``here`` says that what is sent to it does not leave this machine, ``reads_only`` that nothing can be
    written, ``connections`` how many are open of the ``most`` that it takes.
    """

    version: str
    encrypted: bool
    here: bool
    reads_only: bool
    connections: int
    most: int


async def server_report(engine: AsyncEngine) -> ServerReport:
    """Ask the server. Raises StorageError when it cannot be reached."""
    with plain_errors(place(engine)):
        async with engine.connect() as connection:
            row = (await connection.execute(_ABOUT)).one()
    version, encrypted, reads_only, most, connections = row
    return ServerReport(
        version=version.split()[0],
        encrypted=encrypted,
        here=is_here(engine.url),
        reads_only=reads_only,
        connections=connections,
        most=most,
    )


def is_here(url: sa.URL) -> bool:
    """Tell if the address is a socket in a folder (no host, or one with a slash), or loopback."""
    host = url.host or str(url.query.get("host", ""))
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
