"""Tasks of a streak: open windows against a member's own days. Source: docs/streaks.md, "The duty".

A window is what a question or a prompt leaves to be done: it opens with the post and closes with the next
one. Its duty day is the first of the member's days that holds half a day of it.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.model import ANSWERED_BY, AskedPost, PostKind
from bot.domain.streaks.days import Verdict
from bot.domain.streaks.events import Activity, Asked, Event, StreakSettings
from bot.domain.streaks.rules import HALF_DAY, drained
from bot.domain.streaks.state import State

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
        if isinstance(event, Activity):
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


def judged(state: State, windows: Iterable[Window], settings: StreakSettings) -> State:
    """Say of each day that is over whether it was missed, as of ``state.as_of``, where that is final.

    ``windows`` are all that may have their duty day on a day that nobody has judged (see
    ``State.blank_since``): those that opened up to ``LOOK_BACK`` before it, and all later ones.
    """
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
