"""Questions for one member alone: which one is served, how it is shown, and where its answer belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.action_ids import encode
from bot.chat.messages import Actions, Button, Message
from bot.chat.replies import Reply, Send
from bot.domain.model import ActivityKind, Answer, Group, Member, Met, PracticeQuestion
from bot.domain.questions import Grade
from bot.domain.scoring import POINTS_OF_ACT
from bot.domain.selection import KeptBack, choose_practice, seed_of
from bot.errors import UserError
from bot.services.answering import Place
from bot.services.context import ActingContext
from bot.services.membership import group_here, member_of, visitor_of
from bot.services.reserved_questions import is_asked, kept_back
from bot.services.streaks import NewActivity
from bot.views.questions import ShownQuestion, question_message
from bot.views.quiz import kept_back_message
from content.model import Pack, Question, Topic

FOOTNOTE = "Practice: only you can see this. Any honest try counts for your streak."


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePlace(Place):
    """A practice question, served to one member."""

    practice: PracticeQuestion
    of: Pack

    @classmethod
    def at(cls, practice: PracticeQuestion, pack: Pack, question: Question) -> PracticePlace:
        """The place of a practice question that was served from this pack."""
        topic = topic_of(pack, question)
        return cls(
            practice=practice,
            of=pack,
            question=question,
            asked=ShownQuestion(question, topic.title, practice.seed, "practice.answer", practice.id, "d"),
            pack=pack.info.id,
            topic=topic.id,
            next=Button("Next question", encode("quiz.topic")),
            practice_id=practice.id,
        )

    def points(self, grade: Grade) -> int:  # noqa: ARG002 - whatever it is
        """Points of practice, right or wrong."""
        return POINTS_OF_ACT[ActivityKind.PRACTICE]

    async def group(self, context: ActingContext) -> Group | None:
        """The group of the channel, if there is one."""
        return await group_here(context)

    async def withheld(
        self,
        context: ActingContext,
        member: Member,
        earlier: Answer | None,  # noqa: ARG002 - answered or not
    ) -> Reply | None:
        """Say that the question must wait, where a group of the member's asks it by now."""
        if await is_asked(context, member, self.of, self.question.id):
            return Send(kept_back_message())
        return None

    async def earlier(self, context: ActingContext, member: Member) -> Answer | None:  # noqa: ARG002 - theirs alone
        """The answer that was given before."""
        return await context.unit.learning.answer_to_practice(self.practice.id)

    async def refuse_second(self, context: ActingContext, earlier: Answer) -> None:  # noqa: ARG002 - the same words
        """Raise UserError."""
        raise UserError("You've already answered this one. Use /quiz for another question.")

    async def require_open(self, context: ActingContext, member: Member) -> None:
        """Practice has no end."""

    async def act(self, context: ActingContext, answer: Answer) -> NewActivity:  # noqa: ARG002 - it counts at once
        """An act that counts for the streak."""
        return NewActivity(ActivityKind.PRACTICE, f"practice:{self.practice.id}", answer.points)


async def practice_place(context: ActingContext, practice_id: int) -> PracticePlace | None:
    """Return a practice question of the acting member's, None for somebody else's."""
    practice = await context.unit.practice.get(practice_id)
    member = await visitor_of(context)
    if practice is None or practice.member_id != member.id:
        return None
    pack = context.library.pack(practice.pack)
    return PracticePlace.at(practice, pack, context.library.question(practice.pack, practice.question_id))


async def serve(context: ActingContext, pack: Pack, topic: str | None) -> Message:
    """Serve the question that the member has met least, on a topic if one is given."""
    member = await member_of(context)
    earlier = await context.unit.practice.of_event(context.origin.event_id)
    if earlier is not None:  # the same event delivered again: its buttons must be those that were saved
        served = context.library.question(earlier.pack, earlier.question_id)
        if await is_asked(context, member, pack, served.id):
            return kept_back_message()
        return practice_message(PracticePlace.at(earlier, pack, served), 0, topic)
    met = await context.unit.learning.questions_met(member.id, pack.info.id)
    kept = await kept_back(context, member, pack)
    question = choose_practice(pack, topic, met, kept)
    if question is None:
        return _nothing_left(pack, topic, met, kept)
    return practice_message(await _new(context, member, pack, question), 0, topic)


async def serve_again(context: ActingContext, pack: Pack, question: Question) -> Message:
    """Serve this very question, unless a group asks it."""
    member = await member_of(context)
    earlier = await context.unit.practice.of_event(context.origin.event_id)
    if await is_asked(context, member, pack, question.id):
        return kept_back_message()
    if earlier is not None:
        return practice_message(PracticePlace.at(earlier, pack, question), 0)
    return practice_message(await _new(context, member, pack, question), 0)


def practice_message(place: PracticePlace, hints: int, topic: str | None = None) -> Message:
    """The question with its buttons; skipping stays on ``topic`` if one was asked for."""
    message = question_message(place.asked, "Practice", FOOTNOTE, hints)
    more = [Button("Skip", encode("practice.skip", **({"t": topic} if topic else {})))]
    if hints < len(place.question.hints):
        # A number and the name of a topic together may be too long for an id: the question knows its topic.
        params = {"d": place.practice.id, "n": hints + 1, **({"t": 1} if topic else {})}
        more.insert(0, Button("Hint", encode("practice.hint", **params)))
    *others, actions, footnote = message.blocks
    assert isinstance(actions, Actions)
    return Message(message.summary, (*others, Actions((*actions.items, *more)), footnote))


def topic_of(pack: Pack, question: Question) -> Topic:
    """The topic of a question of the pack."""
    topic = pack.topic_of(question.id)
    assert topic is not None, "a pack's question has a topic"
    return topic


def _nothing_left(pack: Pack, topic: str | None, met: Mapping[str, Met], kept: KeptBack) -> Message:
    """Why nothing is served. Raises UserError where nothing could ever be."""
    if choose_practice(pack, topic, met) is None:
        raise UserError("There are no questions on this topic yet. Try another one.")
    other = choose_practice(pack, None, met, kept)
    named = pack.topic(topic) if topic else None
    return kept_back_message(named.title if named else None, topic_of(pack, other) if other else None)


async def _new(context: ActingContext, member: Member, pack: Pack, question: Question) -> PracticePlace:
    event_id = context.origin.event_id
    new = PracticeQuestion(
        0, event_id, member.id, pack.info.id, question.id, question.rev, seed_of(event_id), context.now
    )
    return PracticePlace.at(await context.unit.practice.add(new), pack, question)
