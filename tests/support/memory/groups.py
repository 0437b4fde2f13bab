"""Study groups and their schedules."""

from dataclasses import replace

from bot.domain.model import PostKind
from bot.errors import Conflict
from tests.support.memory.state import kept, next_id, place_of


class Groups:
    """Implements ``bot.ports.groups.Groups``."""

    def __init__(self, work):
        self._work = work

    async def find(self, channel):
        groups = self._work.seen.groups.values()
        return next((each for each in groups if place_of(each.channel) == place_of(channel)), None)

    async def get(self, group_id):
        return self._work.seen.groups[group_id]

    async def add(self, group):
        if await self.find(group.channel):
            raise Conflict(f"The channel {group.channel.id} has a study group.")
        groups = self._work.own.groups
        new = kept(replace(group, id=next_id(groups)))
        groups[new.id] = new
        return new

    async def save(self, group):
        groups = self._work.own.groups
        if old := groups.get(group.id):
            fixed = {"channel": old.channel, "organiser": old.organiser, "created_at": old.created_at}
            groups[old.id] = kept(replace(group, **fixed))

    async def move(self, group):
        old, other = self._work.seen.groups[group.id], await self.find(group.channel)
        if other is not None and other.id != group.id:
            raise Conflict(f"The channel {group.channel.id} has a study group.")
        own = self._work.own
        own.groups[old.id] = kept(replace(old, channel=group.channel, organiser=group.organiser))
        if group.channel != old.channel:
            for post_id, entry in own.posts.items():
                if entry.post.group_id == old.id and entry.post.message and entry.channel is None:
                    own.posts[post_id] = replace(entry, channel=old.channel.id)

    async def organised_by(self, user):
        return tuple(each for each in await self.all() if each.organiser == user)

    async def left_by(self, member_id):
        seen = self._work.seen
        left = [(at, group) for (who, group), (at, _) in seen.left.items() if who == member_id]
        left.sort(key=lambda one: (-one[0].timestamp(), one[1]))
        return tuple(seen.groups[group_id] for _, group_id in left)

    async def schedules(self, group_id):
        found = [each for each in self._work.seen.schedules.values() if each.group_id == group_id]
        return tuple(sorted(found, key=lambda schedule: list(PostKind).index(schedule.kind)))

    async def put_schedule(self, schedule):
        self._work.must_exist(groups=schedule.group_id)
        schedules = self._work.own.schedules
        alike = [each for each in await self.schedules(schedule.group_id) if each.kind == schedule.kind]
        if any(each.id != schedule.id for each in alike):
            raise Conflict(f"The group {schedule.group_id} has a schedule for {schedule.kind}.")
        new = kept(replace(schedule, id=schedule.id or next_id(schedules)))
        if not schedule.id or schedule.id in schedules:
            schedules[new.id] = new
        return new

    async def due_schedules(self, now, limit):
        return tuple(each for each in self._in_order() if each.next_due_at <= now)[:limit]

    async def get_schedule(self, schedule_id):
        return self._work.seen.schedules[schedule_id]

    async def scheduled_after(self, schedule_id, limit):
        due = [each for each in self._in_order() if each.id > schedule_id]
        return tuple(sorted(due, key=lambda schedule: schedule.id)[:limit])

    async def ending_pauses(self, now, limit):
        return tuple(ending(self._work.seen, now))[:limit]

    async def next_due_at(self):
        groups = self._work.seen.groups.values()
        ends = [group.resume_at for group in groups if group.resume_at is not None]
        return min((*(each.next_due_at for each in self._in_order()), *ends), default=None)

    async def all(self):
        return tuple(self._work.seen.groups.values())

    async def of_workspace(self, platform, workspace):
        there = (platform, workspace)
        return tuple(
            each for each in await self.all() if (each.channel.platform, each.channel.workspace) == there
        )

    async def workspaces(self, platform):
        awake = [each.channel for each in await self.all() if each.paused_at is None]
        return frozenset(channel.workspace for channel in awake if channel.platform == platform)

    async def paused_for(self, platform, reason):
        paused = [each for each in await self.all() if each.paused_at is not None]
        wanted = (platform, reason)
        return tuple(each for each in paused if (each.channel.platform, each.pause_reason) == wanted)

    def _in_order(self):
        due = [each for each in self._work.seen.schedules.values() if each.next_due_at is not None]
        return sorted(due, key=lambda schedule: schedule.next_due_at)


def ending(state, now):
    """Groups whose pause is over, the most overdue first."""
    over = [each for each in state.groups.values() if each.resume_at is not None and each.resume_at <= now]
    return sorted(over, key=lambda group: group.resume_at)
