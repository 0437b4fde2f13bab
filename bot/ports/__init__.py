"""Ports: the Protocols of the database that the core needs.

A use case is ``async def use_case(unit: UnitOfWork) -> T``. ``Database.run`` gives it one transaction:
committed, durably, when it returns; rolled back when it raises. It may be run a second time after a
Conflict, so it must touch nothing but ``unit``.

What is not there is not changed: saving it does nothing. A row that refers to what is not there is a
Conflict. Where a Conflict comes "now or at the commit", a use case may not catch it and go on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeVar

from bot.domain.model import (
    Activity,
    Answer,
    AskedPost,
    ChallengeEntry,
    Group,
    Member,
    Met,
    PracticeQuestion,
    RestDaysChange,
    Schedule,
    Standing,
    Submission,
    TopicTally,
    ZoneChange,
)
from bot.domain.questions import Response
from bot.domain.reasons import PauseReason
from bot.domain.refs import ChannelRef, UserRef
from bot.ports.boards import Boards
from bot.ports.organisers import Audit, Organisers
from bot.ports.outbox import Notices, Outbox, Reminders, Rewards
from bot.ports.persons import Persons
from bot.ports.platform_state import PlatformRecords
from bot.ports.posts import Posts

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


class Members(Protocol):
    """Learners and what they set."""

    async def find(self, user: UserRef) -> Member | None:
        """Return the member with this account, or None."""

    async def get(self, member_id: int) -> Member:
        """Return the member with this id. Raises KeyError."""

    async def add(self, user: UserRef, joined_at: dt.datetime) -> Member:
        """Add a learner with one account. Raises Conflict, now or at the commit, when it is taken."""

    def note_profile(self, member: Member, zone: str) -> Member:
        """Record the zone that the member's platform profile names now."""

    async def join(self, group_id: int, member_id: int, at: dt.datetime, name: str) -> None:
        """Make the member one of a group, called ``name`` there; a second time does nothing.

        Whoever has left it is back, with everything that they had.
        """

    async def leave(self, group_id: int, member_id: int, at: dt.datetime, *, by_choice: bool) -> None:
        """Take the member off a group, which keeps all that they did; a second time does nothing."""

    async def come_back(self, group_id: int, member_id: int, at: dt.datetime) -> None:
        """Record that the member is there again: in the group, unless it was their choice to leave it."""

    async def look_for(
        self, now: dt.datetime, before: dt.datetime, limit: int, platforms: Collection[str]
    ) -> tuple[tuple[Member, int], ...]:
        """Return members on these platforms who were not checked since ``before``, oldest check first.

        They count as checked now, so that no other process checks them too.
        """

    async def name_in(self, group_id: int, member_id: int) -> str | None:
        """Return what a member is called in a group; None when they are not of it."""

    async def names_in(self, group_id: int, member_ids: Collection[int]) -> Mapping[int, str]:
        """Return what each of these members is called in a group; those who are not of it are absent."""

    def call(self, group_id: int, member_id: int, name: str) -> None:
        """Change what a member is called in a group."""

    async def groups_of(self, member_id: int) -> tuple[int, ...]:
        """Return the ids of the groups that a member is in and has not left, oldest first."""

    async def joined_groups(self, member_id: int) -> tuple[tuple[int, dt.datetime], ...]:
        """Return the ids of the groups that a member is in, each with the instant of joining it."""

    async def count(self, group_id: int) -> int:
        """Return how many members are in a group and have not left it."""

    def set_zone(self, row: ZoneChange) -> None:
        """Append a change of zone; the member's ``zone`` becomes it."""

    def set_rest_days(self, row: RestDaysChange) -> None:
        """Append a change of rest days; the member's ``rest_days`` become them."""

    async def zones(self, member_id: int) -> tuple[ZoneChange, ...]:
        """Every change of zone, oldest first."""

    async def rest_days(self, member_id: int) -> tuple[RestDaysChange, ...]:
        """Every change of rest days, oldest first."""


class Groups(Protocol):
    """Study groups and their schedules."""

    async def find(self, channel: ChannelRef) -> Group | None:
        """Return the group of a channel, or None."""

    async def get(self, group_id: int) -> Group:
        """Return the group with this id. Raises KeyError."""

    async def add(self, group: Group) -> Group:
        """Add a group. Raises Conflict when its channel has one."""

    async def save(self, group: Group) -> None:
        """Write all of a group but its channel, organiser and creation."""

    async def move(self, group: Group) -> None:
        """Write a group's channel and organiser. Raises Conflict when the channel has another group.

        Messages that were posted stay where they are.
        """

    async def organised_by(self, user: UserRef) -> tuple[Group, ...]:
        """The groups that this person set up or took over, oldest first."""

    async def left_by(self, member_id: int) -> tuple[Group, ...]:
        """The groups that a member was of and has left, the one left last first."""

    async def schedules(self, group_id: int) -> tuple[Schedule, ...]:
        """Return a group's schedules in the order of PostKind."""

    async def put_schedule(self, schedule: Schedule) -> Schedule:
        """Insert a schedule (id 0) or overwrite it.

        Raises Conflict when the group has another of this kind.
        """

    async def due_schedules(self, now: dt.datetime, limit: int) -> tuple[Schedule, ...]:
        """Return schedules whose ``next_due_at`` is not after now, most overdue first.

        Fast when none is.
        """

    async def get_schedule(self, schedule_id: int) -> Schedule:
        """Return the schedule with this id. Raises KeyError."""

    async def scheduled_after(self, schedule_id: int, limit: int) -> tuple[Schedule, ...]:
        """Return schedules that are due some day and have a higher id, in the order of their ids."""

    async def ending_pauses(self, now: dt.datetime, limit: int) -> tuple[Group, ...]:
        """Groups whose ``resume_at`` is not after now, most overdue first. Fast when there is none."""

    async def next_due_at(self) -> dt.datetime | None:
        """The earliest instant at which any schedule is due or a pause ends."""

    async def all(self) -> tuple[Group, ...]:
        """Every group, oldest first."""

    async def of_workspace(self, platform: str, workspace: str) -> tuple[Group, ...]:
        """Every group in a server, team or site, oldest first."""

    async def workspaces(self, platform: str) -> frozenset[str]:
        """Every server, team or site on a platform with a group that is not paused."""

    async def paused_for(self, platform: str, reason: PauseReason) -> tuple[Group, ...]:
        """Every group on a platform that is paused for just this reason."""


