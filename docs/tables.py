"""The tables in the docs that are made from the code: ``python docs/tables.py [--check]``.

A page marks the place with ``<!-- made by docs/tables.py: NAME -->`` and ``<!-- end of NAME -->``;
what stands between is replaced. The schemas of content files are made along with them, since they have
what ``content.md`` says of each key. With ``--check`` nothing is written: the exit code is 1 when a page
is out of step, and each such page is named.
"""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import typer  # noqa: E402 - the root must be found first
from pydantic_settings import BaseSettings  # noqa: E402
from typer.core import TyperArgument, TyperCommand, TyperGroup  # noqa: E402

import adapters  # noqa: E402
from bot.chat import Command, CommandOption, Kind  # noqa: E402
from bot.chat.configuration import variables  # noqa: E402
from bot.handlers import all_routes  # noqa: E402
from content.formats import FORMATS  # noqa: E402
from content.formats.base import Aspect  # noqa: E402
from milepost.cli import app  # noqa: E402
from milepost.settings import ProgramSettings  # noqa: E402
from storage.impersonal import IMPERSONAL  # noqa: E402
from storage.personal import PERSONAL  # noqa: E402
from tools import schemas  # noqa: E402

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
MADE = re.compile(
    r"(<!-- made by docs/tables\.py: (?P<name>[a-z-]+) -->\n).*?(<!-- end of (?P=name) -->)", re.DOTALL
)

WHY = {
    "aiohttp": "Serves the playground's page and its stream of changes.",
    "aiolimiter": "Spreads requests to a chat platform evenly under its limit.",
    "aiosqlite": "Lets SQLite work beside the event loop instead of stopping it.",
    "alembic": "Brings an older database to the present schema, all or nothing.",
    "asyncpg": "Lets PostgreSQL work beside the event loop, where several processes serve.",
    "apscheduler": "Fires the timers that look for due posts and changed packs, and the daily upkeep.",
    "cryptography": "Encrypts the tokens of Slack workspaces in the database.",
    "defusedxml": "Reads Moodle's XML, and refuses entities: they can stand for gigabytes.",
    "discord.py": "Speaks Discord, in its adapter alone.",
    "filelock": "Lets one Milepost at a time serve a database file.",
    "font-lato": "The font of the progress picture, so that it is the same on every machine.",
    "google-re2": "Matches patterns of typed answers in linear time: no pack's pattern can stall it.",
    "jinja2": "Templates of the playground's page and of the progress picture.",
    "markdown-it-py": "Turns the Markdown of messages into HTML for the playground.",
    "nh3": "Takes scripts and all but a few tags out of the HTML of imported questions, in linear time.",
    "pydantic": "Holds content files against their types and says what does not fit.",
    "pydantic-settings": "Reads settings from the environment and from files.",
    "pygments": "Colours code in the playground.",
    "python-dateutil": "Knows the names of months; imported when an organiser types one.",
    "python-dotenv": "Reads a file of settings, filling nothing in.",
    "pyyaml": "Reads content files, with the line of every value.",
    "rapidfuzz": "Finds the name that was meant, and questions that ask nearly the same.",
    "regex": "Tells letters, joiners and signs that show nothing apart, by the newest Unicode.",
    "resvg-py": "Draws the progress picture as PNG for chats that show no SVG.",
    "rich": "Prints on the command line, and shows how far proofs and moves are.",
    "slack-bolt": "Speaks Slack, in its adapter alone.",
    "sqlalchemy": "Speaks SQL, in `storage/` alone.",
    "tenacity": "Tries a request again, with pauses that grow and are partly random.",
    "typer": "The command line.",
    "tzdata": "Time zones, the same on every machine.",
    "uvloop": "An event loop that serves more clicks with the same processor; not on Windows.",
}
"""Why each dependency of ``pyproject.toml`` is there; the two must name the same."""


class OutOfStepError(Exception):
    """A table cannot be made; the text says what to mend."""


def main(arguments: Sequence[str]) -> int:
    """Make every table anew, or with ``--check`` say which page has an old one."""
    if unknown := set(arguments) - {"--check"}:
        sys.stderr.write(f"{', '.join(sorted(unknown))}: the only option is --check.\n")
        return 2
    pages = {page: renewed(page.read_text("utf-8")) for page in PAGES}
    made = {**pages, **schemas.made()}
    old = [page for page, text in made.items() if not page.exists() or page.read_text("utf-8") != text]
    for page in old:
        name = page.relative_to(ROOT)
        if "--check" in arguments:
            sys.stderr.write(f"{name} is out of step with the code. Run: make docs\n")
        else:
            page.write_text(made[page], "utf-8")
            sys.stdout.write(f"{name} was made anew.\n")
    return 1 if old and "--check" in arguments else 0


def renewed(text: str) -> str:
    """The text of a page with all of its tables made anew. Raises OutOfStepError for an unknown table."""

    def table(match: re.Match[str]) -> str:
        try:
            lines = TABLES[match["name"]]()
        except KeyError:
            known = ", ".join(sorted(TABLES))
            raise OutOfStepError(f"There is no table {match['name']}; there are {known}.") from None
        return "\n".join((match[1], *lines, "", match[3]))

    return MADE.sub(table, text)


