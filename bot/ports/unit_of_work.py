"""The unit of work, and the database that runs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from bot.ports.boards import Boards
from bot.ports.community import Community
from bot.ports.groups import Groups
from bot.ports.learning import Learning
from bot.ports.members import Members
from bot.ports.organisers import Audit, Organisers
from bot.ports.outbox import Notices, Outbox, Reminders, Rewards
from bot.ports.persons import Persons
from bot.ports.platform_state import PlatformRecords
from bot.ports.posts import Posts
from bot.ports.practice import Practice
from bot.ports.regrades import Regrades

T = TypeVar("T")


class Events(Protocol):
    """Processed event ids, which guard against redelivery."""

    async def seen(self, event_id: str) -> bool:
        """Tell whether an interaction with this id has been served."""

    def record(self, event_id: str, at: dt.datetime) -> None:
        """Remember an event as served.

        Raises Conflict, now or at the commit, when it was recorded before.
        """

    async def forget_before(self, instant: dt.datetime) -> int:
        """Drop events recorded before an instant; return how many."""


class Notes(Protocol):
    """Small named texts, such as the demo's clock."""

    async def get(self, name: str) -> str | None:
        """Return the text of a name, or None."""

    async def put(self, name: str, value: str) -> None:
        """Overwrite the text of a name."""


class UnitOfWork(Protocol):
    """One transaction's view of the database."""

    events: Events
    members: Members
    groups: Groups
    posts: Posts
    learning: Learning
    practice: Practice
    regrades: Regrades
    boards: Boards
    community: Community
    notes: Notes
    organisers: Organisers
    rewards: Rewards
    reminders: Reminders
    notices: Notices
    audit: Audit
    persons: Persons
    outbox: Outbox
    platform_records: PlatformRecords


UseCase = Callable[[UnitOfWork], Awaitable[T]]


class Discard(Exception):
    """Signal that a use case rolls back and still returns ``value`` from ``Database.run``."""

    def __init__(self, value: object) -> None:
        super().__init__("rolled back on purpose")
        self.value = value


class WritesAfterAll(RuntimeError):
    """Error of a unit of ``Database.read`` that writes; nothing of it is kept."""

    def __init__(self) -> None:
        super().__init__("this unit of work was to read only: Database.run is for those that write")


class Database(Protocol):
    """The runner of units of work."""

    async def run(self, use_case: UseCase[T]) -> T:
        """Run a use case; return once it is durable. Raises what the use case raises, or a StorageError."""

    async def read(self, use_case: UseCase[T]) -> T:
        """Run a use case that only reads, which is cheaper. Raises WritesAfterAll when it writes."""

    async def close(self) -> None:
        """Finish what was accepted, then close."""
