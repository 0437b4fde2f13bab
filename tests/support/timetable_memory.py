"""Database for the planner, for one group with one schedule: quick, for millions of steps.

It is stricter than a database in one thing: a slot that is taken a second time is an error here, where
the unique key of a table would hide it.
"""

import dataclasses
from bisect import insort
from types import SimpleNamespace

from bot.domain.model import PostState


class OneGroupLedger:
    """Runs use cases one after another on one unit. What a failed one wrote stays."""

    def __init__(self):
        self.groups, self.posts = _Groups(), _Posts()
        nobody = SimpleNamespace(count=_zero)
        audit = SimpleNamespace(append=_forgotten)
        outbox = _Outbox(self.groups, self.posts)
        self._unit = SimpleNamespace(
            groups=self.groups, posts=self.posts, outbox=outbox, members=nobody, audit=audit
        )

    async def run(self, use_case):
        return await use_case(self._unit)

    read = run


async def _zero(_group_id):
    return 0


def _forgotten(_entry):
    """Ignore an entry of the audit log, which is tested elsewhere."""


class _Groups:
    def __init__(self):
        self.group, self.schedule = None, None

    async def add(self, group):
        self.group = dataclasses.replace(group, id=1)
        return self.group

    async def find(self, _channel):
        return self.group

    async def get(self, _group_id):
        return self.group

    async def save(self, group):
        self.group = group

    async def learn(self, group_ids):
        pass

    async def put_schedule(self, schedule):
        self.schedule = dataclasses.replace(schedule, id=1)
        return self.schedule

    async def get_schedule(self, _schedule_id):
        return self.schedule

    async def schedules(self, _group_id):
        return (self.schedule,)

    async def due_schedules(self, now, _limit):
        due = self.schedule.next_due_at
        return (self.schedule,) if due is not None and due <= now else ()

    async def ending_pauses(self, now, _limit):
        end = self.group.resume_at
        return (self.group,) if end is not None and end <= now else ()

    async def next_due_at(self):
        instants = (self.schedule.next_due_at, self.group.resume_at)
        return min((instant for instant in instants if instant is not None), default=None)


class _Posts:
    def __init__(self):
        self._by_slot, self.waiting, self._order = {}, {}, []

    async def learn(self, group_ids):
        pass

    async def served(self, _group_id, _kind):
        return ()

    def plan(self, post):
        assert post.slot not in self._by_slot, f"{post.slot} is taken a second time"
        new = dataclasses.replace(post, id=len(self._by_slot) + 1)
        insort(self._order, (new.due_at, new.id, new.slot))
        self._put(new)

    async def save(self, post):
        self._put(post)

    def replan(self, post):
        old = self._by_slot[post.slot]
        assert old.state is PostState.MISSED, f"{post.slot} is planned a second time"
        self._order.remove((old.due_at, old.id, old.slot))
        insort(self._order, (post.due_at, post.id, post.slot))
        self._put(post)

    def note_fault(self, post_id, fault):
        post = next(post for post in self.waiting.values() if post.id == post_id)
        self._put(dataclasses.replace(post, fault=fault, detail=""))

    async def history(self, _group_id, kind, limit):
        newest = (self._by_slot[slot] for _, _, slot in self._order[: -limit - 1 : -1])
        return tuple(post for post in newest if post.kind is kind)

    async def on_dates(self, _group_id, dates):
        return tuple(post for post in self._by_slot.values() if post.local_date in dates)

    async def last_date(self, _group_id, _kind):
        return max((post.local_date for post in self._by_slot.values()), default=None)

    async def get(self, post_id):
        return next(post for post in self.waiting.values() if post.id == post_id)

    def _put(self, post):
        self._by_slot[post.slot] = post
        if post.state is PostState.PLANNED:
            self.waiting[post.slot] = post
        else:
            self.waiting.pop(post.slot, None)


class _Outbox:
    """Owes the posts that wait."""

    def __init__(self, groups, posts):
        self._groups, self._posts = groups, posts

    async def claim(self, _kind, now, _lease, _limit, _platforms):
        if self._groups.group.paused_at is not None:
            return ()
        waiting = self._posts.waiting.values()
        return tuple(SimpleNamespace(subject=post.id) for post in waiting if post.due_at <= now)

    def withdraw(self, _kind, _subject):
        """Do nothing: a missed post stops waiting when it's saved."""

    def done(self, _owed):
        """Do nothing: a sent post stops waiting when it's saved."""
