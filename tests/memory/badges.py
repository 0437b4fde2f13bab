"""Badges: who should be in the audience that rewards a streak."""

from dataclasses import dataclass, replace

from bot.domain.model import Badge
from tests.memory.members import here


@dataclass(frozen=True)
class Owed:
    """A badge, and ``settled``: what the platform was last told, None while that is in doubt."""

    badge: Badge
    settled: bool | None
    not_before: object
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
            self._put(Owed(badge, old.settled if old else False, at, look_at))

    async def reconsider(self, group, at):
        rows = [each for each in self._work.own.badges.values() if each.badge.group_id == group.id]
        for old in rows:
            if old.badge.wanted and old.badge.audience != group.reward:
                self._put(replace(old, badge=_fresh(old.badge, wanted=False), not_before=at, look_at=None))
        if group.reward:
            for member_id, of in self._work.seen.memberships:
                if of == group.id and here(self._work.seen, member_id, of):
                    self._watch(Badge(group.id, member_id, group.reward, wanted=False), at)

    async def waiting(self, now):
        return bool(due(self._work.seen, now) or owed(self._work.seen, now))

    async def to_look_at(self, now, limit):
        found = sorted(due(self._work.seen, now), key=lambda row: row.look_at)
        return tuple(row.badge for row in found)[:limit]

    def looked(self, badge, at, *, wanted, look_at):
        if old := self._row(badge):
            row = replace(old, look_at=look_at)
            if old.badge.wanted != wanted:
                row = replace(row, badge=_fresh(old.badge, wanted=wanted), not_before=at)
            self._put(row)

    async def claim(self, now, lease, limit, platforms):
        groups, rows = self._work.own.groups, owed(self._work.seen, now)
        here = [row for row in rows if groups[row.badge.group_id].channel.platform in platforms]
        claimed = sorted(here, key=lambda row: row.not_before)[:limit]
        for row in claimed:
            self._put(replace(row, settled=None, not_before=now + lease))
        return tuple(row.badge for row in claimed)

    def told(self, badge):
        if old := self._row(badge):
            self._put(replace(old, badge=replace(old.badge, tries=0), settled=badge.wanted))

    def try_again(self, badge, not_before):
        if old := self._row(badge):
            self._put(replace(old, badge=replace(old.badge, tries=badge.tries), not_before=not_before))

    def _watch(self, badge, at):
        """Look at it soon. Who has it is told again: it may have been taken away by hand."""
        old = self._row(badge)
        if old is None:
            self._put(Owed(badge, settled=False, not_before=at, look_at=at))
        else:
            settled = None if old.badge.wanted else old.settled
            self._put(Owed(_fresh(old.badge, wanted=old.badge.wanted), settled, at, at))

    def _row(self, badge):
        return self._work.own.badges.get(_key(badge))

    def _put(self, row):
        self._work.own.badges[_key(row.badge)] = row


def due(state, now):
    """Those whose streak must be looked at."""
    return [row for row in state.badges.values() if row.look_at and row.look_at <= now]


def owed(state, now):
    """Those of which the platform must be told, of groups that are not paused."""
    awake = [row for row in state.badges.values() if state.groups[row.badge.group_id].paused_at is None]
    return [row for row in awake if row.settled is not row.badge.wanted and row.not_before <= now]


def _fresh(badge, *, wanted):
    return replace(badge, wanted=wanted, tries=0)


def _key(badge):
    return (badge.group_id, badge.member_id, badge.audience)
