"""Time zones as people write them: a place's zone is read, everything else leads to a choice of places.

An abbreviation or an offset is never taken: "EST" in the time zone database has no summer time, "IST" is
three zones, and "Etc/GMT+5" lies west of Greenwich.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from zoneinfo import available_timezones

from bot.domain.calendar import NOT_ZONES, BadZone
from bot.domain.parsing.places import (
    MOST,
    cities_like,
    country_of_zone,
    folded,
    known_names,
    zones_in_use,
    zones_of_place,
)
from bot.domain.parsing.words import either, plain, quote
from bot.toolkit.nearest import nearest

_FEWEST_LETTERS = 3
"""Letters from which cities that begin so are offered."""

_FEWEST_LETTERS_LIKE = 5
_ALIKE = 0.8
"""Likeness, and length, from which one of thousands of names may be the mistyped one."""

MOST_ZONE = 200
"""Characters of a zone or a place, at most."""

_HOW = "Please type a city, such as Berlin, and I'll tell you its zone."
_UTC = {
    "utc": "UTC",
    **dict.fromkeys(("etc/utc", "etc/uct", "uct", "universal", "etc/universal", "zulu", "etc/zulu"), "UTC"),
}  # fmt: skip
_EASTERN = ("America/New_York", "America/Toronto")
_CENTRAL = ("America/Chicago", "America/Winnipeg", "America/Mexico_City")
_MOUNTAIN = ("America/Denver", "America/Edmonton", "America/Phoenix")
_PACIFIC = ("America/Los_Angeles", "America/Vancouver")
_CENTRAL_EUROPE = ("Europe/Berlin", "Europe/Paris", "Europe/Rome", "Europe/Warsaw")
_EASTERN_EUROPE = ("Europe/Athens", "Europe/Helsinki", "Europe/Kyiv", "Africa/Cairo")
_SYDNEY = ("Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane")
_ABBREVIATIONS = {
    **dict.fromkeys(("est", "edt", "et", "est5edt", "eastern"), _EASTERN),
    **dict.fromkeys(("cdt", "ct", "cst6cdt", "central"), _CENTRAL),
    **dict.fromkeys(("mst", "mdt", "mt", "mst7mdt", "mountain"), _MOUNTAIN),
    **dict.fromkeys(("pst", "pdt", "pt", "pst8pdt", "pacific"), _PACIFIC),
    **dict.fromkeys(("cet", "cest", "met", "mest", "mez", "mesz", "central european"), _CENTRAL_EUROPE),
    **dict.fromkeys(("eet", "eest", "oez", "eastern european"), _EASTERN_EUROPE),
    **dict.fromkeys(("wet", "west", "western european"), ("Europe/Lisbon", "Atlantic/Canary")),
    **dict.fromkeys(("akst", "akdt", "alaska"), ("America/Anchorage",)),
    **dict.fromkeys(("hst", "hdt", "hawaii"), ("Pacific/Honolulu",)),
    **dict.fromkeys(("aest", "aedt", "aet"), _SYDNEY),
    **dict.fromkeys(("acst", "acdt", "act"), ("Australia/Adelaide", "Australia/Darwin")),
    **dict.fromkeys(("nzst", "nzdt", "nzt"), ("Pacific/Auckland",)),
    **dict.fromkeys(("nst", "ndt"), ("America/St_Johns",)),
    **dict.fromkeys(("bst", "british"), ("Europe/London", "Asia/Dhaka")),
    **dict.fromkeys(("gmt", "etc/gmt", "greenwich", "etc/greenwich"), ("Europe/London", "Africa/Accra")),
    **dict.fromkeys(("brt", "brst"), ("America/Sao_Paulo",)),
    "cst": ("America/Chicago", "America/Mexico_City", "Asia/Shanghai", "America/Havana"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "ast": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"), "adt": ("America/Halifax",),
    "awst": ("Australia/Perth",), "msk": ("Europe/Moscow",), "trt": ("Europe/Istanbul",),
    "jst": ("Asia/Tokyo",), "kst": ("Asia/Seoul",), "sgt": ("Asia/Singapore",), "hkt": ("Asia/Hong_Kong",),
    "pht": ("Asia/Manila",), "wib": ("Asia/Jakarta",), "ict": ("Asia/Bangkok", "Asia/Ho_Chi_Minh"),
    "pkt": ("Asia/Karachi",), "npt": ("Asia/Kathmandu",), "idt": ("Asia/Jerusalem",),
    "gst": ("Asia/Dubai",), "irst": ("Asia/Tehran",), "uzt": ("Asia/Tashkent",),
    "sast": ("Africa/Johannesburg",), "wat": ("Africa/Lagos", "Africa/Kinshasa"),
    "cat": ("Africa/Maputo", "Africa/Harare"), "eat": ("Africa/Nairobi", "Africa/Addis_Ababa"),
    "art": ("America/Argentina/Buenos_Aires",), "clt": ("America/Santiago",), "clst": ("America/Santiago",),
    "cot": ("America/Bogota",), "pet": ("America/Lima",), "vet": ("America/Caracas",),
}  # fmt: skip
_OFFSET = re.compile(r"(etc/)?(?:utc|gmt|z)? ?(?:([+-]) ?(\d{1,2})(?:[:.]?(\d{2}))?|0)", re.ASCII)
_AT_OFFSET = {
    -660: ("Pacific/Pago_Pago",), -600: ("Pacific/Honolulu",), -540: ("America/Anchorage",),
    -480: _PACIFIC, -420: ("America/Denver", "America/Phoenix", "America/Los_Angeles"),
    -360: ("America/Chicago", "America/Mexico_City"),
    -300: ("America/New_York", "America/Bogota", "America/Lima"),
    -240: ("America/New_York", "America/Halifax", "America/Santiago"),
    -210: ("America/St_Johns",), -180: ("America/Sao_Paulo", "America/Argentina/Buenos_Aires"),
    -120: ("America/Noronha", "America/Nuuk"), -60: ("Atlantic/Azores", "Atlantic/Cape_Verde"),
    0: ("Europe/London", "Europe/Lisbon", "Africa/Accra"),
    60: ("Europe/Berlin", "Africa/Lagos", "Europe/London"),
    120: ("Europe/Athens", "Africa/Cairo", "Africa/Johannesburg", "Europe/Berlin"),
    180: ("Europe/Istanbul", "Europe/Moscow", "Africa/Nairobi", "Asia/Riyadh"), 210: ("Asia/Tehran",),
    240: ("Asia/Dubai", "Asia/Tbilisi"), 270: ("Asia/Kabul",), 300: ("Asia/Karachi", "Asia/Tashkent"),
    330: ("Asia/Kolkata", "Asia/Colombo"), 345: ("Asia/Kathmandu",), 360: ("Asia/Dhaka", "Asia/Bishkek"),
    390: ("Asia/Yangon",), 420: ("Asia/Jakarta", "Asia/Bangkok", "Asia/Ho_Chi_Minh"),
    480: ("Asia/Shanghai", "Asia/Singapore", "Asia/Manila", "Australia/Perth"),
    540: ("Asia/Tokyo", "Asia/Seoul"), 570: ("Australia/Adelaide", "Australia/Darwin"),
    600: ("Australia/Sydney", "Australia/Brisbane"), 630: ("Australia/Adelaide",),
    660: ("Australia/Sydney", "Pacific/Guadalcanal"), 720: ("Pacific/Auckland", "Pacific/Fiji"),
    780: ("Pacific/Auckland", "Pacific/Tongatapu"),
}  # fmt: skip


def parse_zone(text: str, kept: str = "") -> str:
    """Read the name of a place's zone, in any case and with spaces for underscores, or UTC.

    An older name is led to the present one. Raises BadZone, with places to choose from, for a city, a
    country, an abbreviation, an offset and for text that is like none of them. ``kept`` is the zone that is
    set already: it is read as it is, whatever its kind.

    >>> parse_zone("US/Eastern")
    'America/New_York'
    """
    if kept and text.strip() == kept:
        return kept
    typed = plain(text) if len(text) <= MOST_ZONE else ""
    name = re.sub(r" ?/ ?", "/", typed).replace(" ", "_")
    if name in _UTC:
        return _UTC[name]
    if name in _places():
        return _places()[name]
    raise _refused(text, typed)


def known_zone(name: str) -> str | None:
    """Return the zone of this name, of any kind, as the database spells it; None where there is none.

    For names that a platform or a file gives, which nobody has typed.
    """
    return _all_zones().get("_".join(name.casefold().split()))


@cache
def suggested_zones() -> dict[str, str]:
    """Return every zone of a place, in order, with the country that it is in."""
    return {name: country_of_zone(name) for name in sorted(_modern())}


def zones_meant(text: str) -> tuple[str, ...]:
    """Return the zones that a name, an abbreviation, an offset or a slip leads to, the likeliest first."""
    try:
        return (parse_zone(text),)
    except BadZone as refused:
        return refused.suggestions


def zones_of_cities(beginning: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the zone of each city that begins so: "Mumbai" and Asia/Kolkata for "mumb"."""
    typed = folded(beginning[:MOST_ZONE])
    places = list(cities_like(typed)) if len(typed) >= _FEWEST_LETTERS else []
    for place in sorted(places, key=lambda place: not place.first):
        yield place.name.title(), place.zone


