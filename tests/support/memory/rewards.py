"""Rewards: who should have the role that rewards a streak."""

from dataclasses import dataclass, replace

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.model import Reward
from tests.support.memory.members import here
from tests.support.memory.outbox import Outbox
from tests.support.memory.state import kept


@dataclass(frozen=True)
class Owed:
    """A reward, and ``granted``: what the platform was last told, None while that is in doubt."""

    reward: Reward
    granted: bool | None
    changed_at: object
    review_at: object


class Rewards:
    """Implements ``bot.ports.outbox.Rewards``."""

    def __init__(self, work):
        self._work = work

    def earn(self, group, member_id, at, review_at):
        self._work.must_exist(groups=group.id, members=member_id)
        reward = Reward(group.id, member_id, group.reward_role, wanted=True)
        old = self._row(reward)
        if old is None or not old.reward.wanted:
            self._put(Owed(reward, old.granted if old else False, kept(at), review_at))
        self._owe(reward, at)

    async def review_all(self, group, at):
        rows = [each for each in self._work.own.rewards.values() if each.reward.group_id == group.id]
        for old in rows:
            if old.reward.wanted and old.reward.role != group.reward_role:
                self._put(
                    replace(
                        old, reward=replace(old.reward, wanted=False), changed_at=kept(at), review_at=None
                    )
                )
        if group.reward_role:
            for member_id, of in self._work.seen.memberships:
                if of == group.id and here(self._work.seen, member_id, of):
                    self._review_soon(Reward(group.id, member_id, group.reward_role, wanted=False), at)
        for each in [each for each in self._work.own.rewards.values() if each.reward.group_id == group.id]:
            self._enqueue(each, at)

    async def waiting(self, now):
        return bool(due(self._work.seen, now))

    async def due_for_review(self, now, limit):
        found = sorted(due(self._work.seen, now), key=lambda row: row.review_at)
        return tuple(row.reward for row in found)[:limit]

    def reviewed(self, reward, at, *, wanted, review_at):
        if old := self._row(reward):
            row = replace(old, review_at=review_at)
            if old.reward.wanted != wanted:
                row = replace(row, reward=replace(old.reward, wanted=wanted), changed_at=kept(at))
            self._put(row)
            self._owe(reward, at)

    async def get(self, group_id, member_id, role):
        row = self._work.seen.rewards.get((group_id, member_id, role))
        return row and replace(row.reward, is_owed=row.granted is not row.reward.wanted)

    def sending(self, reward):
        if old := self._row(reward):
            self._put(replace(old, granted=None))

    def delivered(self, reward):
        if old := self._row(reward):
            self._put(replace(old, granted=reward.wanted))

    def _owe(self, reward, at):
        row = self._row(reward)
        if row.changed_at == at:
            self._enqueue(row, at)

    def _enqueue(self, row, at):
        reward, channel = row.reward, self._work.own.groups[row.reward.group_id].channel
        if row.granted is not reward.wanted:
            subject = "/".join(map(str, _key(reward)))
            ids = {"group_id": reward.group_id, "member_id": reward.member_id}
            kind = DeliveryKind.REWARD
            Outbox(self._work).enqueue(
                Delivery(kind, channel.platform, channel.workspace, subject, at, **ids)
            )

    def _review_soon(self, reward, at):
        """Look at it soon. Who has it is told again: it may have been taken away by hand."""
        old = self._row(reward)
        if old is None:
            self._put(Owed(reward, granted=False, changed_at=at, review_at=at))
        else:
            granted = None if old.reward.wanted else old.granted
            self._put(Owed(old.reward, granted, old.changed_at, at))

    def _row(self, reward):
        return self._work.own.rewards.get(_key(reward))

    def _put(self, row):
        self._work.own.rewards[_key(row.reward)] = row


def due(state, now):
    """Rewards of members whose streak is due for a look."""
    return [row for row in state.rewards.values() if row.review_at and row.review_at <= now]


def _key(reward):
    return (reward.group_id, reward.member_id, reward.role)
