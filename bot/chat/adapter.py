"""The contract of a platform adapter, and how it reports that a message did not arrive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Protocol, runtime_checkable

from bot.chat.capabilities import Capabilities
from bot.chat.commands import Command
from bot.chat.events import Interaction
from bot.chat.messages import Choice, Message
from bot.chat.platform_state import PlatformState
from bot.chat.replies import Reply, ReplyPolicy
from bot.domain.refs import ChannelRef, MessageRef, UserRef
from bot.domain.role_use import Denial, Purpose


class DeliveryError(Exception):
    """Failure to deliver a message. Raised by ``send``, ``edit`` and ``direct`` in one of four kinds."""


class Transient(DeliveryError):
    """A failure that may pass; ``retry_after`` in seconds when the platform said when."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Forbidden(DeliveryError):
    """The platform refuses: a permission is missing. An organiser must act."""


class Gone(DeliveryError):
    """The channel or message no longer exists."""


class Rejected(DeliveryError):
    """A message that the platform calls malformed: our fault, trying again is useless."""


EventResolver = Callable[[Interaction], Awaitable[Interaction]]
"""Adds to an interaction what the platform must be asked for, such as a channel that an option names."""


class App(Protocol):
    """The core, as an adapter sees it."""

    def commands_for(self, capabilities: Capabilities) -> tuple[Command, ...]:
        """Return every command of a platform: to publish, to offer, and to read what people type."""

    def reply_policy(self, interaction: Interaction) -> ReplyPolicy:
        """Return how the reply will come; private and quick for an unknown command or action."""

    async def handle(
        self, interaction: Interaction, capabilities: Capabilities, resolver: EventResolver | None = None
    ) -> Reply:
        """Serve one interaction: never raises, always has a reply fit for the capabilities.

        What the event itself does not tell, ``resolver`` finds out. It is called once it is known that the
        person may do this and has not done too much lately: nobody else makes us ask the platform.
        """

    def too_fast(self, user: UserRef) -> str:
        """Count an act that never becomes an interaction, such as a command that was mistyped.

        Returns the sentence for one too many, to be said in place of any other; else an empty text.
        """

    async def workspace_lost(self, platform: str, workspace: str) -> None:
        """Pause the groups of a workspace that Milepost was put out of. A second time does nothing."""

    async def workspaces(self, platform: str) -> Collection[str]:
        """Return the workspaces that have a group that is not paused."""

    async def workspaces_found(self, platform: str, workspaces: Collection[str]) -> None:
        """Resume the groups that were paused for the loss of these workspaces: Milepost is back in them."""

    def platform_state(self, platform: str, namespace: str) -> PlatformState:
        """Open what a platform keeps across restarts, such as its installations or a sync token.

        ``namespace`` is the platform's own choice, one for each kind of record.
        """

    async def claim(self, key: str) -> bool:
        """Record that something which may happen once has happened. Returns False where it had already.

        ``key`` begins with the platform's name. It is remembered for some days, on every worker.
        """

    async def member_left(self, user: UserRef, workspace: str, channel: str | None = None) -> None:
        """Record that a person has left a workspace, or one channel of it, or has deleted their account.

        They are taken off the boards, counts and reminders of the groups there. A second time does nothing.
        """

    async def member_came_back(self, user: UserRef, workspace: str, channel: str | None = None) -> None:
        """Record that a person is in a workspace or channel again. Optional: any act brings them back."""

    async def uploaded(self, user: UserRef, file: str, days: int) -> None:
        """Have a file that was uploaded for a person deleted after some days, or once they are forgotten.

        The adapter must be able to (``Removes``).
        """

    async def concerned(self, channel: ChannelRef, message: MessageRef | None) -> bool:
        """Tell if words under a message, or in a channel itself, may be meant for us. Writes nothing.

        Most talk is not: an adapter asks before it finds out who is talking.
        """

    async def complete(
        self, command: str, option: str, typed: str, channel: ChannelRef, user: UserRef
    ) -> tuple[Choice, ...]:
        """Return at most 25 suggestions for an option being typed; none if ``user`` asks too often."""


class Adapter(Protocol):
    """An adapter of one platform. All that it needs it has from its ``build``."""

    platform: str
    capabilities: Capabilities

    @property
    def address(self) -> str:
        """Return where people reach it, for the operator: ``milepost run`` prints it after the start."""

    async def start(self, app: App) -> None:
        """Connect; return when messages can be sent."""

    async def stop(self) -> None:
        """Let running handlers finish, then close every connection."""

    async def send(
        self, channel: ChannelRef, message: Message, key: str, *, again: bool = False
    ) -> MessageRef:
        """Post a message; twice with one ``key`` posts once. Raises a DeliveryError.

        ``again`` says that an earlier try may have arrived without our knowing, however long ago: where the
        platform forgets keys, look for its message first.
        """

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Change a posted message. Raises a DeliveryError."""

    async def direct(self, user: UserRef, message: Message, key: str) -> MessageRef:
        """Post to one person alone. Raises a DeliveryError."""

    async def grant_role(self, channel: ChannelRef, user: UserRef, role: str) -> None:
        """Give a person a role of the channel's workspace; twice is as once.

        Raises a DeliveryError, Rejected where ``capabilities.roles`` is False.
        """

    async def revoke_role(self, channel: ChannelRef, user: UserRef, role: str) -> None:
        """Take a role of the channel's workspace away from a person; twice is as once.

        Raises a DeliveryError, Rejected where ``capabilities.roles`` is False.
        """

    async def denial(
        self, channel: ChannelRef, user: UserRef, role: str, purpose: Purpose
    ) -> Denial | None:
        """Tell why the platform would not let a person use a role now; None if it would.

        Asked before each act that Milepost does with a role that this person chose. They must still
        manage the channel's workspace, and be able to put others into the role, or to mention it in the
        channel, without Milepost.

        Raises a DeliveryError, Rejected where ``capabilities.roles`` is False.
        """

    async def is_there(self, user: UserRef, workspace: str) -> bool:
        """Tell whether somebody is still in a workspace. Asked once a day at most, never while they wait.

        Raises a DeliveryError, Rejected where ``capabilities.knows_who_is_there`` is False: such a platform
        tells of it by ``App.member_left``, or has none who leave.
        """

    async def managers(self, channel: ChannelRef) -> tuple[UserRef, ...]:
        """Return the people who manage the channel's workspace, such as its owner, the likeliest first.

        A handful at most: each is tried in turn with a notice that no organiser can be given. Raises a
        DeliveryError.
        """


@runtime_checkable
class Removes(Protocol):
    """An adapter whose platform keeps files that it has uploaded (see ``App.uploaded``)."""

    async def remove(self, workspace: str, file: str) -> None:
        """Delete an uploaded file; one that is gone already is no error. Raises a DeliveryError."""
