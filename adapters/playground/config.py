"""The playground's configuration, and the ids of its people and places at the border."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.chat import Capabilities, ChannelRef, SetupError, UserRef

PLATFORM = "playground"
WORKSPACE = "playground"
"""There is one place only, so its workspace has a fixed id."""

CAPABILITIES = Capabilities(
    moments=True,
    files=True,
    max_text=12_000,
    max_block=6_000,
    max_blocks=60,
    max_label=120,
    max_row=8,
    max_options=100,
    max_title=80,
    max_field_label=120,
    edit_every=0.0,
)

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")


class PortInUse(SetupError):
    """Another program listens on the playground's port."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a window can act as. Without ``zone`` times show in the browser's own zone."""

    id: str
    name: str
    organiser: bool = False
    zone: str | None = None


PEOPLE = (
    Person("maya", "Maya", organiser=True),
    Person("ana", "Ana", zone="Europe/Lisbon"),
    Person("ben", "Ben", zone="America/New_York"),
    Person("chidi", "Chidi", zone="Africa/Lagos"),
)
CHANNELS = (("backend", "backend"), ("lounge", "lounge"))


@dataclass(frozen=True, slots=True)
class PlaygroundConfig:
    """The playground's configuration.

    An empty ``token`` is replaced by a fresh secret; port 0 lets the system choose one; without
    ``transcript`` the room is empty at each start. ``channels`` are pairs of an id and a name.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    token: str = field(default="", repr=False)
    transcript: Path | None = None
    people: tuple[Person, ...] = PEOPLE
    channels: tuple[tuple[str, str], ...] = CHANNELS

    def __post_init__(self) -> None:
        _check_ids("person", (person.id for person in self.people))
        _check_ids("channel", (channel for channel, _ in self.channels))
        for person in self.people:
            _check_zone(person)
        if not self.token:
            object.__setattr__(self, "token", secrets.token_urlsafe(24))

    def person(self, person_id: str) -> Person | None:
        """The person with this id, None when there is none."""
        return next((person for person in self.people if person.id == person_id), None)

    def has_channel(self, channel: str) -> bool:
        """Return True for a channel, or the direct conversation of a person."""
        direct_with = direct_person(channel)
        if direct_with is not None:
            return self.person(direct_with) is not None
        return any(channel == known for known, _ in self.channels)


def user_ref(person_id: str) -> UserRef:
    """Return the core's reference to a person of the playground."""
    return UserRef(PLATFORM, WORKSPACE, person_id)


def channel_ref(channel: str) -> ChannelRef:
    """Return the core's reference to a channel or direct conversation of the playground."""
    return ChannelRef(PLATFORM, WORKSPACE, channel, direct=direct_person(channel) is not None)


def direct_ref(person_id: str) -> ChannelRef:
    """The conversation that Milepost and one person have to themselves."""
    return channel_ref(f"@{person_id}")


def direct_person(channel: str) -> str | None:
    """Return whose direct conversation this channel id is; None for a channel of all."""
    return channel[1:] if channel.startswith("@") else None


DEMO_CHANNEL = channel_ref(CHANNELS[0][0])
"""Where the demonstration's study group meets."""

DEMO_ORGANISER = user_ref(PEOPLE[0].id)


def _check_ids(what: str, ids: Iterable[str]) -> None:
    known = list(ids)
    if not known:
        raise ValueError(f"The playground needs at least one {what}.")
    for wrong in (i for i in known if not _ID.match(i)):
        raise ValueError(f"{wrong!r} cannot be a {what} id: use a-z, 0-9, - and _ only.")
    if len(set(known)) < len(known):
        raise ValueError(f"Two of the playground's {what} ids are the same.")


def _check_zone(person: Person) -> None:
    if person.zone is None:
        return
    try:
        ZoneInfo(person.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{person.name}'s time zone {person.zone!r} is unknown.") from error
