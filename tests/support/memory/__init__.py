"""The database of the tests' own: the Protocols of ``bot.ports`` on plain dicts, in their plainest form."""

from tests.support.memory.database import MemoryDatabase, Store

__all__ = ["MemoryDatabase", "Store"]
