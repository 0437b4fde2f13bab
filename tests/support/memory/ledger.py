"""The post ledger."""

from dataclasses import dataclass, replace

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.model import Post, PostKind, PostState, posted_content
from tests.support.memory import groups, outbox, rewards
from tests.support.memory.outbox import Outbox
from tests.support.memory.state import EPOCH, kept, next_id, place_of

REMEMBERED = 500


@dataclass(frozen=True)
class Entry:
    """A post, and from when on its message may be edited."""

    post: Post
    edit_at: object = EPOCH
    channel: object = None
    """Channel of the message; None for the group's."""


class Posts:
    """Implements ``bot.ports.posts.Posts``."""

    def __init__(self, work):
        self._work = work

    async def get(self, post_id):
        entry = self._work.seen.posts.get(post_id)
        return entry and entry.post

    async def find_slot(self, group_id, kind, slot):
        return self._in_slot(group_id, kind, slot)

    async def by_message(self, message):
        wanted = (place_of(message.channel), message.id)
        with_message = [post for post in self._all() if post.message]
        found = [
            post for post in with_message if (place_of(post.message.channel), post.message.id) == wanted
        ]
        return found[-1] if found else None

    async def add(self, post):
        return self._take_slot(post)

    def plan(self, post):
        self._take_slot(post)

    async def save(self, post):
        posts = self._work.own.posts
        if old := posts.get(post.id):
            saved = replace(
                old.post,
                state=post.state,
                attempted_at=post.attempted_at,
                message=self._message(post, old.channel),
                sent_at=post.sent_at,
                closes_at=post.closes_at,
                fault=post.fault,
                detail=post.detail,
                ending=post.ending,
            )
            posts[post.id] = replace(old, post=kept(saved))

    def replan(self, post):
        posts = self._work.own.posts
        if (old := posts.get(post.id)) and old.post.state is PostState.MISSED:
            posts[post.id] = replace(old, post=kept(post))
            self._owe(posts[post.id].post)

    def sending(self, post_id, at, shape):
        posts = self._work.own.posts
        if entry := posts.get(post_id):
            asked = replace(entry.post, attempted_at=kept(at), shape=shape)
            posts[post_id] = replace(entry, post=asked)

    def note_fault(self, post_id, fault, detail=""):
        posts = self._work.own.posts
        if entry := posts.get(post_id):
            posts[post_id] = replace(entry, post=replace(entry.post, fault=fault, detail=detail))

    def note_channel(self, post_id, channel_id):
        posts = self._work.own.posts
        if entry := posts.get(post_id):
            message = self._message(entry.post, channel_id)
            posts[post_id] = replace(entry, post=replace(entry.post, message=message), channel=channel_id)

    async def was_in(self, group_id, channel_id):
        entries = self._work.seen.posts.values()
        of = [each for each in entries if each.post.group_id == group_id and each.post.message]
        return channel_id in {each.channel for each in of}

    def note_closing(self, post_id, closes_at):
        posts = self._work.own.posts
        if entry := posts.get(post_id):
            posts[post_id] = replace(entry, post=replace(entry.post, closes_at=closes_at))

    async def mention(self, post, on):
        posts = self._work.own.posts
        if any((e.post.group_id, e.post.mentions_on) == (post.group_id, on) for e in posts.values()):
            return False
        posts[post.id] = replace(posts[post.id], post=replace(posts[post.id].post, mentions_on=on))
        return True

    def take_mention_back(self, post_id):
        posts = self._work.own.posts
        if entry := posts.get(post_id):
            posts[post_id] = replace(entry, post=replace(entry.post, mentions_on=None))

    async def mark_changed(self, post_id):
        own = self._work.own
        if (entry := own.posts.get(post_id)) is None:
            return
        outbox, kind, subject = Outbox(self._work), DeliveryKind.EDIT, str(post_id)
        channel = own.groups[entry.post.group_id].channel
        if (kind, subject) in own.deliveries:
            outbox.revise(kind, subject)
        else:
            place = (channel.platform, channel.workspace, subject)
            outbox.enqueue(Delivery(kind, *place, entry.edit_at))

    def edited(self, post_id, again_at):
        own = self._work.own
        if entry := own.posts.get(post_id):
            own.posts[post_id] = replace(entry, edit_at=kept(again_at))
        if owed := own.deliveries.get((DeliveryKind.EDIT, str(post_id))):
            own.deliveries[owed.kind, owed.subject] = replace(owed, due_at=kept(again_at))

    async def closing(self, now, limit):
        return tuple(sorted(_over(self._work.seen, now), key=lambda post: post.closes_at))[:limit]

    async def work_waits(self, now):
        seen = self._work.seen
        return bool(
            any(each.next_due_at and each.next_due_at <= now for each in seen.schedules.values())
            or groups.ending(seen, now)
            or _over(seen, now)
            or rewards.due(seen, now)
            or any(outbox.due(seen, kind, now) for kind in DeliveryKind)
        )

    async def open_of(self, group_id, kind):
        return next((post for post in self._newest(group_id, kind) if post.state is PostState.SENT), None)

    async def open_of_each(self, group_id, kinds):
        return tuple([await self.open_of(group_id, kind) for kind in kinds])

    async def history(self, group_id, kind, limit):
        return tuple(self._newest(group_id, kind)[:limit])

    async def newest_of(self, group_id, kind, content_id):
        posted = (
            post
            for post in self._newest(group_id, kind)
            if post.state in (PostState.SENT, PostState.CLOSED)
        )
        return next((post for post in posted if post.content_id == content_id), None)

    async def on_dates(self, group_id, dates):
        of = [post for post in self._all() if post.group_id == group_id and post.local_date in dates]
        return tuple(sorted(of, key=lambda post: (post.due_at, post.id), reverse=True))

    async def last_date(self, group_id, kind):
        taken = [post for post in self._newest(group_id, kind) if post.schedule_id is not None]
        return max((post.local_date for post in taken), default=None)

    async def served(self, group_id, kind):
        return tuple(
            posted_content(post.topic, post.content_id, post.state, post.due_at, post.closes_at)
            for post in self._newest(group_id, kind)[:REMEMBERED]
        )

    async def waiting_questions(self, group_ids):
        quizzes = self._waiting_quizzes()
        return frozenset((post.group_id, post.content_id) for post in quizzes if post.group_id in group_ids)

    async def asking(self, question_ids):
        return frozenset(p.group_id for p in self._waiting_quizzes() if p.content_id in question_ids)

    async def asked_anywhere(self):
        found = sorted(self._waiting_quizzes(), key=lambda post: post.group_id, reverse=True)
        return {post.content_id: post.group_id for post in found}

    def _waiting_quizzes(self):
        waiting = (PostState.PLANNED, PostState.SENT)
        return [post for post in self._all() if post.kind is PostKind.QUIZ and post.state in waiting]

    def _all(self):
        return [entry.post for entry in self._work.seen.posts.values()]

    def _newest(self, group_id, kind):
        of = [post for post in self._all() if (post.group_id, post.kind) == (group_id, kind)]
        return sorted(of, key=lambda post: (post.due_at, post.id), reverse=True)

    def _in_slot(self, *slot):
        found = (post for post in self._all() if (post.group_id, post.kind, post.slot) == slot)
        return next(found, None)

    def _take_slot(self, post):
        self._work.must_exist(groups=post.group_id, schedules=post.schedule_id)
        if self._in_slot(post.group_id, post.kind, post.slot):
            return None
        posts = self._work.own.posts
        new = kept(replace(post, id=next_id(posts), message=self._message(post)))
        posts[new.id] = Entry(new)
        self._owe(new)
        return new

    def _owe(self, post):
        own, kind, subject = self._work.own, DeliveryKind.POST, str(post.id)
        if post.state is PostState.PLANNED and (kind, subject) not in own.deliveries:
            channel = own.groups[post.group_id].channel
            place = (channel.platform, channel.workspace, subject)
            waits = post.group_id if post.schedule_id is not None else None
            Outbox(self._work).enqueue(Delivery(kind, *place, post.due_at, group_id=waits))

    def _message(self, post, channel_id=None):
        """A message is in its group's channel, however that was named, or in one that the group left."""
        channel = self._work.seen.groups[post.group_id].channel
        if channel_id is not None:
            channel = replace(channel, id=channel_id)
        return post.message and replace(post.message, channel=channel)


def _over(state, now):
    """Sent posts that are to be closed."""
    sent = [entry.post for entry in state.posts.values() if entry.post.state is PostState.SENT]
    return [post for post in sent if post.closes_at and post.closes_at <= now]
