"""``milepost db``: the schema, and the comparison of the caches with the facts."""

from __future__ import annotations

import asyncio
from typing import Any

import typer

from bot.chat.clock import SystemClock
from bot.errors import SetupError
from bot.ports import UnitOfWork
from bot.services.streaks import readable, state_from_facts, streak_rules
from bot.views.common import count
from milepost.bootstrap import prepare_file
from milepost.cli.copies import backup, restore
from milepost.cli.engine import engine_of, no_database
from milepost.cli.move import move
from milepost.cli.output import AsJson, print_json, say, working
from milepost.cli.run import alone, core_settings
from milepost.settings import ProgramSettings
from storage import SqlDatabase, verify
from storage.engine import place
from storage.schema import compare
from storage.schema import upgrade as upgrade_schema
from storage.shape import shown

app = typer.Typer(help="The database.", no_args_is_help=True)
app.command()(backup)
app.command()(restore)
app.command()(move)


@app.command()
def upgrade(json: AsJson = False) -> None:
    """Bring the database to this version's schema; ``milepost run`` does the same at its start."""
    settings = core_settings()
    with alone(settings), working("Bringing the schema up to date"):
        before, now = asyncio.run(_upgrade(settings))
    if json:
        print_json({"from": before, "to": now})
    elif before == now:
        say(f"The schema is up to date ({now}).")
    else:
        say(f"The schema was upgraded from {before or 'nothing'} to {now}.")


@app.command("verify")
def verify_all(json: AsJson = False) -> None:
    """Check integrity and references, and compare every cache with a recount of the facts."""
    settings = core_settings()
    if settings.database_file and not settings.database_file.exists():
        raise SetupError(no_database(settings.database_file))
    with alone(settings), working("Comparing the caches with the facts"):
        findings = asyncio.run(_verify(settings))
    if json:
        print_json({"findings": list(findings)})
    else:
        for finding in findings:
            say(finding)
        say(count(len(findings), "finding") + "." if findings else "Everything agrees with the facts.")
    if findings:
        raise typer.Exit(1)


async def _upgrade(settings: ProgramSettings) -> tuple[str | None, str]:
    prepare_file(settings)
    engine = engine_of(settings)
    try:
        return await upgrade_schema(engine)
    finally:
        await engine.dispose()


async def must_be_of_this_version(engine: Any) -> None:
    """Raises DatabaseNewer, or SetupError for an older one: other processes may still serve that."""
    found, newest = await compare(engine)
    if found != newest:
        raise SetupError(
            f"The database {place(engine)} has an older schema ({shown(found or 'none')}, not {newest}): "
            "run milepost db upgrade first."
        )


async def _verify(settings: ProgramSettings) -> tuple[str, ...]:
    now = SystemClock().now()

    async def streak_of(member_id: int, unit: UnitOfWork) -> str:
        member = await unit.members.get(member_id)
        stored = await unit.learning.streak_state(member_id)
        if stored is not None and readable(stored, streak_rules(settings.rollover)) is None:
            return stored  # nobody reads it any more: it is made anew when the member acts
        return (await state_from_facts(unit, member, settings, now)).to_json()

    engine = engine_of(settings)
    database = SqlDatabase(engine)
    try:
        await must_be_of_this_version(engine)
        return await verify(database, streak_of)
    finally:
        await database.close()
