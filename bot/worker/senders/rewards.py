"""Gives the role that rewards a streak, and takes it back, as the streaks are."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.chat.adapter import DeliveryError, Gone
from bot.domain.deliveries import Delivery
from bot.domain.model import Badge, Group
from bot.domain.refs import UserRef
from bot.domain.role_use import Purpose
from bot.ports import UnitOfWork
from bot.services.notices import notify_reward
from bot.worker.role_checks import denial_now, stop
from bot.worker.senders.sender import Record, Sender


class RewardSender(Sender):
    """Tells platforms who should have the role now; a delivery says only that this has changed."""

    async def send(self, delivery: Delivery) -> Record | None:
        """Give the role or take it back."""
        loaded = await self._database.run(lambda unit: self._load(unit, delivery))
        if loaded is None:
            return None
        badge, group, user = loaded
        adapter = self._platforms.of(group)
        if badge.wanted and (denied := await self._denied(group, badge)):
            return denied
        change = adapter.grant_role if badge.wanted else adapter.revoke_role
        await self._platforms.in_time(change(group.channel, user, badge.audience))

        async def record(unit: UnitOfWork) -> None:
            unit.badges.told(badge)

        return record

    async def on_give_up(self, unit: UnitOfWork, delivery: Delivery, error: DeliveryError) -> None:
        """Tell the organiser, unless it is of somebody who has left."""
        badge = await unit.badges.get(*_key(delivery))
        if badge is None:
            return
        unit.badges.told(badge)
        if badge.wanted or not isinstance(error, Gone):
            group = await unit.groups.get(badge.group_id)
            await notify_reward(unit, group, error, self._clock.now())

    def level(self, _delivery: Delivery, error: DeliveryError) -> int:
        """Return INFO for somebody who is gone."""
        return logging.INFO if isinstance(error, Gone) else logging.WARNING

    async def _load(self, unit: UnitOfWork, delivery: Delivery) -> tuple[Badge, Group, UserRef] | None:
        """Return what should be; None when the platform knows that. From now on it may know."""
        badge = await unit.badges.get(*_key(delivery))
        if badge is None or not badge.is_owed:
            return None
        unit.badges.asked(badge)
        member = await unit.members.get(badge.member_id)
        return badge, await unit.groups.get(badge.group_id), member.user

    async def _denied(self, group: Group, badge: Badge) -> Record | None:
        """Return what is recorded instead when whoever chose the role could not give it themselves now.

        Then it is not taken away later either: a member may have it from somebody else. Raises a
        DeliveryError.
        """
        denial = None
        if badge.audience == group.reward:
            denial = await denial_now(self._platforms, group, Purpose.GIVE)
            if denial is None:
                return None
        now = self._clock.now()

        async def leave(unit: UnitOfWork) -> None:
            unit.badges.looked(badge, now, wanted=False, look_at=None)
            unit.badges.told(replace(badge, wanted=False))
            if denial:
                await stop(unit, group, Purpose.GIVE, denial, now)

        return leave


def _key(delivery: Delivery) -> tuple[int, int, str]:
    group_id, member_id, audience = delivery.subject.split("/", 2)
    return int(group_id), int(member_id), audience
