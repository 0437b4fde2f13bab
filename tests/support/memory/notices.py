"""Notices: what organisers must hear."""

from dataclasses import replace

from tests.support.memory.state import kept, next_id


class Notices:
    """Implements ``bot.ports.outbox.Notices``."""

    def __init__(self, work):
        self._work = work

    async def add(self, notice):
        self._work.must_exist(groups=notice.group_id)
        notices = self._work.own.notices
        about = (notice.group_id, notice.subject)
        if about in {(each.group_id, each.subject) for each in notices.values()}:
            return None
        new = kept(replace(notice, id=next_id(notices)))
        notices[new.id] = new
        return new.id

    async def get(self, notice_id):
        return self._work.seen.notices[notice_id]

    def delivered(self, notice_id, at):
        assert self._work.own
