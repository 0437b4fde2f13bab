"""The part of the platform's server, in memory: it keeps messages, and knows who sees which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.chat import Clock, Form


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message as the platform has it: its words, and what can be pressed and chosen, by label."""

    text: str
    buttons: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in a channel. With ``only_for`` one person alone sees it."""

    id: str
    channel: str
    drawn: Drawn
    only_for: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the server when somebody acts: a typed ``line``, pressed ``action``, or sent ``form``.

    ``id`` is the same if it is told again. ``at`` is the instant of the act. ``message`` is the one that
    was acted on.
    """

    id: str
    person: str
    channel: str
    at: dt.datetime
    line: str = ""
    action: str = ""
    chosen: str = ""
    message: str = ""
    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class Room:
    """Channels in memory. It forgets everything at the end of the process."""

    def __init__(self, channels: Sequence[str], clock: Clock) -> None:
        self.channels = tuple(channels)
        self.forms: dict[str, tuple[Form, Mapping[str, str]]] = {}
        """The form that each person has open, with what is wrong with it."""
        self._clock = clock
        self._posted: dict[str, Posted] = {}
        self._by_key: dict[str, str] = {}
        self._events = 0

    def has(self, channel: str) -> bool:
        """Tell if there is such a channel, or somebody's own conversation."""
        return channel in self.channels or channel.startswith("@")

    def post(self, channel: str, drawn: Drawn, key: str, only_for: str = "") -> str:
        """Add a message, unless there is one with this key. Returns its id."""
        if key not in self._by_key:
            number = f"m{len(self._posted) + 1}"
            self._posted[number] = Posted(number, channel, drawn, only_for)
            self._by_key[key] = number
        return self._by_key[key]

    def edit(self, number: str, drawn: Drawn) -> None:
        """Change a message. Raises LookupError if it isn't there."""
        self._posted[number] = replace(self._posted[number], drawn=drawn)

    def seen(self, channel: str, person: str) -> list[Posted]:
        """Return the messages of a channel that a person sees, oldest first."""
        return [
            each
            for each in self._posted.values()
            if each.channel == channel and each.only_for in {"", person}
        ]

    def owner(self, number: str) -> str:
        """Return whose private message this is; empty for one that everybody sees, or that isn't there."""
        return self._posted[number].only_for if number in self._posted else ""

    def event(self, person: str, channel: str) -> Event:
        """Return an act of somebody, now; the caller says what it is."""
        self._events += 1
        return Event(f"e{self._events}", person, channel, self._clock.now())
