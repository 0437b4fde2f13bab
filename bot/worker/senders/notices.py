"""Tells organisers what they must hear, and others where they can't be reached."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace

from bot.chat.adapter import DeliveryError, Gone
from bot.domain.deliveries import Delivery
from bot.domain.model import Notice
from bot.domain.reasons import Rung
from bot.domain.refs import UserRef
from bot.ports import UnitOfWork
from bot.views.notices import notice_message
from bot.worker.idempotency import notice_key
from bot.worker.recipients import Recipient, next_recipient, rung_after
from bot.worker.senders.sender import Context, Record, Sender

log = logging.getLogger(__name__)


class NoticeSender(Sender):
    """Tells whoever is next (see ``bot.worker.recipients``)."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._tried: dict[int, Recipient | None] = {}

    async def send(self, delivery: Delivery) -> Record:
        """Tell one person, or the channel. Raises Gone where nobody is left on this rung."""
        self._tried[delivery.id] = None
        notice = await self._database.read(lambda unit: unit.notices.get(int(delivery.subject)))
        rung, passed = _rung(delivery), delivery.user.id if delivery.user else ""
        whom = await next_recipient(self._database, self._platforms, notice.group_id, rung, passed)
        if whom is None:
            raise Gone("There is nobody to tell.")
        self._tried[delivery.id] = whom
        await self._tell(delivery, notice, whom)
        del self._tried[delivery.id]
        at = self._clock.now()

        async def record(unit: UnitOfWork) -> None:
            unit.notices.delivered(notice.id, at)

        return record

    async def on_give_up(self, unit: UnitOfWork, delivery: Delivery, error: DeliveryError) -> None:
        """Go on with the next person, or with the next rung when nobody is left on this one."""
        whom, rung = self._tried.pop(delivery.id, None), _rung(delivery)
        if whom is not None:
            log.warning("notice %s could not be told (%s): %s", delivery.subject, rung, error)
        if whom is not None and rung is not Rung.CHANNEL:
            passed = UserRef(delivery.platform, delivery.workspace, whom.id)
            _go_on(unit, delivery, rung, passed, self._clock.now())
        elif (higher := rung_after(rung)) is not None:
            _go_on(unit, delivery, higher, None, self._clock.now())
        else:
            log.warning("nobody could be told notice %s", delivery.subject)

    def level(self, _delivery: Delivery, _error: DeliveryError) -> int:
        """Return INFO: ``on_give_up`` says who could not be told."""
        return logging.INFO

    async def _tell(self, delivery: Delivery, notice: Notice, whom: Recipient) -> None:
        rung = _rung(delivery)
        key = await self._database.run(lambda unit: notice_key(unit, notice, rung, whom.id))
        adapter = self._platforms.named(whom.channel.platform)
        message = self._platforms.shown(notice_message(notice.kind, notice.data, rung), adapter)
        sent = (
            adapter.direct(whom.user, message, key)
            if whom.user
            else adapter.send(whom.channel, message, key, again=delivery.attempts > 1)
        )
        await self._platforms.in_time(sent)


def _rung(delivery: Delivery) -> Rung:
    return Rung(str(delivery.payload["rung"]))


def _go_on(
    unit: UnitOfWork, delivery: Delivery, rung: Rung, passed: UserRef | None, now: dt.datetime
) -> None:
    unit.outbox.enqueue(
        replace(delivery, payload={"rung": rung.value}, user=passed, due_at=now, attempts=0, error="")
    )
