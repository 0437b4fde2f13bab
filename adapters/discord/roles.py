"""Would Discord let a person give or mention a role themselves: worked out from what it tells of a server.

Source of the rules: Discord's documentation, "Permissions": how roles, overwrites and the owner come
together, which permissions go with one that is denied, what a time-out leaves, and that one may only give
roles below one's own highest.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import discord
from discord.abc import Snowflake

from adapters.discord.limits import MEMBER_GONE, SPOKEN
from adapters.discord.rest import RestClient
from bot.chat import (
    ChannelRef,
    Command,
    CommandInvoked,
    DeliveryError,
    Denial,
    Denied,
    Gone,
    Purpose,
    UserRef,
)

log = logging.getLogger(__name__)

Told = Mapping[str, Any]
_Asks = Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]
_Question = tuple[ChannelRef, UserRef, str, Purpose, bool]

HARMLESS = discord.Permissions(
    add_reactions=True,
    attach_files=True,
    change_nickname=True,
    connect=True,
    create_events=True,
    create_expressions=True,
    create_instant_invite=True,
    create_private_threads=True,
    create_public_threads=True,
    embed_links=True,
    external_emojis=True,
    external_stickers=True,
    read_message_history=True,
    request_to_speak=True,
    send_messages=True,
    send_messages_in_threads=True,
    send_polls=True,
    send_tts_messages=True,
    send_voice_messages=True,
    set_voice_channel_status=True,
    speak=True,
    stream=True,
    use_application_commands=True,
    use_embedded_activities=True,
    use_external_apps=True,
    use_external_sounds=True,
    use_soundboard=True,
    use_voice_activation=True,
    view_channel=True,
).value
"""Permissions of members for themselves. Any other bit, known or not, is power over others."""

_EVERYTHING = -1
_ADMINISTRATOR = discord.Permissions(administrator=True).value
_MANAGE_GUILD = discord.Permissions(manage_guild=True).value
_MANAGE_ROLES = discord.Permissions(manage_roles=True).value
_MENTION_EVERYONE = discord.Permissions(mention_everyone=True).value
_VIEW = discord.Permissions(view_channel=True).value
_SEND = discord.Permissions(send_messages=True).value
_CONNECT = discord.Permissions(connect=True).value

ATTACH_FILES = discord.Permissions(attach_files=True).value

_OF_SENDERS = discord.Permissions(
    attach_files=True, embed_links=True, mention_everyone=True, send_tts_messages=True
).value
"""Permissions that nobody has in a channel without "Send Messages"."""

_OF_SPEAKERS = (
    discord.Permissions.voice().value | discord.Permissions(manage_channels=True).value | _MANAGE_ROLES
)
"""Permissions that nobody has in a voice channel without "Connect"."""

_LEFT_BY_TIME_OUT = discord.Permissions(read_message_history=True, view_channel=True).value
UNKNOWN = "Discord isn't telling me whether you may use that role. Please try again in a moment."

_TOP = 1 << 30
"""An owner stands above every role."""


@dataclass(frozen=True, slots=True)
class Place:
    """A server as Discord tells of it: ``guild`` with its roles, and channels with their overwrites."""

    guild: Told
    channels: Sequence[Told] = ()
    now: dt.datetime = field(default_factory=discord.utils.utcnow)

    @property
    def roles(self) -> Mapping[str, Told]:
        """Roles by id; @everyone has the server's own."""
        return {role["id"]: role for role in self.guild["roles"]}

    def permissions(self, member: Told, channel: Told | None = None) -> int:
        """The bits that a member has in the server, or in one channel of it."""
        if self._owns(member):
            return _EVERYTHING
        roles, everyone = self.roles, self.guild["id"]
        held = int(roles[everyone]["permissions"])
        for number in member["roles"]:
            held |= int(roles[number]["permissions"]) if number in roles else 0
        if held & _ADMINISTRATOR:
            return _EVERYTHING
        for group in ({everyone}, {*member["roles"]} - {everyone}, {member["user"]["id"]}):
            allowed, denied = _overwritten(channel, group)
            held = held & ~denied | allowed
        if _timed_out(member, self.now):
            held &= _LEFT_BY_TIME_OUT
        return held if channel is None else _without_implied(held, channel)

    def may_see(self, member: Told, channel: Told) -> bool:
        """Tell if a member may see a channel."""
        return bool(self.permissions(member, channel) & _VIEW)

    def may_write(self, member: Told, channel: Told) -> bool:
        """Tell if a member may see a channel and write in it."""
        needed = _VIEW | _SEND | (_CONNECT if channel.get("type") in SPOKEN else 0)
        return not needed & ~self.permissions(member, channel)

    def highest(self, member: Told) -> int:
        """The position of a member's highest role."""
        roles = self.roles
        if self._owns(member):
            return _TOP
        return max((roles[number]["position"] for number in member["roles"] if number in roles), default=0)

    def powers(self, role: Told) -> int:
        """The bits of a role, in the server or a channel, that are power over others or the server."""
        held = int(role["permissions"])
        for channel in self.channels:
            held |= _overwritten(channel, {role["id"]})[0]
        return held & ~HARMLESS

    def _owns(self, member: Told) -> bool:
        return bool(member["user"]["id"] == self.guild["owner_id"])


