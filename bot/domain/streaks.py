"""A streak as a pure function of events and settings: replayed as a ledger, or kept in one row.

`replay` tells the whole story, day by day. `advance` takes one event into a stored `State` and
`summary` reads the same numbers from it. Where an event is too old for the state, `advance` raises
`NeedsReplay`, and `rebuild` makes the state anew from the facts:

    try:
        state = advance(state, event, settings)
    except NeedsReplay:
        state = rebuild(every_event_of_the_member, settings)

This module is the front door; the rules are in `streak_walk` and, in words, in docs/streaks.md.
"""

from bot.domain.streak_events import (
    Activity,
    Event,
    Joined,
    NoFaultDay,
    RestDaysSet,
    StreakSettings,
    ZoneChanged,
)
from bot.domain.streak_increment import (
    Summary,
    advance,
    day_at,
    rest_days_change_allowed,
    summary,
    zone_change_allowed,
)
from bot.domain.streak_replay import Ledger, rebuild, replay
from bot.domain.streak_state import NeedsReplay, State
from bot.domain.streak_walk import DayEntry, Status

__all__ = [
    "Activity",
    "DayEntry",
    "Event",
    "Joined",
    "Ledger",
    "NeedsReplay",
    "NoFaultDay",
    "RestDaysSet",
    "State",
    "Status",
    "StreakSettings",
    "Summary",
    "ZoneChanged",
    "advance",
    "day_at",
    "rebuild",
    "replay",
    "rest_days_change_allowed",
    "summary",
    "zone_change_allowed",
]
