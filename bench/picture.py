"""Figure of the picture of /progress: half a year of dense activity as SVG and as PNG."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable

from bench.figure import Figure
from bench.steps import Steps
from bot.chat import Picture
from bot.toolkit.drawing import png_of
from bot.views.picture import WEEKS, progress_picture
from content.loader import load_pack, shipped_packs_folder

TIMES = 15
TODAY = dt.date(2026, 3, 1)
"""Date of the picture: a Sunday, so that the calendar is full to its last cell."""


def measure(steps: Steps) -> list[Figure]:
    steps_of_roadmap = load_pack(shipped_packs_folder() / "backend-python").roadmap.steps
    mastery = [(step.title, 12 * number % 101) for number, step in enumerate(steps_of_roadmap, 1)]

    def draw() -> Picture:
        return progress_picture(TODAY, _acts(), _marks(), mastery, "Best streak 41 days")

    picture = draw()
    with steps.step(f"{TIMES} pictures"):
        svg = _median(draw)
        png = _median(lambda: png_of(picture))
    return [
        Figure("picture.whole", "The progress picture, drawn and made a PNG", svg + png, "ms", "< 50"),
        Figure("picture.svg", "Of which drawing the SVG", svg, "ms"),
        Figure("picture.png", "Of which making it a PNG", png, "ms"),
        Figure("picture.size", "The PNG's size", len(png_of(picture)) / 1024, "KiB"),
    ]


def _acts() -> dict[dt.date, int]:
    """Return acts of every shade; one day in nine without an act."""
    return {day: (ago * 7) % 9 for ago, day in enumerate(_days()) if (ago * 7) % 9}


def _marks() -> dict[dt.date, str]:
    return {day: ("freeze", "rest")[ago % 2] for ago, day in enumerate(_days())}


def _days() -> list[dt.date]:
    return [TODAY - dt.timedelta(days=ago) for ago in range(WEEKS * 7)]


def _median(work: Callable[[], object]) -> float:
    """Return the median time of some work, in milliseconds."""
    durations = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        durations.append((time.perf_counter() - began) * 1000)
    return statistics.median(durations)
