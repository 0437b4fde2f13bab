"""The native JSON shapes of API version 10."""

import datetime as dt

from tests.loopback.discord.permissions import permitted
from tests.loopback.discord.world import DIRECT, SPOKEN, THREADS

JOINED = "2026-01-01T00:00:00.000000+00:00"


def stamp(seconds):
    """Seconds since 1970 as Discord writes times; None stays None."""
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()


def user(one):
    return {
        "id": str(one.id), "username": one.name, "discriminator": "0", "global_name": one.name,
        "avatar": None, "bot": one.bot, "public_flags": 0,
    }  # fmt: skip


def member(one, channel=None):
    """With ``channel`` it carries the permissions there, as in interactions."""
    found = {
        "user": user(one.user), "nick": one.nick, "avatar": None,
        "roles": [str(role) for role in one.roles],
        "joined_at": JOINED, "premium_since": None, "deaf": False, "mute": False, "flags": 0,
        "pending": False,
        "communication_disabled_until": one.timed_out_until and one.timed_out_until.isoformat(),
    }  # fmt: skip
    if channel is not None:
        found["permissions"] = str(permitted(one, channel))
    return found


def role(one):
    return {
        "id": str(one.id), "name": one.name, "color": 0, "hoist": False, "icon": None,
        "unicode_emoji": None,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "position": one.position, "permissions": str(one.permissions), "managed": one.managed,
        "mentionable": one.mentionable, "flags": 0,
    }  # fmt: skip


def channel(one, seen_by=None):
    """``seen_by`` is the member whose permissions it carries, as in interactions."""
    found = {"id": str(one.id), "type": one.kind, "last_message_id": None, "flags": 0}
    if one.kind == DIRECT:
        return found | {"recipients": [user(one.recipient)]}
    found |= {
        "guild_id": str(one.guild.id), "name": one.name, "nsfw": False, "rate_limit_per_user": 0,
        "parent_id": str(one.parent.id) if one.parent else None,
    }  # fmt: skip
    if one.kind in THREADS:
        found |= _thread(one)
    else:
        found |= {"position": 0, "topic": None, "permission_overwrites": _overwrites(one)}
    if one.kind in SPOKEN:
        found |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    if seen_by is not None:
        found["permissions"] = str(permitted(seen_by, one))
    return found


def _thread(one):
    return {
        "owner_id": str(next(iter(one.guild.members))), "message_count": len(one.messages),
        "member_count": 1,
        "total_message_sent": len(one.messages),
        "thread_metadata": {
            "archived": one.archived, "auto_archive_duration": 1440, "archive_timestamp": JOINED,
            "locked": one.locked,
            "create_timestamp": JOINED,
        },
    }  # fmt: skip


def _overwrites(one):
    return [
        {"id": str(of), "type": 0 if of in one.guild.roles else 1, "allow": str(allow), "deny": str(deny)}
        for of, (allow, deny) in one.overwrites.items()
    ]


def guild(one):
    """Guild as REST returns it."""
    return {
        "id": str(one.id), "name": one.name, "icon": None, "splash": None, "discovery_splash": None,
        "owner_id": str(one.owner_id), "afk_channel_id": None, "afk_timeout": 300, "verification_level": 0,
        "default_message_notifications": 0, "explicit_content_filter": 0, "emojis": [], "stickers": [],
        "roles": [role(found) for found in one.roles.values()], "features": [], "mfa_level": 0,
        "application_id": None, "system_channel_id": None, "system_channel_flags": 0,
        "rules_channel_id": None,
        "vanity_url_code": None, "description": None, "banner": None, "premium_tier": 0,
        "preferred_locale": one.locale, "public_updates_channel_id": None, "nsfw_level": 0,
        "premium_progress_bar_enabled": False, "safety_alerts_channel_id": None, "region": "deprecated",
    }  # fmt: skip


def guild_create(one, bot_id):
    """Guild as the gateway sends it: with channels and our own member, without ``unavailable``."""
    found = guild(one)
    channels = one.channels.values()
    found |= {
        "joined_at": JOINED, "large": False, "member_count": len(one.members), "voice_states": [],
        "presences": [],
        "members": [member(one.members[bot_id])], "stage_instances": [], "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "channels": [channel(c) for c in channels if c.kind not in THREADS],
        "threads": [channel(c) for c in channels if c.kind in THREADS],
    }  # fmt: skip
    return found


def message(one):
    found = {
        "id": str(one.id), "channel_id": str(one.channel.id), "type": 0, "content": one.content,
        "author": user(one.author), "timestamp": stamp(one.created), "edited_timestamp": stamp(one.edited),
        "tts": False, "mention_everyone": "everyone" in one.pinged, "mentions": [], "mention_roles": [],
        "attachments": [attachment_of(a) for a in one.attachments], "embeds": one.embeds, "pinned": False,
        "flags": one.flags, "components": one.components,
    }  # fmt: skip
    if one.nonce is not None:
        found["nonce"] = one.nonce
    if one.interaction is not None:
        found |= one.interaction.on_message()
    if one.thread is not None:
        found["thread"] = channel(one.thread)
    return found


def attachment_of(one):
    """The attachment without the bytes that the server keeps."""
    return {key: value for key, value in one.items() if key != "data"}
