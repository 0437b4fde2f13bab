"""``milepost doctor``: what is wrong, and what to do."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from zoneinfo import available_timezones

import typer

from bot.cli.output import AsJson, print_json, say
from bot.cli.run import core_settings, platform_names
from bot.errors import MilepostError
from bot.settings import Settings
from content.loader import load_packs, shipped_packs_folder
from storage import sqlite_report
from storage.engine import create_engine
from storage.schema import compare, try_to_write

LEAST_FREE = 200 * 2**20
"""Bytes of disk below which an operator should act."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: how it went, and what to do when it is not well."""

    check: str
    ok: bool
    says: str


def doctor(json: AsJson = False) -> None:
    """Look at settings, platforms, packs and database, and say how to mend what is wrong."""
    findings = list(_examine())
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            say(f"{'ok  ' if finding.ok else 'FAIL'} {finding.check}: {finding.says}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _examine() -> Iterator[Finding]:
    yield Finding("python", sys.version_info >= (3, 11), sys.version.split()[0])
    try:
        settings = core_settings()
    except MilepostError as error:
        yield Finding("settings", ok=False, says=str(error))
        return
    yield Finding("settings", ok=True, says="understood")
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _platforms,
        _packs,
        _sqlite,
        _database,
        _disk,
        _zones,
    )
    for check in checks:
        yield from check(settings)


def _platforms(settings: Settings) -> Iterator[Finding]:
    try:
        names = platform_names(settings)
    except MilepostError as error:
        yield Finding("platforms", ok=False, says=str(error))
    else:
        yield Finding("platforms", ok=True, says=", ".join(names))


def _packs(settings: Settings) -> Iterator[Finding]:
    for folder in (shipped_packs_folder(), settings.packs_folder):
        if folder is None:
            continue
        loaded = load_packs(folder)
        for problem in loaded.problems:
            yield Finding("packs", ok=False, says=str(problem))
        yield Finding(
            "packs", bool(loaded.packs), f"whole in {folder.name}: {', '.join(loaded.packs) or 'none'}"
        )


def _sqlite(_: Settings) -> Iterator[Finding]:
    report = sqlite_report()
    said = f"version {report.version}"
    if report.wal_reset_race:
        said += "; it has the WAL-reset race, which one connection, as Milepost holds, does not meet:"
        said += " let no other program (a replicator, a shell) open the file while Milepost runs"
    yield Finding("sqlite", ok=True, says=said)


def _database(settings: Settings) -> Iterator[Finding]:
    async def look() -> tuple[str | None, str]:
        engine = create_engine(settings.database_url, busy_timeout=settings.database_busy_seconds)
        try:
            revisions = await compare(engine)
            await try_to_write(engine)
            return revisions
        finally:
            await engine.dispose()

    if not settings.database_file.exists():
        yield Finding("database", ok=True, says=f"{settings.database_file} will be made at the first start")
        return
    try:
        found, newest = asyncio.run(look())
    except MilepostError as error:
        yield Finding("database", ok=False, says=str(error))
    else:
        state = "its schema is up to date" if found == newest else f"the next start brings it to {newest}"
        yield Finding("database", ok=True, says=f"{settings.database_url} can be written; {state}")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.database_file.parent
    free = shutil.disk_usage(folder if folder.is_dir() else Path()).free
    said = f"{free // 2**20:,} MiB free"
    yield Finding("disk", free >= LEAST_FREE, said if free >= LEAST_FREE else f"{said}: make room soon")


def _zones(_: Settings) -> Iterator[Finding]:
    found = len(available_timezones())
    yield Finding("zones", found > 400, f"{found} time zones known")
