"""The Adapter that the core sees: starting, stopping, and posting to the room."""

from __future__ import annotations

import errno
import socket
from urllib.parse import quote

from adapters.playground.auth import Auth
from adapters.playground.chat_store import ChatStore, Draft
from adapters.playground.config import (
    CAPABILITIES,
    PLATFORM,
    WORKSPACE,
    PlaygroundConfig,
    PortInUse,
    channel_ref,
    direct_person,
    direct_ref,
    user_ref,
)
from adapters.playground.server import Server
from adapters.playground.transcript import Transcript
from bot.chat import (
    AdjustableClock,
    App,
    ChannelRef,
    Clock,
    Denial,
    Gone,
    Message,
    MessageRef,
    Purpose,
    Rejected,
    Transient,
    UserRef,
)
from bot.toolkit.http_server import HttpServer
from bot.toolkit.text import sentence

_GRACE = 10.0
"""Seconds that running handlers get to finish at a stop."""

_ANYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound to


class Playground:
    """One room and its web page. It can be started and stopped again."""

    platform = PLATFORM
    capabilities = CAPABILITIES

    def __init__(
        self, config: PlaygroundConfig, clock: Clock, demo_clock: AdjustableClock | None, wall: Clock
    ) -> None:
        self._config = config
        self._clock = clock
        self._wall = wall
        self._demo_clock = demo_clock
        self._port = config.port
        self._store: ChatStore | None = None
        self._auth: Auth | None = None
        self._server: HttpServer | None = None

    @property
    def address(self) -> str:
        """The address to open; it holds the key. With port 0 it is right once started."""
        return f"{self._page}?token={quote(self._config.token)}"

    @property
    def address_for_browser(self) -> str:
        """A fresh address that opens the page once, within a minute, and does not hold the key.

        It is the one to hand to a program: whoever lists the processes reads it too late. Raises
        Transient while the playground is not running.
        """
        if self._auth is None:
            raise Transient("The playground isn't running.")
        return f"{self._page}?once={quote(self._auth.new_code())}"

    @property
    def _page(self) -> str:
        host = "127.0.0.1" if self._config.host in _ANYWHERE else self._config.host
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self._port}/"

    async def start(self, app: App) -> None:
        """Open the room and serve its page. Raises PortInUse, or OSError for a bad transcript."""
        listener = _listen(self._config)
        self._port = listener.getsockname()[1]
        path = self._config.transcript
        try:
            self._store = ChatStore(self._clock, Transcript(path) if path else None)
        except OSError as error:
            listener.close()
            why = f"The transcript {path} cannot be opened: {error.strerror}."
            raise OSError(error.errno, why) from error
        self._auth = auth = Auth(self._config.token, self._config.host, self._port, self._wall)
        server = Server(self._config, self._store, app, self._clock, auth, demo_clock=self._demo_clock)
        self._server = HttpServer(server.application(), grace=_GRACE)
        await self._server.open(sock=listener)

    async def stop(self) -> None:
        """Close every stream, let running handlers finish, then close the room."""
        self._auth = None
        if self._server:
            await self._server.close()
            self._server = None
        if self._store:
            self._store.close()
            self._store = None

    async def send(
        self,
        channel: ChannelRef,
        message: Message,
        key: str,
        *,
        again: bool = False,  # noqa: ARG002 - the room forgets no key
    ) -> MessageRef:
        """Post to a channel. Raises Gone for a channel that is not in this room."""
        known = (channel.platform, channel.workspace) == (PLATFORM, WORKSPACE)
        if not known or not self._config.has_channel(channel.id):
            raise Gone(f"The playground has no channel {channel.id!r}.")
        only_for = direct_person(channel.id) or ""
        return self._post(Draft(channel.id, message=message, only_for=only_for, key=f"send:{key}"))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Change a message in place. Raises Gone if it is not there."""
        try:
            self._open_store().edit(ref.id, message)
        except LookupError as error:
            raise Gone(str(error)) from error
        except OSError as error:
            raise Transient(sentence(f"The transcript can't be written: {error}")) from error

    async def direct(self, user: UserRef, message: Message, key: str) -> MessageRef:
        """Post to the conversation that one person has with Milepost. Raises Gone for a stranger."""
        return await self.send(direct_ref(user.id), message, f"direct:{key}")

    async def grant_role(
        self,
        channel: ChannelRef,  # noqa: ARG002
        user: UserRef,  # noqa: ARG002
        role: str,  # noqa: ARG002
    ) -> None:
        """Raise Rejected: the playground has no roles."""
        raise Rejected("The playground has no roles.")

    async def revoke_role(
        self,
        channel: ChannelRef,  # noqa: ARG002
        user: UserRef,  # noqa: ARG002
        role: str,  # noqa: ARG002
    ) -> None:
        """Raise Rejected: the playground has no roles."""
        raise Rejected("The playground has no roles.")

    async def denial(
        self,
        channel: ChannelRef,  # noqa: ARG002
        user: UserRef,  # noqa: ARG002
        role: str,  # noqa: ARG002
        purpose: Purpose,  # noqa: ARG002
    ) -> Denial | None:
        """The playground has no roles. Raises Rejected."""
        raise Rejected("The playground has no roles.")

    async def is_there(self, user: UserRef, workspace: str) -> bool:  # noqa: ARG002
        """Raise Rejected: people don't leave the playground."""
        raise Rejected("Nobody leaves the playground.")

    async def managers(self, channel: ChannelRef) -> tuple[UserRef, ...]:  # noqa: ARG002 - one place only
        """The room's organisers."""
        return tuple(user_ref(person.id) for person in self._config.people if person.organiser)

    def _post(self, draft: Draft) -> MessageRef:
        try:
            entry = self._open_store().post(draft)
        except OSError as error:
            raise Transient(sentence(f"The transcript can't be written: {error}")) from error
        return MessageRef(channel_ref(entry.channel), entry.id)

    def _open_store(self) -> ChatStore:
        if self._store is None:
            raise Transient("The playground isn't running.")
        return self._store


def _listen(config: PlaygroundConfig) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        return socket.create_server((config.host, config.port), family=family)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortInUse(
            f"Port {config.port} is already in use. Stop the other program, or choose another port: "
            "make demo ARGS=--port=0 finds a free one; MILEPOST_PLAYGROUND_PORT sets it for milepost run."
        ) from error
