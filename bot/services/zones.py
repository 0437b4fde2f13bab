"""Time zones to choose from."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain

from bot.chat.commands import fitting
from bot.chat.messages import Choice
from bot.domain.parsing import suggested_zones, zones_meant, zones_of_cities

_BETWEEN_WORDS = re.compile(r"[/ (-]+")


def suggest_zones(typed: str) -> tuple[Choice, ...]:
    """Return the zones that may be meant, each once, the likeliest first; all of them for nothing typed.

    Understood are the names of zones, their countries and cities, abbreviations and offsets.
    """
    wanted = typed.casefold().strip()
    fits = fitting(_all().values(), wanted)
    meant = (_all().get(zone, Choice(zone, zone)) for zone in zones_meant(wanted))
    begun = (choice for choice in fits if _begins_a_word(choice, wanted))
    cities = (Choice(f"{city}: {_spaced(zone)}", zone) for city, zone in zones_of_cities(wanted))
    found: dict[str, Choice] = {}
    for choice in chain(meant, begun, cities, fits):
        found.setdefault(choice.value, choice)
    return tuple(found.values())


def _begins_a_word(choice: Choice, wanted: str) -> bool:
    words = _BETWEEN_WORDS.split(choice.label.casefold())
    return choice.label.casefold().startswith(wanted) or any(word.startswith(wanted) for word in words)


@cache
def _all() -> dict[str, Choice]:
    zones = {
        zone: Choice(f"{_spaced(zone)} ({country})" if country else _spaced(zone), zone)
        for zone, country in suggested_zones().items()
    }
    return {"UTC": Choice("UTC", "UTC"), **zones}


def _spaced(zone: str) -> str:
    return zone.replace("_", " ")
