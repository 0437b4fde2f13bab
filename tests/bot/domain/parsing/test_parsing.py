"""Times, days, dates and zones as people type them: read as they were meant, or refused in a sentence."""

import datetime as dt
from pathlib import Path
from zoneinfo import available_timezones

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.calendar import describe_days
from bot.domain.dates import describe_dates, in_words
from bot.domain.parsing import (
    known_zone,
    parse_date,
    parse_dates,
    parse_days,
    parse_time,
    parse_zone,
    suggested_zones,
    zones_meant,
    zones_of_cities,
)

TODAY = dt.date(2026, 11, 28)
CORPUS = yaml.safe_load(Path(__file__).with_name("typed_input.yaml").read_text("utf-8"))

READ = {
    "times": lambda text: f"{parse_time(text):%H:%M}",
    "days": lambda text: describe_days(parse_days(text)),
    "date": lambda text: str(parse_date(text, TODAY)),
    "dates": lambda text: ", ".join(describe_dates(parse_dates(text, TODAY))),
    "zones": parse_zone,
}


def outcome(read, *typed):
    """Read a text: (value, "") if it's accepted, else (None, error message)."""
    try:
        return read(*typed), ""
    except ValueError as refused:
        return None, str(refused)


def cases(kept):
    return [
        (kind, typed, result)
        for kind, outcomes in CORPUS.items()
        for result, texts in outcomes[kept].items()
        for typed in texts
    ]


@pytest.mark.parametrize(("kind", "typed", "value"), cases("read"))
def test_it_is_read_as_it_was_meant(kind, typed, value):
    assert READ[kind](typed) == value


@pytest.mark.parametrize(("kind", "typed", "sentence"), cases("refused"))
def test_it_is_refused_in_a_sentence(kind, typed, sentence):
    with pytest.raises(ValueError) as refused:
        READ[kind](typed)
    said = str(refused.value)
    assert sentence in said
    assert said.endswith((".", "?"))
    assert "\n" not in said
    assert len(said) < 260


def test_the_corpus_is_large_and_says_nothing_twice():
    typed = [(kind, text) for kind, text, _ in cases("read") + cases("refused")]
    assert len(typed) > 700
    for kind, texts in {kind: [t for k, t, _ in cases("read") if k == kind] for kind in CORPUS}.items():
        assert len(set(texts)) == len(texts), kind


WORDS = sorted({text for _, text, _ in cases("read") + cases("refused")})
TYPED = st.one_of(
    st.text(max_size=60),
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
    st.lists(
        st.sampled_from(["9", "12", "27", "2026", ":", ".", "/", "-", "am", "pm", "dec", "mon", "to", " "]),
        max_size=9,
    ).map("".join),
)


@pytest.mark.parametrize("kind", READ)
@given(typed=TYPED)
@example(typed="x" * 10_000)
@example(typed="9" * 10_000)
@example(typed="mon," * 2_500)
@example(typed="24 Dec, " * 1_250)
@example(typed="1-" * 5_000)
@example(typed="\ud800")
@example(typed="(" * 10_000)
@example(typed="to " * 3_000)
def test_whatever_is_typed_is_read_and_reads_the_same_again_or_is_refused(kind, typed):
    value, refusal = outcome(READ[kind], typed)
    if refusal:
        assert refusal.endswith((".", "?"))
    else:
        assert READ[kind](value) == value


@given(st.times())
def test_every_time_is_read_in_each_way_of_writing_it(at):
    at = at.replace(second=0, microsecond=0)
    half = f"{at.hour % 12 or 12}:{at:%M}"
    ways = [f"{at:%H:%M}", f"{at:%H%M}", f"{at:%H.%M}", f"{half} {'pm' if at.hour >= 12 else 'am'}"]
    assert {parse_time(way) for way in ways} == {at}


@given(st.frozensets(st.integers(0, 6)))
def test_every_set_of_days_is_read_back_from_its_description(days):
    assert parse_days(describe_days(days)) == days


@given(
    st.dates(TODAY, TODAY + dt.timedelta(days=365)), st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
)
def test_every_date_is_read_in_each_way_of_writing_it(date, today):
    ways = [f"{date}", f"{date:%d.%m.%Y}" if date.day > 12 else f"{date}", in_words(date, year=True)]
    ways += [
        f"{date:%a %d %b %Y}",
        f"{date:%B} {date.day}, {date.year}",
        f"{date:%A}, {date.day} {date:%B} {date.year}",
    ]
    assert {parse_date(way, today) for way in ways} == {date}
    assert parse_date(in_words(date, year=False), TODAY) == date or (date.month, date.day) == (11, 28)


@given(st.dates(TODAY, TODAY + dt.timedelta(days=6)), st.sampled_from(["", "next ", "this ", "on "]))
def test_a_weekday_is_never_today_nor_a_guess(date, word):
    found, refusal = outcome(parse_date, f"{word}{date:%A}", TODAY)
    if refusal:
        assert "could be" in refusal
    else:
        assert dt.timedelta(0) < found - TODAY <= dt.timedelta(days=7)
        assert found.weekday() == date.weekday()


@pytest.mark.parametrize("zone", sorted(suggested_zones()))
def test_the_place_that_a_zone_is_named_for_leads_to_it(zone):
    assert zone in zones_meant(zone.rpartition("/")[2].replace("_", " "))


@pytest.mark.parametrize("name", sorted(available_timezones() - {"localtime", "Factory"}))
def test_a_name_of_the_time_zone_database_is_a_place_with_the_same_clocks_or_names_places(name):
    """Every zone of a place is read as itself; nothing leads to a zone that no place has."""
    places = {*suggested_zones(), "UTC"}
    assert known_zone(name.upper()) == name
    zone, refusal = outcome(parse_zone, name)
    if refusal:
        assert name not in places
        assert "/" not in name or name.startswith("Etc/"), name
        assert any(place in refusal for place in (*places, "Please type a city")), refusal
    else:
        assert zone in places
        assert zone == name or name not in suggested_zones()


def test_a_zone_that_is_set_already_stays_whatever_its_kind():
    assert parse_zone("EST", kept="EST") == "EST"
    assert parse_zone(" Etc/GMT+5 ", kept="Etc/GMT+5") == "Etc/GMT+5"
    with pytest.raises(ValueError, match="Please choose"):
        parse_zone("EST", kept="CET")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("mumb", "Asia/Kolkata"), ("münch", "Europe/Berlin"), ("san fran", "America/Los_Angeles"),
     ("EST", "America/New_York"), ("UTC+2", "Africa/Cairo"), ("Brazl", "America/Sao_Paulo")],
)  # fmt: skip
def test_what_is_typed_leads_to_zones_to_choose(typed, zone):
    assert zone in [*zones_meant(typed), *(found for _, found in zones_of_cities(typed))]
