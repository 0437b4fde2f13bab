"""The suite's view of a platform under test: a place with people in it.

A test file of the platform implements these Protocols over the real adapter and a stand-in for the
platform's server: ``tests/adapters/contract/on_<name>.py`` for each platform in this repository.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from adapters.contract.app import ScriptedApp
from bot.chat import Adapter, ChannelRef, UserRef


class Person(Protocol):
    """Somebody who acts and looks, as people do on the platform."""

    @property
    def user(self) -> UserRef:
        """Their reference, as interactions have it."""

    async def uses(self, typed: str, **options: Any) -> None:
        """Use a command, such as ``uses("/quiz", topic="http")``. An option may be another Person."""

    async def presses(self, label: str) -> None:
        """Press the button on the newest message that has it."""

    async def chooses(self, label: str) -> None:
        """Choose an entry of a menu on the newest message that has it."""

    async def sends(self, **values: str | Sequence[str]) -> None:
        """Fill in the open form and send it. Fields that aren't named keep what they hold.

        A field of several options is filled in with a list of their values.
        """

    def sees(self) -> list[str]:
        """Return the words of each message in the channel that this person may see, oldest first."""

    def inbox(self) -> list[str]:
        """Return the words of each message in their own conversation with the bot, oldest first."""

    def form(self) -> str:
        """Return the words of the open form, with what its fields hold; empty if none is open."""

    def can_press(self, label: str) -> bool:
        """Tell if some message has this button, and it is enabled."""


@runtime_checkable
class Looks(Protocol):
    """A person who must ask the platform before ``sees`` and ``inbox`` are up to date."""

    async def look(self) -> None:
        """Ask it."""


@runtime_checkable
class Types(Protocol):
    """A person on a platform that makes suggestions while a command is typed."""

    async def types(self, command: str, option: str, typed: str) -> Sequence[str]:
        """Type into an option. Returns the values that are offered."""


@runtime_checkable
class Roles(Protocol):
    """A place where people can be put among others. Needed with ``roles`` in the capabilities."""

    def role(self) -> str:
        """Make a role. Returns its id."""

    def holds(self, role: str, person: Person, /) -> bool:
        """Tell if the person is in it."""


class Place(Protocol):
    """One channel of the platform, with a started adapter that has a ScriptedApp behind it."""

    @property
    def adapter(self) -> Adapter:
        """The adapter under test."""

    @property
    def channel(self) -> ChannelRef:
        """A channel that the adapter can post to."""

    @property
    def unknown(self) -> ChannelRef:
        """A channel that doesn't exist."""

    def now(self) -> dt.datetime:
        """Return the platform's present, aware of its zone."""

    async def passes(self, seconds: float) -> None:
        """Move the platform's time on."""

    def person(self, name: str, *, organiser: bool = False) -> Person:
        """Return somebody in the channel. The tests know Ana, Ben, and Olga, who is the organiser."""

    def refuse(self, kind: str) -> bool:
        """Make the next post fail with the DeliveryError of this name. Returns False if it can't."""


PlaceAt = Callable[[Path, ScriptedApp], AbstractAsyncContextManager[Place]]
"""``place_at(folder, app)`` of a test file: starts the adapter, yields the place, and stops it."""
