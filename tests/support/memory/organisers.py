"""People who have been named as organisers."""

from tests.support.memory.state import EPOCH, kept


class Organisers:
    """Implements ``bot.ports.organisers.Organisers``."""

    def __init__(self, work):
        self._work = work

    async def named(self, platform, workspace):
        return tuple(await self.names(platform, workspace))

    async def names(self, platform, workspace):
        rows = sorted(self._work.seen.organisers.items())
        here = (platform, workspace)
        return {user_id: name for (at, there, user_id), (name, _) in rows if (at, there) == here}

    async def workspaces(self, platform, user_id):
        rows = self._work.seen.organisers
        return frozenset(there for at, there, who in rows if (at, who) == (platform, user_id))

    def name(self, platform, workspace, user_id, called=""):
        rows, key = self._work.own.organisers, (kept(platform), kept(workspace), kept(user_id))
        rows[key] = (kept(called), rows[key][1] if key in rows else EPOCH)

    async def dismiss(self, platform, workspace, user_id):
        self._work.own.organisers.pop((platform, workspace, user_id), None)

    async def look_for(self, now, before, limit, platform):
        rows = self._work.own.organisers
        due = [(seen, key) for key, (_, seen) in rows.items() if key[0] == platform and seen <= before]
        found = [key for _, key in sorted(due)][:limit]
        for key in found:
            rows[key] = (rows[key][0], now)
        return tuple((workspace, user_id) for _, workspace, user_id in found)
