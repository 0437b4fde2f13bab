"""The messages about moving a group into another channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.chat.messages import Choice, Footnote, Heading, Message, Text, literal
from bot.domain.model import Group, Schedule
from bot.domain.reasons import PauseReason
from bot.library import Library
from bot.views.common import long_date
from bot.views.study import when_of

SEVERAL_OF_YOURS = (
    "You organise several study groups, so please use this command in the group's channel. If that channel "
    "is gone, use /study move in another one first."
)
NOT_A_CHANNEL = (
    "A study group needs a channel. Use /study move in the new channel, or name that channel here with the "
    "option “channel”."
)
UNKNOWN_CHANNEL = "I can't find that channel. Use /study move in the channel itself."
ALREADY_HERE = "The study group is already in this channel."
ALREADY_THERE = "The study group is already in that channel."
TAKEN_HERE = "This channel already has a study group. Choose another one."
TAKEN_THERE = "That channel already has a study group. Choose another one."
OTHER_PLACE = (
    "A study group can't move to another server or workspace, because its members and roles belong to the "
    "old one. Use /study setup there to start a new group."
)
NOTHING_TO_MOVE = "There is no study group you could move into that channel."
NO_SUCH_GROUP = "I can't find that study group. Choose one of those that are suggested."


def which_group(groups: Sequence[Group], library: Library) -> str:
    """Ask for one of several groups."""
    listed = "; ".join(f"{group.id} for {_label(group, library)}" for group in groups)
    return f"Which study group? Add the option “group”: {listed}."


def group_choices(groups: Sequence[Group], library: Library) -> list[Choice]:
    """Return the groups to choose from."""
    return [Choice(_label(group, library), str(group.id)) for group in groups]


def moved_message(group: Group, schedules: Sequence[Schedule], channel_name: str) -> Message:
    """Say that the group has moved; ``channel_name`` is empty for the channel of the command."""
    here = f"in **{literal(channel_name)}**" if channel_name else "in this channel"
    paused = (
        [Text("It's still paused. Use /study resume to start its posts again.")] if group.paused_at else []
    )
    return Message(
        "The study group has moved.",
        (
            Heading("The study group has moved"),
            Text(f"It now posts {here}. Members, points, streaks and the schedule moved with it."),
            *paused,
            Text(when_of(group, schedules)),
            Footnote("Posts in the old channel still take answers until they close."),
        ),
    )


def _label(group: Group, library: Library) -> str:
    pack = library.packs.get(group.pack)
    since = long_date(group.created_at.astimezone(ZoneInfo(group.zone)).date())
    state = _STATES.get(group.pause_reason, "paused") if group.pause_reason else ""
    return f"{pack.info.title if pack else group.pack}, since {since}" + (f" ({state})" if state else "")


_STATES: Mapping[PauseReason, str] = {PauseReason.GONE: "its channel is gone"}
