"""People who have been named as organisers."""

from tests.memory.state import kept


class Organisers:
    """Implements ``bot.ports.Organisers``."""

    def __init__(self, work):
        self._work = work

    async def named(self, platform, workspace):
        rows = self._work.seen.organisers
        return tuple(sorted(user_id for at, there, user_id in rows if (at, there) == (platform, workspace)))

    async def workspaces(self, platform, user_id):
        rows = self._work.seen.organisers
        return frozenset(there for at, there, who in rows if (at, who) == (platform, user_id))

    def name(self, platform, workspace, user_id):
        self._work.own.organisers[kept(platform), kept(workspace), kept(user_id)] = None

    async def dismiss(self, platform, workspace, user_id):
        self._work.own.organisers.pop((platform, workspace, user_id), None)