def _refused(text: str, typed: str) -> BadZone:
    short = re.sub(r"( standard| daylight| summer)?( time)?\Z", "", typed)
    if short in _ABBREVIATIONS:
        zones = _ABBREVIATIONS[short]
        return BadZone(
            f"{quote(text)} doesn't tell me when clocks change. Please choose {either(zones)}.", zones
        )
    if found := _OFFSET.fullmatch(typed):
        return _offset(text, found)
    zones = zones_of_place(text) if typed else ()
    zones = _with_namesakes(zones, typed) or _of_segment(typed) or _meant(typed)
    if zones:
        return BadZone(f"Did you mean {either(zones)}?", zones)
    return BadZone(f"I don't know the time zone {quote(text)}. {_HOW}" if text.strip() else _HOW)


def _offset(text: str, found: re.Match[str]) -> BadZone:
    etc, sign, hours, minutes = found.groups()
    east = (sign == "+") is not bool(etc)
    length = int(hours or 0) * 60 + int(minutes or 0)
    zones = _AT_OFFSET.get(length if east else -length, ())
    if not zones:
        return BadZone(f"{quote(text)} isn't a time zone of any place. {_HOW}")
    why = "has its sign reversed" if etc and length else "doesn't follow summer time"
    return BadZone(f"{quote(text)} {why}. Please choose a city's zone, such as {either(zones)}.", zones)


