"""Oracle of streaks: the outcome of each day of a life, found slowly, from the clocks and without Milepost.

It lives through the weeks a quarter of an hour at a time, notes when each of the member's days began,
measures each open window against each day, and spends the freezes by looking ahead.
"""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
TICK = dt.timedelta(minutes=15)
HALF_DAY = dt.timedelta(hours=12)
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Asked:
    """A question or prompt as it stood at some instant: `until` is when it closes or closed."""

    number: int
    group: int
    date: dt.date
    sent: dt.datetime
    until: dt.datetime
    prompt: bool


@dataclass
class Days:
    """The days of a member: the date of each, when it began, and which weekdays they rested on."""

    dates: list = field(default_factory=list)
    begins: list = field(default_factory=list)
    rests: list = field(default_factory=list)


def days_of(life, until):
    """The member's days that have begun up to an instant. What comes later changes none of them."""
    if life.days is None:
        life.days = lived(life, life.end)
    begun = sum(begins <= until for begins in life.days.begins)
    return Days(life.days.dates[:begun], life.days.begins[:begun], life.days.rests[:begun])


def lived(life, until):
    """The member's days up to an instant, by living them. A new zone takes over when a day ends."""
    days, zone, waiting, rest = Days(), life.zone, None, frozenset()
    moves, rests, now = list(life.moves), list(life.rests), life.joined
    begin(days, shown(now, zone, life.rollover), now, rest)
    while now <= until:
        while moves and moves[0][0] < now:
            waiting = moves.pop(0)[1]
        while rests and rests[0][0] < now:
            rest = rests.pop(0)[1]
        today = days.dates[-1]
        if waiting and shown(now, zone, life.rollover) > today:
            zone, waiting = waiting, None
        while shown(now, zone, life.rollover) > days.dates[-1]:
            begin(days, days.dates[-1] + DAY, now, rest)
        now = now - (now - life.start) % TICK + TICK
    return days


def begin(days, date, now, rest):
    days.dates.append(date)
    days.begins.append(now)
    days.rests.append(date.weekday() in rest)


def shown(now, zone, rollover):
    """The date that the clocks show, as of the rollover."""
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return (wall - dt.timedelta(hours=rollover.hour, minutes=rollover.minute)).date()


def duty(asked, days):
    """The place of the first day that is over and holds half a day of the window; None without one."""
    for place in range(len(days.dates) - 1):
        held = min(asked.until, days.begins[place + 1]) - max(asked.sent, days.begins[place])
        if held >= HALF_DAY:
            return place
    return None


def answered(asked, everything, acts, now):
    """Tell if an act met the duty in time: on the post itself, or on one of its group from that date."""
    together = [one for one in everything if (one.group, one.date) == (asked.group, asked.date)]
    ends = ends_of(asked, together)
    return any(
        at < ends and at <= now and number in {one.number for one in together} for at, number in acts
    )


def ends_of(asked, together):
    """A prompt waits for the questions of its date."""
    waits = [one.until for one in together if not one.prompt] if asked.prompt else []
    return max([asked.until, *waits])


def kinds(life, everything, acts, now):
    """("active", "rest", "off", "missed", "open") of each day but today, and whether today is active."""
    days = days_of(life, now)
    active = set()
    for at, _ in acts:
        if at <= now:
            active.add(max(place for place, begun in enumerate(days.begins) if begun <= at))
    owed = {}
    for asked in everything:
        if asked.sent <= life.joins[asked.group] or answered(asked, everything, acts, now):
            continue
        together = [one for one in everything if (one.group, one.date) == (asked.group, asked.date)]
        place = duty(asked, days)
        owed.setdefault(place, set()).add("missed" if ends_of(asked, together) <= now else "open")
    found = []
    for place in range(len(days.dates) - 1):
        if place in active:
            found.append("active")
        elif days.rests[place]:
            found.append("rest")
        else:
            marks = owed.get(place, ())
            found.append(next((mark for mark in ("missed", "open") if mark in marks), "off"))
    return days, found, len(days.dates) - 1 in active


def scored(found, today_active):
    """The streak, the best one, the freezes and how each day is shown: each gap is looked over first."""
    streak, best, freezes = 0, 0, 1
    shown_as = list(found)
    place, line = 0, [*found, *(["active"] if today_active else [])]
    while place < len(line):
        if line[place] == "active":
            streak += 1
            best = max(best, streak)
            freezes = min(2, freezes + (streak % 7 == 0))
            place += 1
        elif line[place] != "missed":
            place += 1
        else:
            end = next((n for n in range(place, len(line)) if line[n] == "active"), len(line))
            gap = [n for n in range(place, end) if line[n] == "missed"]
            if streak and len(gap) <= freezes:
                freezes -= len(gap)
                for n in gap:
                    shown_as[n] = "frozen"
            else:
                streak = 0
            place = end
    return streak, best, freezes, shown_as
