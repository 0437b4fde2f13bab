"""Strictness and sizes of the server that a test may set."""

from dataclasses import dataclass, field

BOT_SCOPES = (
    "app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "commands",
    "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write", "mpim:read",
    "reactions:write", "usergroups:read", "usergroups:write", "users:read",
)  # fmt: skip
EVENTS = (
    "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_deleted",
    "member_joined_channel", "message.channels", "message.groups", "message.im", "tokens_revoked",
    "user_change",
)  # fmt: skip


@dataclass
class Rules:
    """Times are seconds. Change a field at any time; it holds for what comes after.

    ``patience`` is how long a person waits, after the acknowledgement, for something to be shown.
    ``limited`` switches all rate limits: a channel takes ``channel_burst`` messages at once and then
    one in ``channel_second``, a workspace ``workspace_messages`` in ``window``, a method what its tier
    has in ``tiers`` (or ``own`` by name) and ``spare`` more. ``echo`` sends the bot its own messages as
    events. ``events`` are those subscribed to. What is not acknowledged is sent again after the
    ``redelivers_after`` times, if its kind is in ``redelivers``. ``rotation`` makes tokens end after
    ``token_life``. Blocks that name a file are refused ``file_refusals`` times first, as while Slack looks
    it through. ``keep_bodies`` False forgets what calls carried, for long measurements.
    """

    acknowledge_within: float = 3.0
    trigger_life: float = 3.0
    response_life: float = 1800.0
    response_uses: int = 5
    code_life: float = 600.0
    patience: float = 10.0
    limited: bool = True
    channel_burst: int = 4
    channel_second: float = 1.0
    workspace_messages: int = 300
    window: float = 60.0
    tiers: dict = field(default_factory=lambda: {1: 1, 2: 20, 3: 50, 4: 100})
    own: dict = field(default_factory=dict)
    spare: int = 15
    events: tuple = EVENTS
    echo: bool = False
    redelivers: tuple = ("events_api",)
    redelivers_after: tuple = (0.0, 60.0, 300.0)
    sockets: int = 10
    rotation: bool = False
    token_life: float = 43200.0
    file_refusals: int = 0
    keep_bodies: bool = True
