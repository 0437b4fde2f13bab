"""Answers and activity. What the real databases cache is counted anew each time it is asked."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

from bot.domain.model import ANSWERED_BY, Activity, AskedPost, PostState
from bot.errors import Conflict
from tests.support.memory.figures import Figures
from tests.support.memory.state import kept, next_id

INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class NewActivity:
    """What was done, the boards that it counts for, and whether it was right; None for no answer."""

    row: Activity
    periods: tuple
    correct: bool | None


class Learning(Figures):
    """Implements ``bot.ports.learning.Learning``."""

    async def answer_to_post(self, post_id, member_id):
        return self._work.seen.answers.get(("post", post_id, member_id))

    async def answer_to_practice(self, practice_id):
        return self._work.seen.answers.get(("practice", practice_id))

    def add_answer(self, answer):
        on_post, of_group = answer.post_id is not None, answer.group_id is not None
        if on_post == (answer.practice_id is not None) or (on_post and not of_group):
            self._work.clash("An answer is to a post of a group, or else to a practice question.")
        self._work.must_exist(
            members=answer.member_id,
            groups=answer.group_id,
            posts=answer.post_id,
            practices=answer.practice_id,
        )
        key = ("post", answer.post_id, answer.member_id) if on_post else ("practice", answer.practice_id)
        if key in self._work.own.answers:
            self._work.clash(f"Member {answer.member_id} has answered this before.")
        self._work.own.answers[key] = kept(answer)

    async def has_activity(self, member_id, key):
        return (member_id, key) in self._work.seen.acts

    def add_activity(self, row, periods, *, correct=None):
        self._work.must_exist(members=row.member_id, groups=row.group_id)
        if (row.member_id, row.key) in self._work.own.acts:
            self._work.clash(f"The act {row.key} of member {row.member_id} has been counted before.")
        self._work.own.acts[row.member_id, row.key] = NewActivity(kept(row), tuple(periods), correct)

    async def asked(self, member_id, first):
        seen = self._work.seen
        joined = {group: at for (who, group), at in seen.memberships.items() if who == member_id}
        posts = [entry.post for entry in seen.posts.values() if _asks(entry.post, first)]
        found = [post for post in posts if post.group_id in joined and self._was_there(member_id, post)]
        return tuple(
            self._asked(member_id, post, joined[post.group_id])
            for post in sorted(found, key=lambda post: (post.sent_at, post.id))
        )

    def _was_there(self, member_id, post):
        left, _ = self._work.seen.left.get((member_id, post.group_id), (post.sent_at + INSTANT, False))
        away = [each for each in self._work.seen.absences if each[:2] == (member_id, post.group_id)]
        return post.sent_at < left and not any(since <= post.sent_at < back for _, _, since, back in away)

    def _asked(self, member_id, post, joined_at):
        keys = [(member_id, f"{word}:{post.id}") for word in ANSWERED_BY[post.kind]]
        acts = [self._work.seen.acts[key].row for key in keys if key in self._work.seen.acts]
        first = min((act.happened_at for act in acts), default=None)
        of_post = (post.id, post.group_id, post.kind, post.local_date, post.sent_at, post.closes_at)
        return AskedPost(*of_post, joined_at, first)

    async def activities(self, member_id):
        rows = [act.row for act in self._work.seen.acts.values() if act.row.member_id == member_id]
        return tuple(sorted(rows, key=lambda row: row.happened_at))

    async def last_act_at(self, member_id):
        acts = await self.activities(member_id)
        newest = max(acts, key=lambda act: (act.local_date, act.happened_at), default=None)
        return newest and newest.happened_at

    async def active_days(self, member_id, first):
        rows = await self.activities(member_id)
        return dict(Counter(row.local_date for row in rows if row.local_date >= first))

    async def streak_state(self, member_id):
        return self._work.seen.streaks.get(member_id)

    def put_streak_state(self, member_id, state):
        self._work.must_exist(members=member_id)
        self._work.own.streaks[member_id] = state

    async def forget_streak_states(self):
        self._work.own.streaks.clear()

    async def add_practice(self, practice):
        self._work.must_exist(members=practice.member_id)
        practices = self._work.own.practices
        if await self.practice_of_event(practice.event_id):
            raise Conflict(f"The event {practice.event_id} has been given a practice question before.")
        new = kept(replace(practice, id=next_id(practices)))
        practices[new.id] = new
        return new

    async def practice_of_event(self, event_id):
        practices = self._work.seen.practices.values()
        return next((each for each in practices if each.event_id == event_id), None)

    async def practice(self, practice_id):
        return self._work.seen.practices.get(practice_id)


def _asks(post, first):
    posted = post.state in (PostState.SENT, PostState.CLOSED) and post.sent_at is not None
    return posted and post.kind in ANSWERED_BY and post.local_date >= first
