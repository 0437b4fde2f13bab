"""Handlers of answers to a question: to a group's in its post, or to one served for practice."""

from __future__ import annotations

from bot.chat.replies import Reply
from bot.domain.model import PostKind
from bot.domain.questions import Chosen, Response
from bot.errors import UserError
from bot.routing import STALE, Request, Routes
from bot.services.answering import post_place, take
from bot.services.practice import PracticePlace, practice_place

routes = Routes()


@routes.action("quiz.answer", fresh=True)
async def answer(request: Request) -> Reply:
    """Take the member's answer to a group's question and tell them, in private, how it was."""
    return await take(request, post_place(request, *request.post(PostKind.QUIZ)), _response(request))


@routes.action("practice.answer", fresh=True)
async def practice_answer(request: Request) -> Reply:
    """Take the answer to a practice question, unless a group of the member's asks it by now."""
    return await take(request, await own_practice(request), _response(request))


async def own_practice(request: Request) -> PracticePlace:
    """Return the practice question that an id names. Raises UserError for somebody else's."""
    place = await practice_place(request, request.number("d"))
    if place is None:
        raise UserError(STALE)
    return place


def _response(request: Request) -> Response:
    return Chosen.of([request.args.get("o", "")])
