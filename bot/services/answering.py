"""The one place where an answer is taken, to a group's question or in practice.

``take`` checks, grades and appends the answer, tells ``LISTENERS`` of it, and says what to show. Whatever
else an answer changes one day, such as a model of what its member remembers, is one more listener.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.chat.action_ids import encode
from bot.chat.messages import Button
from bot.chat.replies import FormErrors, OpenForm, Reply, Send
from bot.domain.model import ActivityKind, Answer, Group, Member, Post, PostState
from bot.domain.questions import Grade, InvalidResponse, Response, control, ended, grade, read_form
from bot.domain.reasons import Ending
from bot.domain.scoring import points_of_answer
from bot.errors import UserError
from bot.services.context import ActingContext
from bot.services.membership import (
    FROM_BEFORE,
    follow_name,
    is_from_before,
    take_part,
    unnamed_member_of,
    visitor_of,
)
from bot.services.open_tasks import open_tasks, still_due
from bot.services.reserved_questions import is_asked
from bot.services.streaks import NewActivity, Streak
from bot.views.progress import figures, gain
from bot.views.questions import ShownQuestion, answer_form, in_brief, refused, verdict_message
from bot.views.withdrawn import TOO_LATE
from content.model import Question

COUNTED_LATER = (PostState.PLANNED, PostState.SENT)
"""States of a post whose answers are counted on boards when it closes."""

CLOSED = "This question is closed. Find its answer in the channel, or use /quiz to practise."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(ABC):
    """The place where a question is asked: in a post of a group, or of one member alone for practice.

    ``question`` is the question as its pack has it now, ``asked`` as it was served. ``pack`` and ``topic``
    are ids. ``post_id`` or ``practice_id`` is set, as in an Answer. ``next`` is the button to offer after
    the verdict. ``ending`` is why the question can't be answered any more as it was asked, None if it can.
    """

    question: Question
    asked: ShownQuestion
    pack: str
    topic: str
    next: Button
    post_id: int | None = None
    practice_id: int | None = None
    ending: Ending | None = None

    @abstractmethod
    def points(self, grade: Grade) -> int:
        """Return the points that an answer earns."""

    @abstractmethod
    async def group(self, context: ActingContext) -> Group | None:
        """Return the group that the answer belongs to, None for practice outside of any."""

    @abstractmethod
    async def withheld(
        self, context: ActingContext, member: Member, earlier: Answer | None
    ) -> Reply | None:
        """Return the reply where no verdict may be given now, None where one may."""

    @abstractmethod
    async def earlier(self, context: ActingContext, member: Member) -> Answer | None:
        """The member's answer of before."""

    @abstractmethod
    async def refuse_second(self, context: ActingContext, earlier: Answer) -> None:
        """Raise UserError, for a member who has answered before."""

    @abstractmethod
    async def require_open(self, context: ActingContext, member: Member) -> None:
        """Raise UserError where no answer is taken any more, or none of this member."""

    @abstractmethod
    async def act(self, context: ActingContext, answer: Answer) -> NewActivity:
        """The act that an answer is for the streak."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A new answer, and all that listeners may ask about it."""

    context: ActingContext
    place: Place
    group: Group | None
    member: Member
    streak: Streak
    answer: Answer


async def take(context: ActingContext, place: Place, response: Response) -> Reply:
    """Take an answer, once, and return the verdict on it.

    An event that is delivered again is answered alike and changes nothing. Raises UserError for a response
    that the question can't take, for a second answer, and where none is taken any more.
    """
    if place.ending:
        await _refuse_ended(context, place, place.ending)
    try:
        graded = grade(place.question, response)
    except InvalidResponse as error:
        raise UserError(refused(error), error.field) from None
    member = await unnamed_member_of(context)
    group = await place.group(context)
    earlier, streak, waiting, _ = await asyncio.gather(
        place.earlier(context, member),
        Streak.open(context, member),
        open_tasks(context, member, group, besides=place.post_id),
        follow_name(context, member),
    )
    if (instead := await place.withheld(context, member, earlier)) is not None:
        return instead
    if earlier is None:
        await place.require_open(context, member)
    elif earlier.event_id != context.origin.event_id:
        await place.refuse_second(context, earlier)
    points = place.points(graded)
    if earlier is None:
        await _append(context, place, group, member, streak, response, graded, points)
    return Send(
        verdict_message(
            place.asked,
            response,
            graded,
            gain(points, streak.summary, streak.last_days),
            figures(streak.summary),
            await still_due(streak, waiting),
            place.next,
        )
    )


async def open_form(context: ActingContext, place: Place) -> Reply:
    """Return the form of a question, where an answer could be taken now. Raises UserError otherwise."""
    if place.ending:
        await _refuse_ended(context, place, place.ending)
    member = await visitor_of(context)
    earlier = await place.earlier(context, member)
    if (instead := await place.withheld(context, member, earlier)) is not None:
        return instead
    if earlier is not None:
        await place.refuse_second(context, earlier)
    await place.require_open(context, member)
    try:
        return OpenForm(answer_form(place.asked))
    except LookupError:
        raise UserError("This question is answered in its message.") from None


async def take_form(context: ActingContext, place: Place, values: Mapping[str, str]) -> Reply:
    """Take an answer that was filled in; a bad form comes back with a sentence and changes nothing."""
    if place.ending:
        await _refuse_ended(context, place, place.ending)
    try:
        response = read_form(control(place.question, place.asked.seed), values)
        grade(place.question, response)
    except InvalidResponse as error:
        try:
            form = answer_form(place.asked, values)
        except LookupError:
            raise UserError(refused(error)) from None
        return FormErrors(form, {error.field or form.fields[0].name: refused(error)})
    return await take(context, place, response)


