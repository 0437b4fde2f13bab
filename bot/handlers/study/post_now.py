"""Handler of ``/study post-now``."""

from __future__ import annotations

import datetime as dt

from bot.chat.commands import Command, CommandOption
from bot.chat.replies import Reply, Send
from bot.domain.audit import AuditAction, Change, by_person
from bot.domain.model import Post, PostKind
from bot.errors import UserError
from bot.handlers.study.group import group_to_organise
from bot.handlers.study.options import KINDS
from bot.routing import STALE, Request, Routes
from bot.services.manual_posts import NoPostReason, PostRequest, Refused, plan_by_hand
from bot.views.at_once import (
    ALL_HAD,
    ALL_OPEN,
    nothing_to_post,
    posted_once,
    posting_now,
    still_running,
)
from bot.views.common import text_message

routes = Routes()


@routes.command(
    Command(
        "study post-now",
        "Post a prompt, question, project or recap right away",
        (CommandOption("kind", "What to post", required=True, choices=KINDS),),
        organiser_only=True,
    )
)
async def post_now(request: Request) -> Reply:
    """Put a post on the ledger, due now."""
    return await _post(request, PostKind(request.args["kind"]))


@routes.action("study.post_now", organiser_only=True)
async def post_now_pressed(request: Request) -> Reply:
    """Put a post on the ledger, due now, from a button."""
    try:
        return await _post(request, PostKind(request.args.get("k", "")))
    except ValueError:
        raise UserError(STALE) from None


async def _post(request: Request, kind: PostKind) -> Reply:
    group = await group_to_organise(request)
    pack = request.library.pack(group.pack)
    apart = dt.timedelta(seconds=request.settings.ask_again_seconds)
    asked = PostRequest(request.origin.event_id, request.now, apart)
    planned = await plan_by_hand(request.unit, pack, group, kind, asked)
    if isinstance(planned, Post):
        posted = Change(AuditAction.POSTED, {}, {"kind": kind.value})
        request.unit.audit.append(by_person(request.origin, posted, group))
        return Send(text_message(posting_now(kind)))
    if planned.why is NoPostReason.JUST_ASKED:
        return Send(text_message(posted_once(kind, apart)))
    raise UserError(_refusal(kind, planned))


def _refusal(kind: PostKind, refused: Refused) -> str:
    if refused.why is NoPostReason.RUNNING and refused.project and refused.until:
        return still_running(refused.project.title, refused.until)
    return {NoPostReason.ALL_OPEN: ALL_OPEN, NoPostReason.ALL_HAD: ALL_HAD}.get(
        refused.why
    ) or nothing_to_post(kind)
