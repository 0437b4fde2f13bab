"""Cities, states and countries, and the time zones that they are in.

The cities are those of GeoNames (geonames.org, CC BY 4.0) with 50,000 inhabitants or more; the countries
and the zones of each are those of the time zone database. Each table is read on first use.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

MOST = 4
"""Zones that a choice names, at most."""

_SMALL = 20
"""Ratio of inhabitants from which a city is left out of a choice beside a larger namesake."""

_LARGE = 200
"""Inhabitants, in thousands, from which a city's name is looked for among mistyped ones."""

_BREAKS = str.maketrans(dict.fromkeys("-'’`.,()_", " "))

_REGIONS = {
    "bc": "America/Vancouver", "british columbia": "America/Vancouver", "alberta": "America/Edmonton",
    "saskatchewan": "America/Regina", "manitoba": "America/Winnipeg", "ontario": "America/Toronto",
    "quebec": "America/Toronto", "new brunswick": "America/Moncton", "nova scotia": "America/Halifax",
    "prince edward island": "America/Halifax", "newfoundland": "America/St_Johns",
    "yukon": "America/Whitehorse",
    "new south wales": "Australia/Sydney", "nsw": "Australia/Sydney", "queensland": "Australia/Brisbane",
    "south australia": "Australia/Adelaide", "northern territory": "Australia/Darwin",
    "western australia": "Australia/Perth", "tasmania": "Australia/Hobart",
    "england": "Europe/London", "scotland": "Europe/London", "wales": "Europe/London",
    "northern ireland": "Europe/London", "bavaria": "Europe/Berlin", "bayern": "Europe/Berlin",
    "kerala": "Asia/Kolkata", "goa": "Asia/Kolkata", "bali": "Asia/Makassar", "kosovo": "Europe/Belgrade",
    "crimea": "Europe/Simferopol", "tenerife": "Atlantic/Canary", "canary islands": "Atlantic/Canary",
    "easter island": "Pacific/Easter", "chatham islands": "Pacific/Chatham", "sf": "America/Los_Angeles",
    "la": "America/Los_Angeles", "dc": "America/New_York", "victoria": "Australia/Melbourne",
    "american samoa": "Pacific/Pago_Pago", "congo": "Africa/Kinshasa",
}  # fmt: skip
_CONTINENTS = {
    "africa": ("Africa/Cairo", "Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi"),
    "asia": ("Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Asia/Dubai"),
    "europe": ("Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Athens"),
    "south america": ("America/Sao_Paulo", "America/Bogota", "America/Lima", "America/Santiago"),
}
_COUNTRIES = {
    "usa": "US", "america": "US", "united states of america": "US", "the united states": "US",
    "great britain": "GB", "united kingdom": "GB", "holland": "NL", "the netherlands": "NL",
    "south korea": "KR", "korea": "KR", "north korea": "KP", "uae": "AE", "czechia": "CZ",
    "ivory coast": "CI", "turkiye": "TR", "uk": "GB", "bosnia": "BA",
    "macedonia": "MK", "vatican city": "VA", "dr congo": "CD", "drc": "CD",
    "democratic republic of the congo": "CD", "republic of the congo": "CG", "congo": "CG",
    "la reunion": "RE",
    "u s": "US", "u s a": "US", "u k": "GB", "u a e": "AE", "the us": "US", "the usa": "US", "the uk": "GB",
    "deutschland": "DE", "osterreich": "AT", "schweiz": "CH", "suisse": "CH", "svizzera": "CH",
    "espana": "ES", "italia": "IT", "brasil": "BR", "polska": "PL", "sverige": "SE", "norge": "NO",
    "danmark": "DK", "suomi": "FI", "nederland": "NL", "belgie": "BE", "belgique": "BE", "bharat": "IN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A city under one of its names, the ``first`` or another; ``state`` is empty outside the US."""

    name: str
    first: bool
    zone: str
    country: str
    state: str
    size: int


@dataclass(frozen=True, slots=True)
class _Countries:
    """The names of countries, their zones as the database lists them, and each zone's country."""

    codes: dict[str, str]
    titles: dict[str, str]
    zones: dict[str, list[str]]


def folded(text: str) -> str:
    """Return a name in lower case, without accents, hyphens and the like, to be compared."""
    bare = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(bare).translate(_BREAKS).split())


