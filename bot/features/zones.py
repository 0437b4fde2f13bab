"""Time zones to choose from."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from bot.border.message import Choice


@cache
def suggest_zones() -> tuple[Choice, ...]:
    """Every zone with a place name, in order; the bare legacy names are still understood when typed."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return (Choice("UTC", "UTC"), *(Choice(name.replace("_", " "), name) for name in places))
