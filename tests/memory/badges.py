"""Badges: who should be in the audience that rewards a streak."""

from dataclasses import dataclass, replace

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.model import Badge
from tests.memory.members import here
from tests.memory.outbox import Outbox
from tests.memory.state import kept


@dataclass(frozen=True)
class Owed:
    """A badge, and ``settled``: what the platform was last told, None while that is in doubt."""

    badge: Badge
    settled: bool | None
    changed_at: object
    look_at: object


class Badges:
    """Implements ``bot.ports.outbox.Badges``."""

    def __init__(self, work):
        self._work = work

    def earn(self, group, member_id, at, look_at):
        self._work.must_exist(groups=group.id, members=member_id)
        badge = Badge(group.id, member_id, group.reward, wanted=True)
        old = self._row(badge)
        if old is None or not old.badge.wanted:
            self._put(Owed(badge, old.settled if old else False, kept(at), look_at))
        self._owe(badge, at)

    async def reconsider(self, group, at):
        rows = [each for each in self._work.own.badges.values() if each.badge.group_id == group.id]
        for old in rows:
            if old.badge.wanted and old.badge.audience != group.reward:
                self._put(
                    replace(old, badge=replace(old.badge, wanted=False), changed_at=kept(at), look_at=None)
                )
        if group.reward:
            for member_id, of in self._work.seen.memberships:
                if of == group.id and here(self._work.seen, member_id, of):
                    self._watch(Badge(group.id, member_id, group.reward, wanted=False), at)
        for each in [each for each in self._work.own.badges.values() if each.badge.group_id == group.id]:
            self._enqueue(each, at)

    async def waiting(self, now):
        return bool(due(self._work.seen, now))

    async def to_look_at(self, now, limit):
        found = sorted(due(self._work.seen, now), key=lambda row: row.look_at)
        return tuple(row.badge for row in found)[:limit]

    def looked(self, badge, at, *, wanted, look_at):
        if old := self._row(badge):
            row = replace(old, look_at=look_at)
            if old.badge.wanted != wanted:
                row = replace(row, badge=replace(old.badge, wanted=wanted), changed_at=kept(at))
            self._put(row)
            self._owe(badge, at)

    async def get(self, group_id, member_id, audience):
        row = self._work.seen.badges.get((group_id, member_id, audience))
        return row and replace(row.badge, is_owed=row.settled is not row.badge.wanted)

    def asked(self, badge):
        if old := self._row(badge):
            self._put(replace(old, settled=None))

    def told(self, badge):
        if old := self._row(badge):
            self._put(replace(old, settled=badge.wanted))

    def _owe(self, badge, at):
        row = self._row(badge)
        if row.changed_at == at:
            self._enqueue(row, at)

    def _enqueue(self, row, at):
        badge, channel = row.badge, self._work.own.groups[row.badge.group_id].channel
        if row.settled is not badge.wanted:
            subject = "/".join(map(str, _key(badge)))
            ids = {"group_id": badge.group_id, "member_id": badge.member_id}
            kind = DeliveryKind.REWARD
            Outbox(self._work).enqueue(
                Delivery(kind, channel.platform, channel.workspace, subject, at, **ids)
            )

    def _watch(self, badge, at):
        """Look at it soon. Who has it is told again: it may have been taken away by hand."""
        old = self._row(badge)
        if old is None:
            self._put(Owed(badge, settled=False, changed_at=at, look_at=at))
        else:
            settled = None if old.badge.wanted else old.settled
            self._put(Owed(old.badge, settled, old.changed_at, at))

    def _row(self, badge):
        return self._work.own.badges.get(_key(badge))

    def _put(self, row):
        self._work.own.badges[_key(row.badge)] = row


def due(state, now):
    """Those whose streak must be looked at."""
    return [row for row in state.badges.values() if row.look_at and row.look_at <= now]


def _key(badge):
    return (badge.group_id, badge.member_id, badge.audience)
