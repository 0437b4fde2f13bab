"""Notices: what organisers must hear of."""

from dataclasses import dataclass, replace

from bot.domain.model import Notice
from tests.memory.state import EPOCH, kept, next_id


@dataclass(frozen=True)
class Told:
    """A notice; ``claimable_at`` is None once it is over."""

    notice: Notice
    claimable_at: object


class Notices:
    """Implements ``bot.ports.outbox.Notices``."""

    def __init__(self, work):
        self._work = work

    async def owe(self, notice):
        self._work.must_exist(groups=notice.group_id)
        notices = self._work.own.notices
        about = (notice.group_id, notice.subject)
        if about in {(each.notice.group_id, each.notice.subject) for each in notices.values()}:
            return False
        new = kept(replace(notice, id=next_id(notices)))
        notices[new.id] = Told(new, EPOCH)
        return True

    async def waiting(self, now):
        return bool(untold(self._work.seen, now))

    async def claim(self, now, lease, limit, platforms):
        own = self._work.own
        here = [each for each in untold(own, now) if self._platform(each.notice) in platforms]
        oldest = sorted(here, key=lambda each: (each.claimable_at, each.notice.id))[:limit]
        for each in oldest:
            own.notices[each.notice.id] = replace(each, claimable_at=now + lease)
        return tuple(sorted((each.notice for each in oldest), key=lambda each: (each.owed_at, each.id)))

    def told(self, notice, at):
        self._settle(notice, None)

    def given_up(self, notice):
        self._settle(notice, None)

    def try_again(self, notice, not_before):
        self._settle(notice, not_before)

    def _settle(self, notice, claimable_at):
        notices = self._work.own.notices
        old = notices.get(notice.id)
        if old and old.claimable_at is not None:
            notices[notice.id] = Told(
                replace(old.notice, tries=notice.tries, rung=notice.rung, passed=notice.passed),
                claimable_at,
            )

    def _platform(self, notice):
        return self._work.seen.groups[notice.group_id].channel.platform


def untold(state, now):
    """Those that must be told by now."""
    return [each for each in state.notices.values() if each.claimable_at and each.claimable_at <= now]
