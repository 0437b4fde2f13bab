"""The records that Milepost keeps, as the repositories give and take them. All are frozen.

Instants are aware and in UTC. ``local_date`` is always the date in the zone that stands beside it or in the
record's group. Ids are integers given by the database, 0 until then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.questions.kind import Response
from bot.domain.reasons import ChoiceReason, Ending, Fault, NoticeKind, PauseReason
from bot.domain.refs import ChannelRef, MessageRef, UserRef
from bot.domain.role_use import Denied


class PostKind(StrEnum):
    """The kinds of post that a schedule brings."""

    PROMPT = "prompt"
    QUIZ = "quiz"
    CHALLENGE = "challenge"
    RECAP = "recap"


ANSWERED_BY: Mapping[PostKind, tuple[str, ...]] = {
    PostKind.QUIZ: ("post",),
    PostKind.PROMPT: ("prompt", "reply"),
}
"""Key prefixes of the acts that answer a post, by the kinds of post that ask something of members:
``prompt:17`` answers the prompt of post 17.
"""


class PostState(StrEnum):
    """The life of a post on the ledger.

    PLANNED -> SENT -> CLOSED (a quiz that has been revealed). MISSED: the bot was down too long, or
    an organiser did not want it any more, and then it may be PLANNED again.
    FAILED: the platform refused it for good.
    """

    PLANNED = "planned"
    SENT = "sent"
    CLOSED = "closed"
    MISSED = "missed"
    FAILED = "failed"


class ActivityKind(StrEnum):
    """A genuine act that counts for the streak."""

    ANSWER = "answer"
    PRACTICE = "practice"
    PROMPT_DONE = "prompt_done"
    PROMPT_REPLY = "prompt_reply"
    SUBMISSION = "submission"


@dataclass(frozen=True, slots=True)
class Member:
    """A learner. ``user`` is the account they were met by; ``zone`` None means the group's.

    A member has no name of their own: in each of their groups they have the one that is used there
    (``Members.name_in``). ``profile_zone`` is the zone that their profile on the platform named last, None
    while it has named none. ``hidden`` leaves their name off boards and recaps.
    """

    id: int
    user: UserRef
    joined_at: dt.datetime
    zone: str | None = None
    rest_days: frozenset[int] | None = None
    profile_zone: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A study group: one channel, one pack, one zone. ``organiser`` set it up and is told of trouble.

    ``mention_role`` is the role that scheduled posts mention, ``reward_role`` the one of those whose streak
    has at least ``reward_days`` days. Each is the platform's id of it, empty for none; the platform's name
    for it stands beside, empty where the platform told none, with the user id of whoever chose it
    (``_by``) and why it may not be used any more (``_denied``), which stops it until it is chosen anew.
    ``pause_detail`` is what the platform said when it refused posts, empty for every other pause.

    A pause with an end has the local date ``resume_on``, which begins at ``resume_at`` in the group's zone;
    both are None for one without. On ``skipped`` local dates no schedule posts.
    """

    id: int
    channel: ChannelRef
    pack: str
    zone: str
    created_at: dt.datetime
    organiser: UserRef
    paused_at: dt.datetime | None = None
    pause_reason: PauseReason | None = None
    pause_detail: str = ""
    mention_role: str = ""
    mention_name: str = ""
    mention_by: str = ""
    mention_denied: Denied | None = None
    reward_role: str = ""
    reward_name: str = ""
    reward_by: str = ""
    reward_denied: Denied | None = None
    reward_days: int = 0
    resume_on: dt.date | None = None
    resume_at: dt.datetime | None = None
    skipped: frozenset[dt.date] = frozenset()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule: the times at which one kind of post is due in a group.

    ``at`` is wall time in ``zone``; ``days`` are weekdays with Monday 0. ``next_due_at`` and
    ``next_date`` are None while nothing is due: the group is paused, or the schedule not ``enabled``.
    ``failures`` counts refusals in a row, ``put_offs`` how often its due slot could not be planned.
    """

    id: int
    group_id: int
    kind: PostKind
    at: dt.time
    days: frozenset[int]
    zone: str
    next_due_at: dt.datetime | None
    next_date: dt.date | None
    failures: int = 0
    enabled: bool = True
    put_offs: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """One slot of the ledger: what was due, what was chosen and why, and what became of it.

    ``schedule_id`` is None for a post asked for by hand; ``slot`` then names the post by hand before it,
    otherwise it is the local date, so that (group, kind, slot) happens once. ``seed`` shuffles the options.
    ``reason`` and ``figures`` say why the content was chosen, ``fault`` and ``detail`` why it did not come:
    ``detail`` holds what the platform said, or the name of what is missing. ``attempted_at`` is when its
    platform may first have been asked to show it, None while it surely was not: it may have come since.
    ``mentions_on`` is the local date on which it mentions the role of its group, None for no mention.
    ``shape`` is what a question offered when it was sent (``questions.shape``), ``ending`` why it closed
    before its time, None for one that did not.
    """

    id: int
    group_id: int
    schedule_id: int | None
    kind: PostKind
    slot: str
    local_date: dt.date
    topic: str
    content_id: str
    content_rev: int
    seed: int
    reason: ChoiceReason | None
    state: PostState
    due_at: dt.datetime
    attempted_at: dt.datetime | None = None
    message: MessageRef | None = None
    sent_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    fault: Fault | None = None
    detail: str = ""
    figures: tuple[int, ...] = ()
    mentions_on: dt.date | None = None
    shape: str = ""
    ending: Ending | None = None


@dataclass(frozen=True, slots=True)
class AskedPost:
    """A question or prompt that was posted in a group of a member, as it bears on the member's streak.

    ``joined_at`` is when they joined the group, ``answered_at`` when they first answered it, None if never.
    """

    post_id: int
    group_id: int
    kind: PostKind
    local_date: dt.date
    sent_at: dt.datetime
    closes_at: dt.datetime | None
    joined_at: dt.datetime
    answered_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PostedContent:
    """A post in the history of a group. ``asked`` is False for one that was missed or could not be posted.

    ``due_at`` is when it was due. ``open_until`` is when it closes: None for one that stays open, is
    closed, or was never asked.
    """

    topic: str
    content_id: str
    asked: bool
    due_at: dt.datetime
    open_until: dt.datetime | None = None


def posted_content(
    topic: str, content_id: str, state: PostState, due_at: dt.datetime, closes_at: dt.datetime | None
) -> PostedContent:
    """Return a post as the choice of the next one sees it."""
    asked = state not in (PostState.MISSED, PostState.FAILED)
    waits = state in (PostState.PLANNED, PostState.SENT)
    return PostedContent(topic, content_id, asked, due_at, closes_at if waits else None)


@dataclass(frozen=True, slots=True)
class PracticeQuestion:
    """A question served to one member for practice, once for each event that asked for it."""

    id: int
    event_id: str
    member_id: int
    pack: str
    question_id: str
    question_rev: int
    seed: int
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Met:
    """Meetings of a member with a question, in posts or practice; ``last_practice`` is 0 without any."""

    times: int
    last_practice: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A member's answer to a post or to a practice question: one of ``post_id`` and ``practice_id`` is set.

    ``score`` is from 0 to 1; ``correct`` says that it is 1.
    """

    event_id: str
    member_id: int
    group_id: int | None
    post_id: int | None
    practice_id: int | None
    pack: str
    topic: str
    question_id: str
    question_rev: int
    response: Response
    score: float
    correct: bool
    points: int
    happened_at: dt.datetime
    local_date: dt.date
    zone: str


