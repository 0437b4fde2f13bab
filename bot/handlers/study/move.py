"""Handler of ``/study move``: brings a group with its history into another channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.chat.commands import Command, CommandOption, Kind
from bot.chat.messages import Choice
from bot.chat.replies import Reply, Send
from bot.domain.model import Group
from bot.domain.reasons import PauseReason
from bot.domain.refs import ChannelRef
from bot.errors import UserError
from bot.routing import Completion, Request, Routes
from bot.services.permissions import organised_groups
from bot.services.planning import catch_up
from bot.services.scheduling import resume_group
from bot.views import move as words

routes = Routes()

_UNREACHABLE = (PauseReason.REFUSED, PauseReason.GONE)


@routes.command(
    Command(
        "study move",
        "Bring a study group into this channel, with its history",
        (
            CommandOption("channel", "The new channel, if it isn't this one", Kind.CHANNEL, max_length=200),
            CommandOption("group", "Which group, if there are several", completes=True, max_length=60),
        ),
        organiser_only=True,
        brings_posts=True,
    )
)
async def move(request: Request) -> Reply:
    """Move the group. A pause for an unreachable channel ends; another pause stays."""
    target = _target(request)
    group = await _group_to_move(request, target)
    await _refuse_unfit_target(request, group, target)
    group = await catch_up(request.unit, request.library, group, request.now)
    group = replace(group, channel=target)
    await request.unit.groups.move(group)
    if group.pause_reason in _UNREACHABLE:
        group = await resume_group(request.unit, group, request.now)
    for schedule in await request.unit.groups.schedules(group.id):
        if schedule.failures:
            await request.unit.groups.put_schedule(replace(schedule, failures=0))
    schedules = await request.unit.groups.schedules(group.id)
    name = "" if target == request.origin.channel else request.names.get("channel") or "the new channel"
    return Send(words.moved_message(group, schedules, name))


@routes.completes("study move", "group")
async def groups(completion: Completion) -> Iterable[Choice]:
    """Suggest every group of the place."""
    return words.group_choices(await completion.groups(), completion.library)


def _target(request: Request) -> ChannelRef:
    """Return the new channel. Raises UserError if it is none."""
    target = request.origin.channel
    if "channel" in request.args:
        if "channel" not in request.channels:
            raise UserError(words.UNKNOWN_CHANNEL, "channel")
        target = request.channels["channel"]
    if target.direct:
        raise UserError(words.NOT_A_CHANNEL, "channel")
    if target == request.origin.channel and request.origin.cannot_post_reason:
        raise UserError(request.origin.cannot_post_reason)
    return target


async def _group_to_move(request: Request, target: ChannelRef) -> Group:
    """Return the group that the option names, else the only one, else the only one without a channel."""
    may_be = await _movable(request)
    if typed := request.args.get("group"):
        return _named(may_be, typed)
    found = [group for group in may_be if _is_in(group, target) and group.channel != target]
    if len(found) > 1:
        found = [group for group in found if group.pause_reason in _UNREACHABLE] or found
    if len(found) > 1:
        raise UserError(words.which_group(found, request.library), "group")
    if not found:
        raise UserError(_why_none(may_be, target, here=target == request.origin.channel))
    return found[0]


def _why_none(may_be: Sequence[Group], target: ChannelRef, *, here: bool) -> str:
    """Return why none of these groups can move to the target, the command's own channel if ``here``."""
    if any(group.channel == target for group in may_be):
        return words.ALREADY_HERE if here else words.ALREADY_THERE
    return words.OTHER_PLACE if may_be else words.NOTHING_TO_MOVE


async def _movable(request: Request) -> Sequence[Group]:
    """Return the groups that this person may organise: all of the place, or in private theirs."""
    here = request.origin.channel
    if here.direct:
        return await organised_groups(request.unit, request.origin)
    return await request.unit.groups.of_workspace(here.platform, here.workspace)


def _named(groups: Sequence[Group], typed: str) -> Group:
    for group in groups:
        if str(group.id) == typed.strip():
            return group
    raise UserError(words.NO_SUCH_GROUP, "group")


async def _refuse_unfit_target(request: Request, group: Group, target: ChannelRef) -> None:
    here = target == request.origin.channel
    if group.channel == target:
        raise UserError(words.ALREADY_HERE if here else words.ALREADY_THERE)
    if not _is_in(group, target):
        raise UserError(words.OTHER_PLACE)
    if await request.unit.groups.find(target):
        raise UserError(words.TAKEN_HERE if here else words.TAKEN_THERE)


def _is_in(group: Group, channel: ChannelRef) -> bool:
    """Tell whether the channel is of the group's server, team or site."""
    own = group.channel
    return (own.platform, own.workspace) == (channel.platform, channel.workspace)
