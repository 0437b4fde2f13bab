"""Bringing a group with its history into another channel, such as when its own was deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.chat.commands import Command, Kind, Option
from bot.chat.messages import Choice
from bot.chat.replies import Reply, Say
from bot.domain.model import Group
from bot.domain.reasons import PauseReason
from bot.domain.refs import ChannelRef
from bot.errors import UserError
from bot.routing import Completion, Routes, Turn
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
            Option("channel", "The new channel, if it isn't this one", Kind.CHANNEL, max_length=200),
            Option("group", "Which group, if there are several", completes=True, max_length=60),
        ),
        organiser_only=True,
        brings_posts=True,
    )
)
async def move(turn: Turn) -> Reply:
    """A group that was paused because its channel could not be reached resumes; another pause stays."""
    target = _target(turn)
    group = await _group_to_move(turn, target)
    await _refuse_unfit_target(turn, group, target)
    group = await catch_up(turn.unit, turn.library, group, turn.now)
    group = replace(group, channel=target)
    await turn.unit.groups.move(group)
    if group.pause_reason in _UNREACHABLE:
        group = await resume_group(turn.unit, group, turn.now)
    for schedule in await turn.unit.groups.schedules(group.id):
        if schedule.failures:
            await turn.unit.groups.put_schedule(replace(schedule, failures=0))
    schedules = await turn.unit.groups.schedules(group.id)
    name = "" if target == turn.origin.channel else turn.names.get("channel") or "the new channel"
    return Say(words.moved_message(group, schedules, name))


@routes.completes("study move", "group")
async def groups(completion: Completion) -> Iterable[Choice]:
    """Every group of the place."""
    return words.group_choices(await completion.groups(), completion.library)


def _target(turn: Turn) -> ChannelRef:
    """The new channel. Raises UserError for what is none."""
    target = turn.origin.channel
    if "channel" in turn.args:
        if "channel" not in turn.channels:
            raise UserError(words.UNKNOWN_CHANNEL, "channel")
        target = turn.channels["channel"]
    if target.direct:
        raise UserError(words.NOT_A_CHANNEL, "channel")
    if target == turn.origin.channel and turn.origin.obstacle:
        raise UserError(turn.origin.obstacle)
    return target


async def _group_to_move(turn: Turn, target: ChannelRef) -> Group:
    """The one that the option names, else the only one, else the only one whose channel is out of reach."""
    may_be = await _movable(turn)
    if typed := turn.args.get("group"):
        return _named(may_be, typed)
    found = [group for group in may_be if _is_in(group, target) and group.channel != target]
    if len(found) > 1:
        found = [group for group in found if group.pause_reason in _UNREACHABLE] or found
    if len(found) > 1:
        raise UserError(words.which_group(found, turn.library), "group")
    if not found:
        raise UserError(_why_none(may_be, target, here=target == turn.origin.channel))
    return found[0]


def _why_none(may_be: Sequence[Group], target: ChannelRef, *, here: bool) -> str:
    """Why none of these groups can move to the target, which is the command's own channel if ``here``."""
    if any(group.channel == target for group in may_be):
        return words.ALREADY_HERE if here else words.ALREADY_THERE
    return words.OTHER_PLACE if may_be else words.NOTHING_TO_MOVE


async def _movable(turn: Turn) -> Sequence[Group]:
    """The groups that this person may organise: all of the place, or from a direct conversation theirs."""
    here = turn.origin.channel
    if here.direct:
        return await organised_groups(turn.unit, turn.origin)
    return await turn.unit.groups.of_workspace(here.platform, here.workspace)


def _named(groups: Sequence[Group], typed: str) -> Group:
    for group in groups:
        if str(group.id) == typed.strip():
            return group
    raise UserError(words.NO_SUCH_GROUP, "group")


async def _refuse_unfit_target(turn: Turn, group: Group, target: ChannelRef) -> None:
    here = target == turn.origin.channel
    if group.channel == target:
        raise UserError(words.ALREADY_HERE if here else words.ALREADY_THERE)
    if not _is_in(group, target):
        raise UserError(words.OTHER_PLACE)
    if await turn.unit.groups.find(target):
        raise UserError(words.TAKEN_HERE if here else words.TAKEN_THERE)


def _is_in(group: Group, channel: ChannelRef) -> bool:
    """Tell whether the channel is of the group's server, team or site."""
    own = group.channel
    return (own.platform, own.workspace) == (channel.platform, channel.workspace)
