"""Learners and what they set."""

from dataclasses import replace

from bot.domain.records import Member
from tests.memory.state import kept, next_id


class Members:
    """Implements ``bot.ports.Members``."""

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
        new = kept(Member(next_id(own.members), user, joined_at))
        own.members[new.id], own.accounts[user] = new, new.id
        return new

    def note_profile(self, member, zone):
        self._change(member.id, profile_zone=zone)
        return replace(member, profile_zone=zone)

    async def join(self, group_id, member_id, at, name):
        self._work.must_exist(groups=group_id, members=member_id)
        self._work.own.memberships.setdefault((member_id, group_id), kept(at))
        self._work.own.names.setdefault((member_id, group_id), kept(name))

    async def name_in(self, group_id, member_id):
        return self._work.seen.names.get((member_id, group_id))

    async def names_in(self, group_id, member_ids):
        names = self._work.seen.names
        return {who: name for (who, of), name in names.items() if of == group_id and who in member_ids}

    def call(self, group_id, member_id, name):
        if (member_id, group_id) in self._work.own.names:
            self._work.own.names[member_id, group_id] = kept(name)

    async def groups_of(self, member_id):
        return tuple(group_id for group_id, _ in await self.joined_groups(member_id))

    async def joined_groups(self, member_id):
        joined = [
            (at, group) for (who, group), at in self._work.seen.memberships.items() if who == member_id
        ]
        return tuple((group_id, at) for at, group_id in sorted(joined))

    async def count(self, group_id):
        return sum(of == group_id for _, of in self._work.seen.memberships)

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


def _of(member_id, rows):
    return tuple(sorted((row for row in rows if row.member_id == member_id), key=lambda row: row.at))
