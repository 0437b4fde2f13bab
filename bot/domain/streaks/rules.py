"""The rules of a streak, used by increment and replay alike: the walk from day to day, and what was asked.

Every function of the walk takes a state and returns the next one. A window is what a question or a prompt
leaves to be done: it opens with the post and closes with the next one. Its duty day is the first of the
member's days that holds half a day of it. Rules and their reasons: docs/streaks.md.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.domain.calendar import ONE_DAY, day_starts_at, local_day, require_utc
from bot.domain.model import ANSWERED_BY, AskedPost, PostKind
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
from bot.domain.streaks.state import OpenDay, RestDays, State, Verdict

CHANGE_EVERY = dt.timedelta(days=7)
HALF_DAY = dt.timedelta(hours=12)

MOST_DAYS = 300 * 366
"""Days that are walked in all, at most: dates are from 1900 to 2200 here, so more of them are none."""

KNOWN_BEFORE = 4
"""Days before the tail whose beginnings are kept: at most two in a row hold less than half a day."""


def note(state: State, event: StateEvent) -> State:
    """Take down the date that an event names by itself, where that day is not over yet."""
    if not isinstance(event, Acted | NoFaultDay) or event.local_date is None:
        return state
    day = event.local_date
    if state.today is not None and day < state.today.date:
        return state
    if isinstance(event, NoFaultDay):
        return replace(state, no_fault=state.no_fault | {day})
    return replace(state, credited=state.credited | {day})


def step(state: State, event: TimedEvent, settings: StreakSettings) -> State:
    """Walk to the instant of an event and take it."""
    if state.today is None and isinstance(event, Joined | Acted):
        state = _join(state, event, settings)
    state = roll(state, event.at, settings)
    match event:
        case Acted(local_date=None) if state.today is not None:
            return replace(state, credited=state.credited | {state.today.date})
        case Joined() | Acted():
            return state
        case ZoneChanged():
            return _ask_for_zone(state, event)
        case RestDaysSet():
            return _set_rest_days(state, event)
        case _:
            assert_never(event)


def roll(state: State, now: dt.datetime, settings: StreakSettings) -> State:
    """End every day that is over at ``now`` (UTC). O(days); before joining there are none.

    Raises ValueError unless ``now`` is in UTC, and for more than MOST_DAYS since the first day.

    Source: docs/streaks.md, "Travel": at a rollover a zone that was asked for takes over. If its
    own clock has not reached the next date, the date goes on (lived twice, counts once).
    """
    require_utc(now)
    if state.first is not None and (now.date() - state.first).days > MOST_DAYS:
        raise ValueError(f"more than {MOST_DAYS} days since {state.first}")
    while (today := state.today) is not None:
        tomorrow = today.date + ONE_DAY
        end = day_starts_at(tomorrow, state.zone, settings.rollover)
        if end <= now and state.next_zone is not None:
            state = replace(
                state, zone=state.next_zone, next_zone=None, zone_since=today.date, changed_at=end
            )
            end = max(end, day_starts_at(tomorrow, state.zone, settings.rollover))
        if end > now:
            break
        state = replace(
            state,
            rest=state.next_rest,
            rest_since=state.rest_since if state.next_rest.member == state.rest.member else today.date,
            # A date skipped by travel ends before it begins: the next one begins no earlier for that.
            today=OpenDay(tomorrow, max(today.began, end)),
            tail=state.tail + verdict_of(state, today, end),
            began=(*state.began, today.began),
            credited=state.credited - {today.date},
            no_fault=state.no_fault - {today.date},
        )
    state = drained(state, settings)
    return state if state.as_of is not None and state.as_of >= now else replace(state, as_of=now)


def drained(state: State, settings: StreakSettings) -> State:
    """Write the days at the front of the tail whose status is final into the book."""
    final = state.tail.partition(Verdict.OPEN)[0]
    if not final:
        return state
    tail = state.tail[len(final) :]
    return replace(
        state,
        book=state.book.after(final, settings),
        tail=tail,
        began=state.began[-KNOWN_BEFORE - len(tail) :],
    )


def may_change_zone(state: State) -> bool:
    """Tell whether another zone may be asked for on the day that ``state`` is in.

    Source: docs/streaks.md, "Travel": zones take over at least seven dates apart; a zone that still waits
    for the rollover may be corrected.
    """
    if state.today is None or state.zone_since is None or state.next_zone is not None:
        return True
    return state.today.date - state.zone_since >= CHANGE_EVERY


def may_change_rest_days(state: State) -> bool:
    """Tell whether the member may ask for other rest days on the day that ``state`` is in.

    Source: docs/streaks.md, "Rest days": the same rule as for zones.
    """
    waiting = state.next_rest.member != state.rest.member
    if state.today is None or state.rest_since is None or waiting:
        return True
    return state.today.date - state.rest_since >= CHANGE_EVERY


def verdict_of(state: State, today: OpenDay, end: dt.datetime) -> Verdict:
    """Return the verdict on the day ``today``, ended at ``end`` (UTC); OPEN where tasks decide."""
    length = end - today.began
    if today.date in state.credited:
        return Verdict.ACTIVE
    if state.rest.cover(today.date):
        return Verdict.REST
    if today.date in state.no_fault:
        return Verdict.NO_FAULT
    if length <= dt.timedelta(0):
        return Verdict.SKIPPED
    if length < HALF_DAY:
        return Verdict.SHORT_FIRST if today.date == state.first else Verdict.SHORT
    return Verdict.OPEN


def _join(state: State, event: Joined | Acted, settings: StreakSettings) -> State:
    """Begin the first day: joining and the first activity may arrive in either order."""
    first = local_day(event.at, state.zone, settings.rollover)
    if isinstance(event, Acted) and event.local_date is not None:
        first = min(first, event.local_date)
    return replace(
        state,
        first=first,
        today=OpenDay(first, event.at),
        credited=frozenset(day for day in state.credited if day >= first),
        no_fault=frozenset(day for day in state.no_fault if day >= first),
    )


def _ask_for_zone(state: State, change: ZoneChanged) -> State:
    state = replace(state, changed_at=change.at)
    if change.zone == state.coming_zone or not may_change_zone(state):
        return state
    if state.today is None:
        return replace(state, zone=change.zone)
    return replace(state, next_zone=change.zone if change.zone != state.zone else None)


def _set_rest_days(state: State, chosen: RestDaysSet) -> State:
    state = replace(state, changed_at=chosen.at)
    coming = state.next_rest
    if chosen.whose == "group":
        coming = RestDays(chosen.days, coming.member)
    elif may_change_rest_days(state):
        coming = RestDays(coming.group, chosen.days)
    today = coming if state.today is None else state.rest
    return replace(state, rest=today, next_rest=coming)


PROMPT_OPEN = dt.timedelta(days=7)
"""Time for which a prompt asks, unless the group's next one comes before."""

