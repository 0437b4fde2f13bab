"""What an organiser must hear of: written down with the failure, told later, tried again.

The list of what is still to be told is one note, since it is nearly always empty.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import asdict, dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

from bot.border.adapter import DeliveryError, Transient
from bot.border.clock import Clock
from bot.delivery.crew import Crew
from bot.delivery.keys import notice_key, reward_key
from bot.delivery.platforms import Platforms, fault_of_ours, pause_before_retry
from bot.domain.records import Group, Post
from bot.ports import Database, UnitOfWork
from bot.settings import Settings
from bot.views.common import notice
from bot.views.group import TITLES

log = logging.getLogger(__name__)

UNTOLD = "untold"
"""The name of the note."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One sentence that a group's organiser has not been told yet; ``at`` is the next try."""

    group_id: int
    key: str
    sentence: str
    at: str = ""
    tries: int = 0

    def waits_until(self) -> dt.datetime:
        """In UTC; long past before the first try."""
        return dt.datetime.fromisoformat(self.at) if self.at else dt.datetime.min.replace(tzinfo=dt.UTC)


async def owe_failure(unit: UnitOfWork, group: Group, post: Post) -> None:
    """A post is given up. Of scheduled ones the organiser hears once a group and local day."""
    why = post.fault.rstrip(".")
    title = TITLES[post.kind].lower()
    if post.schedule_id is None:
        sentence = (
            f"The {title} that you asked for could not be posted: {why}. "
            "Mend that and ask again with /study post-now."
        )
    elif await _first_of_the_day(unit, post):
        sentence = (
            f"The {title} of {post.local_date:%a %d %b} could not be posted: {why}. "
            "Mend that and post one with /study post-now."
        )
    else:
        return
    await _owe(unit, Owed(group.id, await notice_key(unit, post), sentence))


async def owe_pause(unit: UnitOfWork, group: Group, post: Post, refusals: int) -> None:
    """This failure has paused the group."""
    await _first_of_the_day(unit, post)
    sentence = (
        f"I paused the study group because posting was refused {refusals} "
        f"times: {post.fault}. Mend it and go on with /study resume."
    )
    await _owe(unit, Owed(group.id, await notice_key(unit, post), sentence))


async def owe_reward(unit: UnitOfWork, group: Group, why: str, now: dt.datetime) -> None:
    """A badge could not be given or taken back. The organiser hears of it once a local day of the group."""
    day = now.astimezone(ZoneInfo(group.zone)).date()
    if not await _first_on(unit, f"told-reward-{group.id}", day):
        return
    sentence = (
        f"I could not change who is in the role or group of people that a streak earns: {why.rstrip('.')}. "
        "Let me manage it, such as by putting my own role above it, and use /study reward again."
    )
    await _owe(unit, Owed(group.id, await reward_key(unit, group, day), sentence))


class Messenger:
    """Tells organisers what they are owed. ``due`` says whether it is time to look."""

    def __init__(
        self, database: Database, settings: Settings, platforms: Platforms, clock: Clock, crew: Crew
    ) -> None:
        self._database = database
        self._settings = settings
        self._platforms = platforms
        self._clock = clock
        self._crew = crew
        self._next: dt.datetime | None = clock.now()

    @property
    def due(self) -> bool:
        """True also at the start: what was owed when the process ended is on the list."""
        return self._next is not None and self._next <= self._clock.now()

    def look_soon(self) -> None:
        """There may be something new on the list."""
        self._next = self._clock.now()

    async def tell(self) -> None:
        """Try everything whose time has come."""
        now = self._clock.now()
        everything = await self._database.read(_with_groups)
        here = [(group, owed) for group, owed in everything if self._runs_here(group)]
        self._next = min((o.waits_until() for _, o in here if o.waits_until() > now), default=None)
        await self._crew.each(
            {owed.key: partial(self._try, group, owed) for group, owed in here if owed.waits_until() <= now}
        )

    def _runs_here(self, group: Group) -> bool:
        return group.channel.platform in self._platforms.names

    async def _try(self, group: Group, owed: Owed) -> None:
        try:
            adapter = self._platforms.of(group)
            await self._platforms.in_time(adapter.direct(group.organiser, notice(owed.sentence), owed.key))
        except Transient as error:
            await self._later(owed, error)
            return
        except DeliveryError as error:
            log.warning("the organiser of group %s could not be told: %s", group.id, error)
        except Exception as error:
            log.exception("the organiser of group %s could not be told", group.id)
            await self._later(owed, fault_of_ours(error))
            return
        await self._database.run(lambda unit: _change(unit, owed.key, None))

    async def _later(self, owed: Owed, error: Transient) -> None:
        """Try again, or stop trying."""
        tries = owed.tries + 1
        if tries >= self._settings.send_attempts:
            log.warning("the organiser of group %s could not be told: %s", owed.group_id, error)
            await self._database.run(lambda unit: _change(unit, owed.key, None))
            return
        at = self._clock.now() + pause_before_retry(error, tries)
        again = replace(owed, tries=tries, at=at.isoformat())
        await self._database.run(lambda unit: _change(unit, owed.key, again))
        self._next = at if self._next is None else min(at, self._next)


async def _first_of_the_day(unit: UnitOfWork, post: Post) -> bool:
    """Whether the organiser has heard of no other scheduled post of this date; now they have."""
    return await _first_on(unit, f"told-{post.group_id}", post.local_date)


async def _first_on(unit: UnitOfWork, name: str, day: dt.date) -> bool:
    if await unit.notes.get(name) == day.isoformat():
        return False
    await unit.notes.put(name, day.isoformat())
    return True


async def _owe(unit: UnitOfWork, owed: Owed) -> None:
    await _write(unit, [*await _read(unit), owed])


async def _change(unit: UnitOfWork, key: str, new: Owed | None) -> None:
    """Put ``new`` in the place of what has this key; None takes it off the list."""
    kept = [owed for owed in await _read(unit) if owed.key != key]
    await _write(unit, [*kept, new] if new else kept)


async def _read(unit: UnitOfWork) -> list[Owed]:
    return [Owed(**values) for values in json.loads(await unit.notes.get(UNTOLD) or "[]")]


async def _write(unit: UnitOfWork, owed: list[Owed]) -> None:
    await unit.notes.put(UNTOLD, json.dumps([asdict(each) for each in owed]))


async def _with_groups(unit: UnitOfWork) -> list[tuple[Group, Owed]]:
    return [(await unit.groups.get(owed.group_id), owed) for owed in await _read(unit)]
