"""The use of roles on somebody's behalf, and the reasons for which a platform would not let them do it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """Purposes of a role or user group: to put members into it, or to notify those in it."""

    GIVE = "give"
    MENTION = "mention"


class Denied(StrEnum):
    """Reasons why a role or user group cannot be given or mentioned on behalf of a person.

    EVERYBODY: the role is the whole place. MISSING: there is no such role. LEFT: the person is not
    in the place. DEMOTED: they no longer manage it. MAY_NOT: the platform would not let them do it
    themselves. TOO_HIGH: the role does not rank below them. POWERFUL: whoever is in it has power over
    others or over the place. MANAGED: the platform or an app decides who is in it. BOT_MAY_NOT and
    BOT_TOO_LOW: the platform would not let Milepost do it.
    """

    EVERYBODY = "everybody"
    MISSING = "missing"
    LEFT = "left"
    DEMOTED = "demoted"
    MAY_NOT = "may_not"
    TOO_HIGH = "too_high"
    POWERFUL = "powerful"
    MANAGED = "managed"
    BOT_MAY_NOT = "bot_may_not"
    BOT_TOO_LOW = "bot_too_low"


@dataclass(frozen=True, slots=True)
class Denial:
    """A refusal.

    ``detail`` lists the platform's names for the powers of a POWERFUL role, or is empty.
    """

    reason: Denied
    detail: str = ""
