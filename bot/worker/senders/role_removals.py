"""Takes the roles that a streak has earned back from people who were forgotten."""

from __future__ import annotations

import logging

from bot.chat.adapter import DeliveryError, Gone, Rejected
from bot.domain.deliveries import Delivery
from bot.domain.refs import ChannelRef
from bot.worker.senders.sender import Sender


class RoleRemovalSender(Sender):
    """Removes a role from an account that no member has any more."""

    async def send(self, delivery: Delivery) -> None:
        """Take the role back."""
        if delivery.user is None:
            return
        adapter = self._platforms.named(delivery.platform)
        channel = ChannelRef(delivery.platform, delivery.workspace, str(delivery.payload["channel"]))
        role = str(delivery.payload["role"])
        await self._platforms.in_time(adapter.revoke_role(channel, delivery.user, role))

    def level(self, _delivery: Delivery, error: DeliveryError) -> int:
        """Return INFO for a role or a person that is gone."""
        return logging.INFO if isinstance(error, Gone | Rejected) else logging.WARNING
