"""Permission bits, and what a member may do in a channel after roles and overwrites."""

import datetime as dt

ADMINISTRATOR = 1 << 3
MANAGE_GUILD = 1 << 5
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
SEND_TTS_MESSAGES = 1 << 12
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
MANAGE_ROLES = 1 << 28
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
SEND_MESSAGES_IN_THREADS = 1 << 38
CONNECT = 1 << 20
ALL = (1 << 53) - 1
OF_SENDERS = MENTION_EVERYONE | SEND_TTS_MESSAGES | ATTACH_FILES | EMBED_LINKS
MANAGE_CHANNELS, SPEAK = 1 << 4, 1 << 21
OF_SPEAKERS = CONNECT | SPEAK | MANAGE_CHANNELS | MANAGE_ROLES
VOICES = frozenset({2, 13})

EVERYONE = CONNECT | VIEW_CHANNEL | SEND_MESSAGES | READ_MESSAGE_HISTORY | USE_APPLICATION_COMMANDS
BOT = (
    EVERYONE | EMBED_LINKS | ATTACH_FILES | MANAGE_ROLES | CREATE_PUBLIC_THREADS | SEND_MESSAGES_IN_THREADS
)
"""Permissions of the bot's own role by default."""


def bits(value):
    """``value`` as a number; a ``discord.Permissions`` counts as its value."""
    return int(getattr(value, "value", value))


def permitted(member, channel=None):
    """The bits that ``member`` has in their guild, or in a channel of it after its overwrites."""
    guild = member.guild
    if member.id == guild.owner_id:
        return ALL
    held = guild.everyone.permissions
    for role_id in member.roles:
        held |= guild.roles[role_id].permissions
    if held & ADMINISTRATOR:
        return ALL
    place = channel and (channel.parent or channel)
    if place is not None:
        held = _in_channel(held, member, place)
    if timed_out(member):
        held &= VIEW_CHANNEL | READ_MESSAGE_HISTORY
    return held if place is None else _implied(held, place)


def timed_out(member):
    """By the wall clock; a time-out that is over stays written down."""
    return member.timed_out_until is not None and member.timed_out_until > dt.datetime.now(dt.UTC)


def _implied(held, channel):
    """Without what goes with a permission that is missing."""
    if not held & VIEW_CHANNEL:
        return 0
    if channel.kind in VOICES and not held & CONNECT:
        held &= ~OF_SPEAKERS
    return held if held & SEND_MESSAGES else held & ~OF_SENDERS


def _in_channel(held, member, channel):
    """Overwrites in Discord's order: everyone, then all roles together, then the member."""
    allow, deny = channel.overwrites.get(member.guild.id, (0, 0))
    held = held & ~deny | allow
    allow = deny = 0
    for role_id in member.roles:
        more, less = channel.overwrites.get(role_id, (0, 0))
        allow, deny = allow | more, deny | less
    held = held & ~deny | allow
    allow, deny = channel.overwrites.get(member.id, (0, 0))
    return held & ~deny | allow


def top_position(member):
    """The position of a member's highest role; an owner stands above all."""
    if member.id == member.guild.owner_id:
        return 1 << 16
    return max((member.guild.roles[role].position for role in member.roles), default=0)
