"""The data kept of a person, as it is exported to them, and the clean-up that platforms are asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.refs import UserRef


@dataclass(frozen=True, slots=True)
class Kept:
    """A person's data in one table: the newest rows, oldest first, each with its columns by name.

    ``about`` describes the table; ``more`` tells that there are older rows.
    """

    name: str
    about: str
    rows: Sequence[Mapping[str, object]]
    more: bool = False


class ErrandKind(StrEnum):
    """A clean-up that a platform is asked for once.

    FILE: delete an uploaded file. AUDIENCE: take somebody out.
    """

    FILE = "file"
    AUDIENCE = "audience"


@dataclass(frozen=True, slots=True)
class Errand:
    """A clean-up that a platform must be asked for once, from ``due_at`` on.

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
