"""The outbox's worker: claims what is due, has it sent, tries again, gives up. It knows no kind.

Each kind has a pool for each platform, so that a platform that hangs, or a kind that is slow, holds up
nobody else.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Hashable, Mapping
from functools import partial

from bot.chat.adapter import DeliveryError
from bot.domain.deliveries import Delivery, DeliveryKind
from bot.errors import StorageError
from bot.ports import UnitOfWork
from bot.services.delivery_faults import Bug
from bot.worker.pool import PlatformPools, Work
from bot.worker.senders.sender import Context, Record, Sender

log = logging.getLogger(__name__)


class Outbox:
    """Serves deliveries of every kind that has a sender."""

    def __init__(self, context: Context, senders: Mapping[DeliveryKind, Sender]) -> None:
        self._database = context.database
        self._settings = context.settings
        self._clock = context.clock
        self._senders = senders
        limits = context.settings.send_at_once, context.settings.pass_timeout_seconds
        self._pools = {kind: PlatformPools(context.platforms.names, *limits) for kind in senders}
        self._unrecorded: dict[tuple[int, int], Record | None] = {}

    async def deliver(self) -> None:
        """Serve all kinds of which anything is due, one after the other. An idle pass asks one question."""
        now = self._clock.now()
        due = await self._database.read(lambda unit: unit.outbox.due_kinds(now))
        for kind in self._senders:
            if kind in due:
                while await self.deliver_kind(kind):
                    pass

    async def deliver_kind(self, kind: DeliveryKind) -> int:
        """Serve what is due of a kind; returns how many were claimed (see ``PlatformPools.fetch``)."""
        return await self._pools[kind].fetch(partial(self._claim, kind))

    async def finish(self) -> None:
        """Wait a little for what is still being sent, then stop it. Its lease will end."""
        for pools in self._pools.values():
            await pools.finish()

    async def _claim(self, kind: DeliveryKind, platform: str, most: int) -> dict[Hashable, Work]:
        lease = dt.timedelta(seconds=self._settings.lease_seconds)

        async def claim(unit: UnitOfWork) -> tuple[Delivery, ...]:
            return await unit.outbox.claim(kind, self._clock.now(), lease, most, [platform])

        claimed = await self._database.run(claim)
        return {_name(delivery): partial(self._serve, delivery) for delivery in claimed}

    async def _serve(self, delivery: Delivery) -> None:
        sender = self._senders[delivery.kind]
        number = (delivery.id, delivery.revision)
        try:
            if number not in self._unrecorded:
                self._unrecorded[number] = await sender.send(delivery)
        except StorageError:
            raise  # it stays claimed, and is taken up again when its lease is over
        except DeliveryError as error:
            await self._failed(sender, delivery, error)
            return
        except Exception as error:
            log.exception("%s met a fault of ours", _name(delivery))
            await self._failed(sender, delivery, Bug(error))
            return
        # Kept until it is recorded: platforms know a key for some minutes only, and the database may be
        # away for longer.
        await self._database.run(partial(_record, delivery, self._unrecorded[number]))
        del self._unrecorded[number]

    async def _failed(self, sender: Sender, delivery: Delivery, error: DeliveryError) -> None:
        """Put it off, or give it up."""
        again = sender.retry_at(delivery, error)

        async def put_off(unit: UnitOfWork, due_at: dt.datetime) -> bool:
            if not await unit.outbox.retry(delivery, due_at, str(error)):
                return False
            await sender.on_retry(unit, delivery, error)
            return True

        async def give_up(unit: UnitOfWork) -> bool:
            if not await unit.outbox.give_up(delivery):
                return False
            await sender.on_give_up(unit, delivery, error)
            return True

        if not await self._database.run(give_up if again is None else partial(put_off, due_at=again)):
            log.info("%s was taken over by another process meanwhile", _name(delivery))
        elif again is None:
            log.log(sender.level(delivery, error), "%s is given up: %s", _name(delivery), error)


async def _record(delivery: Delivery, record: Record | None, unit: UnitOfWork) -> None:
    if record is not None:
        await record(unit)
    unit.outbox.done(delivery)


def _name(delivery: Delivery) -> str:
    return f"{delivery.kind.replace('_', ' ')} {delivery.subject}"
