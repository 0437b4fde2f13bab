"""The audit log of organisers' acts: appends what a command, button or form has changed.

The group is looked at before and after, so a handler need not think of it. What leaves no trace in a group,
such as a post by hand, its handler appends itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.replies import Reply
from bot.domain.audit import AuditAction, Change, Seen, by_person, changes
from bot.ports import UnitOfWork
from bot.routing import Handler, Request
from bot.services.permissions import called, organised_groups


@dataclass(frozen=True, slots=True)
class _Look:
    """A snapshot of a place: its groups by id, and the names of its named organisers by user id."""

    groups: dict[int, Seen]
    named: dict[str, str]


async def audited(request: Request, handler: Handler) -> Reply:
    """Serve an organiser, and append what that changed, in the same transaction."""
    before = await _look(request)
    await _follow_name(request, before)
    reply = await handler(request)
    await _note(request, before)
    return reply


async def _look(request: Request) -> _Look:
    unit, here = request.unit, request.origin.channel
    if here.direct:
        groups = await organised_groups(unit, request.origin)
    else:
        groups = await unit.groups.of_workspace(here.platform, here.workspace)
    named = await unit.organisers.names(here.platform, here.workspace)
    seen = await asyncio.gather(*(_seen(unit, group.id) for group in groups))
    return _Look({each.group.id: each for each in seen}, dict(named))


async def _seen(unit: UnitOfWork, group_id: int) -> Seen:
    return Seen(await unit.groups.get(group_id), await unit.groups.schedules(group_id))


async def _follow_name(request: Request, before: _Look) -> None:
    """Take over the present name of an organiser who was named."""
    user, name, here = request.origin.user.id, request.origin.display_name, request.origin.channel
    if before.named.get(user, name) != name:
        request.unit.organisers.name(here.platform, here.workspace, user, name)


async def _note(request: Request, before: _Look) -> None:
    unit, here = request.unit, request.origin.channel
    for group_id, old in before.groups.items():
        await _append(request, await _seen(unit, group_id), old, before.named)
    new = None if here.direct else await unit.groups.find(here)
    if new and new.id not in before.groups:
        await _append(request, await _seen(unit, new.id), None, before.named)
    now = await unit.organisers.names(here.platform, here.workspace)
    for user, name in now.items():
        if user not in before.named:
            added = Change(AuditAction.ORGANISER_ADDED, about=user)
            unit.audit.append(by_person(request.origin, added, about_name=name))
    for user, name in before.named.items():
        if user not in now:
            removed = Change(AuditAction.ORGANISER_REMOVED, about=user)
            unit.audit.append(by_person(request.origin, removed, about_name=name))


async def _append(request: Request, after: Seen, before: Seen | None, named: Mapping[str, str]) -> None:
    for change in changes(before, after, request.now):
        about = named.get(change.about, "")
        if before and change.action is AuditAction.TAKEN_OVER and not about:
            about = await called(request.unit, before.group, before.group.organiser)
        request.unit.audit.append(by_person(request.origin, change, after.group, about))
