"""How the command line prints."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.status import Status

from bot.border.redaction import redacted

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

console = Console(soft_wrap=True, highlight=False)


def say(text: str = "", *, whole: bool = False) -> None:
    """A line as it is, with no markup in it, and without secrets unless ``whole`` shows one on purpose."""
    console.print(text if whole else redacted(text), markup=False)


def working(what: str) -> Status:
    """A sign on standard error, where it is a terminal, that something long goes on."""
    return Console(stderr=True).status(what)


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where it is a terminal; tell it how much is done, and of how much."""
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def print_json(document: object, *, whole: bool = False) -> None:
    """One JSON document, on its own on standard output, its texts without secrets unless ``whole``."""
    if not whole:
        document = _discreet(json.loads(json.dumps(document, default=str)))
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, default=str))


def _discreet(document: object) -> object:
    match document:
        case dict():
            return {name: _discreet(value) for name, value in document.items()}
        case list():
            return [_discreet(value) for value in document]
        case str():
            return redacted(document)
    return document