async def _refuse_ended(context: ActingContext, place: Place, ending: Ending) -> None:
    """Raise UserError, unless the event is one that was answered before and is delivered again."""
    member = await visitor_of(context)
    earlier = await place.earlier(context, member)
    if earlier is None:
        raise UserError(TOO_LATE[ending])
    await place.withheld(context, member, earlier)
    if earlier.event_id != context.origin.event_id:
        await place.refuse_second(context, earlier)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPlace(Place):
    """A group's question, in its post."""

    post: Post
    of: Group

    def points(self, grade: Grade) -> int:
        """Points by the score."""
        return points_of_answer(grade.score)

    async def group(self, context: ActingContext) -> Group | None:  # noqa: ARG002 - known already
        """The group that was asked."""
        return self.of

    async def withheld(
        self, context: ActingContext, member: Member, earlier: Answer | None
    ) -> Reply | None:
        """Raise UserError for an answer to a post that is over, while another one asks its question."""
        if earlier is not None and self.post.state not in COUNTED_LATER:
            pack = context.library.pack(self.of.pack)
            if await is_asked(context, member, pack, self.question.id):
                raise UserError(CLOSED)
        return None

    async def earlier(self, context: ActingContext, member: Member) -> Answer | None:
        """The member's answer to the post."""
        return await context.unit.learning.answer_to_post(self.post.id, member.id)

    async def refuse_second(self, context: ActingContext, earlier: Answer) -> None:  # noqa: ARG002 - its own words
        """Raise UserError with the first answer."""
        by_now = earlier.score
        try:
            what = f"“{in_brief(self.question, earlier.response)}”"
            by_now = grade(self.question, earlier.response).score
        except InvalidResponse:
            what = "an option that has been removed"
        verdict = "right" if earlier.correct else "partly right" if earlier.score else "not quite right"
        if by_now < earlier.score:  # its key was corrected, and nobody loses by that
            verdict = f"which counts as {verdict}"
        raise UserError(
            f"You've already answered this one: {what}, {verdict}. Only the first answer counts."
        )

    async def require_open(self, context: ActingContext, member: Member) -> None:
        """Raise UserError after closing, and for a member who was forgotten since it was posted."""
        late = self.post.closes_at is not None and context.now >= self.post.closes_at
        if late or self.post.state in (PostState.MISSED, PostState.FAILED):
            raise UserError(CLOSED)
        if await is_from_before(context, member, self.post):
            raise UserError(FROM_BEFORE)

    async def act(self, context: ActingContext, answer: Answer) -> NewActivity:
        """An answer that counts on boards when the question has closed."""
        waits = self.post.state in COUNTED_LATER
        counted_on: dt.date | None = None
        if not waits:
            counted_on = await context.unit.boards.settled_on(self.post.id)
        key = f"post:{self.post.id}"
        return NewActivity(ActivityKind.ANSWER, key, answer.points, answer.correct, waits, counted_on)


def post_place(context: ActingContext, post: Post, group: Group) -> PostPlace:
    """The question that a post asks. Raises UserError when its pack no longer has it."""
    pack = context.library.pack(group.pack)
    found = pack.question(post.content_id)
    ending = post.ending if post.state is PostState.CLOSED else ended(found, post.shape)
    if ending is Ending.REMOVED:
        raise UserError(TOO_LATE[ending])
    question = found or context.library.question(group.pack, post.content_id)
    topic = pack.topic(post.topic)
    title = topic.title if topic else post.topic
    return PostPlace(
        post=post,
        of=group,
        question=question,
        asked=ShownQuestion(question, title, post.seed, "quiz.answer", post.id),
        pack=group.pack,
        topic=post.topic,
        next=Button("Practise this topic", encode("quiz.topic", t=post.topic)),
        post_id=post.id,
        ending=ending,
    )


async def _append(
    context: ActingContext,
    place: Place,
    group: Group | None,
    member: Member,
    streak: Streak,
    response: Response,
    graded: Grade,
    points: int,
) -> None:
    """Write a new answer down, and tell who listens. Raises Conflict at the commit for a second one."""
    answer = Answer(
        event_id=context.origin.event_id,
        member_id=member.id,
        group_id=group.id if group else None,
        post_id=place.post_id,
        practice_id=place.practice_id,
        pack=place.pack,
        topic=place.topic,
        question_id=place.question.id,
        question_rev=place.question.rev,
        response=response,
        score=graded.score,
        correct=graded.correct,
        points=points,
        happened_at=context.now,
        local_date=streak.day,
        zone=streak.zone,
    )
    context.unit.learning.add_answer(answer)
    answered = Answered(context, place, group, member, streak, answer)
    for listener in LISTENERS:
        await listener(answered)


async def join(answered: Answered) -> None:
    """Make the member one of the group."""
    if answered.group:
        await take_part(answered.context, answered.group, answered.member)


async def count(answered: Answered) -> None:
    """Count the answer for the streak and on boards."""
    act = await answered.place.act(answered.context, answered.answer)
    await answered.streak.append(act, answered.group)


async def refresh_post(answered: Answered) -> None:
    """Have the post say how many have answered."""
    if answered.answer.post_id is not None:
        await answered.context.unit.posts.mark_changed(answered.answer.post_id)


LISTENERS: tuple[Callable[[Answered], Awaitable[None]], ...] = (join, count, refresh_post)
"""Told of each new answer, in this order and in its transaction."""
