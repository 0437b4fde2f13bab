"""The PostgreSQL of a measurement: the tests' own, in a process of its own, with the server's defaults."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from bench.loopback import helper

NONE = (
    "no PostgreSQL: install its programs (on Debian: postgresql), or name a server in "
    "MILEPOST_TEST_POSTGRES_URL; its figures are left out"
)


@asynccontextmanager
async def server() -> AsyncIterator[str | None]:
    """Yield the address of a server while the block runs; None where the machine has none.

    It keeps its files in the machine's folder for temporary ones, which TMPDIR moves.
    """
    async with helper("tests.support.postgres") as told:
        yield told["url"]


@asynccontextmanager
async def database(of: str, template: str = "template1") -> AsyncIterator[str]:
    """The address of a database of its own on the server, made like another one and dropped afterwards."""
    name = f"bench_{uuid.uuid4().hex[:16]}"
    await _tell(of, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield urlsplit(of)._replace(path=f"/{name}").geturl()
    finally:
        await _tell(of, f"DROP DATABASE {name} WITH (FORCE)")


def name_of(url: str) -> str:
    """Return the database that an address names."""
    return urlsplit(url).path.removeprefix("/")


async def title(url: str) -> str:
    """Return the PostgreSQL's name and version, such as ``PostgreSQL 15``."""
    connection = await asyncpg.connect(url)
    try:
        return f"PostgreSQL {connection.get_server_version().major}"
    finally:
        await connection.close()


async def _tell(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
