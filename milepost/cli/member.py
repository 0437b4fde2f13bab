"""``milepost member``: what is kept of one person, and forgetting them."""

from __future__ import annotations

import asyncio
import json as json_text
from collections.abc import Sequence
from typing import Annotated, TypeVar

import typer

from bot.chat.clock import SystemClock
from bot.domain.personal import Kept
from bot.domain.refs import UserRef
from bot.errors import SetupError
from bot.ports import UseCase
from bot.services.forgetting import forget as forget_person
from bot.views.common import count
from bot.views.privacy import as_json
from milepost.bootstrap import open_chosen
from milepost.cli.engine import no_database
from milepost.cli.output import AsJson, print_json, say
from milepost.cli.run import alone, core_settings
from milepost.settings import ProgramSettings

T = TypeVar("T")

EVERYTHING = 10_000_000
"""Rows of one kind, at most: more than anybody makes."""

Account = Annotated[
    str, typer.Argument(help="The account, as PLATFORM:WORKSPACE:ID; docs/privacy.md has examples.")
]

app = typer.Typer(help="What is kept of one person.", no_args_is_help=True)


@app.command()
def export(account: Account) -> None:
    """Print everything that is kept of a person, as JSON."""
    user, settings = _read(account), core_settings()
    _must_have_database(settings)
    with alone(settings):
        found: Sequence[Kept] = asyncio.run(
            _run(settings, lambda unit: unit.persons.kept_of(user, EVERYTHING))
        )
    if not found:
        raise SetupError(_unknown(account))
    print_json(json_text.loads(as_json(found, SystemClock().now())), whole=True)


@app.command()
def forget(
    account: Account,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    json: AsJson = False,
) -> None:
    """Delete everything that is kept of a person. Their answers stay as counts without a name."""
    user, settings = _read(account), core_settings()
    _must_have_database(settings)
    with alone(settings):
        found: Sequence[Kept] = asyncio.run(
            _run(settings, lambda unit: unit.persons.kept_of(user, EVERYTHING))
        )
        if not found:
            raise SetupError(_unknown(account))
        rows = {each.name: len(each.rows) for each in found}
        if not yes:
            for each in found:
                say(f"{each.about}: {count(len(each.rows), 'row')}")
            typer.confirm("Forget this person? This can't be undone", abort=True)
        now = SystemClock().now()
        asyncio.run(_run(settings, lambda unit: forget_person(unit, user, now)))
    if json:
        print_json({"account": account, "forgotten": rows})
        return
    say("Forgotten. Roles and files on the platform follow when milepost run next runs.")
    say("Backups still hold what they held: see docs/privacy.md.")


def _read(account: str) -> UserRef:
    parts = account.strip().split(":")
    if len(parts) != 3 or not all(parts):
        raise SetupError(
            f"“{account}” isn't an account. Write PLATFORM:WORKSPACE:ID; docs/privacy.md has examples."
        )
    return UserRef(*parts)


def _unknown(account: str) -> str:
    return f"Nothing is known about {account}."


def _must_have_database(settings: ProgramSettings) -> None:
    if settings.database_file and not settings.database_file.exists():
        raise SetupError(no_database(settings.database_file))


async def _run(settings: ProgramSettings, use_case: UseCase[T]) -> T:
    database = await open_chosen(settings)
    try:
        return await database.run(use_case)
    finally:
        await database.close()