def why_not(
    place: Place,
    role_id: str,
    purpose: Purpose,
    person: Told | None,
    bot: Told | None,
    channel: Told | None,
) -> Denial | None:
    """Tell why a person may not use a role, through Milepost, for a purpose; None if they may.

    ``person`` and ``bot`` are members, None for a person who is not there, and for a bot that need not be
    looked at. ``channel`` is where the role would be mentioned.
    """
    role = place.roles.get(role_id)
    if role_id == place.guild["id"]:
        return Denial(Denied.EVERYBODY)
    if role is None:
        return Denial(Denied.MISSING)
    if person is None:
        return Denial(Denied.LEFT)
    if not place.permissions(person) & (_MANAGE_GUILD | _ADMINISTRATOR):
        return Denial(Denied.MAY_NOT if _timed_out(person, place.now) else Denied.DEMOTED)
    if purpose is Purpose.GIVE:
        return _why_not_give(place, role, person, bot)
    return _why_not_mention(place, role, person, bot, channel)


def _why_not_give(place: Place, role: Told, person: Told, bot: Told | None) -> Denial | None:
    # A channel may allow "Manage Roles" too: there it is about the channel, and gives no role.
    if not place.permissions(person) & _MANAGE_ROLES:
        return Denial(Denied.MAY_NOT)
    if role["managed"]:
        return Denial(Denied.MANAGED)
    if powers := place.powers(role):
        return Denial(Denied.POWERFUL, _names(powers))
    if role["position"] >= place.highest(person):
        return Denial(Denied.TOO_HIGH)
    if bot and not place.permissions(bot) & _MANAGE_ROLES:
        return Denial(Denied.BOT_MAY_NOT)
    if bot and role["position"] >= place.highest(bot):
        return Denial(Denied.BOT_TOO_LOW)
    return None


def _why_not_mention(
    place: Place, role: Told, person: Told, bot: Told | None, channel: Told | None
) -> Denial | None:
    if channel is not None and not place.may_write(person, channel):
        return Denial(Denied.MAY_NOT)
    if role["mentionable"]:
        return None
    if not place.permissions(person, channel) & _MENTION_EVERYONE:
        return Denial(Denied.MAY_NOT)
    if bot and not place.permissions(bot, channel) & _MENTION_EVERYONE:
        return Denial(Denied.BOT_MAY_NOT)
    return None


