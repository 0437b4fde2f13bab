"""Convert Discord's interactions to the core's. Pure: everything needed is in the interaction itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord.limits import (
    ACCOUNTS,
    CANNOT_POST,
    DIRECT,
    NO_POSTS,
    NO_WRITING_ABOVE,
    NO_WRITING_HERE,
    NOT_TEXT,
    PLATFORM,
    SPOKEN,
    TAKES_POSTS,
)
from bot.chat import (
    ActionInvoked,
    ChannelRef,
    CommandInvoked,
    FormSubmitted,
    Interaction,
    MessageRef,
    Origin,
    UserRef,
)

Native = discord.Interaction[Any]
_SUBCOMMAND, _SUBCOMMAND_GROUP = 1, 2
_THREADS = (
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)


@dataclass(frozen=True, slots=True)
class Typing:
    """An option that is being typed."""

    command: str
    option: str
    text: str
    channel: ChannelRef
    user: UserRef


def read(native: Native) -> Interaction | None:
    """Return what the person did, None for a kind of interaction or of place that isn't served."""
    if native.channel_id is None:
        return None
    data: Mapping[str, Any] = native.data or {}
    match native.type:
        case discord.InteractionType.application_command:
            return _used(native, data)
        case discord.InteractionType.component:
            return ActionInvoked(origin_of(native), data["custom_id"], tuple(data.get("values", ())))
        case discord.InteractionType.modal_submit:
            return FormSubmitted(origin_of(native), data["custom_id"], dict(_inputs(data["components"])))
        case _:
            return None


def read_typing(native: Native) -> Typing | None:
    """The option that is being typed; None when the interaction names none, or no place."""
    if native.channel_id is None:
        return None
    name, options = _command(native.data or {})
    for option in options:
        if option.get("focused"):
            origin = origin_of(native)
            return Typing(name, option["name"], str(option["value"]), origin.channel, origin.user)
    return None


def origin_of(native: Native) -> Origin:
    """Return who acted, where and when. The instant is the click's own, from the interaction's id.

    What is done in a thread counts as done in the channel that it belongs to: groups live in channels.
    """
    direct = native.guild_id is None
    number = str(parent_of(native) or native.channel_id)
    channel = ChannelRef(PLATFORM, str(native.guild_id or DIRECT), number, direct=direct)
    person, may = native.user, native.permissions
    # A time-out takes the permission to manage the server from all but administrators.
    silenced = isinstance(person, discord.Member) and person.is_timed_out()
    manages = may.administrator or (may.manage_guild and not silenced)
    # Where something is pressed, Milepost has posted, and nobody brings a group there.
    pressed = native.type is discord.InteractionType.component
    return Origin(
        event_id=str(native.id),
        user=UserRef(PLATFORM, ACCOUNTS, str(person.id)),
        display_name=person.display_name,
        channel=channel,
        happened_at=native.created_at,
        message=MessageRef(channel, str(native.message.id)) if native.message else None,
        is_admin=manages and not direct,
        cannot_post_reason="" if direct or pressed else _obstacle(native),
    )


def _obstacle(native: Native) -> str:
    """Say what hinders Milepost from posting in the channel, or the person from writing there.

    Posts go to the channel that a thread belongs to, so what counts in a thread is who may write in that:
    "Send Messages" is inherited from it, and means nothing for the thread itself.
    """
    place = native.channel
    if place is not None and place.type not in _THREADS and (refusal := refusal_of(place.type.value)):
        return refusal
    if not _may_write(native, native.permissions):
        return NO_WRITING_HERE if parent_of(native) is None else NO_WRITING_ABOVE
    may = native.app_permissions
    return "" if _may_write(native, may) and may.attach_files else CANNOT_POST


def refusal_of(kind: int) -> str:
    """Return why a channel of this type takes no posts; empty if it does."""
    if kind in TAKES_POSTS:
        return ""
    return (
        NO_POSTS if kind in (discord.ChannelType.forum.value, discord.ChannelType.media.value) else NOT_TEXT
    )


def parent_of(native: Native) -> int | None:
    """The id of the channel that a thread is in; None for an act that is in no thread."""
    if native.channel is None or native.channel.type not in _THREADS:
        return None
    return getattr(native.channel, "parent_id", None)


def _may_write(native: Native, may: discord.Permissions) -> bool:
    """Tell if these permissions are enough to see the channel and write in it."""
    spoken = native.channel is not None and native.channel.type.value in SPOKEN
    return may.view_channel and may.send_messages and (may.connect or not spoken)


def _used(native: Native, data: Mapping[str, Any]) -> CommandInvoked:
    name, options = _command(data)
    args = {option["name"]: str(option["value"]) for option in options if "value" in option}
    names = {option: _name_of(args[option], data.get("resolved", {})) for option in args}
    return CommandInvoked(
        origin_of(native),
        name,
        args,
        {option: text for option, text in names.items() if text},
    )


def _name_of(number: str, resolved: Mapping[str, Any]) -> str:
    """Return the server's name for the role or person with this id; empty if it is neither."""
    role, member, user = (resolved.get(kind, {}).get(number, {}) for kind in ("roles", "members", "users"))
    found = (role.get("name"), member.get("nick"), user.get("global_name"), user.get("username"))
    return next((text for text in found if text), "")


def _command(data: Mapping[str, Any]) -> tuple[str, Iterable[Mapping[str, Any]]]:
    """The command's name with its subcommand, and the options of that."""
    name, options = data["name"], data.get("options", ())
    while options and options[0]["type"] in (_SUBCOMMAND, _SUBCOMMAND_GROUP):
        name, options = f"{name} {options[0]['name']}", options[0].get("options", ())
    return name, options


def _inputs(components: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The fields of a form with what was filled in, wherever they are nested."""
    for component in components:
        if "custom_id" in component:
            values = component.get("values")
            yield (
                component["custom_id"],
                component.get("value", "") if values is None else ", ".join(values),
            )
        nested = component.get("components") or [component.get("component")]
        yield from _inputs(inner for inner in nested if inner)
