"""Base class of the senders: one kind of delivery each, in a file of its own."""

from __future__ import annotations

import datetime as dt
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.chat.action_ids import Signer
from bot.chat.adapter import Adapter, DeliveryError, Transient
from bot.chat.clock import Clock
from bot.domain.deliveries import Delivery
from bot.library import Installed, Library
from bot.ports import Database, UnitOfWork
from bot.settings import Settings
from bot.worker.platforms import Platforms, pause_before_retry

Record = Callable[[UnitOfWork], Awaitable[None]]
"""Writes the outcome once a platform has done it, in the transaction that ends the delivery."""


@dataclass(frozen=True, slots=True)
class Context:
    """The collaborators of senders."""

    database: Database
    installed: Installed
    settings: Settings
    platforms: Platforms
    clock: Clock

    @classmethod
    def build(
        cls,
        database: Database,
        installed: Installed,
        settings: Settings,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        signer: Signer,
    ) -> Context:
        """Return the collaborators in a process in which these adapters run."""
        # Shorter than the lease, so that no other process sends what is still being sent here.
        platforms = Platforms(adapters, settings.lease_seconds / 2, signer)
        return cls(database, installed, settings, platforms, clock)


class Sender(ABC):
    """Sends the deliveries of one kind. The outbox claims them, tries again and gives up."""

    def __init__(self, context: Context) -> None:
        self._database = context.database
        self._installed = context.installed
        self._settings = context.settings
        self._platforms = context.platforms
        self._clock = context.clock

    @property
    def _library(self) -> Library:
        return self._installed.library

    @abstractmethod
    async def send(self, delivery: Delivery) -> Record | None:
        """Ask the platform, outside any transaction; return what is to be recorded then, None for nothing.

        Raises DeliveryError where the platform has not done it, and StorageError where the database has
        no answer: then it is claimed again when its lease is over. Any other error is a bug of ours, and
        tried again like Transient.
        """

    async def on_retry(  # noqa: B027 - mostly nothing follows
        self, unit: UnitOfWork, delivery: Delivery, error: DeliveryError
    ) -> None:
        """Write down what follows, in the transaction that puts the delivery off. Nothing by default."""

    async def on_give_up(  # noqa: B027 - mostly nothing follows
        self, unit: UnitOfWork, delivery: Delivery, error: DeliveryError
    ) -> None:
        """Write down what follows, in the transaction that gives the delivery up. Nothing by default."""

    def retry_at(self, delivery: Delivery, error: DeliveryError) -> dt.datetime | None:
        """Return when to try again; None to give up. By default only what is Transient, a few times."""
        if not isinstance(error, Transient) or delivery.attempts >= self._settings.send_attempts:
            return None
        return self._clock.now() + pause_before_retry(error, delivery.attempts)

    def level(self, _delivery: Delivery, _error: DeliveryError) -> int:
        """Return the log level at which it is said that a delivery is given up."""
        return logging.WARNING
