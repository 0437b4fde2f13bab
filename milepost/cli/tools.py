"""``milepost schedule preview`` and ``milepost streak replay``: the pure rules, to look at."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.chat.clock import SystemClock
from bot.domain.calendar import WallSchedule, occurrences
from bot.domain.parsing import parse_date, parse_days, parse_time, parse_zone
from bot.domain.streaks import replay
from bot.domain.streaks.replay_file import ReplayFileError, parse_replay, replay_to_json
from bot.errors import SetupError
from milepost.cli.output import AsJson, print_json, say

schedule_app = typer.Typer(help="When posts come.", no_args_is_help=True)
streak_app = typer.Typer(help="How streaks count.", no_args_is_help=True)

MOST = 10_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


@schedule_app.callback()
def _schedule() -> None:
    """Look at schedules: when posts come."""


@streak_app.callback()
def _streak() -> None:
    """Look at streaks: how they count."""


@schedule_app.command()
def preview(
    zone: Annotated[str, typer.Option(help="Time zone, such as Europe/Berlin.")],
    at: Annotated[str, typer.Option(help="Time of day, such as 09:00 or 6:30 pm.")],
    start: Annotated[str, typer.Option("--from", help="First local date, such as 2026-03-28 or tomorrow.")],
    count: Annotated[int, typer.Option(help="How many to list.", min=1, max=MOST)] = 10,
    days: Annotated[str, typer.Option(help="Days, such as mon,tue or mon-fri.")] = "daily",
    json: AsJson = False,
) -> None:
    """List the coming posts of a schedule: local date and instant.

    A time in a gap fires at the first moment after it, a repeated time at its first; a local date that
    does not exist is left out.
    """
    try:
        rule = WallSchedule(parse_time(at), parse_days(days), parse_zone(zone))
        first = _date(start, SystemClock().now().astimezone(ZoneInfo(rule.zone)).date())
    except ValueError as error:
        raise SetupError(str(error)) from None
    found = list(islice(occurrences(rule, first), count))
    if json:
        print_json([{"local_date": o.local_date.isoformat(), "utc": _utc(o.utc)} for o in found])
        return
    for occurrence in found:
        say(f"{occurrence.local_date:%a %Y-%m-%d}  {_utc(occurrence.utc)}")


@streak_app.command("replay")
def replay_file(
    file: Annotated[Path, typer.Argument(help="The facts, as docs/streaks.md describes them.")],
    json: AsJson = False,
) -> None:
    """Print the streak that the facts in a file lead to, day by day."""
    try:
        events, settings, until = parse_replay(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupError(
            f"{file} cannot be read: {error.strerror}. Check its name and permissions."
        ) from None
    except UnicodeDecodeError:
        raise SetupError(f"{file} isn't text in UTF-8. Save it as UTF-8.") from None
    except ReplayFileError as error:
        raise SetupError(f"{file}: {error}") from None
    replayed = replay(events, settings, until)
    if json:
        print_json(replay_to_json(replayed))
        return
    for day in replayed.days:
        status = day.verdict.status
        say(f"{day.local_date:%a %Y-%m-%d}  {status:<8} streak {day.streak_after:>4}  {day.note}")
    say(f"Streak {replayed.current}, best {replayed.best}, freezes {replayed.freezes}.")


def _date(given: str, today: dt.date) -> dt.date:
    """Return a date in the years that every zone's clock can be reckoned in.

    Raises BadDates or SetupError.
    """
    date = parse_date(given, today)
    if not _FIRST_YEAR <= date.year <= _LAST_YEAR:
        raise SetupError(f"Give a date in the years {_FIRST_YEAR} to {_LAST_YEAR}.")
    return date


def _utc(instant: dt.datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
