"""The repositories around one session."""

from __future__ import annotations

from bot.ports import UnitOfWork
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


class Unit(UnitOfWork):
    """Implements the port. ``session`` is for ``storage`` alone."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.events = EventRepository(session)
        self.members = MemberRepository(session)
        self.groups = GroupRepository(session)
        self.posts = PostRepository(session)
        self.learning = LearningRepository(session)
        self.practice = PracticeRepository(session)
        self.regrades = RegradeRepository(session)
        self.boards = BoardRepository(session)
        self.community = CommunityRepository(session)
        self.notes = NoteRepository(session)
        self.organisers = OrganiserRepository(session)
        self.rewards = RewardRepository(session)
        self.reminders = ReminderRepository(session)
        self.notices = NoticeRepository(session)
        self.audit = AuditRepository(session)
        self.persons = PersonRepository(session)
        self.outbox = OutboxRepository(session)
        self.platform_records = PlatformRecordRepository(session)