def _with_namesakes(zones: tuple[str, ...], typed: str) -> tuple[str, ...]:
    """The zones, with those that are named for the place itself, such as Pacific/Chatham."""
    named = [zone for zone in _by_segment().get(folded(typed), ()) if zone not in zones] if zones else []
    return (*zones[: MOST - len(named)], *named)


def _of_segment(typed: str) -> tuple[str, ...]:
    """Zones that end in this name, such as Pacific/Tahiti for "tahiti", or that were called so."""
    older = _links().get(typed.replace(" ", "_"))
    return _by_segment().get(folded(typed), ()) or ((older,) if older in _modern() else ())


def _meant(typed: str) -> tuple[str, ...]:
    """Zones whose name, or whose place's name, is spelt almost so."""
    if len(folded(typed)) < _FEWEST_LETTERS_LIKE:
        return ()
    zones = nearest(typed, suggested_zones(), most=3, words=False, alike=_ALIKE)
    if zones or "/" in typed:
        return zones
    names = nearest(typed, known_names(), most=3, words=False, alike=_ALIKE)
    found = (zone for name in names for zone in zones_of_place(name) or _of_segment(name))
    return tuple(dict.fromkeys(found))[:MOST]


@cache
def _modern() -> frozenset[str]:
    return frozenset(zones_in_use())


@cache
def _by_segment() -> dict[str, tuple[str, ...]]:
    """Zones of places by the last part of their names, folded."""
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(_modern()):
        segment = folded(name.rpartition("/")[2])
        found[segment] = (*found.get(segment, ()), name)
    return found


@cache
def _places() -> dict[str, str]:
    """Zones of places by folded name; older names of two parts lead to the present ones."""
    older = {name: zone for name, zone in _links().items() if "/" in name and zone in _modern()}
    return older | {name.casefold(): name for name in _modern()}


@cache
def _links() -> dict[str, str]:
    """Other names of zones, folded, with the zone of a place that each means."""
    text = resources.files("tzdata").joinpath("zoneinfo", "tzdata.zi").read_text(encoding="utf-8")
    lines = (line.split() for line in text.splitlines() if line.startswith("L "))
    return {name.casefold(): zone for _, zone, name in lines}


@cache
def _all_zones() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones() - NOT_ZONES)}
