"""The page of figures and its plots: what one run measures leaves the rest as it was."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from bench import report
from bench.figure import Figure, Machine

MACHINE = Machine(2, "a processor", "Linux", "3.11", "3.40", "2026-03-02", "0.1")
NAMES = ("tick", "store", "scale")
TICK = [
    Figure(f"tick.{what}{size}", "Its time", value, unit)
    for size, times in (("_1000", 1), ("_10000", 2), ("", 3))
    for what, value, unit in (
        ("idle", 0.7, "ms"), ("burst", 0.02 * 10**times, "s"), ("stall", 20.0 + times, "ms")
    )
]  # fmt: skip
ANSWERS = [
    Figure(f"store.{key}_{members}{what}", "An answer", value * members, unit)
    for key in ("sqlite", "postgresql")
    for members in (1, 10, 100, 1000)
    for what, value, unit in (("", 12.5, "/s"), ("_p50", 0.5, "ms"), ("_p99", 1.5, "ms"))
]
SCALE = [
    Figure(f"scale.sqlite_{command}_{size}_p50", "Its time", size**0.1, "ms", "", "a \u00d7 b")
    for command in ("progress", "leaderboard")
    for size in (10_000, 1_000_000, 10_000_000)
]


@pytest.fixture
def page(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{report.BEGIN}\n{report.END}\nAfter\n", "utf-8")
    (tmp_path / "pictures").mkdir()
    monkeypatch.setattr(report, "PAGE", page)
    monkeypatch.setattr(report, "PICTURES", tmp_path / "pictures")
    return page


def pictures(page):
    return {path.name: path.read_text("utf-8") for path in (page.parent / "pictures").iterdir()}


def test_a_part_that_is_not_measured_keeps_its_rows_and_its_plot(page):
    report.write(MACHINE, ANSWERS, NAMES)
    (answers,) = pictures(page).values()
    report.write(MACHINE, SCALE, NAMES)
    assert pictures(page).keys() == {"answers.svg", "scale.svg"}
    assert pictures(page)["answers.svg"] == answers
    text = page.read_text("utf-8")
    assert text.startswith("Before\n")
    assert text.endswith("After\n")
    assert [text.count(f"| `{name}.") for name in NAMES] == [0, len(ANSWERS), len(SCALE)]


def test_the_same_figures_give_the_same_page_and_plots(page):
    report.write(MACHINE, [*ANSWERS, *SCALE], NAMES)
    first = page.read_text("utf-8"), pictures(page)
    report.write(MACHINE, ANSWERS, NAMES)
    assert (page.read_text("utf-8"), pictures(page)) == first


def test_the_page_shows_each_plot_and_says_what_is_in_it(page):
    report.write(MACHINE, [*TICK, *ANSWERS, *SCALE], NAMES)
    shown = dict(re.findall(r"!\[(.+)\]\(pictures/(.+)\)", page.read_text("utf-8")))
    assert sorted(shown.values()) == ["answers.svg", "scale.svg", "tick.svg"]
    assert any("an idle pass from 0.7 to 0.7 at 100,000; planning all that is due" in alt for alt in shown)
    assert any("due from 200 to 20,000 at 10,000; nobody else served" in alt for alt in shown)
    assert any("SQLite from 12.5 to 12,500 at 1,000" in alt for alt in shown)


def test_without_postgresql_the_plot_has_sqlite_alone(page):
    report.write(MACHINE, [each for each in ANSWERS if "postgresql" not in each.name], NAMES)
    svg = pictures(page)["answers.svg"]
    assert "Milepost, SQLite" in svg
    assert "PostgreSQL" not in svg


def test_a_page_of_the_largest_size_alone_has_no_plot_of_the_clock(page):
    report.write(MACHINE, [each for each in TICK if not each.name.endswith("000")], NAMES)
    assert pictures(page) == {}


def test_the_clocks_plot_holds_both_panels_against_their_goals(page):
    report.write(MACHINE, TICK, NAMES)
    run_once, burst = ET.fromstring(pictures(page)["tick.svg"]).findall("{*}g")
    assert goals(run_once) == ["Goal, 1 ms"]
    assert goals(burst) == ["Planning’s goal, 3 s", "Stall’s goal, 50 ms"]
    assert [len(panel.findall("{*}circle")) for panel in (run_once, burst)] == [3, 3]
    assert len(burst.findall("{*}rect")) == 3


def goals(panel):
    """The names of the dotted lines, from above."""
    dotted = [each for each in panel.findall("{*}polyline") if "goal" in each.get("class").split()]
    names = [each.text for each in panel.findall("{*}text") if each.get("class") == "grey-fill"]
    assert len(dotted) == len(names)
    return names


@pytest.mark.parametrize(("figures", "name"), [(ANSWERS, "answers"), (TICK, "tick")])
def test_every_label_stands_within_the_picture_and_touches_no_other(page, figures, name):
    report.write(MACHINE, figures, NAMES)
    picture = ET.fromstring(pictures(page)[f"{name}.svg"])
    for panel in picture.findall("{*}g"):
        names = [each for each in panel.findall("{*}text") if each.get("class").endswith("-fill")]
        heights = sorted(float(each.get("y")) for each in names)
        assert all(below - above >= 14 for above, below in pairwise(heights))
        assert heights[0] >= 0
        assert heights[-1] <= 220
