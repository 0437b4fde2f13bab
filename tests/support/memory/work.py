"""One unit's own copy of the state, and what the unit may do with it."""

from bot.errors import Conflict
from bot.ports import WritesAfterAll


class Work:
    """Repositories read ``seen`` and write into ``own``; the database keeps ``own`` when the unit succeeds.

    ``doom`` is the Conflict of a write that cannot be taken back alone: then the unit fails, whether it
    catches the error or not. The real databases find some of these at the commit only.
    """

    def __init__(self, state, *, writes):
        self.doom = None
        self._state = state.copy() if writes else state
        self._writes = writes
        self._over = False

    @property
    def seen(self):
        """To look at."""
        if self._over:
            raise RuntimeError("this unit of work is over: a use case may not keep it")
        return self._state

    @property
    def own(self):
        """To change."""
        if not self._writes and not self._over:
            raise WritesAfterAll
        return self.seen

    def end(self):
        """No use case may go on with it."""
        self._over = True

    def clash(self, sentence):
        """Two facts exclude each other."""
        self.doom = Conflict(sentence)
        raise self.doom

    def must_exist(self, **ids):
        """Clash unless every id exists: ``must_exist(members=1, groups=None)``; None refers to nothing."""
        for table, row_id in ids.items():
            if row_id is not None and row_id not in getattr(self.own, table):
                self.clash(f"Nothing in {table} has the id {row_id}.")
