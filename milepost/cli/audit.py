"""``milepost audit``: who has done what, for operators."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from functools import partial
from typing import Annotated

import typer

from bot.chat.clock import SystemClock
from bot.domain.audit import AuditEntry, UnreadableEntry
from bot.domain.dates import BadDates
from bot.domain.parsing import parse_past_date
from bot.errors import SetupError
from bot.ports import UnitOfWork
from bot.toolkit.text import echoed
from bot.views.log import sentence_of, unreadable
from milepost.cli.database import must_be_of_this_version
from milepost.cli.engine import engine_of, no_database
from milepost.cli.output import AsJson, print_json, say
from milepost.cli.run import core_settings
from milepost.settings import ProgramSettings
from storage import SqlDatabase

PAGE = 500
MOST_GROUPS = 2**63 - 1
"""The greatest number that a database gives."""

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def audit(
    group: Annotated[int | None, typer.Option(help="Only this group, by its number.")] = None,
    since: Annotated[str, typer.Option(help="From this date on (UTC), such as 2026-03-01.")] = "",
    json: AsJson = False,
) -> None:
    """List what organisers did, and Milepost in their place, oldest first; Milepost may run meanwhile."""
    settings = core_settings()
    if settings.database_file and not settings.database_file.exists():
        raise SetupError(no_database(settings.database_file))
    if group is not None and not 0 < group <= MOST_GROUPS:
        raise SetupError(f"There is no group {echoed(str(group))}.")
    entries = asyncio.run(_read(settings, group, _instant(since)))
    if json:
        print_json([_as_json(entry) for entry in entries])
        return
    for entry in entries:
        if isinstance(entry, UnreadableEntry):
            say(unreadable(entry))
            continue
        at = f"{entry.at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%SZ}"
        place = f"{entry.platform}/{entry.workspace}"
        where = f"{place} group {entry.group_id}" if entry.group_id else place
        say(f"{at}  {where}  {sentence_of(entry)}")
    if not entries:
        say("Nothing was done.")


async def _read(
    settings: ProgramSettings, group: int | None, since: dt.datetime
) -> list[AuditEntry | UnreadableEntry]:
    engine = engine_of(settings)
    database = SqlDatabase(engine)
    found: list[AuditEntry | UnreadableEntry] = []
    try:
        await must_be_of_this_version(engine)
        while True:
            above = found[-1].id if found else 0
            page = await database.read(partial(_page, since, above, group))
            found += page
            if len(page) < PAGE:
                return found
    finally:
        await database.close()


async def _page(
    since: dt.datetime, above: int, group: int | None, unit: UnitOfWork
) -> tuple[AuditEntry | UnreadableEntry, ...]:
    return await unit.audit.since(since, above, PAGE, group)


def _instant(since: str) -> dt.datetime:
    """Return the beginning of a date in UTC. Raises SetupError."""
    if not since:
        return EPOCH
    try:
        date = parse_past_date(since, SystemClock().now().date())
    except BadDates as error:
        raise SetupError(str(error)) from None
    return dt.datetime.combine(date, dt.time(), dt.UTC)


def _as_json(entry: AuditEntry | UnreadableEntry) -> dict[str, object]:
    if isinstance(entry, UnreadableEntry):
        return {"id": entry.id, "unreadable": unreadable(entry)}
    return {**dataclasses.asdict(entry), "at": entry.at.astimezone(dt.UTC).isoformat()}
