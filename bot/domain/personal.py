"""What is kept of a person, as it is told to them, and what platforms are asked to undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.refs import UserRef


@dataclass(frozen=True, slots=True)
class Kept:
    """What one table holds of a person: the newest rows, oldest first, each with its columns by name.

    ``about`` says what that is; ``more`` that there are older rows.
    """

    name: str
    about: str
    rows: Sequence[Mapping[str, object]]
    more: bool = False


class ErrandKind(StrEnum):
    """What a platform is asked to do once.

    FILE: delete an uploaded file. AUDIENCE: take somebody out of an audience.
    """

    FILE = "file"
    AUDIENCE = "audience"


@dataclass(frozen=True, slots=True)
class Errand:
    """Something that a platform must be asked to do, once, from ``due_at`` on.

    ``target`` is the platform's id of the file or audience, ``channel`` that of the group whose audience it
    is. ``user`` is whom it is about; None for a file of nobody in particular.
    """

    id: int
    kind: ErrandKind
    platform: str
    workspace: str
    target: str
    due_at: dt.datetime
    channel: str = ""
    user: UserRef | None = None
    tries: int = 0
