"""Choice of the database for a test's world."""

from tests.support.memory.database import MemoryDatabase, Store

in_memory = False
"""True if a test that doesn't choose gets the database in memory. Set by a fixture."""

_stores = {}


def open_in(folder):
    """Opener of the in-memory database of a folder; a second one finds the data that the first has left."""

    async def opened(_settings):
        return MemoryDatabase(_stores.setdefault(folder, Store()))

    return opened
