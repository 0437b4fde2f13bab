"""Learners and what they set."""

from dataclasses import replace

from bot.domain.absences import is_brief
from bot.domain.model import Member
from tests.support.memory.state import EPOCH, kept, next_id


class Members:
    """Implements ``bot.ports.members.Members``."""

    def __init__(self, work):
        self._work = work

    async def find(self, user):
        return self._work.seen.members.get(self._work.seen.accounts.get(user))

    async def get(self, member_id):
        return self._work.seen.members[member_id]

    async def add(self, user, joined_at):
        own = self._work.own
        if user in own.accounts:
            self._work.clash(f"The account {user.id} belongs to a member.")
        number = max(next_id(own.members), own.last_member + 1)
        new = kept(Member(number, user, joined_at))
        own.members[new.id], own.accounts[user] = new, new.id
        return new

    def note_profile(self, member, zone):
        self._change(member.id, profile_zone=zone)
        return replace(member, profile_zone=zone)

    async def join(self, group_id, member_id, at, name):
        self._work.must_exist(groups=group_id, members=member_id)
        self._work.own.memberships.setdefault((member_id, group_id), kept(at))
        self._work.own.names.setdefault((member_id, group_id), kept(name))
        if self._take_back(group_id, member_id, at) and name:
            self.call(group_id, member_id, name)

    async def leave(self, group_id, member_id, at, *, by_choice):
        if group_id in await self.groups_of(member_id):
            self._work.own.left[member_id, group_id] = (kept(at), by_choice)

    async def come_back(self, group_id, member_id, at):
        _, by_choice = self._work.seen.left.get((member_id, group_id), (None, True))
        if not by_choice:
            self._take_back(group_id, member_id, at)

    def _take_back(self, group_id, member_id, at):
        left = self._work.own.left.pop((member_id, group_id), None)
        posts = [one.post for one in self._work.seen.posts.values() if one.post.group_id == group_id]
        if left and not (
            is_brief(left[0], at)
            and not any(post.sent_at and left[0] <= post.sent_at < at for post in posts)
        ):
            self._work.own.absences.append((member_id, group_id, left[0], kept(at)))
        return left is not None

    async def look_for(self, now, before, limit, platforms):
        seen, groups = self._work.own.seen_at, self._work.seen.groups
        due = [
            (seen.get(key, EPOCH), key)
            for key, joined_at in self._work.seen.memberships.items()
            if max(joined_at, seen.get(key, EPOCH)) <= before and here(self._work.seen, *key)
        ]
        mine = [key for _, key in sorted(due) if groups[key[1]].channel.platform in platforms]
        awake = [key for key in mine if groups[key[1]].paused_at is None][:limit]
        for key in awake:
            seen[key] = kept(now)
        return tuple([(await self.get(member_id), group_id) for member_id, group_id in awake])

    async def name_in(self, group_id, member_id):
        names = self._work.seen.names
        return names.get((member_id, group_id)) if here(self._work.seen, member_id, group_id) else None

    async def names_in(self, group_id, member_ids):
        names = self._work.seen.names.items()
        found = {who: name for (who, of), name in names if of == group_id and who in member_ids}
        found = {who: shown_name(self._work.seen, who, name) for who, name in found.items()}
        return {who: name for who, name in found.items() if here(self._work.seen, who, group_id)}

    def call(self, group_id, member_id, name):
        if (member_id, group_id) in self._work.own.names:
            self._work.own.names[member_id, group_id] = kept(name)

    async def groups_of(self, member_id):
        return tuple(group_id for group_id, _ in await self.joined_groups(member_id))

    async def joined_groups(self, member_id):
        joined = [
            (at, group)
            for (who, group), at in self._work.seen.memberships.items()
            if who == member_id and here(self._work.seen, who, group)
        ]
        return tuple((group_id, at) for at, group_id in sorted(joined))

    async def count(self, group_id):
        there = self._work.seen.memberships
        return sum(of == group_id and here(self._work.seen, who, of) for who, of in there)

    def set_zone(self, row):
        self._work.must_exist(members=row.member_id)
        self._work.own.zones.append(kept(row))
        self._change(row.member_id, zone=row.zone)

    def set_rest_days(self, row):
        self._work.must_exist(members=row.member_id)
        self._work.own.rest_days.append(kept(row))
        self._change(row.member_id, rest_days=row.days)

    async def zones(self, member_id):
        return _of(member_id, self._work.seen.zones)

    async def rest_days(self, member_id):
        return _of(member_id, self._work.seen.rest_days)

    def _change(self, member_id, **changes):
        members = self._work.own.members
        if member_id in members:
            members[member_id] = kept(replace(members[member_id], **changes))


def here(state, member_id, group_id):
    """Tell if a member belongs to the group and has not left it."""
    key = (member_id, group_id)
    return key in state.memberships and key not in state.left


def shown_name(state, member_id, name):
    """Name of a member on boards: empty if they don't want to be named there."""
    return "" if state.members[member_id].hidden else name


def _of(member_id, rows):
    return tuple(sorted((row for row in rows if row.member_id == member_id), key=lambda row: row.at))
