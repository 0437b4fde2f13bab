"""The repositories around one session."""

from __future__ import annotations

from bot.ports import Community, Events, Groups, Learning, Members, Notes
from bot.ports.boards import Boards
from bot.ports.organisers import Audit, Organisers
from bot.ports.outbox import Badges, Notices, Outbox, Reminders
from bot.ports.persons import Persons
from bot.ports.platform_state import PlatformRecords
from bot.ports.posts import Posts
from storage.repositories.audit import AuditRepository
from storage.repositories.badges import BadgeRepository
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
from storage.repositories.reminders import ReminderRepository
from storage.session import Session


class Unit:
    """Implements ``bot.ports.UnitOfWork``. ``session`` is for ``storage`` alone."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.events: Events = EventRepository(session)
        self.members: Members = MemberRepository(session)
        self.groups: Groups = GroupRepository(session)
        self.posts: Posts = PostRepository(session)
        self.learning: Learning = LearningRepository(session)
        self.boards: Boards = BoardRepository(session)
        self.community: Community = CommunityRepository(session)
        self.notes: Notes = NoteRepository(session)
        self.organisers: Organisers = OrganiserRepository(session)
        self.badges: Badges = BadgeRepository(session)
        self.reminders: Reminders = ReminderRepository(session)
        self.notices: Notices = NoticeRepository(session)
        self.audit: Audit = AuditRepository(session)
        self.persons: Persons = PersonRepository(session)
        self.outbox: Outbox = OutboxRepository(session)
        self.platform_records: PlatformRecords = PlatformRecordRepository(session)