LOOK_BACK = dt.timedelta(days=4)
"""Time before a day in which a window that still concerns it has opened.

An older window has its duty day before that day, and so has what was posted with it.
"""


@dataclass(frozen=True, slots=True)
class Window:
    """A task of the member: open from ``opens`` to ``closes`` (UTC), None while that is not known.

    ``met`` says that one of the activities called ``keys`` answered it in time: until it closes or, where
    that is later, until ``waits`` (UTC).
    """

    opens: dt.datetime
    closes: dt.datetime | None
    keys: frozenset[str]
    met: bool = False
    waits: dt.datetime | None = None

    @property
    def ends(self) -> dt.datetime | None:
        """The instant (UTC) from which nothing answers it any more, None while that is not known."""
        if self.closes is None or self.waits is None:
            return self.closes
        return max(self.closes, self.waits)

    def closed(self, at: dt.datetime) -> bool:
        """Tell whether nothing answers it any more at ``at`` (UTC)."""
        return self.ends is not None and self.ends <= at

    def after(self, key: str, at: dt.datetime) -> "Window":
        """The window when the activity ``key`` has happened at ``at`` (UTC)."""
        return replace(self, met=True) if key in self.keys and not self.closed(at) else self


def windows_of(posts: Sequence[AskedPost]) -> tuple[Window, ...]:
    """Return what a group's posts ask of a member, in order.

    What was posted before the member joined asks nothing. What a group posts on one date is asked together:
    each answer to any of it meets all of it that is open. A prompt waits for the questions of its date.
    """
    together: dict[tuple[int, dt.date], list[AskedPost]] = defaultdict(list)
    for post in posts:
        together[post.group_id, post.local_date].append(post)
    closings = _closings(posts)
    return tuple(
        _window(post, together[post.group_id, post.local_date], closings)
        for post in posts
        if post.sent_at > post.joined_at
    )


