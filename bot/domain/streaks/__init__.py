"""Streaks as a pure function of events and settings: replayed day by day, or kept in one row.

``replay`` tells the whole story, day by day. ``advance`` takes one event into a stored ``State``,
``up_to_date`` judges the days that are over by what was asked, and ``summary`` reads the same
numbers. Where an event is too old for the state, ``advance`` raises ``NeedsReplay``, and ``rebuild`` makes
the state anew from the facts:

    try:
        state = advance(state, event, settings)
    except NeedsReplay:
        state = rebuild(every_event_of_the_member, settings)

Import from this package; the rules are in its module ``rules`` and, in words, in docs/streaks.md.
"""

from bot.domain.streaks.events import (
    Acted,
    Asked,
    Event,
    Joined,
    NoFaultDay,
    RestDaysSet,
    StateEvent,
    StreakSettings,
    TimedEvent,
    ZoneChanged,
)
from bot.domain.streaks.incremental import (
    Risk,
    Summary,
    advance,
    figures,
    last_days,
    open_day,
    rest_days_change_allowed,
    risks,
    summary,
    verdicts,
    zone_change_allowed,
)
from bot.domain.streaks.replay import StreakReplay, rebuild, replay
from bot.domain.streaks.rules import Window, up_to_date, windows_of
from bot.domain.streaks.state import DayEntry, DayStatus, NeedsReplay, State, Verdict

__all__ = [
    "Acted",
    "Asked",
    "DayEntry",
    "DayStatus",
    "Event",
    "Joined",
    "NeedsReplay",
    "NoFaultDay",
    "RestDaysSet",
    "Risk",
    "State",
    "StateEvent",
    "StreakReplay",
    "StreakSettings",
    "Summary",
    "TimedEvent",
    "Verdict",
    "Window",
    "ZoneChanged",
    "advance",
    "figures",
    "last_days",
    "open_day",
    "rebuild",
    "replay",
    "rest_days_change_allowed",
    "risks",
    "summary",
    "up_to_date",
    "verdicts",
    "windows_of",
    "zone_change_allowed",
]