def _commands(*, organiser_only: bool) -> Iterator[str]:
    """The commands of those who may use them; options under each, as they are declared."""
    shown = [c for c in all_routes().commands.values() if not c.hidden]
    yield from _table(
        ("Command", "What it does", "Options"),
        (
            (
                _code(c.usage) + _bare(c),
                c.summary + _where(c),
                "<br>".join(map(_option, c.options)) or "none",
            )
            for c in shown
            if c.organiser_only is organiser_only
        ),
    )


def _where(command: Command) -> str:
    return " (where the chat has roles)" if command.needs_roles else ""


def _bare(command: Command) -> str:
    """A default subcommand serves its parent too."""
    return f" or {_code('/' + command.name.split()[0])}" if command.default else ""


def _option(option: CommandOption) -> str:
    choices = ", ".join(_code(choice.value) for choice in option.choices)
    notes = [
        *(["needed"] if option.required else []),
        *(["a member"] if option.kind is Kind.MEMBER else []),
        *([f"one of {choices}"] if choices else []),
        *(["suggested while you type"] if option.completes else []),
    ]
    return f"{_code(option.name)}: {option.summary}" + (f" ({'; '.join(notes)})" if notes else "")


def _settings(kind: type[BaseSettings]) -> Iterator[str]:
    """The settings of a kind, those that it declares itself before those that it inherits."""
    own = inspect.get_annotations(kind)
    yield from _table(
        ("Variable", "Default", "What it sets"),
        (
            (_code(variable), _default(kind, name), kind.model_fields[name].description or "")
            for variable, name in sorted(variables(kind).items(), key=lambda one: one[1] not in own)
        ),
    )


def _default(kind: type[BaseSettings], name: str) -> str:
    value = kind.model_fields[name].get_default()
    return "none" if value is None else _code(str(value)) if str(value) else "empty"


def _platform_settings() -> Iterator[str]:
    for name in adapters.names():
        yield from (f"**{name}**", "", *_settings(adapters.load(name).Settings), "")


def _command_line() -> Iterator[str]:
    """Every command of the command line, found by asking Typer for what it has made of the app."""
    yield from _table(
        ("Command", "What it does", "Arguments and options"),
        (
            (
                _code(" ".join(("milepost", *path))),
                " ".join((command.help or "").replace("``", "`").split()),
                "<br>".join(map(_parameter, command.params)) or "none",
            )
            for path, command in _leaves(typer.main.get_command(app), ())
        ),
    )


def _leaves(command: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from _leaves(child, (*path, name))
    elif isinstance(command, TyperCommand):
        yield path, command


def _parameter(parameter: object) -> str:
    if isinstance(parameter, TyperArgument):
        shown = str(parameter.name).upper()
    else:
        names = getattr(parameter, "opts", []) + getattr(parameter, "secondary_opts", [])
        shown = " / ".join(names)
    needed = " (needed)" if getattr(parameter, "required", False) else ""
    default = getattr(parameter, "default", None)
    given = f" (default {_code(str(default))})" if default and not isinstance(default, bool) else ""
    return f"{_code(shown)}: {getattr(parameter, 'help', '')}{needed}{given}"


def _personal_data() -> Iterator[str]:
    yield from _table(
        ("What", "Where", "Why", "How long", "When you are forgotten"),
        (
            (each.about, _code(each.table.name), each.purpose, each.kept, each.forgotten)
            for each in reversed(PERSONAL)
        ),
    )


def _impersonal_data() -> Iterator[str]:
    yield from _table(("Table", "What"), ((_code(name), about) for name, (about, _) in IMPERSONAL.items()))


def _dependencies() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.split(r"[^a-z0-9.-]", dependency)[0] for dependency in project["dependencies"]]
    if wrong := set(names) ^ WHY.keys():
        raise OutOfStepError(f"WHY in docs/tables.py does not fit pyproject.toml: {sorted(wrong)}.")
    yield from _table(("Dependency", "Why it is there"), ((_code(name), WHY[name]) for name in names))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        cells = " | ".join(cell.replace("|", r"\|") for cell in row)
        yield f"| {cells} |"


def _code(text: str) -> str:
    return f"`{text}`"


def _formats() -> Iterator[str]:
    """Return the table of what each format carries of a question, as its module says."""
    yield from _table(
        ("", *(each.title for each in FORMATS)),
        ((str(part), *("yes" if part in each.carries else "no" for each in FORMATS)) for part in Aspect),
    )


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "commands": lambda: _commands(organiser_only=False),
    "organiser-commands": lambda: _commands(organiser_only=True),
    "settings": lambda: _settings(ProgramSettings),
    "platform-settings": _platform_settings,
    "command-line": _command_line,
    "dependencies": _dependencies,
    "personal-data": _personal_data,
    "impersonal-data": _impersonal_data,
    "formats": _formats,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
