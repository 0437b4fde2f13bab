"""Output of the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.status import Status

from bot.toolkit.redaction import redacted
from bot.toolkit.terminal import plain, plain_json, plain_line

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def screen(*, aside: bool = False) -> Console:
    """Return a console that prints text as it is: no markup, emoji code or number means anything."""
    return Console(stderr=aside, soft_wrap=True, markup=False, emoji=False, highlight=False)


console = screen()


def say(text: str = "", *, whole: bool = False) -> None:
    """Print a line, whatever is named in it, and without secrets unless ``whole`` shows one on purpose."""
    console.print(plain_line(text if whole else redacted(text)))


def say_aside(text: str) -> None:
    """Print lines on standard error, without secrets."""
    screen(aside=True).print(plain(redacted(text)))


def working(what: str) -> Status:
    """Return a sign on standard error, where it is a terminal, that something long goes on."""
    return screen(aside=True).status(what)


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error, where it is a terminal; tell it how much is done, and of how much."""
    aside = screen(aside=True)
    with Progress(console=aside, transient=True, disable=not aside.is_terminal) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def print_json(document: object, *, whole: bool = False) -> None:
    """Print one JSON document, alone on standard output, its texts without secrets unless ``whole``."""
    if not whole:
        document = _discreet(json.loads(json.dumps(document, default=str)))
    typer.echo(plain_json(json.dumps(document, indent=2, ensure_ascii=False, default=str)))


def _discreet(document: object) -> object:
    match document:
        case dict():
            return {name: _discreet(value) for name, value in document.items()}
        case list():
            return [_discreet(value) for value in document]
        case str():
            return redacted(document)
    return document
