"""The generated part of docs/benchmarks.md, and the plots of its figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure, Machine
from bench.plots import Plot, plots

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
PICTURES = PAGE.parent / "pictures"
BEGIN = "<!-- made by python -m bench --write: begin -->"
END = "<!-- made by python -m bench --write: end -->"
_HEAD = ("| Name | Figure | Measured | Goal | Against |", "|---|---|--:|---|---|")
_ROW = re.compile(r"\| `(\w+)\.")
_RUN = re.compile(r"- (`.*`): (.*)\.\Z")

Part = tuple[str, list[str]]
"""The machine that a part was measured on, and its rows."""


def write(machine: Machine, figures: Sequence[Figure], names: Sequence[str]) -> None:
    """Replace the parts that were measured and leave the others; ``names`` orders them.

    Plots are drawn from what then stands on the page, so that measuring one part loses no other's plot.
    Raises ValueError when the page lacks the markers.
    """
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    inner, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE} lacks the markers between which the figures belong")
    parts = _read(inner) | _made(machine, figures)
    ordered = {name: parts[name] for name in names if name in parts}
    drawn = plots(_values(ordered))
    page = f"{before}{BEGIN}\n\n{_shown(ordered, drawn)}\n{END}{after}"
    PAGE.write_text(page, encoding="utf-8")
    for plot in drawn:
        (PICTURES / plot.file).write_text(plot.svg, encoding="utf-8")


def _values(parts: dict[str, Part]) -> dict[str, float]:
    """The figures as they are shown, by name."""
    rows = (row.split(" | ") for _, found in parts.values() for row in found)
    return {name.strip("| `"): float(shown.split()[0].replace(",", "")) for name, _, shown, *_ in rows}


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


def _shown(parts: dict[str, Part], drawn: Sequence[Plot]) -> str:
    machines = dict.fromkeys(machine for machine, _ in parts.values())
    runs = [
        f"- {', '.join(f'`{name}`' for name, part in parts.items() if part[0] == machine)}: {machine}."
        for machine in machines
    ]
    rows = [row for _, found in parts.values() for row in found]
    pictures = [line for plot in drawn for line in (f"![{plot.alt}](pictures/{plot.file})", "")]
    return "\n".join([*pictures, "Measured on:", "", *runs, "", *_HEAD, *rows, ""])
