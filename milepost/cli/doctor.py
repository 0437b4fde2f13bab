"""``milepost doctor``: what is wrong, and what to do."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import typer

import adapters
from bot.chat.clock import SystemClock
from bot.chat.platform import Examines
from bot.domain.refs import ChannelRef
from bot.errors import MilepostError
from bot.handlers import all_routes
from bot.services.platform_state import DatabaseState
from bot.toolkit.checks import Check
from bot.toolkit.redaction import redacted
from content.loader import load_packs, shipped_packs_folder
from milepost.cli.doctor_files import examine_addresses, examine_files
from milepost.cli.doctor_server import examine_server
from milepost.cli.engine import engine_of
from milepost.cli.output import AsJson, print_json, say
from milepost.cli.run import core_settings, platform_names
from milepost.settings import ProgramSettings
from storage import SqlDatabase, sqlite_report
from storage.backup import require_whole
from storage.durability import Durability, durability
from storage.engine import place
from storage.schema import compare, try_to_write

LEAST_FREE = 200 * 2**20
"""Bytes of disk below which an operator should act."""


def doctor(json: AsJson = False) -> None:
    """Look at settings, platforms, packs and database, and say how to fix what is wrong."""
    findings = [replace(found, says=redacted(found.says)) for found in _examine()]
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            for line in finding.says.split("\n"):
                say(f"{'ok  ' if finding.ok else 'FAIL'} {finding.check}: {line}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _examine() -> Iterator[Check]:
    yield Check("python", sys.version_info >= (3, 11), sys.version.split()[0])
    try:
        settings = core_settings()
    except MilepostError as error:
        yield Check("settings", ok=False, says=str(error))
        return
    yield Check("settings", ok=True, says="understood")
    checks: tuple[Callable[[ProgramSettings], Iterator[Check]], ...] = (
        examine_addresses,
        examine_files,
        _platforms,
        _packs,
        _engine,
        _database,
        _disk,
        _zones,
        _connections,
    )
    for check in checks:
        yield from check(settings)


def _platforms(settings: ProgramSettings) -> Iterator[Check]:
    for name, error in adapters.broken():
        yield Check(f"platform {name}", ok=False, says=str(error))
    try:
        names = platform_names(settings)
    except MilepostError as error:
        yield Check("platforms", ok=False, says=str(error))
    else:
        yield Check("platforms", ok=True, says=", ".join(names))


def _packs(settings: ProgramSettings) -> Iterator[Check]:
    for folder in (shipped_packs_folder(), settings.packs_folder):
        if folder is None:
            continue
        loaded = load_packs(folder)
        for problem in loaded.problems:
            yield Check("packs", ok=False, says=str(problem))
        yield Check("packs", bool(loaded.packs), f"{folder.name}: {', '.join(loaded.packs) or 'none'}")


def _engine(settings: ProgramSettings) -> Iterator[Check]:
    if settings.database_file is None:
        yield from examine_server(settings)
        return
    report = sqlite_report()
    said = f"version {report.version}"
    if report.wal_reset_race:
        said += (
            "; it has the WAL-reset race, which a single connection, such as Milepost's, never triggers:"
        )
        said += " keep other programs (a replicator, a shell) away from the file while Milepost runs"
    yield Check("sqlite", ok=True, says=said)


def _database(settings: ProgramSettings) -> Iterator[Check]:
    async def look() -> tuple[str, Durability, str | None, str]:
        engine = engine_of(settings, patient=False)
        try:
            revisions = await compare(engine)
            await try_to_write(engine)
            return place(engine), await durability(engine), *revisions
        finally:
            await engine.dispose()

    file = settings.database_file
    if file and not file.exists():
        try:
            require_whole(file)
        except MilepostError as error:
            yield Check("database", ok=False, says=str(error))
            return
        yield Check("database", ok=True, says=f"{file} will be created at the first start")
        return
    try:
        where, kept, found, newest = asyncio.run(look())
    except MilepostError as error:
        yield Check("database", ok=False, says=str(error))
    else:
        state = (
            "its schema is up to date"
            if found == newest
            else f"the next start upgrades its schema to {newest}"
        )
        yield Check("database", ok=True, says=f"{where} can be written; {state}")
        yield Check("durability", kept.kept, kept.says)


def _disk(settings: ProgramSettings) -> Iterator[Check]:
    folder = settings.database_file.parent if settings.database_file else Path()
    free = shutil.disk_usage(folder if folder.is_dir() else Path()).free
    said = f"{free // 2**20:,} MiB free"
    yield Check(
        "disk", free >= LEAST_FREE, said if free >= LEAST_FREE else f"{said}: free up some space soon"
    )


def _zones(_: ProgramSettings) -> Iterator[Check]:
    found = len(available_timezones())
    yield Check("zones", found > 400, f"{found} time zones known")


def _connections(settings: ProgramSettings) -> Iterator[Check]:
    """Yield each platform's checks of itself: its token, its permissions in the groups' channels."""
    try:
        platforms = [adapters.load(name) for name in platform_names(settings)]
    except MilepostError:
        return  # said already
    curious = [platform for platform in platforms if isinstance(platform, Examines)]
    if curious:
        yield from asyncio.run(_examine_all(settings, curious))


async def _examine_all(settings: ProgramSettings, platforms: Sequence[Any]) -> list[Check]:
    commands = tuple(all_routes().commands.values())
    async with _readable(settings) as engine:
        channels = await _channels(engine)
        open_state = None if engine is None else partial(DatabaseState, SqlDatabase(engine), SystemClock())
        return [
            check
            for platform in platforms
            async for check in platform.examine(
                platform.Settings(),
                commands,
                [channel for channel in channels if channel.platform == platform.PLATFORM],
                open_state,
            )
        ]


async def _channels(engine: Any) -> tuple[ChannelRef, ...]:
    """Return the channels of groups; none while there is no database."""
    if engine is None:
        return ()
    try:
        groups = await SqlDatabase(engine).read(lambda unit: unit.groups.all())
    except MilepostError:
        return ()  # said already
    return tuple(group.channel for group in groups)


@asynccontextmanager
async def _readable(settings: ProgramSettings) -> AsyncIterator[Any]:
    """Return the database; None while there is none, or an older one, which only a start brings up."""
    if settings.database_file and not settings.database_file.exists():
        yield None
        return
    engine = engine_of(settings, patient=False)
    try:
        try:
            found, newest = await compare(engine)
        except MilepostError:
            found, newest = None, ""  # said already
        yield engine if found == newest else None
    finally:
        await engine.dispose()
