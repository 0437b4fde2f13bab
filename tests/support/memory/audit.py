"""Audit log in memory."""

from dataclasses import replace

from tests.support.memory.state import kept, next_id


class Audit:
    """Implements ``bot.ports.organisers.Audit``."""

    def __init__(self, work):
        self._work = work

    def append(self, entry):
        if entry.group_id is not None:
            self._work.must_exist(groups=entry.group_id)
        rows = self._work.own.audit
        new = kept(replace(entry, id=next_id(rows), before=dict(entry.before), after=dict(entry.after)))
        rows[new.id] = new

    async def latest(self, platform, workspace, group_id, limit, below=None):
        rows = [
            each
            for each in self._work.seen.audit.values()
            if (each.platform, each.workspace) == (platform, workspace)
            and each.group_id in (None, group_id)
            and (below is None or each.id < below)
        ]
        return tuple(reversed(rows))[:limit]

    async def since(self, at, above, limit, group_id=None):
        rows = [each for each in self._work.seen.audit.values() if each.at >= at and each.id > above]
        return tuple(each for each in rows if group_id in (None, each.group_id))[:limit]

    async def name_of(self, platform, workspace, user_id):
        whose = (platform, workspace, user_id)
        rows = reversed(self._work.seen.audit.values())
        names = (row.actor_name for row in rows if (row.platform, row.workspace, row.actor_id) == whose)
        return next((name for name in names if name), "")
