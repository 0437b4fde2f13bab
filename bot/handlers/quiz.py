"""A question now, for one member alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.chat.action_ids import encode
from bot.chat.commands import Command, CommandOption
from bot.chat.messages import Actions, Button, Choice, Message
from bot.chat.replies import Replace, Reply, Send
from bot.chat.suggesting import fitting
from bot.domain.model import ActivityKind, Answer, Drill, Member, Met, PostKind
from bot.domain.scoring import POINTS_OF_ACT
from bot.domain.selection import KeptBack, choose_practice, seed_of
from bot.errors import UserError
from bot.handlers.answers import option_of
from bot.handlers.served_posts import was_posted
from bot.routing import STALE, Completion, Request, Routes, Writes
from bot.services.membership import group_here, member_of, pack_here, take_part, visitor_of
from bot.services.open_tasks import still_due
from bot.services.reserved_questions import is_asked, kept_back
from bot.services.streaks import Act, Streak
from bot.toolkit.nearest import did_you_mean
from bot.toolkit.text import echoed
from bot.views.gain import gain
from bot.views.progress import figures
from bot.views.questions import Asked, question_message, verdict_message
from bot.views.quiz import kept_back_message
from content import model as content
from content.model import Pack, Question, Topic

routes = Routes()

FOOTNOTE = "Practice: only you can see this. Any honest try counts for your streak."


@routes.command(
    Command(
        "quiz",
        "Practise a question, on any topic you like",
        (CommandOption("topic", "A topic from the roadmap", completes=True),),
    ),
    fresh=True,
)
async def practise(request: Request) -> Reply:
    """Serve the member the question that they have met least."""
    pack = await pack_here(request)
    typed = request.args.get("topic", "")
    return Send(await _serve(request, pack, topic_named(pack, typed).id if typed else None))


@routes.action("quiz.topic", fresh=True, navigates=True)
async def practise_topic(request: Request) -> Reply:
    """Serve a question from a button or a menu."""
    pack = await pack_here(request)
    return Send(await _serve(request, pack, _wanted(request, pack)))


@routes.action("drill.skip", fresh=True, navigates=True)
async def skip(request: Request) -> Reply:
    """Serve another question in place of the one that the member would rather leave."""
    pack = await pack_here(request)
    return Replace(await _serve(request, pack, _wanted(request, pack)))


@routes.action("quiz.again", fresh=True)
async def try_again(request: Request) -> Reply:
    """Serve the very question that a button names."""
    pack = await pack_here(request)
    question = pack.question(request.args.get("q", ""))
    if question is None or question.status is not content.Status.ACTIVE:
        raise UserError(STALE)
    group, member = await group_here(request), await member_of(request)
    if group and not await was_posted(request, group, PostKind.QUIZ, question.id):
        raise UserError(STALE)
    earlier = await request.unit.learning.drill_of_event(request.origin.event_id)
    if await is_asked(request, member, pack, question.id):
        return Send(kept_back_message())
    drill = earlier or await _new_drill(request, member, pack, question)
    return Send(_drill_message(pack, question, drill, 0))


def _wanted(request: Request, pack: Pack) -> str | None:
    """The topic that a button or menu names, None for any. Raises UserError for one that is gone."""
    wanted = request.choice[0] if request.choice else request.args.get("t", "")
    if wanted and pack.topic(wanted) is None:
        raise UserError(STALE)
    return wanted or None


@routes.completes("quiz", "topic")
async def topics(completion: Completion) -> Iterable[Choice]:
    """Every topic of the group's pack, in roadmap order."""
    pack = completion.pack
    found = pack.topics if pack else ()
    return fitting([Choice(topic.title, topic.id) for topic in found], completion.typed)


def topic_named(pack: Pack, typed: str) -> Topic:
    """The topic by id or title. Raises UserError with the nearest one otherwise."""
    wanted = typed.casefold()
    for topic in pack.topics:
        if wanted in (topic.id, topic.title.casefold(), topic.article_term.casefold()):
            return topic
    hint = did_you_mean(typed, [topic.title for topic in pack.topics])
    hint = hint or " Find the topics with /roadmap."
    raise UserError(f"There is no topic “{echoed(typed)}” on this roadmap.{hint}", "topic")


async def _serve(request: Request, pack: Pack, topic: str | None) -> Message:
    member = await member_of(request)
    earlier = await request.unit.learning.drill_of_event(request.origin.event_id)
    if earlier is not None:  # the same event delivered again: its buttons must be those that were saved
        served = request.library.question(earlier.pack, earlier.question_id)
        if await is_asked(request, member, pack, served.id):
            return kept_back_message()
        return _drill_message(pack, served, earlier, 0, topic)
    met = await request.unit.learning.questions_met(member.id, pack.info.id)
    kept = await kept_back(request, member, pack)
    question = choose_practice(pack, topic, met, kept)
    if question is None:
        return _nothing_left(pack, topic, met, kept)
    return _drill_message(pack, question, await _new_drill(request, member, pack, question), 0, topic)


