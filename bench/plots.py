"""The plots of docs/benchmarks.md, drawn from the figures that stand on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.chart import Line, Panel, drawn

Points = tuple[tuple[float, float], ...]
Figures = Mapping[str, float]
"""Values by the names of figures, in the units that these have in the table."""

MEMBERS = {1: "1", 10: "10", 100: "100", 1_000: "1,000"}
ANSWERS = {10_000: "10,000", 1_000_000: "1 million", 10_000_000: "10 million"}
SCHEDULES = {1_000: "1,000", 10_000: "10,000", 100_000: "100,000"}
DUE = {100: "100", 1_000: "1,000", 10_000: "10,000"}
COMMANDS = ("progress", "leaderboard")
CONNECTIONS = (1, 10, 90)
GOAL = 1.5
IDLE_GOAL, PLANNING_GOAL, STALL_GOAL = 1, 3_000, 50
"""Goals in milliseconds."""

SQLITE, POSTGRESQL = ("sqlite", "SQLite", "blue"), ("postgresql", "PostgreSQL", "amber")


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture in ``docs/pictures/`` and what it shows, in words."""

    file: str
    alt: str
    svg: str


def plots(figures: Figures) -> list[Plot]:
    """Return the plots whose figures have been measured."""
    known = (
        (_tick, "tick.idle_1000"),
        (_answers, "store.sqlite_1"),
        (_scale, "scale.sqlite_progress_10000_p50"),
    )
    return [draw(figures) for draw, needed in known if needed in figures]


def _tick(figures: Figures) -> Plot:
    idle, planning, stall = (
        _of_clock(figures, "idle"),
        _planning(figures),
        _due(_of_clock(figures, "stall")),
    )
    found = (
        _change("an idle pass", idle),
        _change("planning all that is due", planning),
        _change("nobody else served for at most", stall),
    )
    alt = f"Milliseconds as schedules grow: {'; '.join(found)}."
    return Plot("tick.svg", alt, drawn(alt, (_passes(idle), _bursts(planning, stall))))


def _answers(figures: Figures) -> Plot:
    found = (
        _change(name, _over(figures, MEMBERS, f"store.{key}_{{}}")) for key, name, _ in (SQLITE, POSTGRESQL)
    )
    alt = f"Durable answers a second with 1 to 1,000 members at once: {'; '.join(filter(None, found))}."
    return Plot("answers.svg", alt, drawn(alt, (_rates(figures), _waits(figures))))


def _scale(figures: Figures) -> Plot:
    found = (
        _change(f"/{command} on {name}", _over(figures, ANSWERS, f"scale.{key}_{command}_{{}}_p50"))
        for key, name, _ in (SQLITE, POSTGRESQL)
        for command in COMMANDS
    )
    alt = f"Milliseconds as a database of 10,000 answers grows: {'; '.join(filter(None, found))}."
    return Plot("scale.svg", alt, drawn(alt, [_time_of(figures, command) for command in COMMANDS]))


def _change(name: str, points: Points) -> str:
    """Return the change from the first point to the last, in words; nothing where there are none."""
    if not points:
        return ""
    (_, first), (place, last) = points[0], points[-1]
    return f"{name} from {first:,.10g} to {last:,.10g} at {place:,.0f}"


def _passes(idle: Points) -> Panel:
    lines = (Line("An idle pass", "blue", idle), _goal("Goal, 1 ms", SCHEDULES, IDLE_GOAL))
    return Panel("A pass with nothing due", "milliseconds", "schedules", SCHEDULES, lines)


def _bursts(planning: Points, stall: Points) -> Panel:
    lines = (
        Line("Planning them all", "blue", planning),
        Line("Longest stall", "amber", stall, square=True),
        _goal("Planning’s goal, 3 s", DUE, PLANNING_GOAL),
        _goal("Stall’s goal, 50 ms", DUE, STALL_GOAL),
    )
    what = "milliseconds; a stall: nobody else is served"
    return Panel("A tenth of them due at once", what, "schedules due at once", DUE, lines, logarithmic=True)


def _goal(name: str, places: Mapping[int, str], most: float) -> Line:
    return Line(name, "grey", tuple((place, most) for place in places), "goal")


def _planning(figures: Figures) -> Points:
    return _due(tuple((place, seconds * 1000) for place, seconds in _of_clock(figures, "burst")))


def _due(points: Points) -> Points:
    """Return the points over schedules due instead of over all schedules."""
    return tuple((place / 10, value) for place, value in points)


def _of_clock(figures: Figures, what: str) -> Points:
    """The points over schedules; the figure of most of them has the short name."""
    found = _over(figures, SCHEDULES, f"tick.{what}_{{}}")
    return (*found, (max(SCHEDULES), figures[f"tick.{what}"]))


def _rates(figures: Figures) -> Panel:
    lines = []
    for key, name, colour in (SQLITE, POSTGRESQL):
        points = _over(figures, MEMBERS, f"store.{key}_{{}}")
        lines.append(Line(f"Milepost, {name}", colour, points, square=key != "sqlite"))
    raw = _over(figures, (1,), "store.sqlite_raw")
    lines.append(Line("sqlite3 alone", "blue", _at_best(raw), "plain"))
    raw = _over(figures, CONNECTIONS, "store.postgresql_raw_{}")
    lines.append(Line("asyncpg alone, at best", "amber", _at_best(raw), "plain"))
    what = "each durable on the disk before it is told"
    return Panel("Answers a second", what, "members at once", MEMBERS, tuple(lines), logarithmic=True)


def _at_best(raw: Points) -> Points:
    """Return the fastest with no more connections than members, as the table has it."""
    if not raw:
        return ()
    return tuple((at_once, max(rate for number, rate in raw if number <= at_once)) for at_once in MEMBERS)


def _waits(figures: Figures) -> Panel:
    lines = tuple(
        Line(
            f"{name}, {words}",
            colour,
            _over(figures, MEMBERS, f"store.{key}_{{}}_{percent}"),
            style,
            key != "sqlite",
        )
        for key, name, colour in (SQLITE, POSTGRESQL)
        for percent, words, style in (("p50", "half", ""), ("p99", "99 of 100", "slow"))
    )
    return Panel(
        "Time until the verdict", "milliseconds", "members at once", MEMBERS, lines, logarithmic=True
    )


def _time_of(figures: Figures, command: str) -> Panel:
    lines = [
        Line(
            name, colour, _over(figures, ANSWERS, f"scale.{key}_{command}_{{}}_p50"), square=key != "sqlite"
        )
        for key, name, colour in (SQLITE, POSTGRESQL)
    ]
    most = GOAL * figures[f"scale.sqlite_{command}_10000_p50"]
    lines.append(_goal(f"SQLite’s goal, {GOAL} ×", ANSWERS, most))
    return Panel(
        f"/{command}",
        "milliseconds, half are answered within",
        "answers in the database",
        ANSWERS,
        tuple(lines),
    )


def _over(figures: Figures, places: Mapping[int, str] | tuple[int, ...], name: str) -> Points:
    """The points of a line, of those figures that were measured."""
    found = ((place, figures.get(name.format(place))) for place in places)
    return tuple((float(place), value) for place, value in found if value is not None)
