"""Who is told a notice: the organiser, else another one, else who manages the place, else the channel.

The rung, and the last person on it who could not be reached, stand in the delivery, so a restart goes on
where it was, and nobody is asked twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.model import Group
from bot.domain.reasons import Rung
from bot.domain.refs import ChannelRef, UserRef
from bot.ports import Database, UnitOfWork
from bot.worker.platforms import Platforms

MOST_PEOPLE = 5
"""People on one rung who are tried, at most."""

_CHANNEL = "channel"
_RUNGS = tuple(Rung)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, or the channel when ``user`` is None. ``id`` tells them apart on their rung."""

    id: str
    channel: ChannelRef
    user: UserRef | None = None


def rung_after(rung: Rung) -> Rung | None:
    """The next one; None after the last."""
    at = _RUNGS.index(rung) + 1
    return _RUNGS[at] if at < len(_RUNGS) else None


async def next_recipient(
    database: Database, platforms: Platforms, group_id: int, rung: Rung, passed: str
) -> Recipient | None:
    """Return who is told next on a rung; None when everybody on it has been passed over.

    ``passed`` is the id of the last one who could not be told, empty at first. Raises a DeliveryError where
    the platform does not say who manages the place.
    """

    async def load(unit: UnitOfWork) -> tuple[Group, tuple[str, ...]]:
        group = await unit.groups.get(group_id)
        return group, await unit.organisers.named(group.channel.platform, group.channel.workspace)

    group, named = await database.read(load)
    if rung is Rung.CHANNEL:
        return Recipient(_CHANNEL, group.channel)
    people = await _people(platforms, group, named, rung)
    ids = [person.id for person in people[:MOST_PEOPLE]]
    after = 0
    if passed:
        after = ids.index(passed) + 1 if passed in ids else len(ids)
    return Recipient(ids[after], group.channel, people[after]) if after < len(ids) else None


async def _people(
    platforms: Platforms, group: Group, named: Sequence[str], rung: Rung
) -> Sequence[UserRef]:
    first = group.organiser
    others = [UserRef(first.platform, first.workspace, each) for each in named if each != first.id]
    if rung is Rung.ORGANISER:
        return [first] if first.id else []  # they may have been forgotten
    if rung is Rung.NAMED:
        return others
    managers = await platforms.in_time(platforms.of(group).managers(group.channel))
    return [person for person in managers if person not in (first, *others)]
