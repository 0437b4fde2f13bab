"""Suggestions for an option that is being typed."""

from __future__ import annotations

from functools import partial
from itertools import islice

from bot.chat.messages import Choice
from bot.domain.model import Group
from bot.domain.refs import ChannelRef
from bot.library import Library
from bot.ports import Database, UnitOfWork, UseCase
from bot.routing import Completer, Completion

MAX_SUGGESTIONS = 25


async def suggested(
    completer: Completer, database: Database, library: Library, typed: str, channel: ChannelRef
) -> tuple[Choice, ...]:
    """Return at most 25 of what the completer offers in this place. Raises what the database raises."""
    pack = await database.read(_pack_of(channel))
    place = partial(database.read, _groups_of(channel))
    offered = await completer(Completion(library, pack, typed, place))
    return tuple(islice(offered, MAX_SUGGESTIONS))


def _groups_of(channel: ChannelRef) -> UseCase[tuple[Group, ...]]:
    async def groups_of_the_place(unit: UnitOfWork) -> tuple[Group, ...]:
        return await unit.groups.of_workspace(channel.platform, channel.workspace)

    return groups_of_the_place


def _pack_of(channel: ChannelRef) -> UseCase[str | None]:
    async def pack_of_the_place(unit: UnitOfWork) -> str | None:
        group = await unit.groups.find(channel)
        return group.pack if group else None

    return pack_of_the_place
