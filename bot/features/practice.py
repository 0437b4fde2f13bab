"""A question now, for one member alone."""

from __future__ import annotations

from collections.abc import Iterable

from bot.border.action_id import encode
from bot.border.command import Command, Option
from bot.border.message import Actions, Button, Choice, Message
from bot.border.reply import Replace, Reply, Say
from bot.domain.records import ActivityKind, Answer, Drill
from bot.domain.scoring import POINTS_OF_ACT
from bot.domain.selection import choose_practice, seed_of
from bot.errors import UserError
from bot.features.activity import Act, Streak
from bot.features.due import still_due
from bot.features.people import group_here, member_of, pack_here
from bot.features.quiz import option_of
from bot.nearest import did_you_mean
from bot.routing import STALE, Completion, Routes, Turn, fitting
from bot.views.progress import figures
from bot.views.quiz import Asked, question_message, verdict_message
from content import model as content
from content.model import Pack, Question, Topic

routes = Routes()

FOOTNOTE = "Practice: only you see it. Any honest try counts for your streak."


@routes.command(
    Command(
        "quiz",
        "Get a practice question now, on a topic of your choice or on the one you met least",
        (Option("topic", "A topic of the roadmap", completes=True),),
    )
)
async def practise(turn: Turn) -> Reply:
    """Serve the member the question that they have answered least."""
    pack = await pack_here(turn)
    typed = turn.args.get("topic", "")
    return await _serve(turn, pack, topic_named(pack, typed).id if typed else None)


@routes.action("quiz.topic")
async def practise_topic(turn: Turn) -> Reply:
    """The same from a button or a menu."""
    pack = await pack_here(turn)
    wanted = turn.choice[0] if turn.choice else turn.args.get("t", "")
    if wanted and pack.topic(wanted) is None:
        raise UserError(STALE)
    return await _serve(turn, pack, wanted or None)


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
    raise UserError(f"There is no topic “{typed[:60]}” on this roadmap.{hint}", "topic")


async def _serve(turn: Turn, pack: Pack, topic: str | None) -> Reply:
    event_id = turn.origin.event_id
    member = await member_of(turn)
    earlier = await turn.unit.learning.drill_of_event(event_id)
    if earlier is not None:  # the same event delivered again: its buttons must be those that were saved
        served = turn.library.question(earlier.pack, earlier.question_id)
        return Say(_drill_message(pack, served, earlier, 0))
    counts = await turn.unit.learning.question_counts(member.id, pack.info.id)
    question = choose_practice(pack, topic, counts)
    if question is None:
        raise UserError("There is no question on this topic yet. Choose another one.")
    new = Drill(
        0, event_id, member.id, pack.info.id, question.id, question.rev, seed_of(event_id), turn.now
    )
    return Say(_drill_message(pack, question, await turn.unit.learning.add_drill(new), 0))


def _drill_message(pack: Pack, question: Question, drill: Drill, hints: int) -> Message:
    asked = _asked(pack, question, drill)
    message = question_message(asked, "Practice", FOOTNOTE, hints)
    if hints == len(question.hints):
        return message
    hint = Button("Hint", encode("drill.hint", p=drill.id, n=hints + 1))
    *others, actions, footnote = message.blocks
    assert isinstance(actions, Actions)
    return Message(message.summary, (*others, Actions((*actions.items, hint)), footnote))


@routes.action("drill.hint")
async def hint(turn: Turn) -> Reply:
    """Show one more hint under the question."""
    drill, pack, question = await _own_drill(turn)
    hints = min(turn.number("n"), len(question.hints))
    return Replace(_drill_message(pack, question, drill, hints))


@routes.action("drill.answer")
async def answer(turn: Turn) -> Reply:
    """Take the answer to a practice question."""
    drill, pack, question = await _own_drill(turn)
    chosen = option_of(question, turn.args.get("o", ""))
    member = await member_of(turn)
    earlier = await turn.unit.learning.answer_to_drill(drill.id)
    if earlier and earlier.event_id != turn.origin.event_id:
        raise UserError("You have answered this one. Use /quiz for another question.")
    group = await group_here(turn)
    streak = await Streak.open(turn, member)
    if earlier is None:
        await _record(turn, pack, drill, question, chosen, streak)
    return Say(
        verdict_message(
            _asked(pack, question, drill),
            chosen,
            figures(streak.summary),
            await still_due(turn, member, group, streak),
            Button("Next question", encode("quiz.topic")),
        )
    )


async def _own_drill(turn: Turn) -> tuple[Drill, Pack, Question]:
    """The practice question that the button belongs to. Raises UserError for somebody else's."""
    drill = await turn.unit.learning.drill(turn.number("p"))
    member = await member_of(turn)
    if drill is None or drill.member_id != member.id:
        raise UserError(STALE)
    pack = turn.library.pack(drill.pack)
    return drill, pack, turn.library.question(drill.pack, drill.question_id)


def _asked(pack: Pack, question: Question, drill: Drill) -> Asked:
    return Asked(question, _topic(pack, question).title, drill.seed, "drill.answer", drill.id)


def _topic(pack: Pack, question: Question) -> Topic:
    topic = pack.topic_of(question.id)
    assert topic is not None, "a pack's question has a topic"
    return topic


async def _record(
    turn: Turn, pack: Pack, drill: Drill, question: Question, chosen: content.Option, streak: Streak
) -> None:
    group = await group_here(turn)
    if group:
        await turn.unit.members.join(group.id, drill.member_id, turn.now)
    points = POINTS_OF_ACT[ActivityKind.PRACTICE]
    turn.unit.learning.add_answer(
        Answer(
            event_id=turn.origin.event_id,
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
            happened_at=turn.now,
            local_date=streak.day,
            zone=streak.zone,
        )
    )
    await streak.count(Act(ActivityKind.PRACTICE, f"drill:{drill.id}", points), group)
