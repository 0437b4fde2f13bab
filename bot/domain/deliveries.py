"""Deliveries: what is owed to a platform, a row of the outbox each, until it is done or given up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.refs import UserRef

AT_ONCE = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The ``due_at`` of what is due whatever the clock says, even one that is set back later."""


LONGEST_EDIT_WAIT = dt.timedelta(minutes=15)
"""An edit is put off no further: what stands further ahead is left by a clock that was set back."""


class DeliveryKind(StrEnum):
    """Kinds of deliveries, in the order in which they are served.

    POST: show a planned post. EDIT: show the newest state of a post. REWARD: give somebody a role or take
    it back. REMINDER: remind a member. FILE_REMOVAL: delete an uploaded file. ROLE_REMOVAL: take a role
    from the forgotten. NOTICE: tell an organiser, or the group.
    """

    POST = "post"
    EDIT = "edit"
    REWARD = "reward"
    REMINDER = "reminder"
    FILE_REMOVAL = "file_removal"
    ROLE_REMOVAL = "role_removal"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that is owed to a platform.

    ``subject`` tells the deliveries of a kind apart: there is one of each, and the latest counts.
    ``due_at`` is when it may be sent, and the end of the lease while a worker has it. ``payload`` is what
    its sender needs to know. A delivery with a ``group_id`` waits while that group is paused, one with a
    ``member_id`` is deleted when the member is forgotten. ``user`` is an account that it is about.

    ``attempts`` counts the claims, ``error`` is the text of the last failure. ``revision`` is a random
    number that changes with each ``enqueue``, so that whoever is late can tell if it is still theirs.
    """

    kind: DeliveryKind
    platform: str
    workspace: str
    subject: str
    due_at: dt.datetime
    payload: Mapping[str, str | int] = field(default_factory=dict)
    group_id: int | None = None
    member_id: int | None = None
    user: UserRef | None = None
    attempts: int = 0
    error: str = ""
    id: int = field(default=0, compare=False)
    revision: int = field(default=0, compare=False)
