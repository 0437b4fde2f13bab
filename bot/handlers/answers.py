"""Handlers of answers to a question: to a group's in its post, or to one served for practice."""

from __future__ import annotations

from bot.chat.replies import Latency, Reply
from bot.domain.model import PostKind
from bot.domain.questions import Chosen
from bot.errors import UserError
from bot.routing import STALE, Request, Routes, Writes
from bot.services.answering import Place, open_form, post_place, take, take_form
from bot.services.practice import PracticePlace, practice_place

routes = Routes()


@routes.action("quiz.open", latency=Latency.OPENS_FORM, writes=Writes.NEVER)
async def open_post_form(request: Request) -> Reply:
    """Open the form of a group's question."""
    return await open_form(request, post_place(request, *request.post(PostKind.QUIZ)))


@routes.action("practice.open", latency=Latency.OPENS_FORM, writes=Writes.NEVER)
async def open_practice_form(request: Request) -> Reply:
    """Open the form of a practice question."""
    return await open_form(request, await own_practice(request))


@routes.action("quiz.answer", fresh=True)
async def answer(request: Request) -> Reply:
    """Take the member's answer to a group's question and tell them, in private, how it was."""
    return await _take(request, post_place(request, *request.post(PostKind.QUIZ)))


@routes.action("practice.answer", fresh=True)
async def practice_answer(request: Request) -> Reply:
    """Take the answer to a practice question, unless a group of the member's asks it by now."""
    return await _take(request, await own_practice(request))


async def _take(request: Request, place: Place) -> Reply:
    """Take a press on an option, a choice from a menu, or a form."""
    pressed = request.args.get("o")
    if pressed is not None or request.choice:
        return await take(request, place, Chosen.of([pressed] if pressed is not None else request.choice))
    return await take_form(request, place, request.values)


async def own_practice(request: Request) -> PracticePlace:
    """Return the practice question that an id names. Raises UserError for somebody else's."""
    place = await practice_place(request, request.number("d"))
    if place is None:
        raise UserError(STALE)
    return place
