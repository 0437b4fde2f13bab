"""Options and fields that say when something is posted, and the rule that they add up to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.chat.commands import CommandOption
from bot.chat.messages import Choice
from bot.domain.calendar import EVERY_DAY, BadDays, BadTime, BadZone, WallSchedule
from bot.domain.model import PostKind
from bot.domain.parsing import (
    AFTER_TIME,
    MOST_DAYS,
    MOST_TIME,
    MOST_ZONE,
    parse_days,
    parse_time,
    parse_zone,
)
from bot.views.study import (
    TITLES,
)

KINDS = tuple(Choice(TITLES[kind], kind) for kind in PostKind)
WHEN = (
    CommandOption("time", "Local time, such as 09:00 or 6:30 pm", max_length=MOST_TIME, tail=AFTER_TIME),
    CommandOption("days", "Days, such as mon-fri or mon,wed,fri", max_length=MOST_DAYS),
)
ZONE = CommandOption("zone", "Time zone, such as Europe/Berlin", completes=True, max_length=MOST_ZONE)


def rule_of(values: Mapping[str, str], problems: dict[str, str], kept: str = "") -> WallSchedule | None:
    """Return the rule in ``values``; None with a sentence in ``problems`` for each field that is wrong.

    ``kept`` is the zone that is set so far.
    """
    at, days, zone = dt.time(), EVERY_DAY, "UTC"
    try:
        at = parse_time(values.get("time", ""))
    except BadTime as error:
        problems["time"] = str(error)
    try:
        days = parse_days(values.get("days", ""))
    except BadDays as error:
        problems["days"] = str(error)
    try:
        zone = parse_zone(values.get("zone", ""), kept)
    except BadZone as error:
        problems["zone"] = str(error)
    if not days:
        problems["days"] = "Choose at least one day, such as mon-fri."
    return None if problems else WallSchedule(at, days, zone)
