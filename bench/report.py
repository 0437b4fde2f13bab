"""The generated part of docs/benchmarks.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure, Machine

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN = "<!-- made by python -m bench --write: begin -->"
END = "<!-- made by python -m bench --write: end -->"
_HEAD = ("| Name | Figure | Measured | Goal | Against |", "|---|---|--:|---|---|")
_ROW = re.compile(r"\| `(\w+)\.")
_RUN = re.compile(r"- (`.*`): (.*)\.\Z")

Part = tuple[str, list[str]]
"""The machine that a part was measured on, and its rows."""


def write(machine: Machine, figures: Sequence[Figure], names: Sequence[str]) -> None:
    """Replace the parts that were measured and leave the others; ``names`` orders them.

    Raises ValueError when the page lacks the markers.
    """
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    inner, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE} lacks the markers between which the figures belong")
    parts = _read(inner) | _made(machine, figures)
    ordered = {name: parts[name] for name in names if name in parts}
    PAGE.write_text(f"{before}{BEGIN}\n\n{_shown(ordered)}\n{END}{after}", encoding="utf-8")


def _read(inner: str) -> dict[str, Part]:
    """The parts that stand on the page."""
    parts: dict[str, Part] = {}
    for line in inner.splitlines():
        if run := _RUN.match(line):
            parts |= {name.strip("` "): (run[2], []) for name in run[1].split(",")}
        elif row := _ROW.match(line):
            parts[row[1]][1].append(line)
    return parts


def _made(machine: Machine, figures: Sequence[Figure]) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for figure in figures:
        cells = f"`{figure.name}` | {figure.what} | {figure.shown} | {figure.goal} | {figure.against}"
        parts.setdefault(figure.name.partition(".")[0], (str(machine), []))[1].append(f"| {cells} |")
    return parts


def _shown(parts: dict[str, Part]) -> str:
    machines = dict.fromkeys(machine for machine, _ in parts.values())
    runs = [
        f"- {', '.join(f'`{name}`' for name, part in parts.items() if part[0] == machine)}: {machine}."
        for machine in machines
    ]
    rows = [row for _, found in parts.values() for row in found]
    return "\n".join(["Measured on:", "", *runs, "", *_HEAD, *rows, ""])
