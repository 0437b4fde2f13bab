"""A core made for the contract: it answers as it was told and remembers what it was given."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from adapters.contract.state import MemoryState
from bot.chat import (
    ActionInvoked,
    Capabilities,
    ChannelRef,
    Choice,
    Command,
    CommandInvoked,
    CommandOption,
    EventResolver,
    FormSubmitted,
    Interaction,
    Kind,
    Message,
    MessageRef,
    PlatformState,
    Reply,
    ReplyPolicy,
    Send,
    Text,
    UserRef,
    degrade,
)

TOPICS = (Choice("HTTP", "http"), Choice("Data types", "data-types"))
COMMANDS = (
    Command("quiz", "A question", (CommandOption("topic", "What about", completes=True),)),
    Command(
        "note",
        "Something else",
        (
            CommandOption("text", "Some words", required=True),
            CommandOption("kind", "A kind", choices=(Choice("One", "1"), Choice("Two", "2"))),
        ),
    ),
    Command("progress", "How far somebody is", (CommandOption("member", "Who", Kind.MEMBER),)),
    Command("study setup", "Start a group", (CommandOption("zone", "Where"),), organiser_only=True),
    Command("press", "A button in words", hidden=True),
)


def said(text: str) -> Message:
    """Return a message of one line."""
    return Message(text, (Text(text),))


class ScriptedApp:
    """An App that answers by ``replies`` and ``policies``, keyed by command or action id; else ``Heard.``.

    It answers once ``open`` is set and ``takes`` seconds have passed. What it was given is kept: ``seen``
    has every interaction, ``asked`` every suggestion that was wanted.
    """

    def __init__(self) -> None:
        self._states: defaultdict[tuple[str, str], MemoryState] = defaultdict(MemoryState)
        self.replies: dict[str, Reply] = {}
        self.policies: dict[str, ReplyPolicy] = {}
        self.takes = 0.0
        self.seen: list[Any] = []
        self.lost: list[tuple[str, str]] = []
        self.found: list[tuple[str, Collection[str]]] = []
        self.claimed: list[str] = []
        self.asked: list[tuple[str, str, str, ChannelRef]] = []
        self.files: list[tuple[UserRef, str, int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.arrived = asyncio.Event()

    def platform_state(self, platform: str, namespace: str) -> PlatformState:
        """Open what a platform keeps, in memory."""
        return self._states[platform, namespace]

    def commands_for(self, capabilities: Capabilities) -> tuple[Command, ...]:  # noqa: ARG002
        """Return COMMANDS."""
        return COMMANDS

    def reply_policy(self, interaction: Interaction) -> ReplyPolicy:
        """Return what ``policies`` says; private and quick otherwise."""
        return self.policies.get(_name(interaction), ReplyPolicy())

    async def handle(
        self, interaction: Interaction, capabilities: Capabilities, resolver: EventResolver | None = None
    ) -> Reply:
        """Record the interaction, and answer as ``replies`` says."""
        self.seen.append(await resolver(interaction) if resolver else interaction)
        self.arrived.set()
        await self.open.wait()
        await asyncio.sleep(self.takes)
        return degrade(self.replies.get(_name(interaction), Send(said("Heard."))), capabilities)

    def too_fast(self, user: UserRef) -> str:  # noqa: ARG002
        """Return an empty text: nobody is too fast."""
        return ""

    async def complete(
        self,
        command: str,
        option: str,
        typed: str,
        channel: ChannelRef,
        user: UserRef,  # noqa: ARG002
    ) -> tuple[Choice, ...]:
        """Suggest those of TOPICS that have what was typed in them."""
        self.asked.append((command, option, typed, channel))
        return tuple(topic for topic in TOPICS if typed.casefold() in topic.label.casefold())

    async def workspace_lost(self, platform: str, workspace: str) -> None:
        """Record it in ``lost``."""
        self.lost.append((platform, workspace))

    async def uploaded(self, user: UserRef, file: str, days: int) -> None:
        """Record it in ``files``."""
        self.files.append((user, file, days))

    async def concerned(self, channel: ChannelRef, message: MessageRef | None) -> bool:  # noqa: ARG002
        """Return True: all talk may be meant for us."""
        return True

    async def workspaces(self, platform: str) -> Collection[str]:  # noqa: ARG002
        """No group exists."""
        return ()

    async def workspaces_found(self, platform: str, workspaces: Collection[str]) -> None:
        """Record it in ``found``."""
        self.found.append((platform, workspaces))

    async def member_left(self, user: UserRef, workspace: str, channel: str | None = None) -> None:
        """Do nothing."""

    async def member_came_back(self, user: UserRef, workspace: str, channel: str | None = None) -> None:
        """Do nothing."""

    async def claim(self, key: str) -> bool:
        """Return True the first time."""
        self.claimed.append(key)
        return self.claimed.count(key) == 1


def _name(interaction: Interaction) -> str:
    match interaction:
        case CommandInvoked(name=name):
            return name
        case ActionInvoked(action=action) | FormSubmitted(action=action):
            return action
        case _:
            return ""
