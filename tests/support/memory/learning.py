"""Answers and activity. What the real databases cache is counted anew each time it is asked."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from bot.domain.model import ANSWERED_BY, Activity, AskedPost, Met, PostState, TopicTally
from tests.support.memory.regrades import gained
from tests.support.memory.state import kept

INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class CountedActivity:
    """Activity with the boards that it counts for; ``correct`` is None if it wasn't an answer."""

    row: Activity
    periods: tuple
    correct: bool | None


class Learning:
    """Implements ``bot.ports.learning.Learning``."""

    def __init__(self, work):
        self._work = work

    async def answer_to_post(self, post_id, member_id):
        return self._as_it_counts(("post", post_id, member_id))

    async def answer_to_practice(self, practice_id):
        return self._as_it_counts(("practice", practice_id))

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

    async def has_activity(self, member_id, *keys):
        return any((member_id, key) in self._work.seen.acts for key in keys)

    def add_activity(self, row, periods, *, correct=None):
        self._work.must_exist(members=row.member_id, groups=row.group_id)
        if (row.member_id, row.key) in self._work.own.acts:
            self._work.clash(f"The act {row.key} of member {row.member_id} has been counted before.")
        self._work.own.acts[row.member_id, row.key] = CountedActivity(kept(row), tuple(periods), correct)

    async def asked(self, member_id, first):
        seen = self._work.seen
        joined = {group: at for (who, group), at in seen.memberships.items() if who == member_id}
        posts = [entry.post for entry in seen.posts.values() if _asks(entry.post, first)]
        found = [post for post in posts if post.group_id in joined and self._was_there(member_id, post)]
        asked = [
            self._asked(member_id, post, joined[post.group_id])
            for post in sorted(found, key=lambda post: (post.sent_at, post.id))
        ]
        cut_short = {post.id for post in found if post.ending}
        return tuple(each for each in asked if each.post_id not in cut_short or each.answered_at)

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

    async def distribution(self, post_id):
        return dict(Counter(each.response for each in self._answers() if each.post_id == post_id))

    async def count_answers(self, post_id):
        return sum(each.post_id == post_id for each in self._answers())

    async def count_acts(self, post_id, kind):
        return sum(key == f"{kind}:{post_id}" for _, key in self._work.seen.acts)

    async def topic_tallies(self, member_id, pack):
        by_topic = defaultdict(list)
        for each in self._answers_of(member_id, pack):
            by_topic[each.topic].append(each)
        return {topic: _tally(topic, given) for topic, given in by_topic.items()}

    async def topic_tallies_in(self, member_id, pack, group_ids):
        by_topic = defaultdict(list)
        for each in self._answers_of(member_id, pack):
            if each.group_id in group_ids:
                by_topic[each.topic].append(each)
        return {topic: _tally(topic, given) for topic, given in by_topic.items()}

    async def acted_elsewhere(self, member_id, group_ids):
        rows = [act.row for act in self._work.seen.acts.values() if act.row.member_id == member_id]
        return any(row.group_id not in group_ids for row in rows)

    async def questions_met(self, member_id, pack):
        answers = [each for each in self._answers_of(member_id, pack) if each.post_id is not None]
        practices = [each for each in self._work.seen.practices.values() if each.member_id == member_id]
        of_pack = [each for each in practices if each.pack == pack]
        times = Counter(each.question_id for each in (*answers, *of_pack))
        last = {each.question_id: each.id for each in of_pack}
        return {question: Met(times[question], last.get(question, 0)) for question in times}

    def _answers(self):
        return [self._as_it_counts(key) for key in self._work.seen.answers]

    def _as_it_counts(self, key):
        answer = self._work.seen.answers.get(key)
        points, right = gained(self._work.seen, key)
        scores = [each.score for each in self._work.seen.regrades.get(key, ())]
        return answer and replace(
            answer,
            score=max(answer.score, *scores) if scores else answer.score,
            points=answer.points + points,
            correct=answer.correct or right,
        )

    def _answers_of(self, member_id, pack):
        return [each for each in self._answers() if (each.member_id, each.pack) == (member_id, pack)]


def _asks(post, first):
    posted = post.state in (PostState.SENT, PostState.CLOSED) and post.sent_at is not None
    return posted and post.kind in ANSWERED_BY and post.local_date >= first


def _tally(topic, answers):
    right = sum(each.correct for each in answers)
    return TopicTally(topic, len(answers), right, max(each.happened_at for each in answers))