def _nothing_left(pack: Pack, topic: str | None, met: Mapping[str, Met], kept: KeptBack) -> Message:
    """Why nothing is served. Raises UserError where nothing could ever be."""
    if choose_practice(pack, topic, met) is None:
        raise UserError("There are no questions on this topic yet. Try another one.")
    other = choose_practice(pack, None, met, kept)
    named = pack.topic(topic) if topic else None
    return kept_back_message(named.title if named else None, _topic(pack, other) if other else None)


async def _new_drill(request: Request, member: Member, pack: Pack, question: Question) -> Drill:
    event_id = request.origin.event_id
    new = Drill(
        0, event_id, member.id, pack.info.id, question.id, question.rev, seed_of(event_id), request.now
    )
    return await request.unit.learning.add_drill(new)


def _drill_message(
    pack: Pack, question: Question, drill: Drill, hints: int, topic: str | None = None
) -> Message:
    """The question with its buttons; skipping stays on ``topic`` if one was asked for."""
    message = question_message(_asked(pack, question, drill), "Practice", FOOTNOTE, hints)
    more = [Button("Skip", encode("drill.skip", **({"t": topic} if topic else {})))]
    if hints < len(question.hints):
        # A number and the name of a topic together may be too long for an id: the question knows its topic.
        params = {"d": drill.id, "n": hints + 1, **({"t": 1} if topic else {})}
        more.insert(0, Button("Hint", encode("drill.hint", **params)))
    *others, actions, footnote = message.blocks
    assert isinstance(actions, Actions)
    return Message(message.summary, (*others, Actions((*actions.items, *more)), footnote))


@routes.action("drill.hint", writes=Writes.NEVER)
async def hint(request: Request) -> Reply:
    """Show one more hint under the question."""
    drill, pack, question = await _own_drill(request)
    if await is_asked(request, await visitor_of(request), pack, question.id):
        return Send(kept_back_message())
    hints = min(request.number("n"), len(question.hints))
    topic = _topic(pack, question).id if "t" in request.args else None
    return Replace(_drill_message(pack, question, drill, hints, topic))


@routes.action("drill.answer", fresh=True)
async def answer(request: Request) -> Reply:
    """Take the answer to a practice question, unless a group of the member's asks it by now."""
    drill, pack, question = await _own_drill(request)
    chosen = option_of(question, request.args.get("o", ""))
    member = await member_of(request)
    if await is_asked(request, member, pack, question.id):
        return Send(kept_back_message())
    earlier = await request.unit.learning.answer_to_drill(drill.id)
    if earlier and earlier.event_id != request.origin.event_id:
        raise UserError("You've already answered this one. Use /quiz for another question.")
    group = await group_here(request)
    streak = await Streak.open(request, member)
    if earlier is None:
        await _record(request, pack, drill, question, chosen, streak)
    return Send(
        verdict_message(
            _asked(pack, question, drill),
            chosen,
            gain(POINTS_OF_ACT[ActivityKind.PRACTICE], streak.summary, streak.last_days),
            figures(streak.summary),
            await still_due(request, member, group, streak),
            Button("Next question", encode("quiz.topic")),
        )
    )


async def _own_drill(request: Request) -> tuple[Drill, Pack, Question]:
    """The practice question that the button belongs to. Raises UserError for somebody else's."""
    drill = await request.unit.learning.drill(request.number("d"))
    member = await visitor_of(request)
    if drill is None or drill.member_id != member.id:
        raise UserError(STALE)
    pack = request.library.pack(drill.pack)
    return drill, pack, request.library.question(drill.pack, drill.question_id)


def _asked(pack: Pack, question: Question, drill: Drill) -> Asked:
    return Asked(question, _topic(pack, question).title, drill.seed, "drill.answer", drill.id, "d")


def _topic(pack: Pack, question: Question) -> Topic:
    topic = pack.topic_of(question.id)
    assert topic is not None, "a pack's question has a topic"
    return topic


async def _record(
    request: Request, pack: Pack, drill: Drill, question: Question, chosen: content.Option, streak: Streak
) -> None:
    group = await group_here(request)
    if group:
        await take_part(request, group, await member_of(request))
    points = POINTS_OF_ACT[ActivityKind.PRACTICE]
    request.unit.learning.add_answer(
        Answer(
            event_id=request.origin.event_id,
            member_id=drill.member_id,
            group_id=group.id if group else None,
            post_id=None,
            drill_id=drill.id,
            pack=pack.info.id,
            topic=_topic(pack, question).id,
            question_id=question.id,
            question_rev=question.rev,
            option_id=chosen.id,
            correct=chosen.correct,
            points=points,
            happened_at=request.now,
            local_date=streak.day,
            zone=streak.zone,
        )
    )
    await streak.count(Act(ActivityKind.PRACTICE, f"drill:{drill.id}", points), group)
