"""conversations.*"""

from tests.loopback.slack import payloads
from tests.loopback.slack.methods_chat import message_at
from tests.loopback.slack.places import channel_of, direct_channel, needs, page, truth
from tests.loopback.slack.record import Method
from tests.loopback.slack.refusals import Refused


class ConversationMethods:
    """Channels, who is in them and what stands in them."""

    def __init__(self, server):
        self._server = server

    def table(self):
        """Methods by name."""
        return {
            "conversations.open": Method(self.open, "im:write", 3),
            "conversations.info": Method(self.info, None, 3),
            "conversations.history": Method(self.history, None, 3),
            "conversations.replies": Method(self.replies, None, 3),
            "conversations.join": Method(self.join, "channels:join", 3),
            "conversations.members": Method(self.members, None, 4),
            "conversations.list": Method(self.list, "channels:read", 2),
        }

    def open(self, asked):
        names = [name for name in (asked.args.get("users") or "").split(",") if name]
        if len(names) != 1:
            raise Refused("users_list_not_supplied" if not names else "not_enough_users")
        person = asked.team.users.get(names[0])
        if person is None:
            raise Refused("user_not_found")
        channel = direct_channel(self._server, person)
        told = payloads.channel(channel) if truth(asked.args.get("return_im")) else {"id": channel.id}
        return {"channel": told}

    def info(self, asked):
        channel = channel_of(asked)
        needs(asked, channel, "read")
        return {"channel": payloads.channel(channel, member_of=asked.team.bot.id)}

    def list(self, asked):
        bot, wanted = asked.team.bot.id, (asked.args.get("types") or "public_channel").split(",")
        hidden = truth(asked.args.get("exclude_archived"))
        found = [
            channel for channel in asked.team.channels.values()
            if _type(channel) in wanted and not (hidden and channel.archived)
            and (bot in channel.members or _type(channel) == "public_channel")
        ]  # fmt: skip
        some, cursor = page(asked.args, found)
        channels = [payloads.channel(channel, member_of=bot) for channel in some]
        return {"channels": channels, "response_metadata": {"next_cursor": cursor}}

    def join(self, asked):
        channel = channel_of(asked)
        if channel.recipient or channel.private:
            raise Refused("method_not_supported_for_channel_type")
        if channel.archived:
            raise Refused("is_archived")
        bot = asked.team.bot.id
        already = bot in channel.members
        if not already:
            channel.members.append(bot)
        told = {"channel": payloads.channel(channel, member_of=bot)}
        return told | {"warning": "already_in_channel"} if already else told

    def members(self, asked):
        channel = channel_of(asked)
        needs(asked, channel, "read")
        some, cursor = page(asked.args, channel.members)
        return {"members": some, "response_metadata": {"next_cursor": cursor}}

    def history(self, asked):
        """Newest first, without answers in threads."""
        channel = channel_of(asked, inside=True)
        needs(asked, channel, "history")
        found = [m for m in _standing(channel) if m.thread_ts in {None, m.ts}]
        return self._paged(asked, list(reversed(found)))

    def replies(self, asked):
        """The message and its answers, oldest first."""
        channel = channel_of(asked, inside=True)
        needs(asked, channel, "history")
        try:
            first = message_at(channel, asked.args.get("ts"))
        except Refused:
            raise Refused("thread_not_found") from None
        return self._paged(asked, [m for m in _standing(channel) if first.ts in {m.ts, m.thread_ts}])

    @staticmethod
    def _paged(asked, found):
        args = asked.args
        oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
        edges = truth(args.get("inclusive"))
        found = [
            m for m in found
            if oldest < float(m.ts) < latest or (edges and float(m.ts) in {oldest, latest})
        ]  # fmt: skip
        some, cursor = page(args, found, most=999)
        told = truth(args.get("include_all_metadata"))
        answer = {"messages": [payloads.message(m, metadata=told) for m in some], "has_more": bool(cursor)}
        return answer | {"response_metadata": {"next_cursor": cursor}} if cursor else answer


def _standing(channel):
    return [m for m in channel.messages.values() if not m.deleted and not m.only]


def _type(channel):
    if channel.recipient:
        return "im"
    return "private_channel" if channel.private else "public_channel"
