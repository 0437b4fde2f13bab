"""The state: workspaces, people, channels, messages, views, files, groups of people, tokens."""

from dataclasses import dataclass, field

from tests.loopback.slack.words import words_of


@dataclass(eq=False)
class Grant:
    """A token. ``expires`` is monotonic seconds, None for never."""

    token: str
    team: "Team"
    expires: float | None = None
    refresh: str | None = None
    revoked: bool = False


@dataclass(eq=False)
class Team:
    """A workspace. ``installed`` False is what it is after the app was removed."""

    id: str
    name: str
    app_id: str
    scopes: set
    bot: "User" = None
    bot_id: str = ""
    grant: Grant | None = None
    installed: bool = True
    users: dict = field(default_factory=dict)
    channels: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    views: dict = field(default_factory=dict)
    homes: dict = field(default_factory=dict)

    @property
    def token(self):
        """The bot token that holds now."""
        return self.grant.token

    @property
    def domain(self):
        """The word in the workspace's address."""
        return self.name.lower().replace(" ", "-")


@dataclass(eq=False)
class User:
    """A person or a bot. ``guest`` marks who may see single channels alone."""

    id: str
    name: str
    team: Team
    tz: str = "Europe/Berlin"
    locale: str = "en-GB"
    admin: bool = False
    owner: bool = False
    guest: bool = False
    bot: bool = False
    deleted: bool = False
    inbox: "Channel | None" = None


@dataclass(eq=False)
class Channel:
    """A channel, or the direct channel of the bot and ``recipient``. ``members`` are user ids."""

    id: str
    name: str
    team: Team
    private: bool = False
    recipient: User | None = None
    archived: bool = False
    members: list = field(default_factory=list)
    messages: dict = field(default_factory=dict)
    threads: dict = field(default_factory=dict)
    topic: str = ""

    @property
    def kind(self):
        """Channel type in the words of events: "im", "group" or "channel"."""
        if self.recipient:
            return "im"
        return "group" if self.private else "channel"


@dataclass(eq=False)
class Message:
    """``only`` is the user id of the one who sees an ephemeral message. ``edits`` are bodies before."""

    ts: str
    channel: Channel
    user: User
    body: dict
    thread_ts: str | None = None
    only: str | None = None
    deleted: bool = False
    edited: str | None = None
    edits: list = field(default_factory=list)
    files: list = field(default_factory=list)
    reactions: list = field(default_factory=list)

    @property
    def team(self):
        return self.channel.team

    @property
    def ephemeral(self):
        """Is it seen by one person alone?"""
        return self.only is not None

    @property
    def blocks(self):
        return self.body.get("blocks") or []

    @property
    def summary(self):
        """Text that notifications and screen readers get."""
        return self.body.get("text") or ""

    @property
    def text(self):
        """Every word that is shown: those of the blocks, else the text."""
        return "\n".join(words_of(self.blocks)) or self.summary

    @property
    def metadata(self):
        return self.body.get("metadata")


@dataclass(eq=False)
class View:
    """A form or a home view as it stands. ``below`` is the view that it was pushed onto."""

    id: str
    raw: dict
    team: Team
    user: User
    hash: str
    root: "View | None" = None
    below: "View | None" = None
    closed: bool = False

    @property
    def kind(self):
        return self.raw["type"]

    @property
    def blocks(self):
        return self.raw["blocks"]

    @property
    def title(self):
        return (self.raw.get("title") or {}).get("text", "")

    @property
    def text(self):
        """Title and every word, a line each."""
        return "\n".join([*([self.title] if self.title else []), *words_of(self.blocks)])

    @property
    def depth(self):
        """Number of views in the stack, including this one."""
        return 1 + (self.below.depth if self.below else 0)


@dataclass(eq=False)
class UserGroup:
    """A named group of people, such as ``@streak-7``."""

    id: str
    handle: str
    name: str
    users: list = field(default_factory=list)
    enabled: bool = True


@dataclass(eq=False)
class File:
    """An upload; ``data`` is None until it came, ``shared`` says that it was completed.

    ``refusals`` is how often a block that names it will still be refused.
    """

    id: str
    name: str
    length: int
    alt: str = ""
    title: str = ""
    data: bytes | None = None
    shared: bool = False
    refusals: int = 0
