"""The context that services get: the unit of work and the moment in which they are called."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from bot.chat.events import Origin
from bot.library import Library
from bot.ports import UnitOfWork
from bot.settings import Settings


class Context(Protocol):
    """A unit of work, the instant, the packs and the settings. A handler's request is one."""

    @property
    def unit(self) -> UnitOfWork:
        """Return the unit of work in which everything is read and written."""

    @property
    def library(self) -> Library:
        """Return the packs that are installed."""

    @property
    def settings(self) -> Settings:
        """Return what the operator chose."""

    @property
    def now(self) -> dt.datetime:
        """Return the instant of the act, the only present that there is."""


class ActingContext(Context, Protocol):
    """A context in which a person acts in a channel."""

    @property
    def origin(self) -> Origin:
        """Return who acts, where, when, and the id of the act, the same when it is delivered again."""
