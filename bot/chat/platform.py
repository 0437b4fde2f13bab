"""The contract of a platform: the members of the module ``adapters/<name>/``.

How to write one: docs/architecture.md, "How to add a platform".
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from bot.chat.adapter import Adapter
from bot.chat.clock import AdjustableClock, Clock
from bot.chat.commands import Command
from bot.chat.configuration import Configuration
from bot.chat.platform_state import OpenState
from bot.domain.refs import ChannelRef
from bot.toolkit.checks import Check

if TYPE_CHECKING:
    import typer


class PlatformSettings(Configuration):
    """Base of a platform's settings. Subclasses choose an ``env_prefix``, which no other platform has.

    Every field has a default and a description: ``milepost run`` reads the settings of all platforms to
    find out which are set up, and docs/tables.py lists them. A secret has ``repr=False``. What says where
    tokens go, or who may reach us, has ``json_schema_extra=TRUSTED``, or ``official(…)`` for an address of
    the platform's own.
    """

    @property
    def set_up(self) -> bool:
        """Tell whether the platform is to be served where MILEPOST_PLATFORMS names none.

        Usually: whether its token is there. False here, so such a platform runs only where it is named.
        """
        return False


class Platform(Protocol):
    """The members that every platform's module has. ``Examines`` and ``Extends`` are optional."""

    PLATFORM: str
    """Name of the folder, and of the platform in every ``UserRef`` and ``ChannelRef``."""

    @property
    def Settings(self) -> type[PlatformSettings]:  # noqa: N802 - it is a class
        """Return the class of the platform's settings, which reads them from the environment."""

    def build(self, settings: Any, clock: Clock, demo_clock: AdjustableClock | None = None, /) -> Adapter:
        """Make the adapter, not yet started, from an instance of ``Settings``.

        ``demo_clock`` is a clock that people may move on: given in a demonstration alone. Raises SetupError
        for settings that do not go together.
        """


@runtime_checkable
class Examines(Protocol):
    """A platform that ``milepost doctor`` can ask about itself."""

    def examine(
        self,
        settings: Any,
        commands: Sequence[Command],
        channels: Sequence[ChannelRef],
        open_state: OpenState | None,
        /,
    ) -> AsyncIterator[Check]:
        """Find out, without changing anything, whether the platform would work.

        ``channels`` are those that groups live in; ``open_state`` opens what the platform keeps, None while
        there is no database.
        """


@runtime_checkable
class Extends(Protocol):
    """A platform with commands of its own on Milepost's command line."""

    def extend(self, cli: typer.Typer, commands: Sequence[Command], /) -> None:
        """Add the platform's commands to the command line."""


def lacking(offered: object, contract: type) -> tuple[str, ...]:
    """Return the members of a Protocol that an object or module does not have, sorted."""
    wanted = {
        name
        for base in contract.__mro__
        if base is not object and base is not Protocol and base.__module__ != "typing"
        for name in (*vars(base), *vars(base).get("__annotations__", {}))
        if not name.startswith("_")
    }
    return tuple(sorted(name for name in wanted if not hasattr(offered, name)))
