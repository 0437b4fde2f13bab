"""Checks of ``milepost doctor`` on a database server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bot.errors import MilepostError
from bot.toolkit.checks import Check
from milepost.cli.engine import engine_of
from milepost.settings import ProgramSettings
from storage.server import ServerReport, server_report

FEW_LEFT = 5
"""Connections below which the next process of Milepost may find none."""


def examine_server(settings: ProgramSettings) -> Iterator[Check]:
    """Yield its version, its connections and whether ours is encrypted; nothing if it cannot be reached."""
    try:
        report = asyncio.run(_ask(settings))
    except MilepostError:
        return  # the check of the database says why
    yield from checks_of(report)


def checks_of(report: ServerReport) -> Iterator[Check]:
    """Yield the report in sentences."""
    yield Check("postgresql", ok=True, says=f"version {report.version}")
    said = f"{report.connections} of {report.most} are open"
    enough = report.most - report.connections >= FEW_LEFT
    yield Check("connections", enough, said if enough else f"{said}: raise the server's max_connections")
    if report.encrypted:
        yield Check("encryption", ok=True, says="the connection to the server is encrypted")
    elif report.here:
        yield Check(
            "encryption", ok=True, says="none, and none needed, because the server is on this machine"
        )
    else:
        advice = "add ?ssl=require to MILEPOST_DATABASE_URL, unless the network is private"
        yield Check(
            "encryption", ok=True, says=f"the connection leaves this machine in plain text: {advice}"
        )
    if report.reads_only:
        advice = "use the primary server instead"
        yield Check("writing", ok=False, says=f"the database can only be read: {advice}")


async def _ask(settings: ProgramSettings) -> ServerReport:
    engine = engine_of(settings, patient=False)
    try:
        return await server_report(engine)
    finally:
        await engine.dispose()
