"""Handlers that run a study group: status, pause, resume, a post at once."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from bot.chat.commands import Command, CommandOption
from bot.chat.replies import Reply, Send
from bot.domain.audit import AuditAction, Change, by_person
from bot.domain.dates import BadDates, require_coming
from bot.domain.model import Group, Post, PostKind, PostState
from bot.domain.parsing import MOST_DATES, parse_date
from bot.domain.reasons import PauseReason
from bot.errors import UserError
from bot.handlers.study.group import group_to_organise
from bot.handlers.study.setup import KINDS
from bot.routing import STALE, Request, Routes, Writes
from bot.services.manual_posts import NoPostReason, PostRequest, Refused, plan_by_hand
from bot.services.planning import catch_up
from bot.services.scheduling import all_kept_posts, ending_on, pause_group, resume_group
from bot.views.at_once import (
    ALL_HAD,
    ALL_OPEN,
    nothing_to_post,
    posted_once,
    posting_now,
    still_running,
)
from bot.views.common import text_message
from bot.views.study import status_message

routes = Routes()

RECENT_OF_A_KIND = 4
RECENT_SHOWN = 8
WITHOUT_END = "The pause no longer has an end date. Posts stay off until you run /study resume."


@routes.command(
    Command("study status", "See what's planned and what happened", organiser_only=True, default=True),
    writes=Writes.NEVER,
)
async def status(request: Request) -> Reply:
    """Show the state of the group."""
    return await _status(request, await group_to_organise(request))


@routes.command(
    Command(
        "study pause",
        "Pause all posts, until a date or until you resume",
        (CommandOption("until", "The date to resume on, such as 27 December", max_length=MOST_DATES),),
        organiser_only=True,
    )
)
async def pause(request: Request) -> Reply:
    """Pause the group; what is open closes at its time. A pause may be given another end.

    Without a date it loses the end that it has.
    """
    group = await group_to_organise(request, _runs)
    until = _until(request, group)
    group = await catch_up(request.unit, request.library, group, request.now)
    if not group.paused_at:
        group = await pause_group(request.unit, group, request.now, PauseReason.ORGANISER, until)
    elif group.pause_reason is PauseReason.ORGANISER and (until or group.resume_on):
        group = ending_on(group, until, request.now)
        await request.unit.groups.save(group)
        if until is None:
            return Send(text_message(WITHOUT_END))
    else:
        raise UserError(
            "The group is already paused. Run /study resume, or give the pause an end date."
            if group.pause_reason is PauseReason.ORGANISER
            else "The group is already paused. Run /study resume to continue."
        )
    return await _status(request, group)


@routes.action("study.pause", organiser_only=True)
async def pause_pressed(request: Request) -> Reply:
    """Pause without an end. A second press, or one on an old message, changes nothing of a pause."""
    group = await catch_up(
        request.unit, request.library, await group_to_organise(request, _runs), request.now
    )
    if not group.paused_at:
        group = await pause_group(request.unit, group, request.now, PauseReason.ORGANISER)
    return await _status(request, group)


@routes.action("study.resume", organiser_only=True)
async def resume_pressed(request: Request) -> Reply:
    """Resume. A second press changes nothing."""
    group = await catch_up(
        request.unit, request.library, await group_to_organise(request, _is_paused), request.now
    )
    return await _status(
        request, await resume_group(request.unit, group, request.now) if group.paused_at else group
    )


@routes.command(Command("study resume", "Resume posting", organiser_only=True))
async def resume(request: Request) -> Reply:
    """Resume the group: the next posts come at their next time; what fell in the pause is left out."""
    group = await catch_up(
        request.unit, request.library, await group_to_organise(request, _is_paused), request.now
    )
    if not group.paused_at:
        raise UserError("The group isn't paused.")
    return await _status(request, await resume_group(request.unit, group, request.now))


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


def _runs(group: Group) -> bool:
    return group.paused_at is None


def _is_paused(group: Group) -> bool:
    return group.paused_at is not None


def _until(request: Request, group: Group) -> dt.date | None:
    """Return the date that the pause is to end on. Raises UserError for one that is no date to come."""
    typed = request.args.get("until")
    if not typed:
        return None
    today = request.now.astimezone(ZoneInfo(group.zone)).date()
    try:
        until = parse_date(typed, today)
        require_coming((until,), today + dt.timedelta(days=1), today)
    except BadDates as error:
        raise UserError(str(error), "until") from None
    return until


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
        return Send(text_message(posted_once(kind)))
    raise UserError(_refusal(kind, planned))


def _refusal(kind: PostKind, refused: Refused) -> str:
    if refused.why is NoPostReason.RUNNING and refused.project and refused.until:
        return still_running(refused.project.title, refused.until)
    return {NoPostReason.ALL_OPEN: ALL_OPEN, NoPostReason.ALL_HAD: ALL_HAD}.get(
        refused.why
    ) or nothing_to_post(kind)


async def _status(request: Request, group: Group) -> Reply:
    schedules = await request.unit.groups.schedules(group.id)
    posts = [
        post
        for kind in PostKind
        for post in await request.unit.posts.history(group.id, kind, RECENT_OF_A_KIND)
        if not _is_to_come(post, group, request.now)
    ]
    posts.sort(key=lambda post: post.sent_at or post.due_at, reverse=True)
    members = await request.unit.members.count(group.id)
    kept = await all_kept_posts(request.unit, group, request.now)
    pack = request.library.packs.get(group.pack)
    recent = posts[:RECENT_SHOWN]
    return Send(
        status_message(group, schedules, kept, recent, members, request.now, pack, roles=request.roles)
    )


def _is_to_come(post: Post, group: Group, now: dt.datetime) -> bool:
    """Tell whether a post is planned or unwanted, and did not happen lately: nothing holds it up."""
    return post.state is PostState.PLANNED and post.due_at > now and not group.paused_at
