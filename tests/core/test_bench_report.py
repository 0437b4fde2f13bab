"""The page of figures and its plots: what one run measures leaves the rest as it was."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from bench import report
from bench.figure import Figure, Machine

MACHINE = Machine(2, "a processor", "Linux", "3.11", "3.40", "2026-03-02", "0.1")
NAMES = ("store", "scale")
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
    assert [text.count(f"| `{name}.") for name in NAMES] == [len(ANSWERS), len(SCALE)]


def test_the_same_figures_give_the_same_page_and_plots(page):
    report.write(MACHINE, [*ANSWERS, *SCALE], NAMES)
    first = page.read_text("utf-8"), pictures(page)
    report.write(MACHINE, ANSWERS, NAMES)
    assert (page.read_text("utf-8"), pictures(page)) == first


def test_the_page_shows_each_plot_and_says_what_is_in_it(page):
    report.write(MACHINE, [*ANSWERS, *SCALE], NAMES)
    shown = dict(re.findall(r"!\[(.+)\]\(pictures/(.+)\)", page.read_text("utf-8")))
    assert sorted(shown.values()) == ["answers.svg", "scale.svg"]
    assert any("SQLite from 12.5 to 12,500 at 1,000" in alt for alt in shown)


def test_without_postgresql_the_plot_has_sqlite_alone(page):
    report.write(MACHINE, [each for each in ANSWERS if "postgresql" not in each.name], NAMES)
    svg = pictures(page)["answers.svg"]
    assert "Milepost, SQLite" in svg
    assert "PostgreSQL" not in svg


def test_every_label_stands_within_the_picture_and_touches_no_other(page):
    report.write(MACHINE, ANSWERS, NAMES)
    picture = ET.fromstring(pictures(page)["answers.svg"])
    for panel in picture.findall("{*}g"):
        names = [each for each in panel.findall("{*}text") if each.get("class").endswith("-fill")]
        heights = sorted(float(each.get("y")) for each in names)
        assert all(below - above >= 14 for above, below in pairwise(heights))
        assert heights[0] >= 0
        assert heights[-1] <= 220
