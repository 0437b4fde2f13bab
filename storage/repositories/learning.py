"""Answers, activity, and the caches made from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import cast

import sqlalchemy as sa

from bot.domain.model import (
    ANSWERED_BY,
    Activity,
    ActivityKind,
    Answer,
    AskedPost,
    Met,
    PostKind,
    TopicTally,
)
from bot.domain.questions import Response
from storage.batch import Repository
from storage.columns import TEXT
from storage.portable import KEYS, key_as
from storage.regrade_tables import regrade
from storage.statements import (
    AnyRow,
    Query,
    Values,
    among,
    append,
    columns,
    count_up,
    given,
    keys,
    overwrite,
    query,
)
from storage.tables import (
    WAS_ASKED,
    absence,
    activity,
    membership,
    practice_question,
    streak_state,
    tally,
    topic_tally,
)
from storage.tables import answer as answers
from storage.tables import post as posts

_ANSWER_COLUMNS = columns(
    answers,
    "event_id member_id group_id post_id practice_id pack topic question_id question_rev "
    "response score correct points happened_at local_date zone",
)
_ACTIVITY_COLUMNS = columns(activity, "member_id group_id kind key points happened_at local_date zone")


_TO_POST = query(sa.select(answers.c.id, *_ANSWER_COLUMNS).where(given(answers, "post_id", "member_id")))
_TO_PRACTICE = query(sa.select(answers.c.id, *_ANSWER_COLUMNS).where(given(answers, "practice_id")))
_REGRADES = query(
    sa.select(*columns(regrade, "score points_gained now_correct")).where(given(regrade, "answer_id"))
)
_ACT = query(sa.select(activity.c.member_id).where(given(activity, "key", "member_id")))
_ADD_ANSWER = append(answers)
_COUNT_TOPIC = count_up(topic_tally, sums=("seen", "correct"), latest=("last_at",))
_ADD_ACTIVITY = append(activity)
_COUNT = count_up(tally, sums=("points", "answers", "correct"))
_FIRST_ANSWER = (
    sa.select(sa.func.min(activity.c.happened_at))
    .where(
        activity.c.member_id == membership.c.member_id,
        activity.c.key.in_(
            [
                sa.literal(f"{word}:") + sa.cast(posts.c.id, TEXT)
                for words in ANSWERED_BY.values()
                for word in words
            ]
        ),
    )
    .correlate(posts, membership)
    .scalar_subquery()
)
_WAS_AWAY = (
    sa.exists()
    .where(
        absence.c.member_id == membership.c.member_id,
        absence.c.group_id == membership.c.group_id,
        posts.c.sent_at >= absence.c.left_at,
        posts.c.sent_at < absence.c.back_at,
    )
    .correlate(posts, membership)
)
_ASKED = query(
    sa.select(
        *columns(posts, "id group_id kind local_date sent_at closes_at"),
        membership.c.joined_at,
        _FIRST_ANSWER,
    )
    .join_from(membership, posts, posts.c.group_id == membership.c.group_id)
    .where(
        given(membership, "member_id"),
        posts.c.local_date >= sa.bindparam("first"),
        posts.c.sent_at.is_not(None),
        sa.text(WAS_ASKED),
        sa.or_(membership.c.left_at.is_(None), posts.c.sent_at < membership.c.left_at),
        sa.not_(_WAS_AWAY),
        # What closed before its time asked something of those alone who had answered by then.
        sa.or_(posts.c.ending.is_(None), _FIRST_ANSWER.is_not(None)),
    )
    .order_by(posts.c.sent_at, posts.c.id)
)
_PUT_STREAK = overwrite(streak_state)
_FORGET_STREAKS = sa.delete(streak_state)
_STREAK = query(sa.select(streak_state.c.state).where(given(streak_state, "member_id")))
_ACTIVITIES = query(
    sa.select(*_ACTIVITY_COLUMNS)
    .where(given(activity, "member_id"))
    .order_by(activity.c.happened_at, activity.c.id)
)
_LAST_ACT = query(
    sa.select(activity.c.happened_at)
    .where(given(activity, "member_id"))
    .order_by(activity.c.local_date.desc(), activity.c.happened_at.desc())
    .limit(1)
)
_ACTIVE_DAYS = query(
    sa.select(activity.c.local_date, sa.func.count())
    .where(given(activity, "member_id"), activity.c.local_date >= sa.bindparam("first"))
    .group_by(activity.c.local_date)
)
_DISTRIBUTION = query(
    sa.select(answers.c.response, sa.func.count())
    .where(given(answers, "post_id"))
    .group_by(answers.c.response)
)
_COUNT_ANSWERS = query(sa.select(sa.func.count()).select_from(answers).where(given(answers, "post_id")))
_COUNT_ACTS = query(sa.select(sa.func.count()).select_from(activity).where(given(activity, "key")))
_TOPICS = query(
    sa.select(topic_tally.c.topic, topic_tally.c.seen, topic_tally.c.correct, topic_tally.c.last_at)
    .where(given(topic_tally, "member_id", "pack"))
    .order_by(topic_tally.c.topic)
)
_TOPICS_IN = query(
    sa.select(
        answers.c.topic,
        sa.func.count(),
        sa.func.sum(answers.c.correct, type_=sa.Integer) + sa.func.count(regrade.c.answer_id),
        sa.func.max(answers.c.happened_at),
    )
    # An answer becomes right once at most, so that it stays one row.
    .select_from(
        among(answers, answers.c.group_id).outerjoin(
            regrade,
            sa.and_(regrade.c.answer_id == answers.c.id, regrade.c.now_correct == sa.literal_column("1")),
        )
    )
    .where(given(answers, "member_id", "pack"))
    .group_by(answers.c.topic)
    .order_by(answers.c.topic)
)
_ELSEWHERE = query(
    sa.select(activity.c.id)
    .where(
        given(activity, "member_id"),
        sa.or_(
            activity.c.group_id.is_(None),
            activity.c.group_id.not_in(sa.select(key_as(activity.c.group_id.type)).select_from(KEYS)),
        ),
    )
    .limit(1)
)
_ANSWERED = query(
    sa.select(answers.c.question_id, sa.func.count())
    .where(given(answers, "member_id", "pack"), answers.c.post_id.is_not(None))
    .group_by(answers.c.question_id)
)
_PRACTISED = query(
    sa.select(practice_question.c.question_id, sa.func.count(), sa.func.max(practice_question.c.id))
    .where(given(practice_question, "member_id", "pack"))
    .group_by(practice_question.c.question_id)
)


def _activity(row: AnyRow) -> Activity:
    member_id, group_id, kind, *rest = row
    return Activity(member_id, group_id, ActivityKind(kind), *rest)


class LearningRepository(Repository):
    """Implements ``bot.ports.learning.Learning``.

    What a verdict is made from is remembered when it is written.
    """

    async def answer_to_post(self, post_id: int, member_id: int) -> Answer | None:
        """Return what the member answered, as it counts by now; None when they have not."""
        if (known := self._session.recall(answers, (post_id, member_id))) is not None:
            return cast("Answer", known)
        row = await self._session.row(_TO_POST, {"post_id": post_id, "member_id": member_id})
        return None if row is None else await self._as_it_counts(row)

    async def answer_to_practice(self, practice_id: int) -> Answer | None:
        """Return what the member answered, as it counts by now; None when they have not."""
        row = await self._session.row(_TO_PRACTICE, {"practice_id": practice_id})
        return None if row is None else await self._as_it_counts(row)

    def add_answer(self, answer: Answer) -> None:
        """Append, and count it in the topic tally.

        Raises Conflict at the commit when the member has answered this before.
        """
        correct = int(answer.correct)
        self._session.stage(
            _ADD_ANSWER,
            {
                "event_id": answer.event_id,
                "member_id": answer.member_id,
                "group_id": answer.group_id,
                "post_id": answer.post_id,
                "practice_id": answer.practice_id,
                "pack": answer.pack,
                "topic": answer.topic,
                "question_id": answer.question_id,
                "question_rev": answer.question_rev,
                "response": answer.response,
                "score": answer.score,
                "correct": answer.correct,
                "points": answer.points,
                "happened_at": answer.happened_at,
                "local_date": answer.local_date,
                "zone": answer.zone,
            },
        )
        self._session.remember(answers, (answer.post_id, answer.member_id), answer)
        self._session.stage(
            _COUNT_TOPIC,
            {
                "member_id": answer.member_id,
                "pack": answer.pack,
                "topic": answer.topic,
                "seen": 1,
                "correct": correct,
                "last_at": answer.happened_at,
            },
        )

    async def has_activity(self, member_id: int, *keys: str) -> bool:
        """Tell whether one of these acts was counted before."""
        if any(self._session.recall(activity, (member_id, key)) for key in keys):
            return True
        asked = [self._session.rows(_ACT, {"key": key, "member_id": member_id}) for key in keys]
        return any([await rows for rows in asked])

    def add_activity(self, row: Activity, periods: Sequence[str], *, correct: bool | None = None) -> None:
        """Append, and count it in the group's tallies of these periods (in none without a group).

        ``correct`` is None for an act that is no answer. A period is a name without spaces. Raises
        Conflict at the commit when this act was counted before.
        """
        values: Values = {
            "member_id": row.member_id,
            "group_id": row.group_id,
            "kind": row.kind.value,
            "key": row.key,
            "points": row.points,
            "correct": correct,
            "periods": " ".join(periods),
            "happened_at": row.happened_at,
            "local_date": row.local_date,
            "zone": row.zone,
        }
        self._session.stage(_ADD_ACTIVITY, values)
        self._session.remember(activity, (row.member_id, row.key), value=True)
        if row.group_id is not None:
            for period in periods:
                self._count(row, period, correct=correct)

    async def asked(self, member_id: int, first: dt.date) -> tuple[AskedPost, ...]:
        """Questions and prompts posted in groups of theirs for ``first`` and later dates, oldest first."""
        rows = await self._session.rows(_ASKED, {"member_id": member_id, "first": first})
        return tuple(
            AskedPost(post_id, group_id, PostKind(kind), *rest) for post_id, group_id, kind, *rest in rows
        )

    async def activities(self, member_id: int) -> tuple[Activity, ...]:
        """All, oldest first."""
        rows = await self._session.rows(_ACTIVITIES, {"member_id": member_id})
        return tuple(map(_activity, rows))

    async def last_act_at(self, member_id: int) -> dt.datetime | None:
        """When the member last did something that counts; None when they never did."""
        row = await self._session.row(_LAST_ACT, {"member_id": member_id})
        return None if row is None else row[0]

    async def active_days(self, member_id: int, first: dt.date) -> Mapping[dt.date, int]:
        """Acts a local date, from ``first`` on; days without one are absent."""
        rows = await self._session.rows(_ACTIVE_DAYS, {"member_id": member_id, "first": first})
        return dict(tuple(row) for row in rows)

    async def streak_state(self, member_id: int) -> str | None:
        """The cached state, as the streak module wrote it; None when it never did."""
        if (known := self._session.recall(streak_state, member_id)) is not None:
            return str(known)
        row = await self._session.row(_STREAK, {"member_id": member_id})
        return None if row is None else row[0]

    def put_streak_state(self, member_id: int, state: str) -> None:
        """Overwrite it."""
        self._session.stage(_PUT_STREAK, {"member_id": member_id, "state": state})
        self._session.remember(streak_state, member_id, state)

    async def forget_streak_states(self) -> None:
        """Drop all of them: each is made anew from the facts when it is needed."""
        await self._session.now(_FORGET_STREAKS, streak_state, {})

    async def distribution(self, post_id: int) -> Mapping[Response, int]:
        """Count the answers to a post by what was responded."""
        rows = await self._session.rows(_DISTRIBUTION, {"post_id": post_id})
        return dict(tuple(row) for row in rows)

    async def count_answers(self, post_id: int) -> int:
        """Count the members who have answered a post."""
        return await self._number(_COUNT_ANSWERS, {"post_id": post_id})

    async def count_acts(self, post_id: int, kind: str) -> int:
        """Count the acts with the key ``<kind>:<post id>``."""
        return await self._number(_COUNT_ACTS, {"key": f"{kind}:{post_id}"})

    async def topic_tallies(self, member_id: int, pack: str) -> Mapping[str, TopicTally]:
        """By topic id; topics without an answer are absent."""
        rows = await self._session.rows(_TOPICS, {"member_id": member_id, "pack": pack})
        return {row[0]: TopicTally(*row) for row in rows}

    async def topic_tallies_in(
        self, member_id: int, pack: str, group_ids: Collection[int]
    ) -> Mapping[str, TopicTally]:
        """Like ``topic_tallies``, of answers in these groups alone."""
        of = {"member_id": member_id, "pack": pack, **keys(group_ids)}
        return {row[0]: TopicTally(*row) for row in await self._session.rows(_TOPICS_IN, of)}

    async def acted_elsewhere(self, member_id: int, group_ids: Collection[int]) -> bool:
        """Tell whether any act of the member was in no group, or in another one than these."""
        of = {"member_id": member_id, **keys(group_ids)}
        return await self._session.row(_ELSEWHERE, of) is not None

    async def questions_met(self, member_id: int, pack: str) -> Mapping[str, Met]:
        """Count by question how often the member met it; those never met are absent."""
        of = {"member_id": member_id, "pack": pack}
        met = {question: Met(times) for question, times in await self._session.rows(_ANSWERED, of)}
        for question, times, last in await self._session.rows(_PRACTISED, of):
            met[question] = Met(times + (met[question].times if question in met else 0), last)
        return met

    async def _as_it_counts(self, row: AnyRow) -> Answer:
        """Return an answer with what corrected keys have added to it."""
        answer_id, *fields = row
        answer = Answer(*fields)
        for score, points, right in await self._session.rows(_REGRADES, {"answer_id": answer_id}):
            answer = replace(
                answer,
                score=max(answer.score, score),
                points=answer.points + points,
                correct=answer.correct or right,
            )
        return answer

    async def _number(self, wanted: Query, parameters: Values) -> int:
        ((number,),) = await self._session.rows(wanted, parameters)
        return int(number)

    def _count(self, row: Activity, period: str, *, correct: bool | None) -> None:
        self._session.stage(
            _COUNT,
            {
                "group_id": row.group_id,
                "period": period,
                "member_id": row.member_id,
                "points": row.points,
                "answers": int(correct is not None),
                "correct": int(correct is True),
            },
        )
