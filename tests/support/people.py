"""People who use Milepost in a test: ``await ana.uses("/quiz"); await ana.presses("B")``.

The whole app runs on a real SQLite file, or on the database in memory (``tests.support.memory.choice``);
the platform is a room in memory, which has the playground's capabilities. Time stands still unless a test
moves it.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from bot.allowance import Allowance
from bot.chat import (
    ActionInvoked,
    Button,
    ChannelRef,
    Choice,
    CommandInvoked,
    Denial,
    Form,
    FormErrors,
    FormSubmitted,
    HomeOpened,
    Interaction,
    OpenForm,
    Origin,
    Replace,
    Reply,
    ReplyReceived,
    Select,
    Send,
    SendDirect,
    UserRef,
    Visibility,
)
from bot.library import Library
from bot.ports import UnitOfWork, UseCase
from bot.services.streaks import state_from_facts
from milepost.bootstrap import Application, build, open_chosen
from milepost.settings import ProgramSettings
from storage import verify
from tests.support.memory import MemoryDatabase, choice
from tests.support.questions import key_letter, question_in, shipped_library
from tests.support.room import (
    MONDAY,
    PLATFORM,
    FakeClock,
    Posted,
    Room,
    is_signed,
    items_of,
    markdown,
    put_empty_database,
    words,
)

__all__ = [
    "MONDAY",
    "PLATFORM",
    "FakeClock",
    "Person",
    "Posted",
    "Room",
    "World",
    "items_of",
    "key_letter",
    "markdown",
    "question_in",
    "shipped_library",
    "words",
    "world_at",
]

T = TypeVar("T")
K = TypeVar("K")


@dataclass(repr=False)  # asyncio shows what a fixture returned, and a library is long
class World:
    """One Milepost, its room and its clock; ``restart`` is what a crash leaves."""

    folder: Path
    clock: FakeClock
    room: Room
    settings: ProgramSettings
    library: Library
    application: Application

    def person(
        self, name: str, *, organiser: bool = False, channel: str = "study", workspace: str = "w",
        zone: str | None = None, direct: bool = False,
    ) -> Person:  # fmt: skip
        user = UserRef(self.room.platform, workspace, name.lower())
        place = f"@{user.id}" if direct else channel
        here = ChannelRef(self.room.platform, workspace, place, direct)
        return Person(self, name, user, here, organiser, zone)

    async def founds(
        self,
        channel: str = "study",
        zone: str = "Europe/Berlin",
        time: str = "09:30",
        days: str = "mon-fri",
        workspace: str = "w",
    ) -> Person:
        """A study group in the channel; returns Olga, who set it up."""
        olga = self.person("Olga", organiser=True, channel=channel, workspace=workspace)
        await olga.uses("/study setup", pack="backend-python", zone=zone, time=time, days=days)
        assert olga.sees("The study group is set up"), olga.shown()
        return olga

    def signed(self, action: str) -> str:
        """The action id as Milepost shows it, unless it was shown so already."""
        return action if is_signed(action) else self.application.signer.signed(action)

    async def run_once(self) -> None:
        await self.application.scheduler.run_once()

    async def passes(self, **parts: float) -> None:
        """Let time pass with a pass of the scheduler at the end of it."""
        self.clock.advance(**parts)
        await self.run_once()

    async def days_pass(self, days: int) -> None:
        """Let days pass one by one, a pass of the scheduler in each."""
        for _ in range(days):
            await self.passes(days=1)

    async def slots_pass(self, **parts: float) -> None:
        """Let time pass with a pass of the scheduler at each instant at which something is due."""
        end = self.clock.now() + dt.timedelta(**parts)
        while (due := await self.application.scheduler.next_due_at()) and due <= end:
            self.clock.set(max(due, self.clock.now()))
            await self.run_once()
        self.clock.set(end)
        await self.run_once()

    def channel_posts(self, channel: str = "study", *, about: str = "") -> list[Posted]:
        """Public posts in the channel with ``about`` in their summary, oldest first."""
        public = [p for p in self.room.posted if p.only is None and p.ref.channel.id == channel]
        return [p for p in public if about in p.message.summary]

    def newest(self, about: str, channel: str = "study") -> Posted:
        """The newest post of a kind: ``newest("Question of the day")``."""
        return self.channel_posts(channel, about=about)[-1]

    async def run(self, use_case: UseCase[T]) -> T:
        """A look at the database, or a hand in it."""
        return await self.application.database.run(use_case)

    def dump(self) -> str:
        """Every row of the database."""
        if isinstance(self.application.database, MemoryDatabase):
            return self.application.database.dump()
        with closing(sqlite3.connect(self.folder / "milepost.db")) as database:
            return "\n".join(database.iterdump())

    async def problems(self) -> tuple[str, ...]:
        """Problems that ``milepost db verify`` would report, from comparing every cache with the facts."""

        async def streak_of(member_id: int, unit: UnitOfWork) -> str:
            member = await unit.members.get(member_id)
            return (await state_from_facts(unit, member, self.settings, self.clock.now())).to_json()

        if isinstance(self.application.database, MemoryDatabase):
            return await self.application.database.problems(streak_of)
        return await verify(self.application.database, streak_of)


@dataclass(repr=False)
class Person:
    """Somebody in a channel who remembers the last thing that Milepost showed them.

    ``clicks_at`` is when they click, where that is not now: the event arrives late.
    """

    world: World
    name: str
    user: UserRef
    channel: ChannelRef
    is_admin: bool
    zone: str | None = None
    form: Form | None = None
    errors: dict[str, str] = field(default_factory=dict)
    last: Posted | None = None
    reply: Reply | None = None
    did: Interaction | None = None
    clicks_at: dt.datetime | None = None
    cannot_post_reason: str = ""

    async def uses(
        self,
        typed: str,
        *,
        names: Mapping[str, str] | None = None,
        invalid_options: Mapping[str, str] | None = None,
        denials: Mapping[str, Denial] | None = None,
        channels: Mapping[str, ChannelRef] | None = None,
        **options: str,
    ) -> None:
        """Type a command, options as keywords: ``uses("/study schedule", kind="quiz")``.

        ``names``, ``invalid_options``, ``channels`` and ``denials`` are what the platform adds about
        options.
        """
        name = typed.removeprefix("/")
        used = CommandInvoked(
            self._origin(), name, options, names or {}, invalid_options or {}, channels or {}, denials or {}
        )
        await self._do(used)

    async def types(self, line: str) -> None:
        """Type a command with its options in their order, the last one taking all that is left."""
        typed = line.removeprefix("/")
        known = self.world.application.app.commands_for(self.world.room.capabilities)
        commands = [c for c in known if f"{typed} ".startswith(f"{c.name} ")]
        if not commands:
            await self._do(CommandInvoked(self._origin(), typed.split()[0]))
            return
        command = max(commands, key=lambda command: len(command.name))
        given = typed.removeprefix(command.name).split(maxsplit=max(len(command.options) - 1, 0))
        options = {option.name: text for option, text in zip(command.options, given, strict=False)}
        await self._do(CommandInvoked(self._origin(), command.name, options))

    async def presses(self, label: str, *, on: Posted | None = None) -> None:
        """Press a button on the newest message that has it, or on a given one."""
        message, button = self._button(label, on)
        assert button.enabled, f"{label} is disabled"
        await self._do(ActionInvoked(self._origin(message), button.action))

    async def answers(self, posted: Posted, *, right: bool = True) -> None:
        """Press the letter of the right option of a question, or of a wrong one."""
        await self.presses(key_letter(self.world, posted, right=right), on=posted)

    async def is_delivered_again(self) -> None:
        """The platform sends the person's last act a second time, with the same id."""
        assert self.did, f"{self.name} has done nothing yet"
        await self._do(self.did)

    async def chooses(self, label: str) -> None:
        """Choose an entry of a menu on the newest message that has it."""
        for posted, item in self._items(Select):
            for option in item.options:
                if label in option.label:
                    await self._do(ActionInvoked(self._origin(posted), item.action, (option.value,)))
                    return
        raise AssertionError(f"{self.name} sees no menu with {label!r}")

    async def sends(self, **values: str) -> None:
        """Hand in the form that is open, changing these fields."""
        assert self.form, f"{self.name} has no form open"
        filled = {f.name: f.value for f in self.form.fields} | values
        await self._do(FormSubmitted(self._origin(), self.form.action, filled))

    async def replies(self, text: str, *, to: Posted) -> None:
        """Write under a post."""
        await self._do(ReplyReceived(self._origin(to), text))

    async def opens_home(self) -> None:
        """Open the member's own page, on a platform that has one."""
        await self._do(HomeOpened(self._origin()))

    async def acts(self, action: str, *choice: str, on: Posted | None = None) -> None:
        """Send an action id that Milepost has signed, as a button of long ago or of elsewhere would."""
        await self.forges(self.world.signed(action), *choice, on=on)

    async def forges(self, action: str, *choice: str, on: Posted | None = None) -> None:
        """Send an action id as it is."""
        await self._do(ActionInvoked(self._origin(on), action, choice))

    async def forges_form(self, action: str, *, on: Posted | None = None, **values: str) -> None:
        """Hand in a form that nobody opened, with its id as it is."""
        await self._do(FormSubmitted(self._origin(on), action, values))

    async def completes(self, command: str, option: str, typed: str) -> tuple[Choice, ...]:
        return await self.world.application.app.complete(command, option, typed, self.channel, self.user)

    def sees(self, text: str) -> bool:
        """Tell if the newest thing shown to this person contains the text."""
        return text in self.shown()

    def shown(self) -> str:
        """The newest thing that was shown to this person, as plain text."""
        if self.errors:
            return "\n".join(self.errors.values())
        if self.form:
            return "\n".join([self.form.title, *(f"{f.label}: {f.value}" for f in self.form.fields)])
        return words(self.last.message) if self.last else ""

    def _seen(self) -> list[Posted]:
        return [
            p
            for p in self.world.room.posted
            if p.only in (None, self.user.id)
            and p.ref.channel.id in (self.channel.id, f"@{self.user.id}")
            and p.ref.channel.workspace == self.channel.workspace
        ]

    def _items(self, kind: type[K], on: Posted | None = None) -> Iterator[tuple[Posted, K]]:
        for posted in [on] if on else reversed(self._seen()):
            for item in items_of(posted.message):
                if isinstance(item, kind):
                    yield posted, item

    def _button(self, label: str, on: Posted | None) -> tuple[Posted, Button]:
        for posted, button in self._items(Button, on):
            if button.label == label:
                return posted, button
        raise AssertionError(f"{self.name} sees no button {label!r}")

    def _origin(self, on: Posted | None = None) -> Origin:
        return Origin(
            event_id=self.world.room.event_id(),
            user=self.user,
            display_name=self.name,
            channel=self.channel,
            happened_at=self.clicks_at or self.world.clock.now(),
            message=on.ref if on else None,
            is_admin=self.is_admin,
            zone=self.zone,
            cannot_post_reason=self.cannot_post_reason,
        )

    async def _do(self, interaction: Interaction) -> None:
        room = self.world.room
        reply = await self.world.application.app.handle(interaction, room.capabilities)
        self.did, self.reply, self.form, self.errors = interaction, reply, None, {}
        match reply:
            case Send(message, visibility):
                only = self.user.id if visibility is Visibility.PRIVATE else None
                self.last = room.add(self.channel, message, only)
            case SendDirect(message):
                inbox = replace(self.channel, id=f"@{self.user.id}", direct=True)
                self.last = room.add(inbox, message, self.user.id)
            case Replace(message):
                assert interaction.origin.message
                await room.edit(interaction.origin.message, message)
                self.last = room.find(interaction.origin.message)
            case OpenForm(form):
                self.form = form
            case FormErrors(form, errors):
                self.form, self.errors = form, dict(errors)


@asynccontextmanager
async def world_at(
    folder: Path,
    *,
    clock: FakeClock | None = None,
    room: Room | None = None,
    library: Library | None = None,
    database_url: str = "",
    allowance: Allowance | None = None,
    **settings: object,
) -> AsyncIterator[World]:
    """A running Milepost on a file in ``folder``, or on a server; a second one on the same is a restart.

    Nobody may do more at one instant than people do, unless the ``allowance`` is ``unlimited()``.
    """
    chosen = ProgramSettings(database_url=database_url or f"sqlite:///{folder / 'milepost.db'}", **settings)
    clock, room, library = clock or FakeClock(), room or Room(), library or shipped_library()
    in_memory = choice.in_memory and not database_url
    if not in_memory:
        await put_empty_database(folder / "milepost.db")
    opens = choice.open_in(folder) if in_memory else open_chosen
    async with build(chosen, clock, [room], library, opens=opens, allowance=allowance) as application:
        yield World(folder, clock, room, chosen, library, application)