class Learning(Protocol):
    """Answers, activity, and the caches made from them."""

    async def answer_to_post(self, post_id: int, member_id: int) -> Answer | None:
        """Return the member's answer to a post, or None."""

    async def answer_to_practice(self, practice_id: int) -> Answer | None:
        """Return the answer to a practice question, or None."""

    def add_answer(self, answer: Answer) -> None:
        """Append an answer, and count it in the topic tally.

        Raises Conflict, now or at the commit, when the member has answered this before.
        """

    async def has_activity(self, member_id: int, key: str) -> bool:
        """Tell whether the member's act of this key was counted before."""

    def add_activity(self, row: Activity, periods: Sequence[str], *, correct: bool | None = None) -> None:
        """Append an act, and add its points to the group's tallies of these periods.

        ``correct`` says how an answer went, so that the tallies count it; None for any other act. Raises
        Conflict, now or at the commit, when the member's act of this key was counted before.
        """

    async def asked(self, member_id: int, first: dt.date) -> tuple[AskedPost, ...]:
        """Questions and prompts posted in groups of theirs for ``first`` and later dates, oldest first."""

    async def activities(self, member_id: int) -> tuple[Activity, ...]:
        """Return all acts of a member, oldest first."""

    async def last_act_at(self, member_id: int) -> dt.datetime | None:
        """Return when the member last did something that counts, or None."""

    async def active_days(self, member_id: int, first: dt.date) -> Mapping[dt.date, int]:
        """Return how many acts a member has on each local date, from ``first`` on."""

    async def streak_state(self, member_id: int) -> str | None:
        """Return the member's cached streak state, as the streak module wrote it."""

    def put_streak_state(self, member_id: int, state: str) -> None:
        """Overwrite the member's cached streak state."""

    async def forget_streak_states(self) -> None:
        """Drop all cached streak states: each is made anew from the facts when it is needed."""

    async def distribution(self, post_id: int) -> Mapping[Response, int]:
        """Count the answers to a post by what was responded."""

    async def count_answers(self, post_id: int) -> int:
        """Return how many members have answered a post."""

    async def count_acts(self, post_id: int, kind: str) -> int:
        """Return how many members have an act with the key ``<kind>:<post id>``."""

    async def standings(
        self, group_id: int, period: str, limit: int, member_id: int | None
    ) -> tuple[tuple[Standing, ...], Standing | None]:
        """The best of a period by their names in the group, and the member's own row when they have one.

        Equals are in an order that has nothing to do with who joined first (``lot``).
        """

    async def topic_tallies(self, member_id: int, pack: str) -> Mapping[str, TopicTally]:
        """Return the member's tallies on the questions of a pack, by topic id."""

    async def topic_tallies_in(
        self, member_id: int, pack: str, group_ids: Collection[int]
    ) -> Mapping[str, TopicTally]:
        """Like ``topic_tallies``, of answers in these groups alone."""

    async def acted_elsewhere(self, member_id: int, group_ids: Collection[int]) -> bool:
        """Tell whether any act of the member was in no group, or in another one than these."""

    async def questions_met(self, member_id: int, pack: str) -> Mapping[str, Met]:
        """Return how often the member met each question: answered in a post, or served for practice."""

    async def add_practice(self, practice: PracticeQuestion) -> PracticeQuestion:
        """Serve a question for practice. Raises Conflict when its event was given one before."""

    async def practice_of_event(self, event_id: str) -> PracticeQuestion | None:
        """Return the practice question that an event asked for, or None."""

    async def practice(self, practice_id: int) -> PracticeQuestion | None:
        """Return the practice question with this id, or None."""


class Community(Protocol):
    """Challenges and the work that members share for them."""

    async def entry(self, group_id: int, challenge_id: str, member_id: int) -> ChallengeEntry | None:
        """The member's part in a challenge."""

    async def add_entry(self, entry: ChallengeEntry) -> None:
        """Record that a member takes part; a second time does nothing."""

    async def count_entries(self, group_id: int, challenge_id: str) -> int:
        """Return how many members take part in a challenge."""

    def add_submission(self, submission: Submission) -> None:
        """Append a submission.

        Raises Conflict, now or at the commit, when its event was appended before.
        """

    async def take_back(self, group_id: int, challenge_id: str, member_id: int) -> int:
        """Delete everything that a member shared for a challenge; returns how many versions."""

    async def count_submissions(self, group_id: int, challenge_id: str) -> int:
        """Return how many members have shared what they built."""

    async def count_versions(self, group_id: int, challenge_id: str, member_id: int) -> int:
        """Return how often a member has shared something for a challenge, changed versions included."""

    async def submission(self, group_id: int, challenge_id: str, member_id: int) -> Submission | None:
        """Return the newest submission of a member, or None."""

    async def submissions(
        self, group_id: int, challenge_id: str, limit: int, skip: int = 0
    ) -> tuple[tuple[Submission, str], ...]:
        """Return each member's newest submission and name, newest first, after the first ``skip``."""


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
