"""Handlers of practice: a question now, for one member alone."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.commands import Command, CommandOption, fitting
from bot.chat.messages import Choice
from bot.chat.replies import Replace, Reply, Send
from bot.domain.model import PostKind
from bot.errors import UserError
from bot.handlers.answers import own_practice
from bot.handlers.served_posts import was_posted
from bot.routing import STALE, Completion, Request, Routes, Writes
from bot.services.membership import group_here, pack_here, visitor_of
from bot.services.practice import practice_message, serve, serve_again, topic_of
from bot.services.reserved_questions import is_asked
from bot.toolkit.nearest import did_you_mean
from bot.toolkit.text import echoed
from bot.views.quiz import kept_back_message
from content.model import Pack, Status, Topic

routes = Routes()


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
    return Send(await serve(request, pack, topic_named(pack, typed).id if typed else None))


@routes.action("quiz.topic", fresh=True, navigates=True)
async def practise_topic(request: Request) -> Reply:
    """Serve a question from a button or a menu."""
    pack = await pack_here(request)
    return Send(await serve(request, pack, _wanted(request, pack)))


@routes.action("practice.skip", fresh=True, navigates=True)
async def skip(request: Request) -> Reply:
    """Serve another question in place of the one that the member would rather leave."""
    pack = await pack_here(request)
    return Replace(await serve(request, pack, _wanted(request, pack)))


@routes.action("quiz.again", fresh=True)
async def try_again(request: Request) -> Reply:
    """Serve the very question that a button names."""
    pack = await pack_here(request)
    question = pack.question(request.args.get("q", ""))
    if question is None or question.status is not Status.ACTIVE:
        raise UserError(STALE)
    group = await group_here(request)
    if group and not await was_posted(request, group, PostKind.QUIZ, question.id):
        raise UserError(STALE)
    return Send(await serve_again(request, pack, question))


@routes.action("practice.hint", writes=Writes.NEVER)
async def hint(request: Request) -> Reply:
    """Show one more hint under the question."""
    place = await own_practice(request)
    if await is_asked(request, await visitor_of(request), place.of, place.question.id):
        return Send(kept_back_message())
    hints = min(request.number("n"), len(place.question.hints))
    topic = topic_of(place.of, place.question).id if "t" in request.args else None
    return Replace(practice_message(place, hints, topic))


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
        if wanted in {topic.id, topic.title.casefold(), (topic.article_term or topic.title).casefold()}:
            return topic
    hint = did_you_mean(typed, [topic.title for topic in pack.topics])
    hint = hint or " Find the topics with /roadmap."
    raise UserError(f"There is no topic “{echoed(typed)}” on this roadmap.{hint}", "topic")


def _wanted(request: Request, pack: Pack) -> str | None:
    """The topic that a button or menu names, None for any. Raises UserError for one that is gone."""
    wanted = request.choice[0] if request.choice else request.args.get("t", "")
    if wanted and pack.topic(wanted) is None:
        raise UserError(STALE)
    return wanted or None
