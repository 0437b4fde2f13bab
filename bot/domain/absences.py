"""Absences: times in which a member was not in a group. Pure."""

from __future__ import annotations

import datetime as dt

_BRIEF = dt.timedelta(minutes=10)


def is_brief(left_at: dt.datetime, back_at: dt.datetime) -> bool:
    """Tell whether an absence matters only if something was posted meanwhile.

    Leaving and joining take a second, and some chats tell of each: without posts, such absences excuse
    nobody from anything, and would be kept without end. Longer ones are few.
    """
    return back_at - left_at < _BRIEF
