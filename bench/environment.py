"""A whole Milepost on a file, with a platform in memory, groups and members: shared by the figures."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from adapters.playground import CAPABILITIES
from bench.pressed import pressed_library
from bot.allowance import unlimited
from bot.chat import (
    ActionInvoked,
    Actions,
    App,
    Button,
    ChannelRef,
    CommandInvoked,
    Denial,
    Gone,
    Message,
    MessageRef,
    Origin,
    Purpose,
    Reply,
    Send,
    UserRef,
    decode,
)
from bot.domain.calendar import EVERY_DAY
from bot.domain.model import Group
from bot.ports import UnitOfWork, UseCase
from bot.services.group_setup import SetupPlan, start_group
from milepost.bootstrap import Application, build, tune_gc
from milepost.settings import ProgramSettings

PLATFORM = "bench"
PACK = "backend-python"
MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
ORGANISER = UserRef(PLATFORM, "w", "organiser")
FIRST_POSTS = MONDAY + dt.timedelta(hours=23)
"""Instant at which the first posts of a group are due."""

EDIT_EVERY = 10.0
"""Seconds between two edits of a message, as chat platforms like it (the web page has no such limit)."""


class BenchClock:
    """A clock that goes on from an instant, and jumps when it is told to."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._from = MONDAY

    def now(self) -> dt.datetime:
        """The instant in the env, in UTC."""
        return self._from + dt.timedelta(seconds=time.perf_counter() - self._began)

    def jump_to(self, instant: dt.datetime) -> None:
        """Go on from an instant."""
        self._began, self._from = time.perf_counter(), instant


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands in a channel, with the actions of its options."""

    ref: MessageRef
    actions: tuple[str, ...]


@dataclass
class Room:
    """A platform that takes everything at once and keeps of a post only its answer buttons."""

    platform: str = PLATFORM
    edits: int = 0
    sent_at: list[float] = field(default_factory=list)
    """Times at which posts came, by ``time.perf_counter``."""
    questions: dict[str, list[Question]] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    capabilities = replace(CAPABILITIES, edit_every=EDIT_EVERY)

    address = "in memory"

    async def start(self, app: App) -> None:
        """Open nothing."""

    async def stop(self) -> None:
        """Close nothing."""

    async def send(self, channel: ChannelRef, message: Message, *_: object, **__: object) -> MessageRef:
        """Take the post."""
        self.sent_at.append(time.perf_counter())
        ref = MessageRef(channel, str(next(self._ids)))
        if actions := _answers(message):
            self.questions.setdefault(channel.id, []).append(Question(ref, actions))
        return ref

    async def edit(self, ref: MessageRef, message: Message) -> None:  # noqa: ARG002
        """Count the edit."""
        self.edits += 1

    async def direct(self, user: UserRef, message: Message, key: str) -> MessageRef:  # noqa: ARG002
        """Refuse: nobody can be reached."""
        raise Gone("nobody is here")

    async def grant_role(self, channel: ChannelRef, user: UserRef, role: str) -> None:
        """Do nothing: there is no role."""

    async def revoke_role(self, channel: ChannelRef, user: UserRef, role: str) -> None:
        """Accept every role."""

    async def denial(
        self,
        channel: ChannelRef,  # noqa: ARG002
        user: UserRef,  # noqa: ARG002
        role: str,  # noqa: ARG002
        purpose: Purpose,  # noqa: ARG002
    ) -> Denial | None:
        """Return None: everybody may use every role."""
        return None

    async def is_there(self, user: UserRef, workspace: str) -> bool:  # noqa: ARG002
        """Return True: nobody leaves."""
        return True

    async def managers(self, channel: ChannelRef) -> tuple[UserRef, ...]:  # noqa: ARG002
        """Return nobody."""
        return ()


@dataclass
class BenchEnv:
    """The running parts of a Milepost, and the acts of its members."""

    settings: ProgramSettings
    application: Application
    room: Room
    clock: BenchClock
    _events: Iterator[int] = field(default_factory=itertools.count)

    async def found(self, groups: int) -> None:
        """Add groups whose posts come every day at 07:00 UTC, the first ones on Tuesday."""
        for start in range(0, groups, 100):
            await self.application.database.run(_founding(range(start, min(start + 100, groups))))

    async def post_now(self, group: int, kind: str) -> None:
        """Ask for a post as the organiser; the next pass of the scheduler sends it."""
        origin = self._origin(ORGANISER, "Organiser", _channel(group), is_admin=True)
        reply = await self.application.app.handle(
            CommandInvoked(origin, "study post-now", {"kind": kind}), CAPABILITIES
        )
        expect("Posting the", reply)

    async def answers(self, group: int, member: int, question: Question, choice: int) -> Message:
        """Press the button of an option as a member; return what they are told."""
        user = UserRef(PLATFORM, "w", f"{group}-{member}")
        origin = self._origin(user, user.id, question.ref.channel, message=question.ref)
        action = question.actions[choice % len(question.actions)]
        return _message(await self.application.app.handle(ActionInvoked(origin, action), CAPABILITIES))

    async def uses(self, name: str, user_id: str, channel_id: str, command: str) -> Message:
        """Type a command in a channel; return what the person is told."""
        user, channel = UserRef(PLATFORM, "w", user_id), ChannelRef(PLATFORM, "w", channel_id)
        origin = self._origin(user, name, channel)
        return _message(
            await self.application.app.handle(CommandInvoked(origin, command, {}), CAPABILITIES)
        )

    def questions(self, group: int) -> list[Question]:
        """Return the questions of a group, oldest first."""
        return self.room.questions.get(_channel(group).id, [])

    def _origin(
        self,
        user: UserRef,
        name: str,
        channel: ChannelRef,
        *,
        message: MessageRef | None = None,
        is_admin: bool = False,
    ) -> Origin:
        return Origin(
            event_id=f"event-{next(self._events)}",
            user=user,
            display_name=name,
            channel=channel,
            happened_at=self.clock.now(),
            message=message,
            is_admin=is_admin,
        )


@contextmanager
def folder() -> Iterator[Path]:
    """Yield an empty folder on the disk of the checkout (``/tmp`` is often memory), removed afterwards."""
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory(prefix=".run-", dir=here) as name:
        yield Path(name)


@asynccontextmanager
async def bench_env(place: Path) -> AsyncIterator[BenchEnv]:
    """Yield a Milepost on the database in this folder, with nobody in it where there was none."""
    async with bench_env_on(file_in(place)) as env:
        yield env


def file_in(place: Path) -> str:
    """Return the address of the database in this folder."""
    return f"sqlite:///{place / 'milepost.db'}"


@asynccontextmanager
async def bench_env_on(url: str) -> AsyncIterator[BenchEnv]:
    """Yield a Milepost on the database at this address, with nobody in it where it was empty.

    Everybody may be as fast as they like: what is measured is the bot's pace.
    """
    settings = ProgramSettings(_env_file=None, database_url=url, ask_again_seconds=0)
    library = pressed_library()
    room, clock = Room(), BenchClock()
    async with build(settings, clock, [room], library, allowance=unlimited()) as application:
        tune_gc()
        yield BenchEnv(settings, application, room, clock)


async def add_questions(env: BenchEnv, groups: int, quizzes: int) -> None:
    """Add groups with an open prompt and this many open questions each, sent by the post sender."""
    await env.found(groups)

    async def ask(group: int) -> None:
        for kind in ("prompt", *["quiz"] * quizzes):
            await env.post_now(group, kind)

    await asyncio.gather(*(ask(group) for group in range(groups)))
    await env.application.scheduler.run_once()


def expect(words: str, reply: Reply) -> None:
    """Raise RuntimeError unless the reply has these words: a figure of refused requests means nothing."""
    summary = _message(reply).summary
    if words not in summary:
        raise RuntimeError(f"expected {words!r}, was told: {summary}")


def _message(reply: Reply) -> Message:
    if not isinstance(reply, Send):
        raise TypeError(f"expected a message, got {type(reply).__name__}")
    return reply.message


def _answers(message: Message) -> tuple[str, ...]:
    items = (item for block in message.blocks if isinstance(block, Actions) for item in block.items)
    actions = (item.action for item in items if isinstance(item, Button))
    return tuple(action for action in actions if decode(action).route == "quiz.answer")


def _channel(group: int) -> ChannelRef:
    return ChannelRef(PLATFORM, "w", f"channel-{group}")


def _founding(numbers: range) -> UseCase[None]:
    async def found(unit: UnitOfWork) -> None:
        plan = SetupPlan(PACK, "UTC", dt.time(7), EVERY_DAY)
        for number in numbers:
            group = Group(0, _channel(number), PACK, "UTC", MONDAY, ORGANISER)
            await start_group(unit, group, plan, MONDAY)

    return found
