"""The command line. Each command is described under ``--help``."""

from __future__ import annotations

import sys

import typer

import adapters
from bot.chat.platform import Extends
from bot.errors import MilepostError
from bot.handlers import all_routes
from milepost.cli import audit, authoring, content, database, doctor, member, preview, run, schema, tools
from milepost.cli.environment import hide_environment
from milepost.cli.output import say_aside
from milepost.logs import redact_faults, redact_records, redacted_traceback
from milepost.settings import withhold_environment

app = typer.Typer(
    name="milepost",
    help="A study-group bot that guides a group along a roadmap, in the chat it already uses.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("run")(run.run)
app.command("demo")(run.demo)
app.command("doctor")(doctor.doctor)
app.command("audit")(audit.audit)
content.app.add_typer(authoring.app, name="new")
content.app.command("schema")(schema.schema)
content.app.command("preview")(preview.preview)
app.add_typer(content.app, name="content")
app.add_typer(database.app, name="db")
app.add_typer(member.app, name="member")
app.add_typer(tools.schedule_app, name="schedule")
app.add_typer(tools.streak_app, name="streak")
for platform in adapters.usable():
    if isinstance(platform, Extends):
        platform.extend(app, tuple(all_routes().commands.values()))


def main() -> None:
    """Run a command. A problem that we know is told in plain words, with exit code 2; no secret is told."""
    if sys.argv[1:2] == ["content"]:
        hide_environment()
    withhold_environment()
    redact_faults()
    redact_records()
    try:
        app()
    except MilepostError as error:
        say_aside(str(error))
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - Typer would write it down as it is
        sys.stderr.write(redacted_traceback(error))
        sys.exit(1)
