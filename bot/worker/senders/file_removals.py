"""Deletes files that a platform keeps for people."""

from __future__ import annotations

import logging

from bot.chat.adapter import DeliveryError, Gone, Rejected, Removes
from bot.domain.deliveries import Delivery
from bot.worker.senders.sender import Sender


class FileRemovalSender(Sender):
    """Asks adapters that can remove what they uploaded; elsewhere there is nothing to do."""

    async def send(self, delivery: Delivery) -> None:
        """Delete the file."""
        adapter = self._platforms.named(delivery.platform)
        if isinstance(adapter, Removes):
            file = str(delivery.payload["file"])
            await self._platforms.in_time(adapter.remove(delivery.workspace, file))

    def level(self, _delivery: Delivery, error: DeliveryError) -> int:
        """Return INFO for a file that is gone already."""
        return logging.INFO if isinstance(error, Gone | Rejected) else logging.WARNING
