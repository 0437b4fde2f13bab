"""``milepost content schema``: the JSON Schemas of a pack's files, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.errors import SetupError
from content.checks.files import PACK
from content.schema import KINDS, schema_text
from milepost.cli.output import say
from milepost.cli.writing import write_files


def schema(
    folder: Annotated[Path | None, typer.Argument(help="Where to write them.")] = None,
    shown: Annotated[str, typer.Option("--print", help=f"Print one: {', '.join(KINDS)}.")] = "",
) -> None:
    """Write the JSON Schemas of a pack's files, with which an editor completes keys and explains them."""
    if shown:
        typer.echo(_text(shown), nl=False)
    elif folder is None:
        raise SetupError(f"Name a folder to write them into, or --print one of {', '.join(KINDS)}.")
    else:
        _write(folder)
        within = (folder.resolve().parent / PACK).is_file()
        say(f"{len(KINDS)} schemas are in {folder}. The first line of a file names its schema.")
        say("In the pack that the folder is in:" if within else "In a pack next to that folder:")
        for kind, file in KINDS.items():
            say(f"  {file}")
            say(f"    {first_line(kind, folder, within=within)}")


def first_line(kind: str, folder: Path, *, within: bool) -> str:
    """Return the line that names a schema in ``folder`` to an editor, in a file of a pack.

    The pack is beside the folder, or the folder is ``within`` the pack.
    """
    up = KINDS[kind].count("/") + (not within)
    return f"# yaml-language-server: $schema={'../' * up}{folder.resolve().name}/{kind}.json"


def _text(kind: str) -> str:
    if kind not in KINDS:
        raise SetupError(f"There is no schema {kind}. Choose from {', '.join(KINDS)}.")
    return schema_text(kind)


def _write(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"{folder} can't be written in: {error.strerror}. Choose another folder."
        ) from None
    write_files({folder / f"{kind}.json": schema_text(kind).encode() for kind in KINDS})