def windows_from(events: Iterable[Event]) -> tuple[Window, ...]:
    """Return what ``Asked`` events ask, met by the first activity of each key."""
    events = list(events)
    done: dict[str, dt.datetime] = {}
    for event in events:
        if isinstance(event, Acted):
            done[event.key] = min(event.at, done.get(event.key, event.at))
    asked = [event for event in events if isinstance(event, Asked)]
    return tuple(
        Window(
            event.opens,
            event.closes,
            event.keys,
            _met(event.closes, (done[key] for key in event.keys if key in done)),
        )
        for event in asked
    )


def up_to_date(
    state: State, now: dt.datetime, settings: StreakSettings, windows: Iterable[Window] = ()
) -> State:
    """The state at ``now`` (UTC), with each day that is over judged by what was asked, where that is final.

    ``windows`` are all that may have their duty day on a day that nobody has judged (see
    ``State.blank_since``): those that opened up to ``LOOK_BACK`` before it, and all later ones. A ``now``
    before the last event of the state gives the state after that event. O(days since then).
    Raises ValueError unless ``now`` is in UTC.
    """
    state = roll(state, now, settings)
    if state.today is None or state.as_of is None or Verdict.OPEN not in state.tail:
        return state
    asked = by_day(windows, (*state.began, state.today.began))
    first = len(state.began) - len(state.tail)
    tail, judged_at = list(state.tail), state.judged_at
    for place, letter in enumerate(tail):
        if letter == Verdict.OPEN:
            on_it = asked.get(first + place, [])
            tail[place] = _verdict(on_it, state.as_of)
            if tail[place] is Verdict.NO_FREEZE:
                closed = min(w.ends for w in on_it if not w.met and w.ends is not None)
                judged_at = max(closed, judged_at or closed)
    return drained(replace(state, tail="".join(tail), judged_at=judged_at), settings)


def by_day(windows: Iterable[Window], starts: Sequence[dt.datetime]) -> Mapping[int, list[Window]]:
    """The windows by their duty day, as a place in ``starts``: the instants at which days begin.

    The last of these days is left out: it has no end.
    """
    found: dict[int, list[Window]] = defaultdict(list)
    for window in windows:
        day = _duty_day(window, starts)
        if day is not None:
            found[day].append(window)
    return found


def _duty_day(window: Window, starts: Sequence[dt.datetime]) -> int | None:
    for day in range(bisect_right(starts, window.opens) - 1, len(starts) - 1):
        if day < 0:
            return None  # it opened before the days that are known, and is the duty of one of those
        begins, ends = max(window.opens, starts[day]), starts[day + 1]
        closes = window.closes or ends
        if min(closes, ends) - begins >= HALF_DAY:
            return day
        if closes < ends:
            return None
    return None


def _verdict(asked: Sequence[Window], now: dt.datetime) -> Verdict:
    """Return what asking made of a day without an activity; NO_FREEZE where it was missed."""
    unmet = [window for window in asked if not window.met]
    if any(window.closed(now) for window in unmet):
        return Verdict.NO_FREEZE
    if unmet:
        return Verdict.OPEN
    return Verdict.IN_TIME if asked else Verdict.NOTHING_ASKED


def _closings(posts: Sequence[AskedPost]) -> dict[int, dt.datetime]:
    """Return when each post stops asking: a prompt with the next one of its group, if there is one."""
    closings: dict[int, dt.datetime] = {}
    following: dict[int, dt.datetime] = {}
    for post in sorted(posts, key=lambda post: (post.sent_at, post.post_id), reverse=True):
        longest = post.sent_at + PROMPT_OPEN
        if post.kind is PostKind.PROMPT:
            closings[post.post_id] = min(following.get(post.group_id, longest), longest)
            following[post.group_id] = post.sent_at
        else:
            closings[post.post_id] = post.closes_at or longest
    return closings


def _window(post: AskedPost, together: Sequence[AskedPost], closings: Mapping[int, dt.datetime]) -> Window:
    keys = frozenset(f"{kind}:{each.post_id}" for each in together for kind in ANSWERED_BY[each.kind])
    questions = [closings[each.post_id] for each in together if each.kind is PostKind.QUIZ]
    waits = max(questions, default=None) if post.kind is PostKind.PROMPT else None
    closes = closings[post.post_id]
    answers = (each.answered_at for each in together if each.answered_at is not None)
    met = _met(closes if waits is None else max(closes, waits), answers)
    return Window(post.sent_at, closes, keys, met, waits)


def _met(closes: dt.datetime | None, answers: Iterable[dt.datetime]) -> bool:
    return any(closes is None or answer < closes for answer in answers)
