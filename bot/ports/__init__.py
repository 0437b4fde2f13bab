"""Ports: the Protocols of the database that the core needs.

A use case is ``async def use_case(unit: UnitOfWork) -> T``. ``Database.run`` gives it one transaction:
committed, durably, when it returns; rolled back when it raises. It may be run a second time after a
Conflict, so it must touch nothing but ``unit``.

What is not there is not changed: saving it does nothing. A row that refers to what is not there is a
Conflict. Where a Conflict comes "now or at the commit", a use case may not catch it and go on.
"""

from bot.ports.unit_of_work import Database, Discard, UnitOfWork, UseCase, WritesAfterAll

__all__ = ["Database", "Discard", "UnitOfWork", "UseCase", "WritesAfterAll"]
