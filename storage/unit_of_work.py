"""The repositories around one session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

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
from bot.ports.unit_of_work import Events, Notes
from storage.batch import Session
from storage.repositories.audit import AuditRepository
from storage.repositories.boards import BoardRepository
from storage.repositories.community import CommunityRepository, NoteRepository
from storage.repositories.events import EventRepository
from storage.repositories.groups import GroupRepository
from storage.repositories.learning import LearningRepository
from storage.repositories.members import MemberRepository
from storage.repositories.notices import NoticeRepository
from storage.repositories.organisers import OrganiserRepository
from storage.repositories.outbox import OutboxRepository
from storage.repositories.persons import PersonRepository
from storage.repositories.platform_state import PlatformRecordRepository
from storage.repositories.posts import PostRepository
from storage.repositories.practice import PracticeRepository
from storage.repositories.regrades import RegradeRepository
from storage.repositories.reminders import ReminderRepository
from storage.repositories.rewards import RewardRepository

P = TypeVar("P")


class Made(Generic[P]):
    """A part of a unit that is made when it is first asked for: most units need few."""

    def __init__(self, make: Callable[[Session], P]) -> None:
        self._make = make
        self._name = ""

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, unit: Unit, _owner: type | None = None) -> P:
        """Make the part, which takes this descriptor's place in the unit."""
        made = unit.__dict__[self._name] = self._make(unit.session)
        return made


class Unit:
    """Implements ``bot.ports.unit_of_work.UnitOfWork``. ``session`` is for ``storage`` alone."""

    events = Made[Events](EventRepository)
    members = Made[Members](MemberRepository)
    groups = Made[Groups](GroupRepository)
    posts = Made[Posts](PostRepository)
    learning = Made[Learning](LearningRepository)
    practice = Made[Practice](PracticeRepository)
    regrades = Made[Regrades](RegradeRepository)
    boards = Made[Boards](BoardRepository)
    community = Made[Community](CommunityRepository)
    notes = Made[Notes](NoteRepository)
    organisers = Made[Organisers](OrganiserRepository)
    rewards = Made[Rewards](RewardRepository)
    reminders = Made[Reminders](ReminderRepository)
    notices = Made[Notices](NoticeRepository)
    audit = Made[Audit](AuditRepository)
    persons = Made[Persons](PersonRepository)
    outbox = Made[Outbox](OutboxRepository)
    platform_records = Made[PlatformRecords](PlatformRecordRepository)

    def __init__(self, session: Session) -> None:
        self.session = session
