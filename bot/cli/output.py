"""How the command line prints."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

console = Console(soft_wrap=True, highlight=False)


def say(text: str = "") -> None:
    """A line as it is, with no markup in it."""
    console.print(text, markup=False)


def working(what: str) -> Status:
    """A sign on standard error, where it is a terminal, that something long goes on."""
    return Console(stderr=True).status(what)


def print_json(document: object) -> None:
    """One JSON document, on its own on standard output."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, default=str))
