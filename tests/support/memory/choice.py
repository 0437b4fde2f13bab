"""Which database the world of a test stands on."""

from tests.support.memory.database import MemoryDatabase, Store

in_memory = False
"""Whether it is the one in memory, for a test that says nothing else. A fixture sets it."""

_stores = {}


def open_in(folder):
    """How to open what is kept for this folder, where a second one finds what the first has left."""

    async def opened(_settings):
        return MemoryDatabase(_stores.setdefault(folder, Store()))

    return opened
