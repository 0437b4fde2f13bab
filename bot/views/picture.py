"""The picture of a member's progress: an activity calendar and mastery by step.

One blue hue that darkens with the number of acts, so that it reads without telling colours apart; what
is not a number of acts is a sign, not a colour. Lengths are SVG units.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.chat.messages import Picture
from bot.toolkit.text import isolated, shorten
from bot.views.common import count

WEEKS = 26
MASTERY = "Mastery by step"
TOPICS_MET = "Topics met by step"
_WIDTH, _LEFT, _TOP, _CELL, _SQUARE = 460, 52, 62, 15, 13
# Room for the longest name in a wider font than our own, where the page has to choose one.
_BAR_X, _BAR_WIDTH, _BAR_ROW = 276, 116, 22
_SHADES = ((0, "#ffffff"), (1, "#5f97d2"), (2, "#3370b5"), (4, "#1d4d86"), (7, "#0a2549"))
_NAME_LENGTH = 36
_SIGNS = {"freeze": "M-4 0H4M-2 -3.5L2 3.5M-2 3.5L2 -3.5", "rest": "M-3.5 0H3.5"}

_templates = Environment(
    loader=PackageLoader("bot.views"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


# Read once, at the start: it takes ten times as long as to draw, and drawing holds up everybody's writes.
_template = _templates.get_template("progress.svg.j2")


@dataclass(frozen=True, slots=True)
class _Cell:
    x: int
    y: int
    acts: int
    fill: str
    mark: str
    today: bool


def first_day(today: dt.date) -> dt.date:
    """Return the Monday with which the calendar begins."""
    return today - dt.timedelta(days=today.weekday(), weeks=WEEKS - 1)


def progress_picture(
    today: dt.date,
    acts: Mapping[dt.date, int],
    marks: Mapping[dt.date, str],
    steps: Sequence[tuple[str, int]],
    caption: str,
    measure: str = MASTERY,
) -> Picture:
    """The picture up to ``today``.

    ``acts`` are numbers a local date; ``marks`` are ``freeze`` or ``rest`` for days without any;
    ``steps`` are their names with a percentage, and ``measure`` says of what.
    """
    alt = _in_words(today, acts, steps, measure)
    bars_y = _TOP + 7 * _CELL + 60
    svg = _template.render(
        width=_WIDTH,
        height=bars_y + 14 + len(steps) * _BAR_ROW + 12,
        left=_LEFT,
        alt=alt,
        caption=caption,
        months=list(_months(today)),
        square=_SQUARE,
        weekdays=[(name, _TOP + 11 + n * _CELL) for n, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"))],
        cells=list(_cells(today, acts, marks)),
        legend_y=_TOP + 7 * _CELL + 8,
        legend=list(_legend()),
        signs=_SIGNS,
        marks=[("freeze", 346), ("rest", 406)],
        bars_y=bars_y,
        bar_x=_BAR_X,
        bar_width=_BAR_WIDTH,
        measure=measure,
        bars=[_bar(n, name, percent, bars_y) for n, (name, percent) in enumerate(steps)],
    )
    return Picture(svg, alt)


def _cells(today: dt.date, acts: Mapping[dt.date, int], marks: Mapping[dt.date, str]) -> Iterator[_Cell]:
    start = first_day(today)
    for offset in range((today - start).days + 1):
        day = start + dt.timedelta(days=offset)
        done = acts.get(day, 0)
        x, y = _LEFT + offset // 7 * _CELL, _TOP + offset % 7 * _CELL
        mark = "" if done else marks.get(day, "")
        yield _Cell(x, y, done, _shade(done), mark, day == today)


def _months(today: dt.date) -> Iterator[dict[str, object]]:
    """Yield the name of each month over the first whole week that it has room for."""
    start, last_x = first_day(today), -100
    for week in range(WEEKS):
        monday = start + dt.timedelta(weeks=week)
        x = _LEFT + week * _CELL
        if monday.day <= 7 and x - last_x >= 2 * _CELL:
            yield {"name": f"{monday:%b}", "x": x}
            last_x = x


def _legend() -> Iterator[dict[str, object]]:
    names_at = (("0", 78), ("1", 107), ("2–3", 136), ("4–6", 180), ("7+", 224))
    for (_, fill), (name, offset) in zip(_SHADES, names_at, strict=True):
        yield {"x": _LEFT + offset, "fill": fill, "name": name}


def _bar(number: int, name: str, percent: int, top: int) -> dict[str, object]:
    return {
        "name": shorten(name, _NAME_LENGTH),
        "percent": percent,
        "filled": round(_BAR_WIDTH * percent / 100),
        "y": top + 14 + number * _BAR_ROW,
    }


def _shade(acts: int) -> str:
    return next(fill for least, fill in reversed(_SHADES) if acts >= least)


def _in_words(
    today: dt.date, acts: Mapping[dt.date, int], steps: Sequence[tuple[str, int]], measure: str
) -> str:
    active = sum(1 for day, n in acts.items() if n and first_day(today) <= day <= today)
    bars = ", ".join(f"{isolated(name)} {percent} %" for name, percent in steps)
    return f"Active on {count(active, 'day')} in the last {WEEKS} weeks. {measure}: {bars}."
