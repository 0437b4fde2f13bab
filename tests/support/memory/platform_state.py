"""Texts that platforms keep."""

from bot.ports.platform_state import Record
from tests.support.memory.state import kept


class PlatformRecords:
    """Implements ``bot.ports.platform_state.PlatformRecords``."""

    def __init__(self, work):
        self._work = work

    async def get(self, space, key, now):
        found = self._living(self._work.seen, space, now).get(key)
        return found and Record(*found)

    async def list(self, space, prefix, now):
        living = self._living(self._work.seen, space, now)
        return sorted(record for key, record in living.items() if key.startswith(prefix))

    async def put(self, space, record, expires_at):
        row = Record(*(kept(each) for each in record)), kept(expires_at)
        self._work.own.platform_state[*space, record.key] = row

    async def insert(self, space, record, expires_at, now):
        if record.key in self._living(self._work.own, space, now):
            return False
        await self.put(space, record, expires_at)
        return True

    async def replace(self, space, record, expires_at, expected, now):
        found = self._living(self._work.own, space, now).get(record.key)
        if found is None or found.revision != expected:
            return False
        await self.put(space, record, expires_at)
        return True

    async def delete(self, space, key, expected, now):
        found = self._living(self._work.own, space, now).get(key)
        if found is None or expected not in {None, found.revision}:
            return False
        del self._work.own.platform_state[*space, key]
        return True

    async def drop_expired(self, now):
        rows = self._work.own.platform_state
        over = [
            key for key, (_, expires_at) in rows.items() if expires_at is not None and expires_at <= now
        ]
        for key in over:
            del rows[key]
        return len(over)

    def _living(self, state, space, now):
        """The records of a space by their keys."""
        return {
            key: record
            for (*where, key), (record, expires_at) in state.platform_state.items()
            if tuple(where) == tuple(space) and (expires_at is None or expires_at > now)
        }
