"""The repositories around one session, and what is loaded for a group of units before they run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from bot.domain.model import PostKind
from bot.ports import Community, Events, Expected, Groups, Learning, Members, Notes
from bot.ports.boards import Boards
from bot.ports.organisers import Audit, Organisers
from bot.ports.outbox import Badges, Notices, Outbox, Reminders
from bot.ports.persons import Persons
from bot.ports.platform_state import PlatformRecords
from bot.ports.posts import Posts
from storage.identity_map import place_of
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

T = TypeVar("T")


class Unit:
    """Implements ``bot.ports.UnitOfWork``. ``session`` is for ``storage`` alone."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._events = EventRepository(session)
        self._members = MemberRepository(session)
        self._groups = GroupRepository(session)
        self._posts = PostRepository(session)
        self._learning = LearningRepository(session)
        self.events: Events = self._events
        self.members: Members = self._members
        self.groups: Groups = self._groups
        self.posts: Posts = self._posts
        self.learning: Learning = self._learning
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

    async def prefetch(self, expected: Sequence[Expected]) -> None:
        """Load what these units will ask for, a statement for each kind of thing."""
        known = self.session.known
        if event_ids := _distinct(each.event_id for each in expected):
            await self._events.load(event_ids)
        if users := _distinct(each.user for each in expected):
            await self._members.load(users)
            if member_ids := _distinct(known.accounts[user] for user in users):
                await self._members.load_groups(member_ids)
        if post_ids := _distinct(each.post_id for each in expected):
            # Also tells the groups of these posts, which are mostly the groups of the channels.
            await self._posts.load(post_ids)
        places = (None if each.channel is None else place_of(each.channel) for each in expected)
        if unknown := [place for place in _distinct(places) if place not in known.channels]:
            await self._groups.load(unknown)
        await self._prefetch_deeds(expected)

    async def _prefetch_deeds(self, expected: Collection[Expected]) -> None:
        """What these members have done with these posts, and with what is open in their groups.

        Every answer tells the member what is still theirs to do.
        """
        known = self.session.known
        if known.groups:
            kinds = (PostKind.PROMPT, PostKind.QUIZ)
            await self._posts.load_open([(group_id, kind) for group_id in known.groups for kind in kinds])
        answers: dict[tuple[int, int], None] = {}
        acts: dict[tuple[str, int], None] = {}
        for each in expected:
            member_id = None if each.user is None else known.accounts[each.user]
            if member_id is None or each.post_id is None:
                continue
            answers[each.post_id, member_id] = None
            acts[f"post:{each.post_id}", member_id] = None
            post = known.posts[each.post_id]
            if post is None:
                continue
            if question_id := known.open_posts[post.group_id, PostKind.QUIZ]:
                answers[question_id, member_id] = None
            if prompt_id := known.open_posts[post.group_id, PostKind.PROMPT]:
                acts[f"prompt:{prompt_id}", member_id] = None
                acts[f"reply:{prompt_id}", member_id] = None
        if answers:
            await self._learning.load_answers(list(answers))
            await self._learning.load_acts(list(acts))


def _distinct(values: Iterable[T | None]) -> list[T]:
    return [value for value in dict.fromkeys(values) if value is not None]
