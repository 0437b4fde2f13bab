"""Making and changing messages: the one place where bodies become what people see."""

import re

from tests.loopback.discord import validate
from tests.loopback.discord.components import every, numbered
from tests.loopback.discord.permissions import MENTION_EVERYONE, permitted
from tests.loopback.discord.refusals import Problems
from tests.loopback.discord.world import EPHEMERAL, LOADING, V2, Message

KEPT_FLAGS = V2 | 1 << 2 | 1 << 12
MENTION = re.compile(r"<@(&?)!?(\d+)>")


class Messages:
    """Posts and edits for REST routes and interactions alike."""

    def __init__(self, server):
        self._server = server

    def post(self, channel, body, files, *, author=None, interaction=None, only=None):
        """Validate, then put a new message into a channel."""
        server = self._server
        flags = (body.get("flags") or 0) & (KEPT_FLAGS | EPHEMERAL)
        validate.message(body, flags, _names(body, files))
        _check_nonce(body)
        server.watch_mentions(body)
        posted = Message(
            id=server.ids.new(), channel=channel, author=author or server.bot,
            at=server.now(), created=server.clock(), flags=flags, interaction=interaction, only=only,
        )  # fmt: skip
        if body.get("nonce") is not None:
            posted.nonce = str(body["nonce"])
        self._fill(posted, body, files)
        posted.pinged = set() if only else self._pings(posted)
        channel.messages[posted.id] = posted
        return posted

    def placeholder(self, channel, interaction, only):
        """The "thinking" message of a deferred answer."""
        server = self._server
        posted = Message(
            id=server.ids.new(), channel=channel, author=server.bot, at=server.now(),
            created=server.clock(),
            flags=LOADING | (EPHEMERAL if only else 0), interaction=interaction, only=only,
        )  # fmt: skip
        channel.messages[posted.id] = posted
        return posted

    def edit(self, message, body, files):
        """Validate, then change a message; what it said before is kept in ``edits``."""
        flags = message.flags & ~LOADING
        if body.get("flags") is not None:
            flags = flags & ~KEPT_FLAGS | flags & V2 | body["flags"] & KEPT_FLAGS
        kept = [a["filename"] for a in self._kept(message, body)]
        validate.message(body, flags, kept + _names(body, files), stands=message)
        self._server.watch_mentions(body)
        message.edits.append((self._server.now(), message.text))
        message.flags = flags
        message.edited = self._server.clock()
        self._fill(message, body, files)
        return message

    def _fill(self, message, body, files):
        if "content" in body:
            message.content = body["content"] or ""
        if "embeds" in body:
            message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or ()]
        if body.get("allowed_mentions") is not None:
            message.allowed_mentions = body["allowed_mentions"]
        if "attachments" in body or files:
            message.attachments = self._kept(message, body) + self._attach(message, body, files)
        if "components" in body:
            message.components = numbered(body["components"] or [])
            self._link_media(message)

    def _kept(self, message, body):
        """Attachments that stay after an edit: all, unless the body lists some."""
        if body.get("attachments") is None:
            return list(message.attachments) if "attachments" not in body else []
        wanted = {str(a["id"]) for a in body["attachments"]}
        return [a for a in message.attachments if a["id"] in wanted]

    def _attach(self, message, body, files):
        described = {str(a["id"]): a for a in body.get("attachments") or ()}
        return [self._attachment(file, described.get(file.index, {})) for file in files]

    def _attachment(self, file, described):
        made = str(self._server.ids.new())
        url = f"{self._server.url}/cdn/{made}/{file.name}"
        return {
            "id": made, "filename": described.get("filename") or file.name, "size": len(file.data),
            "url": url,
            "proxy_url": url, "content_type": file.content_type, "data": file.data,
            "description": described.get("description"),
        }  # fmt: skip

    def _link_media(self, message):
        """``attachment://`` becomes the attachment's address, as in Discord's answers."""
        urls = {a["filename"]: a["url"] for a in message.attachments}
        for component in every(message.components):
            for item in (component, *component.get("items", ())):
                media = item.get("media") or item.get("file")
                if media and media["url"].startswith("attachment://"):
                    media["url"] = urls[media["url"].removeprefix("attachment://")]
                    media["proxy_url"] = media["url"]

    def _pings(self, message):
        """Notified people: those the text mentions, cut down by ``allowed_mentions`` and permissions."""
        allowed = message.allowed_mentions
        parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or ())
        may_all = self._may_mention_all(message)
        found = set()
        if (
            {"@everyone", "@here"} & set(re.findall(r"@everyone|@here", message.text))
            and "everyone" in parse
            and may_all
        ):
            found.add("everyone")
        for role, number in MENTION.findall(message.text):
            kind = "roles" if role else "users"
            named = number in map(str, (allowed or {}).get(kind) or ())
            if (kind in parse or named) and (not role or self._mentionable(message, int(number), may_all)):
                found.add(int(number))
        return found

    def _may_mention_all(self, message):
        guild = message.channel.guild
        if guild is None or message.author.id not in guild.members:
            return False
        return bool(permitted(guild.members[message.author.id], message.channel) & MENTION_EVERYONE)

    @staticmethod
    def _mentionable(message, number, may_all):
        guild = message.channel.guild
        role = guild.roles.get(number) if guild else None
        return role is not None and (role.mentionable or may_all)


def _names(body, files):
    described = {str(a["id"]): a for a in body.get("attachments") or ()}
    return [described.get(file.index, {}).get("filename") or file.name for file in files]


def _check_nonce(body):
    if len(str(body.get("nonce") or "")) > 25:
        problems = Problems()
        problems.add(("nonce",), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        problems.check()