class Roles:
    """Asks Discord about servers, people and roles.

    Who asks a question while it is on its way shares its answer: many members may earn a role at once.
    """

    def __init__(self, rest: RestClient) -> None:
        self._rest = rest
        self._asked: dict[_Question, asyncio.Future[Denial | None]] = {}

    async def why_not(
        self,
        http: discord.http.HTTPClient,
        channel: ChannelRef,
        user: UserRef,
        role: str,
        purpose: Purpose,
        bot: Snowflake | None = None,
    ) -> Denial | None:
        """Tell why a person may not use a role; the ``bot`` is looked at too if given.

        Raises a DeliveryError.
        """
        question = channel, user, role, purpose, bot is not None
        asked = self._asked.get(question)
        if asked is None:
            asked = asyncio.ensure_future(self._ask(http, channel, user, role, purpose, bot))
            self._asked[question] = asked
            asked.add_done_callback(lambda _: self._asked.pop(question, None))
        return await asyncio.shield(asked)

    async def _ask(
        self,
        http: discord.http.HTTPClient,
        channel: ChannelRef,
        user: UserRef,
        role: str,
        purpose: Purpose,
        bot: Snowflake | None,
    ) -> Denial | None:
        guild, number = int(channel.workspace), int(channel.id)
        # Only a person who waits wants the bot looked at too.
        call: _Asks = self._rest.look_up if bot else self._rest.request
        # What Discord tells is typed by discord.py for each kind of channel.
        told: Any = await call(lambda: http.get_guild(guild, with_counts=False))
        place, here = Place(told), None
        if purpose is Purpose.GIVE:
            channels: Any = await call(lambda: http.get_all_guild_channels(guild))
            place = Place(told, channels)
        else:
            found: Any = await call(lambda: http.get_channel(number))
            here = found
        person = await self._member(call, http, guild, int(user.id))
        own = await self._member(call, http, guild, bot.id) if bot else None
        return why_not(place, role, purpose, person, own, here)

    async def _member(self, call: _Asks, http: discord.http.HTTPClient, guild: int, user: int) -> Any:
        """A member as Discord tells of them; None for somebody who is not there."""
        try:
            return await call(lambda: http.get_member(guild, user))
        except Gone as error:
            if getattr(error.__cause__, "code", 0) in MEMBER_GONE:
                return None
            raise


async def with_denials(
    used: CommandInvoked,
    commands: Iterable[Command],
    roles: Roles,
    http: discord.http.HTTPClient,
    bot: Snowflake | None,
) -> CommandInvoked:
    """Return the command with why the person may not use the roles that its options name.

    Where Discord does not answer, nobody may.
    """
    command = next((command for command in commands if command.name == used.name), None)
    denials = dict(used.denials)
    for option in command.options if command else ():
        role = used.args.get(option.name)
        if option.purpose is None or role is None or used.origin.channel.direct:
            continue
        try:
            place, person = used.origin.channel, used.origin.user
            found = await roles.why_not(http, place, person, role, option.purpose, bot)
        except DeliveryError as error:
            log.info("Discord does not say what may be done with role %s: %s", role, error)
            return replace(used, invalid_options={**used.invalid_options, option.name: UNKNOWN})
        if found:
            denials[option.name] = found
    return replace(used, denials=denials)


def _timed_out(member: Told, now: dt.datetime) -> bool:
    until = discord.utils.parse_time(member.get("communication_disabled_until"))
    return until is not None and until > now


def _without_implied(held: int, channel: Told) -> int:
    """Return the bits without those that Discord denies in a channel together with another one."""
    if not held & _VIEW:
        return 0
    if channel.get("type") in SPOKEN and not held & _CONNECT:
        held &= ~_OF_SPEAKERS
    return held if held & _SEND else held & ~_OF_SENDERS


def _overwritten(channel: Told | None, who: Collection[str]) -> tuple[int, int]:
    """(allowed, denied) bits of a channel for these roles and people together."""
    allowed = denied = 0
    for overwrite in (channel or {}).get("permission_overwrites") or ():
        if overwrite["id"] in who:
            allowed |= int(overwrite["allow"])
            denied |= int(overwrite["deny"])
    return allowed, denied


def _names(bits: int) -> str:
    """Return what Discord calls these permissions, such as ``Ban Members, Manage Channels``."""
    known = {getattr(discord.Permissions, name).flag: name for name, _ in discord.Permissions()}
    found = [
        known.get(1 << bit, f"permission {bit}") for bit in range(bits.bit_length()) if bits >> bit & 1
    ]
    return ", ".join(name.replace("_", " ").title() for name in found)
