"""Reminders: who is reminded, and when."""

from dataclasses import replace

from tests.memory.state import kept


class Reminders:
    """Implements ``bot.ports.outbox.Reminders``."""

    def __init__(self, work):
        self._work = work

    async def find(self, member_id):
        return self._work.seen.reminders.get(member_id)

    def put(self, reminder):
        self._work.must_exist(members=reminder.member_id)
        self._work.own.reminders[reminder.member_id] = kept(reminder)

    async def due_after(self, member_id, limit):
        on = [each for each in self._work.seen.reminders.values() if each.due_at is not None]
        later = [each for each in on if each.member_id > member_id]
        return tuple(sorted(later, key=lambda reminder: reminder.member_id)[:limit])

    async def waiting(self, now):
        return bool(due(self._work.seen, now))

    async def claim(self, now, lease, limit, platforms):
        here = [each for each in due(self._work.own, now) if each.platform in platforms]
        oldest = sorted(here, key=lambda reminder: reminder.due_at)[:limit]
        claimed = tuple(replace(each, due_at=kept(now + lease)) for each in oldest)
        self._work.own.reminders.update({each.member_id: each for each in claimed})
        return claimed


def due(state, now):
    """Those that are on and whose time has come."""
    return [each for each in state.reminders.values() if each.due_at and each.due_at <= now]