def zones_of_place(text: str) -> tuple[str, ...]:
    """Return the zones of the country, state or city of this name, the largest place first.

    A name with its country or state behind a comma is that place.
    """
    name = folded(text)
    name, _, rest = (folded(part) for part in text.partition(","))
    if rest:
        return _zones_within(name, rest) or zones_of_place(text.replace(",", " "))
    if not name or name in _CONTINENTS:
        return _CONTINENTS.get(name, ())
    zones = [*filter(None, (_REGIONS.get(name),)), *zones_of_country(name), *_of_state(name)]
    found = [place for place in cities(name) if not zones or place.first]
    zones += [place.zone for place in _not_small(found)]
    return tuple(dict.fromkeys(zones))[:MOST]


def zones_of_country(name: str) -> tuple[str, ...]:
    """Return the zones of a country, those of its large cities first; none for another name."""
    countries = _countries()
    code = countries.codes.get(folded(name), "")
    if not code:
        return ()
    known = countries.zones.get(code, [])
    large = dict.fromkeys(place.zone for place in _lines(f"\t{code}\t") if place.zone in known)
    return tuple(large or known)


def country_of_zone(zone: str) -> str:
    """Return the name of the country that a zone is in; empty for a zone of no country."""
    return _countries().titles.get(zone, "")


def cities(name: str) -> Iterator[Place]:
    """Yield the cities of this folded name, the largest first."""
    return _lines(f"|{name}|", name)


def cities_like(beginning: str) -> Iterator[Place]:
    """Yield the cities with a name that begins so, the largest first."""
    return _lines(f"|{beginning}")


@cache
def known_names() -> tuple[str, ...]:
    """Return the first name of every large city, the places that zones are named for, and the countries."""
    lines = (line for line in _table().splitlines() if not line.startswith("#"))
    large = [line.split("|", 2)[1] for line in lines if int(line.split("\t", 4)[3]) >= _LARGE]
    named = [folded(zone.rpartition("/")[2]) for zone in zones_in_use()]
    return tuple(dict.fromkeys([*large, *named, *(name for name in _countries().codes if len(name) > 3)]))


def zones_in_use() -> tuple[str, ...]:
    """Return the zones that are a country's, as zone.tab lists them."""
    return tuple(_countries().titles)


def _zones_within(name: str, rest: str) -> tuple[str, ...]:
    """The zones of a city or state, such as "portland", in a country or state, such as "oregon"."""
    found = [place.zone for place in cities(name) if rest in _around(place)]
    if _countries().codes.get(rest) == "US":
        found += _of_state(name)
    return tuple(dict.fromkeys(found))[:MOST]


def _of_state(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place.zone for place in _lines(f"\tUS\t{name}\t")))


def _around(place: Place) -> set[str]:
    codes = _countries().codes
    names = {name for name, code in codes.items() if code == place.country}
    return names | {place.state, place.country.casefold()} - {""}


def _not_small(found: list[Place]) -> list[Place]:
    """The cities that are not small beside the largest; an alternative name makes no city small."""
    return [
        place
        for place in found
        if place.size * _SMALL > found[0].size or (place.first and not found[0].first)
    ]


def _lines(wanted: str, name: str = "") -> Iterator[Place]:
    table, at = _table(), -1
    while (at := table.find(wanted, at + 1)) >= 0:
        start, end = table.rfind("\n", 0, at) + 1, table.find("\n", at)
        zone, country, state, size, names = table[start:end].split("\t")
        end_of_name = table.find("|", at + 1)
        typed = table[at + 1 : end_of_name] if wanted.startswith("|") else names[1:].partition("|")[0]
        yield Place(name or typed, names.startswith(f"|{name or typed}|"), zone, country, state, int(size))
        at = end


@cache
def _table() -> str:
    return resources.files(__package__).joinpath("places.tsv").read_text(encoding="utf-8")


@cache
def _countries() -> _Countries:
    data = resources.files("tzdata").joinpath("zoneinfo")
    names = dict(_rows(data.joinpath("iso3166.tab").read_text(encoding="utf-8")))
    codes: dict[str, str] = {}
    for code, title in names.items():
        parts = (title, *title.split(" ("), title.replace("&", "and"), *title.split(" & "))
        codes |= {folded(part): code for part in parts}
    codes |= _COUNTRIES | {code.casefold(): code for code in names}
    zones: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for code, zone in _zones(data.joinpath("zone.tab").read_text(encoding="utf-8")):
        zones.setdefault(code, []).append(zone)
        titles[zone] = names[code].partition(" (")[0]
    return _Countries(codes, titles, zones)


def _rows(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if line and not line.startswith("#"):
            first, _, rest = line.partition("\t")
            yield first, rest


def _zones(text: str) -> Iterator[tuple[str, str]]:
    for code, rest in _rows(text):
        yield code, rest.split("\t")[1]
