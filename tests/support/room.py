"""A platform in memory, a clock that stands still, and what a message says in plain words."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from adapters.playground import CAPABILITIES
from bot.app import Milepost
from bot.chat import (
    Actions,
    Button,
    Capabilities,
    ChannelRef,
    Code,
    DeliveryError,
    Denial,
    Facts,
    Footnote,
    Gone,
    Heading,
    Link,
    Message,
    MessageRef,
    Moment,
    Picture,
    Purpose,
    Select,
    Text,
    UserRef,
    with_moments,
)
from storage import open_database

PLATFORM = "room"
ROOM = replace(CAPABILITIES, roles=True)
_empty_databases: list[bytes] = []
MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
"""A Monday without a clock change near by, at 08:00 UTC."""


class FakeClock:
    """Time that moves when it is told to."""

    def __init__(self, now: dt.datetime = MONDAY) -> None:
        self._now = now

    def now(self) -> dt.datetime:
        return self._now

    def set(self, now: dt.datetime) -> None:
        self._now = now

    def advance(self, **parts: float) -> None:
        self._now += dt.timedelta(**parts)


@dataclass
class Posted:
    """A message in the room; ``only`` is the one person who sees it, None for all."""

    ref: MessageRef
    message: Message
    only: str | None = None
    edits: int = 0


@dataclass
class Room:
    """A platform in memory that keeps what was posted and can be told to refuse.

    ``refusals`` are raised by the next sends, ``refuse_channel`` by every send to a channel,
    ``refuse_edits`` by every edit, ``refuse_direct`` by every direct message, ``refuse_people`` by those to
    one person, ``refuse_managers`` by asking for ``managed_by``, ``refuse_presence`` by
    asking who is there, and ``refuse_roles`` by every change of a role. ``roles`` are the user ids
    in each; ``gone`` and ``asked_for`` the user ids, with workspaces, of who left and who was asked for.
    ``denials`` say why somebody may not use a role, ``asked_denial`` who was asked about, and
    ``refuse_denial`` is raised by asking.
    ``sent_first`` are the messages of all sends as they were before any edit. A send to a channel in
    ``held`` does not return until its event is set.
    """

    capabilities: Capabilities = ROOM
    platform: str = PLATFORM
    posted: list[Posted] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    refuse_channel: dict[str, DeliveryError] = field(default_factory=dict)
    refuse_edits: list[DeliveryError] = field(default_factory=list)
    refuse_direct: DeliveryError | None = None
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    by_key: dict[str, MessageRef] = field(default_factory=dict)
    sent_first: list[Message] = field(default_factory=list)
    refuse_roles: DeliveryError | None = None
    refuse_people: dict[str, DeliveryError] = field(default_factory=dict)
    managed_by: tuple[str, ...] = ()
    refuse_managers: DeliveryError | None = None
    roles: dict[str, set[str]] = field(default_factory=dict)
    role_changes: int = 0
    gone: set[tuple[str, str]] = field(default_factory=set)
    asked_for: list[tuple[str, str]] = field(default_factory=list)
    refuse_presence: DeliveryError | None = None
    denials: dict[tuple[str, str], Denial] = field(default_factory=dict)
    asked_denial: list[tuple[str, str, Purpose]] = field(default_factory=list)
    refuse_denial: DeliveryError | None = None
    letters: int = 0
    sends: int = 0
    app: Milepost | None = None
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _events: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def start(self, app: Milepost) -> None:
        self.app = app

    async def stop(self) -> None:
        self.app = None

    async def send(
        self, channel: ChannelRef, message: Message, key: str, *, again: bool = False
    ) -> MessageRef:
        self.sends += 1
        if channel.id in self.held:
            await self.held[channel.id].wait()
        if self.refusals:
            raise self.refusals.pop(0)
        if channel.id in self.refuse_channel:
            raise self.refuse_channel[channel.id]
        if key not in self.by_key:
            self.sent_first.append(message)
            self.by_key[key] = self.add(channel, message).ref
        return self.by_key[key]

    async def edit(self, ref: MessageRef, message: Message) -> None:
        if self.refuse_edits:
            raise self.refuse_edits.pop(0)
        found = self.find(ref)
        if found is None:
            raise Gone("no such message")
        _require_signed(message)
        found.message, found.edits = message, found.edits + 1

    async def direct(self, user: UserRef, message: Message, key: str) -> MessageRef:
        self.letters += 1
        if error := self.refuse_direct or self.refuse_people.get(user.id):
            raise error
        channel = ChannelRef(self.platform, user.workspace, f"@{user.id}", direct=True)
        if key not in self.by_key:
            self.by_key[key] = self.add(channel, message, only=user.id).ref
        return self.by_key[key]

    async def grant_role(self, channel: ChannelRef, user: UserRef, role: str) -> None:
        self._change_role().setdefault(role, set()).add(user.id)

    async def revoke_role(self, channel: ChannelRef, user: UserRef, role: str) -> None:
        self._change_role().setdefault(role, set()).discard(user.id)

    def _change_role(self) -> dict[str, set[str]]:
        self.role_changes += 1
        if self.refuse_roles:
            raise self.refuse_roles
        return self.roles

    async def denial(
        self, channel: ChannelRef, user: UserRef, role: str, purpose: Purpose
    ) -> Denial | None:
        self.asked_denial.append((user.id, role, purpose))
        if self.refuse_denial:
            raise self.refuse_denial
        return self.denials.get((user.id, role))

    async def is_there(self, user: UserRef, workspace: str) -> bool:
        self.asked_for.append((user.id, workspace))
        if self.refuse_presence:
            raise self.refuse_presence
        return (user.id, workspace) not in self.gone

    async def managers(self, channel: ChannelRef) -> tuple[UserRef, ...]:
        if self.refuse_managers:
            raise self.refuse_managers
        return tuple(UserRef(self.platform, channel.workspace, name) for name in self.managed_by)

    def event_id(self) -> str:
        """An id for the next event, which no restart uses again."""
        return f"event-{next(self._events)}"

    def add(self, channel: ChannelRef, message: Message, only: str | None = None) -> Posted:
        _require_signed(message)
        posted = Posted(MessageRef(channel, str(next(self._ids))), message, only)
        self.posted.append(posted)
        return posted

    def find(self, ref: MessageRef) -> Posted | None:
        return next((p for p in self.posted if p.ref == ref), None)


def is_signed(action: str) -> bool:
    """Tell whether a signature stands behind the id, be it right or wrong."""
    return action.count("|") > 2


def _require_signed(message: Message) -> None:
    """Whatever the core shows can be acted on: an id that left it unsigned would do nothing."""
    for item in items_of(message):
        assert isinstance(item, Link) or is_signed(item.action), item


def words(message: Message) -> str:
    """Everything that a message shows, as plain text with a line for each block."""
    lines = []
    for block in message.blocks:
        match block:
            case Heading(text) | Footnote(text) | Text(text) | Code(text, _):
                lines.append(text)
            case Facts(pairs):
                lines += [f"{label}: {value}" for label, value in pairs]
            case Picture(_, alt):
                lines.append(alt)
            case Actions(items):
                lines += [f"[{_label(item)}]" for item in items]
            case _:
                pass
    return with_moments("\n".join(lines).replace("\\", ""), _in_its_zone)


def _in_its_zone(moment: Moment) -> str:
    """An instant in the zone that it was written with, which everybody here lives in."""
    return moment.words.rpartition(" (")[0]


def markdown(message: Message) -> str:
    """The Markdown of a message as it stands, escapes included."""
    return "\n".join(block.markdown for block in message.blocks if isinstance(block, Text))


def items_of(message: Message) -> list[Button | Link | Select]:
    """Everything in a message that can be pressed."""
    return [item for block in message.blocks if isinstance(block, Actions) for item in block.items]


def _label(item: Button | Link | Select) -> str:
    return item.placeholder if isinstance(item, Select) else item.label


async def put_empty_database(path: Path) -> None:
    """A migrated file where there is none: migrating one for each test would take most of the time."""
    if path.exists():  # noqa: ASYNC240 - nothing else runs yet
        return
    if not _empty_databases:
        await (await open_database(f"sqlite:///{path}")).close()
        _empty_databases.append(path.read_bytes())  # noqa: ASYNC240
    path.write_bytes(_empty_databases[0])  # noqa: ASYNC240
