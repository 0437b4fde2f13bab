"""Questions that were served for practice."""

from dataclasses import replace

from bot.errors import Conflict
from tests.support.memory.state import kept, next_id


class Practice:
    """Implements ``bot.ports.practice.Practice``."""

    def __init__(self, work):
        self._work = work

    async def add(self, practice):
        self._work.must_exist(members=practice.member_id)
        practices = self._work.own.practices
        if await self.of_event(practice.event_id):
            raise Conflict(f"The event {practice.event_id} has been given a practice question before.")
        new = kept(replace(practice, id=next_id(practices)))
        practices[new.id] = new
        return new

    async def of_event(self, event_id):
        practices = self._work.seen.practices.values()
        return next((each for each in practices if each.event_id == event_id), None)

    async def get(self, practice_id):
        return self._work.seen.practices.get(practice_id)
