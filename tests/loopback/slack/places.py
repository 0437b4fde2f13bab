"""Finding the channel or person that a call names, and saying no as Slack does."""

from tests.loopback.slack.refusals import Refused


def channel_of(asked, key="channel", *, inside=False):
    """The channel; a private one that the bot is not in cannot be found. ``inside``: it must be in it."""
    channel = asked.team.channels.get(asked.args.get(key))
    bot = asked.team.bot.id
    if channel is None or ((channel.private or channel.recipient) and bot not in channel.members):
        raise Refused("channel_not_found")
    if inside and bot not in channel.members:
        raise Refused("not_in_channel")
    return channel


def needs(asked, channel, what):
    """The scope for this kind of channel, such as ``groups:history``."""
    scope = f"{'im' if channel.recipient else f'{channel.kind}s'}:{what}"
    if scope not in asked.team.scopes:
        raise Refused("missing_scope", needed=scope, provided=",".join(sorted(asked.team.scopes)))


def channel_for_posting(server, asked, *, direct=True):
    """Channel to post to; a person's id means their direct channel."""
    if direct and asked.args.get("channel") in asked.team.users:
        return direct_channel(server, asked.team.users[asked.args["channel"]])
    channel = channel_of(asked)
    if channel.archived:
        raise Refused("is_archived")
    if asked.team.bot.id not in channel.members and (
        channel.private or "chat:write.public" not in asked.team.scopes
    ):
        raise Refused("not_in_channel")
    return channel


def direct_channel(server, person):
    """The direct channel with the bot, opened if there is none."""
    if person.bot:
        raise Refused("cannot_dm_bot")
    if person.deleted:
        raise Refused("user_disabled")
    return server.inbox_of(person)


def person_of(asked, key="user"):
    """The person who is named."""
    person = asked.team.users.get(asked.args.get(key))
    if person is None:
        raise Refused("user_not_found")
    return person


def truth(value):
    """A boolean as it comes in forms, queries and JSON."""
    return value is True or str(value).lower() in {"1", "true"}


def page(args, items, most=1000, usual=100):
    """One page of items and the cursor of the next, empty at the end. Cursors are offsets here."""
    limit = max(1, min(int(args.get("limit") or usual), most))
    cursor = args.get("cursor") or "0"
    if not cursor.isdigit():
        raise Refused("invalid_cursor")
    start = int(cursor)
    following = str(start + limit) if start + limit < len(items) else ""
    return items[start : start + limit], following
