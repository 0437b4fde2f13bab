"""Running a study group: status, pause, resume, a post at once."""

from __future__ import annotations

from bot.border.command import Command, Option
from bot.border.reply import Reply, Say
from bot.delivery.planner import pause_group, plan_by_hand, resume_group
from bot.domain.records import Group, PostKind
from bot.errors import UserError
from bot.features.group_setup import KINDS
from bot.features.people import group_of
from bot.routing import STALE, Routes, Turn
from bot.views.common import notice
from bot.views.group import TITLES, status_message

routes = Routes()

RECENT_OF_A_KIND = 4
RECENT_SHOWN = 8
BY_ORGANISER = "an organiser paused it"


@routes.command(
    Command("study status", "See what is planned and what happened", organiser_only=True, default=True)
)
async def status(turn: Turn) -> Reply:
    """The state of the group."""
    return await _status(turn, await group_of(turn))


@routes.command(Command("study pause", "Stop all posts of this group", organiser_only=True))
@routes.action("study.pause", organiser_only=True)
async def pause(turn: Turn) -> Reply:
    """Nothing is due from now on; what is open stays open."""
    group = await group_of(turn)
    if group.paused_at:
        raise UserError("The group is paused already. Go on with /study resume.")
    group = await pause_group(turn.unit, group, turn.now, BY_ORGANISER)
    return await _status(turn, group)


@routes.command(Command("study resume", "Go on with the posts of this group", organiser_only=True))
@routes.action("study.resume", organiser_only=True)
async def resume(turn: Turn) -> Reply:
    """The next posts come at their next time; what fell in the pause is left out."""
    group = await group_of(turn)
    if not group.paused_at:
        raise UserError("The group is not paused.")
    return await _status(turn, await resume_group(turn.unit, group, turn.now))


@routes.command(
    Command(
        "study post-now",
        "Post a prompt, question, challenge or recap at once",
        (Option("kind", "What to post", required=True, choices=KINDS),),
        organiser_only=True,
    )
)
async def post_now(turn: Turn) -> Reply:
    """Put a post on the ledger, due now."""
    return await _post(turn, PostKind(turn.args["kind"]))


@routes.action("study.post_now", organiser_only=True)
async def post_now_pressed(turn: Turn) -> Reply:
    """The same, from a button."""
    try:
        return await _post(turn, PostKind(turn.args.get("k", "")))
    except ValueError:
        raise UserError(STALE) from None


async def _post(turn: Turn, kind: PostKind) -> Reply:
    group = await group_of(turn)
    pack = turn.library.pack(group.pack)
    post = await plan_by_hand(turn.unit, pack, group, kind, turn.origin.event_id, turn.now)
    if post is None:
        raise UserError(f"The pack has nothing to post as {TITLES[kind].lower()}.")
    return Say(notice(f"{TITLES[kind]}: on its way to the channel."))


async def _status(turn: Turn, group: Group) -> Reply:
    schedules = await turn.unit.groups.schedules(group.id)
    posts = [
        post
        for kind in PostKind
        for post in await turn.unit.posts.history(group.id, kind, RECENT_OF_A_KIND)
    ]
    posts.sort(key=lambda post: post.sent_at or post.due_at, reverse=True)
    members = await turn.unit.members.count(group.id)
    return Say(status_message(group, schedules, posts[:RECENT_SHOWN], members))
