"""Time zones to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from bot.border.message import Choice
from bot.domain.reading import suggested_zones, zones_near
from bot.routing import fitting

_UTC = Choice("UTC", "UTC")


def suggest_zones(typed: str) -> Iterable[Choice]:
    """Yield the zones whose name or country has what was typed in it, then those of cities that begin so.

    Where nothing fits, the zones that an abbreviation, an offset or a mistyped name may mean.
    """
    found = dict.fromkeys(choice for choice in fitting(_all(), typed))
    seen = {choice.value for choice in found}
    yield from found
    yield from (Choice(label, zone) for label, zone in zones_near(typed) if zone not in seen)


@cache
def _all() -> tuple[Choice, ...]:
    return (_UTC, *_choices())


def _choices() -> Iterator[Choice]:
    for zone, country in suggested_zones().items():
        name = zone.replace("_", " ")
        yield Choice(f"{name} ({country})" if country else name, zone)
