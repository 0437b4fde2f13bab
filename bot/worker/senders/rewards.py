"""Gives the role that rewards a streak, and takes it back, as the streaks are."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.chat.adapter import DeliveryError, Gone
from bot.domain.deliveries import Delivery
from bot.domain.model import Group, Reward
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
        reward, group, user = loaded
        adapter = self._platforms.of(group)
        if reward.wanted and (denied := await self._denied(group, reward)):
            return denied
        change = adapter.grant_role if reward.wanted else adapter.revoke_role
        await self._platforms.in_time(change(group.channel, user, reward.role))

        async def record(unit: UnitOfWork) -> None:
            unit.rewards.delivered(reward)

        return record

    async def on_give_up(self, unit: UnitOfWork, delivery: Delivery, error: DeliveryError) -> None:
        """Tell the organiser, unless it is of somebody who has left."""
        reward = await unit.rewards.get(*_key(delivery))
        if reward is None:
            return
        unit.rewards.delivered(reward)
        if reward.wanted or not isinstance(error, Gone):
            group = await unit.groups.get(reward.group_id)
            await notify_reward(unit, group, error, self._clock.now())

    def level(self, _delivery: Delivery, error: DeliveryError) -> int:
        """Return INFO for somebody who is gone."""
        return logging.INFO if isinstance(error, Gone) else logging.WARNING

    async def _load(self, unit: UnitOfWork, delivery: Delivery) -> tuple[Reward, Group, UserRef] | None:
        """Return what should be; None when the platform knows that. From now on it may know."""
        reward = await unit.rewards.get(*_key(delivery))
        if reward is None or not reward.is_owed:
            return None
        unit.rewards.sending(reward)
        member = await unit.members.get(reward.member_id)
        return reward, await unit.groups.get(reward.group_id), member.user

    async def _denied(self, group: Group, reward: Reward) -> Record | None:
        """Return what is recorded instead when whoever chose the role could not give it themselves now.

        Then it is not taken away later either: a member may have it from somebody else. Raises a
        DeliveryError.
        """
        denial = None
        if reward.role == group.reward_role:
            denial = await denial_now(self._platforms, group, Purpose.GIVE)
            if denial is None:
                return None
        now = self._clock.now()

        async def leave(unit: UnitOfWork) -> None:
            unit.rewards.reviewed(reward, now, wanted=False, review_at=None)
            unit.rewards.delivered(replace(reward, wanted=False))
            if denial:
                await stop(unit, group, Purpose.GIVE, denial, now)

        return leave


def _key(delivery: Delivery) -> tuple[int, int, str]:
    group_id, member_id, role = delivery.subject.split("/", 2)
    return int(group_id), int(member_id), role
