"""Checks that a post was served to the member's group, made before any route acts on it."""

from __future__ import annotations

import datetime as dt

from bot.chat.action_ids import ActionId
from bot.domain.model import Group, Post, PostKind, PostState
from bot.domain.refs import ChannelRef, MessageRef
from bot.errors import UserError
from bot.ports import UnitOfWork
from bot.routing import POST, STALE, Request, whole_number
from bot.services.answering import CLOSED
from bot.services.membership import groups_of_the_one_who_acts


async def served_post(request: Request, number: str) -> tuple[Post, Group]:
    """Return the post with this number, and its group.

    Raises UserError for what is no number of a post, for a post of another group, and for one that was not
    posted.
    """
    post = await request.unit.posts.get(whole_number(number))
    group = await _group_of(request, post) if post else None
    if post is None or group is None:
        raise UserError(STALE)
    if not is_served(request, post):
        gone = post.kind is PostKind.QUIZ and post.state in (PostState.MISSED, PostState.FAILED)
        raise UserError(CLOSED if gone else STALE)
    return post, group


async def served_message(request: Request) -> tuple[Post, Group] | None:
    """Return the post that the message acted on is, and its group; None if it is no post of this place."""
    message = request.origin.message
    post = await request.unit.posts.by_message(message) if message else None
    group = await _group_of(request, post) if post else None
    return (post, group) if post and group and is_served(request, post) else None


def is_served(request: Request, post: Post) -> bool:
    """Tell whether a post stands in its channel, or just arrived there and was pressed at once.

    While it is being sent, a message with its buttons is there before the platform's answer is; then nobody
    but those who see that message can press one, since its ids are signed when it is sent.
    """
    asked = post.state is PostState.PLANNED and post.attempted_at is not None
    arriving = asked and request.origin.message is not None
    return arriving or post.state in (PostState.SENT, PostState.CLOSED)


async def was_posted(request: Request, group: Group, kind: PostKind, content_id: str) -> bool:
    """Tell whether a group has had this content: it may be acted on by its name, as by its post."""
    if await request.unit.posts.newest_of(group.id, kind, content_id):
        return True
    newest = await request.unit.posts.history(group.id, kind, 1)
    return any(post.content_id == content_id and is_served(request, post) for post in newest)


async def require_sent_before(request: Request, action: ActionId, since: dt.datetime) -> None:
    """Raise UserError unless the id is on a message that was posted before signing began, and about it."""
    message = request.origin.message
    post = await request.unit.posts.by_message(message) if message else None
    if post is None or post.sent_at is None or post.sent_at >= since:
        raise UserError(STALE)
    named = {POST: str(post.id), "c": post.content_id}
    of_recap = post.kind is PostKind.RECAP and "q" in action.params
    if not of_recap and not any(action.params.get(name) == value for name, value in named.items()):
        raise UserError(STALE)


async def _group_of(request: Request, post: Post) -> Group | None:
    """Return the post's group, for a click from its own channel or a member's direct conversation.

    Also from a channel in which it left messages before it moved; None for a click from anywhere else.
    """
    group = await request.unit.groups.get(post.group_id)
    here, own = request.origin.channel, group.channel
    if (own.platform, own.workspace, own.id) == (here.platform, here.workspace, here.id):
        return group
    # A direct conversation may belong to no workspace.
    alone = here.direct and own.platform == here.platform
    if alone and group.id in await groups_of_the_one_who_acts(request):
        return group
    same_place = (own.platform, own.workspace) == (here.platform, here.workspace)
    if same_place and await request.unit.posts.was_in(group.id, here.id):
        return group
    return None


async def is_concerned(unit: UnitOfWork, channel: ChannelRef, message: MessageRef | None) -> bool:
    """Tell if words under a message, or in a channel itself, may be meant for us."""
    if message is None:
        return await unit.groups.find(channel) is not None
    return await unit.posts.by_message(message) is not None
