"""The adapter that the core sees: it posts to the platform, and hands over what people do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.chat import (
    App,
    ChannelRef,
    Choice,
    Denial,
    FormErrors,
    Gone,
    Interaction,
    Message,
    MessageRef,
    NoReply,
    OpenForm,
    Origin,
    ParseError,
    Purpose,
    Rejected,
    Replace,
    Reply,
    Send,
    SendDirect,
    Transient,
    UserRef,
    Visibility,
)
from bot.toolkit.limits import TaskTracker
from tools.scaffold.example.inbound import interaction_of, origin_of
from tools.scaffold.example.limits import CAPABILITIES, GRACE, PLATFORM, WORKSPACE, channel_ref, user_ref
from tools.scaffold.example.outbound import draw
from tools.scaffold.example.room import Event, Room


class Example:
    """One room. It can be started and stopped again."""

    platform = PLATFORM
    capabilities = CAPABILITIES

    def __init__(self, room: Room, organisers: Sequence[str]) -> None:
        self.room = room
        self._organisers = tuple(organisers)
        self._app: App | None = None
        self._tasks = TaskTracker()

    @property
    def address(self) -> str:
        """Text that says where people find this platform."""
        return f"Example has the channels {', '.join(self.room.channels)}"

    async def start(self, app: App) -> None:
        """Connect, and take in what people do."""
        self._app = app

    async def stop(self) -> None:
        """Let running handlers finish, then close."""
        await self._tasks.finish(GRACE)
        self._app = None

    async def send(
        self,
        channel: ChannelRef,
        message: Message,
        key: str,
        *,
        again: bool = False,  # noqa: ARG002 - the room forgets no key
    ) -> MessageRef:
        """Post to a channel. Raises Gone for one that isn't there, Transient while not started."""
        self._running()
        if (channel.platform, channel.workspace) != (PLATFORM, WORKSPACE) or not self.room.has(channel.id):
            raise Gone(f"Example has no channel {channel.id!r}.")
        return MessageRef(channel, self.room.post(channel.id, draw(message), key))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Change a message in place. Raises Gone if it isn't there, Transient while not started."""
        self._running()
        try:
            self.room.edit(ref.id, draw(message))
        except LookupError:
            raise Gone(f"Example has no message {ref.id!r}.") from None

    async def direct(self, user: UserRef, message: Message, key: str) -> MessageRef:
        """Post to the conversation that one person has with the bot."""
        return await self.send(channel_ref(f"@{user.id}"), message, f"direct:{key}")

    async def grant_role(self, channel: ChannelRef, user: UserRef, role: str) -> None:  # noqa: ARG002
        """Raise Rejected: ``roles`` in the capabilities says that there are none."""
        raise Rejected("Example has no roles.")

    async def revoke_role(self, channel: ChannelRef, user: UserRef, role: str) -> None:  # noqa: ARG002
        """Raise Rejected: ``roles`` in the capabilities says that there are none."""
        raise Rejected("Example has no roles.")

    async def denial(
        self,
        channel: ChannelRef,  # noqa: ARG002
        user: UserRef,  # noqa: ARG002
        role: str,  # noqa: ARG002
        purpose: Purpose,  # noqa: ARG002
    ) -> Denial | None:
        """Raise Rejected: ``roles`` in the capabilities says that there are none."""
        raise Rejected("Example has no roles.")

    async def is_there(self, user: UserRef, workspace: str) -> bool:  # noqa: ARG002
        """Raise Rejected: ``knows_who_is_there`` in the capabilities says that it can't be asked."""
        raise Rejected("Nobody leaves Example.")

    async def managers(self, channel: ChannelRef) -> tuple[UserRef, ...]:  # noqa: ARG002 - one workspace only
        """Return the organisers of the settings."""
        return tuple(user_ref(person) for person in self._organisers)

    async def hear(self, event: Event) -> None:
        """Take in what somebody did, and show the answer."""
        task = asyncio.ensure_future(self._serve(event))
        self._tasks.add(task)
        await task

    async def suggest(self, event: Event, command: str, option: str) -> tuple[Choice, ...]:
        """Return what fits an option while its value, ``event.line``, is being typed."""
        where, who = channel_ref(event.channel), user_ref(event.person)
        return await self._running().complete(command, option, event.line, where, who)

    async def _serve(self, event: Event) -> None:
        app = self._running()
        origin = origin_of(event, self._organisers)
        try:
            done = interaction_of(event, origin, app.commands_for(CAPABILITIES), self.room.channels)
        except ParseError as error:
            self._show(Message(app.too_fast(origin.user) or str(error), ()), origin, alone=True)
            return
        self._settle(await app.handle(done, CAPABILITIES), done)

    def _settle(self, reply: Reply, done: Interaction) -> None:
        """Show the reply to those whom it is for."""
        origin = done.origin
        match reply:
            case Send(message, visibility):
                self._show(message, origin, alone=visibility is Visibility.PRIVATE)
            case SendDirect(message):
                direct = replace(origin, channel=channel_ref(f"@{origin.user.id}"))
                self._show(message, direct, alone=True)
            case Replace(message):
                self._replace(message, origin)
            case OpenForm(form):
                self.room.forms[origin.user.id] = (form, {})
            case FormErrors(form, errors):
                self.room.forms[origin.user.id] = (form, errors)
            case NoReply():
                pass

    def _show(self, message: Message, origin: Origin, *, alone: bool) -> None:
        only_for = origin.user.id if alone else ""
        self.room.post(origin.channel.id, draw(message), f"reply:{origin.event_id}", only_for)

    def _replace(self, message: Message, origin: Origin) -> None:
        """Change the message acted on; one that others see too stays, and the person gets the new one."""
        if origin.message and self.room.owner(origin.message.id) == origin.user.id:
            self.room.edit(origin.message.id, draw(message))
        else:
            self._show(message, origin, alone=True)

    def _running(self) -> App:
        if self._app is None:
            raise Transient("Example isn't running.")
        return self._app
