"""``python -m bench``: measure, print, and on request write docs/benchmarks.md."""

from __future__ import annotations

import importlib
import json
import logging
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench import report
from bench.figure import Figure, Machine, this_machine
from bench.steps import Steps

log = logging.getLogger(__name__)

NAMES = (
    "content",
    "picture",
    "start",
    "tick",
    "memory",
    "answers",
    "reads",
    "flood",
    "store",
    "scale",
    "wake",
    "discord",
    "slack",
)
LONG = ("store", "scale", "wake", "discord", "slack")
"""Parts that ``--quick`` shortens."""


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(NAMES)}; all if none.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Put the figures into docs/benchmarks.md.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do less of what takes minutes; not to be written.")
    ] = False,
) -> None:
    """Measure Milepost on this machine."""
    chosen = names or list(NAMES)
    if unknown := [name for name in chosen if name not in NAMES]:
        raise typer.BadParameter(
            f"no figures are called {', '.join(unknown)}; there are {', '.join(NAMES)}"
        )
    if write and quick:
        raise typer.BadParameter("--write is for the whole measurement: leave --quick out")
    logging.basicConfig(level=logging.ERROR)
    steps, machine = Steps(), this_machine()
    figures: list[Figure] = []
    missing: list[str] = []
    for name in chosen:
        try:
            with steps.step(name):
                shortened = {"quick": quick} if name in LONG else {}
                figures += importlib.import_module(f"bench.{name}").measure(steps, **shortened)
        except Exception:
            # The other figures are still worth having.
            log.exception("%s could not be measured", name)
            missing.append(name)
    if as_json:
        whole = {"machine": asdict(machine), "figures": [asdict(figure) for figure in figures]}
        print(json.dumps(whole, indent=2, ensure_ascii=False))
    else:
        _print(machine, figures)
    if write:
        report.write(machine, figures, NAMES)
    if missing:
        raise typer.Exit(1)


def _print(machine: Machine, figures: list[Figure]) -> None:
    table = Table(title=str(machine), title_justify="left", title_style="")
    for column in ("Figure", "Measured", "Goal", "Against"):
        table.add_column(column, justify="right" if column == "Measured" else "left")
    for figure in figures:
        table.add_row(figure.what, figure.shown, figure.goal, figure.against)
    Console().print(table)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None, add_completion=False)
    app.command()(main)
    app()
