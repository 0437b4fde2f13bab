"""REST: channels, messages, threads and direct messages."""

from tests.loopback.discord import payloads
from tests.loopback.discord.permissions import (
    ATTACH_FILES,
    CREATE_PUBLIC_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
    permitted,
)
from tests.loopback.discord.ratelimits import too_many
from tests.loopback.discord.record import Answer
from tests.loopback.discord.refusals import (
    BAD_RECIPIENT,
    INBOX_CLOSED,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NOT_TEXT,
    NOT_YOURS,
    THREAD_ARCHIVED,
    THREAD_EXISTS,
    THREAD_LOCKED,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    Problems,
    Refused,
)
from tests.loopback.discord.sessions import GUILDS
from tests.loopback.discord.world import DIRECT, NO_MESSAGES, THREAD, THREADS, Channel


class ChannelRoutes:
    """REST routes of channels."""

    def __init__(self, server):
        self._server = server

    def table(self):
        """(method, path, handler)."""
        messages = "/channels/{channel}/messages"
        return [
            ("POST", "/users/@me/channels", self.open_direct),
            ("GET", "/channels/{channel}", self.channel),
            ("GET", messages, self.history),
            ("POST", messages, self.post),
            ("GET", messages + "/{message}", self.message),
            ("PATCH", messages + "/{message}", self.edit),
            ("DELETE", messages + "/{message}", self.delete),
            ("POST", messages + "/{message}/threads", self.open_thread),
        ]

    async def open_direct(self, request):
        user = self._server.users.get(int(request.body["recipient_id"]))
        if user is None or user.bot:
            raise Refused(*BAD_RECIPIENT)
        return payloads.channel(self._server.inbox_of(user))

    async def channel(self, request):
        return payloads.channel(self._reach(request))

    async def history(self, request):
        channel = self._reach(request, READ_MESSAGE_HISTORY)
        limit = int(request.query.get("limit", 50))
        seen = [m for m in channel.messages.values() if not m.deleted and m.only is None]
        if "after" in request.query:
            seen = [m for m in seen if m.id > int(request.query["after"])][:limit]
        elif "before" in request.query:
            seen = [m for m in seen if m.id < int(request.query["before"])]
        return [payloads.message(m) for m in reversed(seen[-limit:])]

    async def post(self, request):
        channel, body, files = self._reach(request), request.body, request.files
        headers = self._bucket(channel)
        if channel.kind == DIRECT and not channel.recipient.inbox_open:
            raise Refused(*INBOX_CLOSED)
        if channel.kind in NO_MESSAGES:
            raise Refused(*NOT_TEXT)
        self._may(channel, SEND_MESSAGES_IN_THREADS if channel.kind in THREADS else SEND_MESSAGES)
        if files:
            self._may(channel, ATTACH_FILES)
        if channel.locked:
            raise Refused(*THREAD_LOCKED)
        if channel.archived:
            raise Refused(*THREAD_ARCHIVED)
        found = self._posted_before(channel, body)
        posted = found or self._server.texts.post(channel, body, files)
        if posted.nonce is not None:
            channel.nonces[posted.nonce] = posted
        return Answer(payloads.message(posted), headers=headers)

    def _posted_before(self, channel, body):
        """With ``enforce_nonce`` the same nonce within some minutes is the same message."""
        found = channel.nonces.get(str(body.get("nonce")))
        memory = self._server.rules.nonce_memory
        if found and body.get("enforce_nonce") and self._server.clock() - found.created < memory:
            return found
        return None

    def _bucket(self, channel):
        """The headers of the channel's bucket; 429 when it is empty."""
        if not self._server.rules.channel_buckets:
            return {}
        headers, wait = self._server.channel_limit.take(channel.id)
        if wait:
            more, body = too_many(wait, scope="user")
            raise Refused(429, 0, "").replaced(body, headers | more)
        return headers

    async def message(self, request):
        return payloads.message(self._message(self._reach(request, READ_MESSAGE_HISTORY), request))

    async def edit(self, request):
        message = self._own(request)
        return payloads.message(self._server.texts.edit(message, request.body, request.files))

    async def delete(self, request):
        self._own(request).deleted = True

    async def open_thread(self, request):
        channel = self._reach(request, CREATE_PUBLIC_THREADS)
        message, body = self._message(channel, request), request.body
        problems = Problems()
        problems.length(("name",), body.get("name"), 1, 100)
        if body.get("auto_archive_duration") not in {None, 60, 1440, 4320, 10080}:
            problems.add(
                ("auto_archive_duration",), "BASE_TYPE_CHOICES", "Must be one of 60, 1440, 4320, 10080."
            )
        problems.check()
        if message.thread is not None:
            raise Refused(*THREAD_EXISTS)
        thread = Channel(message.id, body["name"], THREAD, channel.guild, channel)
        message.thread = self._server.add_channel(thread)
        await self._server.gateway.dispatch(
            channel.guild.id,
            "THREAD_CREATE",
            payloads.channel(thread) | {"newly_created": True},
            intents=GUILDS,
        )
        return payloads.channel(thread)

    def _reach(self, request, *needed):
        """The channel of the path, if the bot may see it and has the permissions needed."""
        channel = self._server.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise Refused(*UNKNOWN_CHANNEL)
        if channel.guild and not channel.guild.present:
            raise Refused(*MISSING_ACCESS)
        self._may(channel, VIEW_CHANNEL, or_else=MISSING_ACCESS)
        for permission in needed:
            self._may(channel, permission)
        return channel

    def _may(self, channel, permission, or_else=MISSING_PERMISSIONS):
        if channel.guild is None:
            return
        bot = channel.guild.members[self._server.bot.id]
        if not permitted(bot, channel) & permission:
            raise Refused(*or_else)

    @staticmethod
    def _message(channel, request):
        message = channel.messages.get(int(request.match_info["message"]))
        if message is None or message.deleted or message.only is not None:
            raise Refused(*UNKNOWN_MESSAGE)
        return message

    def _own(self, request):
        message = self._message(self._reach(request), request)
        if message.author is not self._server.bot:
            raise Refused(*NOT_YOURS)
        return message
