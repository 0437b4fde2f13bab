"""Units of work take turns; each has a copy of all that is kept, which replaces it on success."""

import asyncio

from bot.errors import StorageError
from bot.ports import Discard
from tests.support.memory.state import State
from tests.support.memory.unit import Unit
from tests.support.memory.work import Work


class Store:
    """Data that outlives a closed database, as a file does."""

    def __init__(self):
        self.state = State()


class MemoryDatabase:
    """Implements ``bot.ports.Database``. Without a store it begins empty and ends with nothing."""

    def __init__(self, store=None):
        self._store = store or Store()
        self._turn = asyncio.Lock()  # it is handed on in the order of asking
        self._at_work = None
        self._closed = False

    async def run(self, use_case):
        return await self._take_turn(use_case, writes=True)

    async def read(self, use_case):
        return await self._take_turn(use_case, writes=False)

    async def close(self):
        self._closed = True
        async with self._turn:
            pass

    def dump(self):
        """Every row, whoever asks, also after closing."""
        return "\n".join(self._store.state.lines())

    async def problems(self, streak_of):
        """Problems that ``storage.verify`` would find. Only the streaks are derived data here."""
        findings = []
        for member_id, stored in self._store.state.streaks.items():
            right = await self.read(lambda unit, who=member_id: streak_of(who, unit))
            if stored != right:
                findings.append(f"member {member_id}: stored {stored}, the facts say {right}")
        return tuple(findings)

    async def _take_turn(self, use_case, *, writes):
        if self._closed:
            raise StorageError("The database is closed: Milepost is shutting down.")
        if self._at_work is asyncio.current_task():
            raise RuntimeError("a use case cannot start another: it would wait for itself")
        await self._turn.acquire()
        # A task of its own: a caller who is cancelled goes away, and what was begun is finished.
        self._at_work = asyncio.create_task(self._serve(use_case, writes=writes))
        answer = asyncio.shield(self._at_work)
        self._at_work.add_done_callback(lambda _: self._turn.release())
        return await answer

    async def _serve(self, use_case, *, writes):
        work = Work(self._store.state, writes=writes)
        try:
            value = await use_case(Unit(work))
            if work.doom is not None:
                raise work.doom
            self._store.state = work.seen
        except Discard as way_out:
            return way_out.value
        finally:
            work.end()
        return value