@dataclass(frozen=True, slots=True)
class Activity:
    """A streak fact. ``key`` names the act once for each member, such as ``post:17``."""

    member_id: int
    group_id: int | None
    kind: ActivityKind
    key: str
    points: int
    happened_at: dt.datetime
    local_date: dt.date
    zone: str


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """A member asked for another zone at this instant."""

    member_id: int
    at: dt.datetime
    zone: str


@dataclass(frozen=True, slots=True)
class RestDaysChange:
    """A member chose other rest days at this instant; weekdays with Monday 0."""

    member_id: int
    at: dt.datetime
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class ChallengeEntry:
    """A member takes part in a challenge of a group."""

    group_id: int
    challenge_id: str
    member_id: int
    joined_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """A shared version of a member's project: append-only, the newest counts."""

    event_id: str
    group_id: int
    challenge_id: str
    member_id: int
    url: str
    learned: str
    happened_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of a leaderboard. ``rank`` starts at 1; equal points share a rank."""

    rank: int
    member_id: int
    name: str
    points: int
    answers: int
    correct: int


@dataclass(frozen=True, slots=True)
class TopicTally:
    """A member's results on the questions of one topic."""

    topic: str
    seen: int
    correct: int
    last_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Reward:
    """The role that rewards a streak in a group, for one member: ``wanted`` says that they should have it.

    ``is_owed`` says that the platform has not been told so, or that this is in doubt.
    """

    group_id: int
    member_id: int
    role: str
    wanted: bool
    is_owed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A member's daily reminder: the wall time ``at`` in ``zone``.

    ``due_at`` is when it comes or is tried again, None when it is off; ``next_date`` the local date that it
    is for, ``last_date`` the last one that is done with. ``platform`` is where the member asked for it.
    ``closed`` says that it was switched off because no message reached the member. ``reminded_at`` is when
    the last one was written that reached them; ``unanswered`` counts those since the member's last act.
    """

    member_id: int
    platform: str
    at: dt.time
    zone: str
    due_at: dt.datetime | None = None
    next_date: dt.date | None = None
    last_date: dt.date | None = None
    closed: bool = False
    reminded_at: dt.datetime | None = None
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to a group's organiser, due once. ``subject`` is the key of what it is about.

    ``data`` is what the sentence is made of when it is told: strings and numbers by name.
    """

    id: int
    group_id: int
    subject: str
    kind: NoticeKind
    data: Mapping[str, str | int]
    created_at: dt.datetime
