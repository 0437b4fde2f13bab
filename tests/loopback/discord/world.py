"""Users, guilds, roles, channels, members and messages, as plain mutable records."""

import datetime as dt
from dataclasses import dataclass, field

from tests.loopback.discord.components import every, texts
from tests.loopback.discord.permissions import bits

TEXT, DIRECT, VOICE, CATEGORY, NEWS, NEWS_THREAD, THREAD = 0, 1, 2, 4, 5, 10, 11
STAGE, DIRECTORY, FORUM, MEDIA = 13, 14, 15, 16
SPOKEN = frozenset({VOICE, STAGE})
THREADS = frozenset({NEWS_THREAD, THREAD})
NO_MESSAGES = frozenset({CATEGORY, DIRECTORY, FORUM, MEDIA})
"""Types of channels that take no message that is addressed to them."""

LOADING, EPHEMERAL, V2 = 1 << 7, 1 << 6, 1 << 15


@dataclass(eq=False)
class User:
    """A person or a bot. ``inbox_open`` False refuses the bot's direct messages."""

    id: int
    name: str
    bot: bool = False
    inbox_open: bool = True
    locale: str = "en-GB"
    inbox: "Channel | None" = field(default=None, repr=False)


@dataclass(eq=False)
class Role:
    id: int
    name: str
    permissions: int = 0
    position: int = 1
    mentionable: bool = False
    managed: bool = False


@dataclass(eq=False)
class Guild:
    """``present`` is False after the bot left, ``available`` is False during an outage."""

    id: int
    name: str
    owner_id: int = 1
    present: bool = True
    available: bool = True
    locale: str = "en-US"
    roles: dict = field(default_factory=dict, repr=False)
    channels: dict = field(default_factory=dict, repr=False)
    members: dict = field(default_factory=dict, repr=False)

    @property
    def everyone(self):
        return self.roles[self.id]


@dataclass(eq=False)
class GuildMember:
    """A user in a guild; ``roles`` are ids."""

    user: User
    guild: Guild
    roles: list = field(default_factory=list)
    nick: str | None = None
    timed_out_until: dt.datetime | None = None

    @property
    def id(self):
        return self.user.id


@dataclass(eq=False)
class Channel:
    """``overwrites`` maps the id of a role or member to (allow, deny)."""

    id: int
    name: str
    kind: int = TEXT
    guild: Guild | None = None
    parent: "Channel | None" = None
    recipient: User | None = None
    overwrites: dict = field(default_factory=dict)
    messages: dict = field(default_factory=dict, repr=False)
    nonces: dict = field(default_factory=dict, repr=False)
    archived: bool = False
    locked: bool = False

    def deny(self, permissions, who):
        """Take permissions from a role, member or the bot's member in this channel."""
        allow, deny = self.overwrites.get(who.id, (0, 0))
        self.overwrites[who.id] = (allow & ~bits(permissions), deny | bits(permissions))


@dataclass(eq=False)
class Message:
    """A message as it stands; ``edits`` are (monotonic time, the text before).

    ``only`` is the id of the one user who sees an ephemeral message. ``pinged`` holds ids of roles and
    users who were notified when it was posted, and ``"everyone"``.
    """

    id: int
    channel: Channel
    author: User
    at: float
    created: float
    content: str = ""
    components: list = field(default_factory=list)
    embeds: list = field(default_factory=list)
    attachments: list = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    allowed_mentions: dict | None = None
    interaction: object = field(default=None, repr=False)
    only: int | None = None
    thread: Channel | None = None
    edited: float | None = None
    deleted: bool = False
    edits: list = field(default_factory=list)
    pinged: set = field(default_factory=set)

    @property
    def ephemeral(self):
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self):
        return bool(self.flags & LOADING)

    @property
    def text(self):
        """Every word that is read in it, a line each: content, texts, embeds."""
        lines = [self.content] if self.content else []
        lines += texts(self.components)
        for embed in self.embeds:
            lines += [embed[key] for key in ("title", "description") if embed.get(key)]
        return "\n".join(lines)

    @property
    def buttons(self):
        return [c for c in every(self.components) if c["type"] == 2]

    @property
    def selects(self):
        return [c for c in every(self.components) if c["type"] in {3, 5, 6, 7, 8}]

    def files(self):
        """The names of what is attached."""
        return [attachment["filename"] for attachment in self.attachments]
