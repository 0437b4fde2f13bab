"""The picture of progress: well formed, readable, the same each time, right at a calendar's edges."""

import datetime as dt
import re
import struct
import time
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Picture
from bot.toolkit.drawing import SCALE, png_of
from bot.views.picture import WEEKS, first_day, progress_picture
from content.model import Roadmap

SVG = "{http://www.w3.org/2000/svg}"
SUNDAY = dt.date(2026, 3, 8)
STEPS = (("Fundamentals of the language & its <types>", 100), ("HTTP", 37), ("Databases", 0))
READABLE = 4.5
"""WCAG 2.2, success criterion 1.4.3: the least contrast of text."""


def drawn(today=SUNDAY, acts=None, marks=None, mastery=STEPS, caption="Ana · 3 days"):
    return progress_picture(today, acts or {}, marks or {}, mastery, caption)


def root_of(picture):
    return ET.fromstring(picture.svg)


def cells(picture):
    """The squares of the calendar; those of the legend stand in a group."""
    return [r for r in root_of(picture).findall(f"{SVG}rect") if r.get("rx") == "2.5"]


def luminance(colour):
    """Relative luminance (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


anyones_words = st.text(max_size=30).map(lambda text: "".join(c for c in text if c.isprintable()))


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    st.lists(st.tuples(anyones_words, st.integers(0, 100)), max_size=12),
    anyones_words,
    st.integers(0, 60),
)
def test_the_picture_is_well_formed_and_brings_everything_along(today, mastery, caption, ago):
    day = today - dt.timedelta(days=ago)
    picture = drawn(today, {day: ago}, {day: "freeze"}, mastery, caption)
    root = root_of(picture)
    assert root.tag == f"{SVG}svg"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg",
        "title",
        "g",
        "rect",
        "text",
        "path",
    }
    names = {name for element in root.iter() for name in element.attrib}
    assert not any("href" in name or name.startswith("on") for name in names)
    assert not re.search(r"url\(|@import", re.sub(r">[^<]*<", "><", picture.svg))
    assert picture == drawn(today, {day: ago}, {day: "freeze"}, mastery, caption)


def test_words_that_stand_in_for_it_tell_the_days_and_every_step():
    acts = {
        SUNDAY: 2,
        SUNDAY - dt.timedelta(days=3): 1,
        SUNDAY - dt.timedelta(days=4): 0,
        dt.date(2020, 1, 1): 5,
    }
    picture = drawn(acts=acts)
    assert picture.alt == (
        "Active on 2 days in the last 26 weeks. Mastery by step: "
        "Fundamentals of the language & its <types> 100 %, HTTP 37 %, Databases 0 %."
    )
    assert root_of(picture).find(f"{SVG}title").text == picture.alt
    assert root_of(picture).get("role") == "img"


@pytest.mark.parametrize(
    ("today", "begins", "squares"),
    [
        (dt.date(2026, 3, 2), dt.date(2025, 9, 8), 25 * 7 + 1),
        (dt.date(2026, 3, 8), dt.date(2025, 9, 8), 26 * 7),
        (dt.date(2025, 12, 31), dt.date(2025, 7, 7), 25 * 7 + 3),
        (dt.date(2026, 1, 1), dt.date(2025, 7, 7), 25 * 7 + 4),
        (dt.date(2024, 2, 29), dt.date(2023, 9, 4), 25 * 7 + 4),
        (dt.date(2027, 1, 3), dt.date(2026, 7, 6), 26 * 7),
    ],
    ids=["monday", "sunday", "last-of-the-year", "first-of-the-year", "leap-day", "year-of-53-weeks"],
)
def test_the_calendar_holds_26_weeks_from_a_monday_up_to_today(today, begins, squares):
    assert first_day(today) == begins
    assert begins.weekday() == 0
    found = cells(drawn(today, {today: 1, begins: 1, today + dt.timedelta(days=1): 1}))
    assert len(found) == squares
    busy = [cell.get("fill") for cell in found]
    assert busy[0] == busy[-1] != busy[1]
    assert [cell.get("stroke-width") for cell in found] == [None] * (squares - 1) + ["2"]
    places = [(int(cell.get("x")), int(cell.get("y"))) for cell in found]
    assert len(set(places)) == squares
    assert {(y - places[0][1]) // 15 for _, y in places} == set(range(7))
    assert (places[-1][1] - places[0][1]) // 15 == today.weekday()
    assert (places[-1][0] - places[0][0]) // 15 == WEEKS - 1


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (dt.date(2026, 1, 4), ["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
        (dt.date(2026, 3, 8), ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]),
    ],
)
def test_months_are_named_over_their_first_whole_week(today, months):
    texts = [text for text in root_of(drawn(today)).iter(f"{SVG}text") if text.get("y") == "55"]
    assert [text.text for text in texts] == months
    assert all(int(b.get("x")) - int(a.get("x")) >= 30 for a, b in pairwise(texts))


def test_more_acts_are_darker_and_a_mark_is_drawn_only_on_a_day_without_any():
    day = first_day(SUNDAY)
    counts = (0, 1, 2, 3, 4, 6, 7, 99)
    acts = {day + dt.timedelta(days=n): count for n, count in enumerate(counts)}
    fills = [cell.get("fill") for cell in cells(drawn(acts=acts))[: len(counts)]]
    assert fills[2] == fills[3]
    assert fills[4] == fills[5]
    assert fills[6] == fills[7]
    shades = [luminance(fill) for fill in dict.fromkeys(fills)]
    assert shades == sorted(shades, reverse=True)
    assert len(shades) == 5
    bare = len(list(root_of(drawn()).iter(f"{SVG}path")))
    marked = drawn(acts={day: 1}, marks={day: "rest", SUNDAY: "freeze"})
    assert len(list(root_of(marked).iter(f"{SVG}path"))) == bare + 1


def test_every_text_and_sign_can_be_read_on_what_is_behind_it():
    root = root_of(drawn(marks={SUNDAY: "rest"}))
    page = root.find(f"{SVG}rect").get("fill")
    groups = {
        text: group.get("fill") for group in root.iter(f"{SVG}g") for text in group.iter(f"{SVG}text")
    }
    inks = {text.get("fill") or groups[text] for text in root.iter(f"{SVG}text")}
    inks |= {path.get("stroke") for path in root.iter(f"{SVG}path")}
    assert inks
    for ink in inks:
        assert contrast(ink, page) >= READABLE
        assert contrast(ink, "#ffffff") >= READABLE


def test_a_bar_is_as_long_as_its_share_and_there_is_none_for_nothing():
    bars = [r for r in root_of(drawn()).findall(f"{SVG}rect") if r.get("rx") == "4"]
    whole = int(bars[0].get("width"))
    assert [int(bar.get("width")) for bar in bars] == [whole, whole, whole, round(0.37 * whole), whole]


def test_the_png_is_the_pictures_size_and_the_same_each_time():
    picture = drawn(acts={SUNDAY: 3})
    png = png_of(picture)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    _, _, width, height = (float(part) for part in root_of(picture).get("viewBox").split())
    assert struct.unpack(">II", png[16:24]) == (round(width * SCALE), round(height * SCALE))
    assert png_of(picture) == png
    assert png_of(drawn()) != png


def test_the_png_draws_letters_without_any_font_of_the_machine():
    letters = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="15">{}</text></svg>'
    assert png_of(Picture(letters.format("milepost"), "")) != png_of(Picture(letters.format(""), ""))


def test_the_longest_roadmap_that_a_pack_may_have_is_drawn_within_a_second():
    [most] = [
        each.max_length for each in Roadmap.model_fields["steps"].metadata if hasattr(each, "max_length")
    ]
    picture = drawn(mastery=[("W" * 200, 50)] * most)
    started = time.process_time()
    png = png_of(picture)
    assert time.process_time() - started < 1
    assert len(png) < 500_000
