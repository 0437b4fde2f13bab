"""Who acts, and in which group: what most handlers ask first."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.model import Group, Member, Post, ZoneRow
from bot.domain.parsing import known_zone
from bot.domain.reminders import in_zone
from bot.domain.streaks import Joined, rebuild
from bot.domain.streaks.events import ZoneChanged
from bot.errors import UserError
from bot.routing import Request
from bot.services.streaks import Streak, streak_rules
from content.model import Pack

NO_GROUP = "This channel isn't a study group yet. An organiser can set one up with /study setup."
NO_GROUP_OF_YOURS = (
    "You aren't in a study group yet. Take part in a group's channel first, then this works here too."
)
FROM_BEFORE = (
    "This was posted before your data was deleted, so it no longer counts for you. The next one will."
)
NO_ZONE = "UTC"
NOBODY = 0
"""The id of somebody who is no member yet. The database gives ids from 1."""


async def member_of(request: Request) -> Member:
    """The member who acts, met now if they are new. A changed name is taken over in the channel's group.

    A new member's first zone fact is the zone of their profile, else the group's: it is where their
    streak begins, whatever becomes of either. Whose profile changes later moves with it.
    """
    origin, members = request.origin, request.unit.members
    member = await members.find(origin.user)
    profile = _profile_zone(request)
    if member is None:
        member = await members.add(origin.user, request.now)
        zone = await _first_zone(request)
        members.set_zone(ZoneRow(member.id, request.now, zone))
        _begin_streak(request, member, zone)
        return members.note_profile(member, profile) if profile else member
    return await _followed(request, member)


async def visitor_of(request: Request) -> Member:
    """Return the one who acts, for a route that only reads.

    Somebody who has never taken part is no member yet: they have the id ``NOBODY``, with which nothing is
    found, and nothing may be kept.
    """
    member = await request.unit.members.find(request.origin.user)
    if member is None:
        return Member(NOBODY, request.origin.user, request.now, await _first_zone(request))
    return await _followed(request, member)


async def is_from_before(request: Request, post: Post) -> bool:
    """Tell if the one who acts was forgotten after the post was due, and may have acted on it before.

    Only the fingerprint that forgetting leaves can tell. It isn't looked for where a member has been there
    since before the post.
    """
    member = await request.unit.members.find(request.origin.user)
    if member is not None and member.joined_at < post.due_at:
        return False
    return await request.unit.persons.forgotten_since(request.origin.user, post.due_at)


async def take_part(request: Request, group: Group, member: Member) -> None:
    """Make the member one of the group, under the name that they have there."""
    await request.unit.members.join(group.id, member.id, request.now, _name_in(request, group))


async def group_here(request: Request) -> Group | None:
    """The group of the channel, or in a direct conversation the newest group of the person."""
    group = await request.unit.groups.find(request.origin.channel)
    if group is not None or not request.origin.channel.direct:
        return group
    of = await groups_of_the_one_who_acts(request)
    return await request.unit.groups.get(of[-1]) if of else None


async def group_of(request: Request) -> Group:
    """The same. Raises UserError where there is none."""
    group = await group_here(request)
    if group is None:
        raise UserError(NO_GROUP_OF_YOURS if request.origin.channel.direct else NO_GROUP)
    return group


async def pack_here(request: Request) -> Pack:
    """The group's pack; where there is no group, the first pack that is installed."""
    group = await group_here(request)
    if group:
        return request.library.pack(group.pack)
    if not request.library.packs:
        raise UserError("No roadmap is installed yet. The operator can find out why with: milepost doctor")
    return next(iter(request.library.packs.values()))


async def groups_of_the_one_who_acts(request: Request) -> tuple[int, ...]:
    """Ids of the groups that they are of, oldest first; none for somebody who has never taken part."""
    member = await request.unit.members.find(request.origin.user)
    return await request.unit.members.groups_of(member.id) if member else ()


def _profile_zone(request: Request) -> str | None:
    return known_zone(request.origin.zone) if request.origin.zone else None


async def _first_zone(request: Request) -> str:
    group = await group_here(request)
    return _profile_zone(request) or (group.zone if group else NO_ZONE)


async def _followed(request: Request, member: Member) -> Member:
    """Take over what has changed of the one who acts; nothing is written where nothing has."""
    profile = _profile_zone(request)
    if profile and profile != member.profile_zone:
        member = await _follow_profile(request, member, profile)
    await _follow_name(request, member)
    return member


async def _follow_name(request: Request, member: Member) -> None:
    group = await request.unit.groups.find(request.origin.channel)
    if group is None:
        return
    name = _name_in(request, group)
    if name and await request.unit.members.name_in(group.id, member.id) not in (None, name):
        request.unit.members.call(group.id, member.id, name)


def _name_in(request: Request, group: Group) -> str:
    """Return what the one who acts is called in the place of a group; empty for an act in another place.

    In each place one may have another name, and that of a direct conversation may be of no place at all.
    """
    same_place = request.origin.channel.workspace == group.channel.workspace
    return request.origin.display_name if same_place else ""


async def _follow_profile(request: Request, member: Member, zone: str) -> Member:
    """Their profile has changed: they have moved. While no other zone may be theirs, it is not yet seen.

    A profile that is heard of for the first time changes nothing: they may have chosen their zone.
    """
    streak = await Streak.open(request, member)
    if member.profile_zone is not None and zone != streak.coming_zone:
        if not streak.may_change_zone:
            return member
        request.unit.members.set_zone(ZoneRow(member.id, request.now, zone))
        await streak.note(ZoneChanged(request.now, zone))
        if reminder := await request.unit.reminders.find(member.id):
            request.unit.reminders.put(in_zone(reminder, zone, request.now))
        member = replace(member, zone=zone)
    return request.unit.members.note_profile(member, zone)


def _begin_streak(request: Request, member: Member, zone: str) -> None:
    """What the facts of a new member come to is known: no need to look for them in the database."""
    rules = replace(streak_rules(request.settings), zone=zone)
    state = rebuild((Joined(member.joined_at),), rules)
    request.unit.learning.put_streak_state(member.id, state.to_json())
