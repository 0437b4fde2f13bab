"""Lines over a logarithmic axis as an SVG, on a card of its own: readable on light and on dark pages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

WIDTH, HEIGHT = 900, 352
LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT = 64, 80, 218, 214
PANEL = WIDTH // 2
LINE_HEIGHT = 16
"""Pixels that a label needs for itself."""


@dataclass(frozen=True, slots=True)
class Line:
    """A named line through points (x, y).

    ``style`` is ``plain``, ``slow`` or ``goal``, and empty for the main lines.
    """

    name: str
    colour: str
    points: tuple[tuple[float, float], ...]
    style: str = ""
    square: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines over one pair of axes. ``columns`` are the marks of the logarithmic x axis with their labels.

    The y axis is logarithmic where ``logarithmic``, and begins at 0 elsewhere.
    """

    title: str
    unit: str
    along: str
    columns: Mapping[int, str]
    lines: tuple[Line, ...]
    logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis, in pixels."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    name: str
    colour: str
    style: str
    square: bool
    dots: tuple[tuple[float, float], ...]
    path: str
    end: float
    label_y: float


def drawn(title: str, panels: Sequence[Panel]) -> str:
    """Return the SVG of two panels, of those lines that have a point. Equal figures give equal text."""
    shown = [_panel(panel, place) for place, panel in enumerate(panels)]
    return _template().render(title=title, width=WIDTH, height=HEIGHT, panels=shown) + "\n"


def _panel(panel: Panel, place: int) -> dict[str, object]:
    lines = [line for line in panel.lines if line.points]
    ticks = _ticks([y for line in lines for _, y in line.points], logarithmic=panel.logarithmic)
    across = [_log(x) for x in panel.columns]

    def x_of(value: float) -> float:
        return round((_log(value) - across[0]) / (across[-1] - across[0]) * PLOT_WIDTH, 1)

    def y_of(value: float) -> float:
        low, high, at = ticks[0], ticks[-1], value
        if panel.logarithmic:
            low, high, at = _log(low), _log(high), _log(value)
        return round((high - at) / (high - low) * PLOT_HEIGHT, 1)

    return {
        "title": panel.title,
        "unit": panel.unit,
        "along": panel.along,
        "left": place * PANEL + LEFT,
        "top": TOP,
        "margin": LEFT - 20,
        "width": PLOT_WIDTH,
        "height": PLOT_HEIGHT,
        "rows": [Tick(y_of(tick), _short(tick)) for tick in ticks],
        "columns": [Tick(x_of(x), label) for x, label in panel.columns.items()],
        "lines": _apart(_line(line, [(x_of(x), y_of(y)) for x, y in line.points]) for line in lines),
    }


def _line(line: Line, dots: Sequence[tuple[float, float]]) -> _Drawn:
    path = " ".join(f"{x},{y}" for x, y in dots)
    marks = () if line.style else tuple(dots)
    return _Drawn(line.name, line.colour, line.style, line.square, marks, path, *dots[-1])


def _apart(lines: Iterable[_Drawn]) -> list[_Drawn]:
    """Return the lines with labels that do not touch each other and stay beside the plot."""
    placed: list[_Drawn] = []
    for line in sorted(lines, key=lambda line: line.label_y):
        above = placed[-1].label_y + LINE_HEIGHT if placed else 0.0
        placed.append(replace(line, label_y=round(max(line.label_y, above), 1)))
    lowest = float(PLOT_HEIGHT)
    for number in reversed(range(len(placed))):
        label_y = min(placed[number].label_y, lowest)
        placed[number] = replace(placed[number], label_y=round(label_y, 1))
        lowest = label_y - LINE_HEIGHT
    return placed


def _ticks(values: Sequence[float], *, logarithmic: bool) -> list[float]:
    """Round numbers around the values."""
    if logarithmic:
        decades = range(math.floor(_log(min(values))), math.ceil(_log(max(values))) + 1)
        steps = [digit * 10.0**decade for decade in decades for digit in (1, 2, 5)]
        first = max(step for step in steps if step <= min(values))
        last = min(step for step in steps if step >= max(values))
        return [step for step in steps if first <= step <= last]
    step = min(size for size in _round_numbers() if size * 5 >= max(values))
    return [step * number for number in range(math.ceil(max(values) / step) + 1)]


def _round_numbers() -> list[float]:
    return [digit * 10.0**decade for decade in range(-3, 9) for digit in (1, 2, 5)]


def _log(value: float) -> float:
    return math.log10(value)


def _short(value: float) -> str:
    return f"{value:,.10g}"


@cache
def _template() -> Template:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        keep_trailing_newline=False,
    )
    return environment.get_template("chart.svg.j2")
