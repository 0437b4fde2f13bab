"""Oracle of timetables: the local dates that a group wants and what becomes of each, from clocks alone.

It is told what an organiser does and when the bot is up, and walks from date to date. When the clocks of
a zone read something it knows from ``wall_oracle`` alone, which goes from UTC to the wall.

The policy on the day of a change: a date that has been served is not served again. The date that was to
come next keeps its post where the new rule wants it too; if its new time is past, it comes at its old one,
unless a still later change takes that weekday out. A date that was let go before its post came is free
again: it comes where a later change wants it, at a time still to come.
"""

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from zoneinfo import ZoneInfo

from tests.support.wall_oracle import DAY, exists, first_reading, stretches

LATE = dt.timedelta(hours=1)
FORGOTTEN = dt.timedelta(weeks=4)
SENT, MISSED, WAITING = "sent", "missed", "waiting"


@dataclass(frozen=True)
class Rule:
    """Times at which a group wants its posts; ``days`` are weekdays, Monday 0."""

    at: dt.time
    days: frozenset
    zone: str
    enabled: bool = True


class Oracle:
    """One schedule of one group through the years from ``first_year`` on."""

    def __init__(self, rule, now, first_year, years):
        self._rule, self._group_zone = rule, rule.zone
        self._reach = (first_year, years + 1)
        self._after, self._last = now, dt.date.min
        self._paused, self._until, self._end = False, None, None
        self._skipped = frozenset()
        self._kept, self._planned, self._let_go = [], [], set()
        self.outcome = {}

    def awake(self, since, until):
        """The bot is up all the time between two instants, and does everything in its moment."""
        self._pass(since)
        while (instant := self._next_instant()) is not None and instant <= until:
            self._pass(instant)

    def _next_instant(self):
        instants = [instant for _, instant in self._kept]
        if self._end is not None:
            instants.append(self._end)
        if self._rule.enabled and not self._paused:
            instants.append(next(self._slots())[1])
        return min(instants, default=None)

    def _pass(self, now):
        """Take due slots; send or drop planned ones."""
        self._take_until(now)
        self._planned += [slot for slot in self._kept if slot[1] <= now]
        self._kept = [slot for slot in self._kept if slot[1] > now]
        if self._paused:
            return
        for date, instant in self._planned:
            withdrawn = not self._rule.enabled or date in self._skipped
            withdrawn = withdrawn or date.weekday() not in self._rule.days
            if withdrawn:
                self._let_go.add(date)
            unwanted = withdrawn or self._over(date, instant, now)
            self.outcome[date] = (MISSED, None) if unwanted else (SENT, now)
        self._planned = []

    def reschedule(self, now, **changes):
        """Another time, days or zone, or off."""
        self._take_until(now)
        self._change_rule(replace(self._rule, **changes), now)

    def move(self, now, zone):
        """The group and its schedule go to another zone."""
        self._take_until(now)
        self._group_zone = zone
        if self._until is not None:
            self._end = max(self._begins(self._until), now)
        self._change_rule(replace(self._rule, zone=zone), now)

    def skip(self, now, dates):
        """No posts on these dates, and on all others again."""
        self._take_until(now)
        self._skipped = frozenset(dates)
        self._regain(now)

    def pause(self, now, until=None):
        """Until a date, or for good. A second pause gives it another end, or none."""
        self._take_until(now)
        if until is not None:
            self._until, self._end = until, max(self._begins(until), now)
        else:
            self._until = self._end = None
        self._paused = True

    def resume(self, now):
        """Go on, if it is paused."""
        self._take_until(now)
        if self._paused:
            self._go_on(now)

    def unsettled(self):
        """Dates that are planned and not sent: the group is paused, or their instant is still to come."""
        return {date for date, _ in (*self._kept, *self._planned)}

    def _take_until(self, now):
        if self._end is not None and self._end <= now:
            self._go_on(self._end - dt.timedelta(microseconds=1))
        if self._paused or not self._rule.enabled:
            self._after = max(self._after, now)
            return
        due = []
        for date, instant in self._slots():
            if instant > now:
                break
            due.append((date, instant))
        if due and due[0][1] < now - FORGOTTEN:
            due = [(date, instant) for date, instant in due if instant > now - FORGOTTEN]
        for date, instant in due:
            self._last = date
            if self._over(date, instant, now):
                self.outcome[date] = (MISSED, None)
            else:
                self._planned.append((date, instant))
        self._after = max(self._after, now)

    def _go_on(self, instant):
        self._paused, self._until, self._end = False, None, None
        self._after = instant
        self._regain(instant)

    def _regain(self, now):
        """Plan dropped dates again if they are wanted and still to come."""
        if self._paused or not self._rule.enabled:
            return
        for date in sorted(self._let_go):
            if date.weekday() not in self._rule.days or date in self._skipped:
                continue
            instant = moment(date, self._rule.at, self._rule.zone, *self._reach)
            if instant is not None and instant > now:
                self._let_go.remove(date)
                del self.outcome[date]
                self._kept.append((date, instant))

    def _change_rule(self, new, now):
        pending = next(self._slots(), None) if self._rule.enabled and not self._paused else None
        self._rule, self._after = new, now
        wanted = pending is not None and new.enabled and pending[0].weekday() in new.days
        if wanted and pending[0] < next(self._slots())[0]:
            self._last = pending[0]
            self._kept.append(pending)
        self._regain(now)

    def _slots(self):
        """(date, instant) of every date that is wanted from now on, in order."""
        around = self._after.astimezone(dt.UTC).date() - 2 * DAY
        start = max(self._last, around)
        for step in count(1):
            date = start + step * DAY
            if date.weekday() in self._rule.days and date not in self._skipped:
                instant = moment(date, self._rule.at, self._rule.zone, *self._reach)
                if instant is not None and instant > self._after:
                    yield date, instant

    def _over(self, date, instant, now):
        reads = now.astimezone(ZoneInfo(self._rule.zone)).date()
        return reads > date and instant < now - LATE

    def _begins(self, date):
        known = window(date, self._group_zone, *self._reach)
        return first_reading(dt.datetime.combine(date, dt.time()), known)


def moment(date, at, zone, first_year, years):
    """The first instant at which the clocks read this or later; None on a date that the zone left out."""
    known = window(date, zone, first_year, years)
    return first_reading(dt.datetime.combine(date, at), known) if exists(date, known) else None


def window(date, zone, first_year, years):
    """The stretches of constant offset that can have to do with a date."""
    known, ends = _stretches(zone, first_year, years)
    noon = dt.datetime.combine(date, dt.time(12), dt.UTC)
    return known[bisect_right(ends, noon - 3 * DAY) : bisect_right(ends, noon + 3 * DAY) + 1]


@cache
def _stretches(zone, first_year, years):
    known = stretches(zone, first_year, years)
    return known, [one.end for one in known]
