"""The generated part of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure, Machine

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN = "<!-- made by python -m bench --write: begin -->"
END = "<!-- made by python -m bench --write: end -->"


def write(machine: Machine, figures: Sequence[Figure]) -> None:
    """Replace what stands between the markers. Raises ValueError when the page has none."""
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE} lacks the markers between which the figures belong")
    PAGE.write_text(f"{before}{BEGIN}\n\n{_table(machine, figures)}\n{END}{after}", encoding="utf-8")


def _table(machine: Machine, figures: Sequence[Figure]) -> str:
    rows = [
        f"| `{figure.name}` | {figure.what} | {figure.shown} | {figure.goal} | {figure.against} |"
        for figure in figures
    ]
    head = ["| Name | Figure | Measured | Goal | Against |", "|---|---|--:|---|---|"]
    return "\n".join([f"Measured on {machine}.", "", *head, *rows, ""])
