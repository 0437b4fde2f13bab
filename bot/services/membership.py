"""Members and groups of an act: who acts, and in which group. Most handlers ask this first."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.model import Group, Member, Post, ZoneChange
from bot.domain.parsing import known_zone
from bot.domain.reminders import in_zone
from bot.domain.streaks import Joined, rebuild
from bot.domain.streaks.events import ZoneChanged
from bot.errors import UserError
from bot.services.context import ActingContext
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
"""The id of a person who is no member yet. The database gives ids from 1."""


async def member_of(context: ActingContext) -> Member:
    """Return the member who acts, added if they are new; takes a changed name over in the group here."""
    member = await unnamed_member_of(context)
    await follow_name(context, member)
    return member


async def unnamed_member_of(context: ActingContext) -> Member:
    """Return the member who acts, added if they are new. Their name is left to ``follow_name``.

    A new member's first zone fact is the zone of their profile, else the group's: it is where their streak
    begins, whatever becomes of either. Whose profile changes later moves with it.
    """
    members = context.unit.members
    member = await members.find(context.origin.user)
    if member is not None:
        return await _follow_profile(context, member) if context.origin.zone else member
    member = await members.add(context.origin.user, context.now)
    zone = await _first_zone(context)
    members.set_zone(ZoneChange(member.id, context.now, zone))
    _begin_streak(context, member, zone)
    profile = _profile_zone(context)
    return members.note_profile(member, profile) if profile else member


async def visitor_of(context: ActingContext) -> Member:
    """Return the member who acts, for a route that only reads.

    A person who has never taken part is no member yet: they have the id ``NOBODY``, with which nothing is
    found, and nothing may be kept.
    """
    member = await context.unit.members.find(context.origin.user)
    if member is None:
        return Member(NOBODY, context.origin.user, context.now, await _first_zone(context))
    if context.origin.zone:
        member = await _follow_profile(context, member)
    await follow_name(context, member)
    return member


async def is_from_before(context: ActingContext, member: Member | None, post: Post) -> bool:
    """Tell if the person who acts was forgotten after the post was due, and may have acted on it before.

    Only the fingerprint that forgetting leaves can tell. It isn't looked for where they are a ``member``
    who has been there since before the post.
    """
    if member is not None and member.joined_at < post.due_at:
        return False
    return await context.unit.persons.forgotten_since(context.origin.user, post.due_at)


async def take_part(context: ActingContext, group: Group, member: Member) -> None:
    """Make the member one of the group, under the name that they have there."""
    await context.unit.members.join(group.id, member.id, context.now, _name_in(context, group))


async def group_here(context: ActingContext) -> Group | None:
    """The group of the channel, or in a direct conversation the newest group of the person."""
    group = await context.unit.groups.find(context.origin.channel)
    if group is not None or not context.origin.channel.direct:
        return group
    of = await groups_of_the_one_who_acts(context)
    return await context.unit.groups.get(of[-1]) if of else None


async def group_of(context: ActingContext) -> Group:
    """Return the group of the channel. Raises UserError if there is none.

    In a direct conversation that is the newest group of the person.
    """
    group = await group_here(context)
    if group is None:
        raise UserError(NO_GROUP_OF_YOURS if context.origin.channel.direct else NO_GROUP)
    return group


async def pack_here(context: ActingContext) -> Pack:
    """The group's pack; where there is no group, the first pack that is installed."""
    group = await group_here(context)
    if group:
        return context.library.pack(group.pack)
    if not context.library.packs:
        raise UserError("No roadmap is installed yet. The operator can find out why with: milepost doctor")
    return next(iter(context.library.packs.values()))


async def groups_of_the_one_who_acts(context: ActingContext) -> tuple[int, ...]:
    """Return the ids of the groups that the acting person is in, oldest first.

    Empty for somebody who has never taken part.
    """
    member = await context.unit.members.find(context.origin.user)
    return await context.unit.members.groups_of(member.id) if member else ()


def _profile_zone(context: ActingContext) -> str | None:
    return known_zone(context.origin.zone) if context.origin.zone else None


async def _first_zone(context: ActingContext) -> str:
    group = await group_here(context)
    return _profile_zone(context) or (group.zone if group else NO_ZONE)


async def follow_name(context: ActingContext, member: Member) -> None:
    """Take a changed name over in the channel's group; writes nothing if it has not changed."""
    group = await context.unit.groups.find(context.origin.channel)
    if group is None:
        return
    name = _name_in(context, group)
    if name and await context.unit.members.name_in(group.id, member.id) not in (None, name):
        context.unit.members.call(group.id, member.id, name)


def _name_in(context: ActingContext, group: Group) -> str:
    """Return the person's name in the place of a group; empty for an act in another place.

    In each place one may have another name, and that of a direct conversation may be of no place at all.
    """
    same_place = context.origin.channel.workspace == group.channel.workspace
    return context.origin.display_name if same_place else ""


async def _follow_profile(context: ActingContext, member: Member) -> Member:
    """Move a member whose profile names a new zone into it, if their zone came from their profile.

    A profile that is heard of for the first time changes nothing: they may have chosen their zone.
    """
    zone = _profile_zone(context)
    if not zone or zone == member.profile_zone:
        return member
    streak = await Streak.open(context, member)
    if member.profile_zone is not None and zone != streak.coming_zone:
        if not streak.may_change_zone:
            return member
        context.unit.members.set_zone(ZoneChange(member.id, context.now, zone))
        await streak.note(ZoneChanged(context.now, zone))
        if reminder := await context.unit.reminders.find(member.id):
            context.unit.reminders.put(in_zone(reminder, zone, context.now))
        member = replace(member, zone=zone)
    return context.unit.members.note_profile(member, zone)


def _begin_streak(context: ActingContext, member: Member, zone: str) -> None:
    """Write the streak state of a new member, which is known without asking the database for facts."""
    rules = replace(streak_rules(context.settings.rollover), zone=zone)
    state = rebuild((Joined(member.joined_at),), rules)
    context.unit.learning.put_streak_state(member.id, state.to_json())
