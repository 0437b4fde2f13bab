"""Counts of answers and activity: the half of learning that only reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from bot.domain.model import Met, Standing, TopicTally
from bot.domain.questions import Response
from bot.domain.scoring import LOT_SIZE, salt_of
from storage.portable import KEYS, key_as
from storage.repositories.members import SHOWN_NAME
from storage.session import Session
from storage.statements import Query, Values, among, given, keys, query, same
from storage.tables import (
    HAS_LEFT,
    IS_PRESENT,
    activity,
    answer,
    member,
    membership,
    practice_question,
    tally,
    topic_tally,
)

_DISTRIBUTION = query(
    sa.select(answer.c.response, sa.func.count())
    .where(given(answer, "post_id"))
    .group_by(answer.c.response)
)
_COUNT_ANSWERS = query(sa.select(sa.func.count()).select_from(answer).where(given(answer, "post_id")))
_COUNT_ACTS = query(sa.select(sa.func.count()).select_from(activity).where(given(activity, "key")))
_STANDINGS = (
    sa.select(tally.c.member_id, SHOWN_NAME, tally.c.points, tally.c.answers, tally.c.correct)
    .join_from(tally, membership, same(tally, membership, "member_id", "group_id"))
    .join(member, member.c.id == tally.c.member_id)
    .where(given(tally, "group_id", "period"), sa.text(IS_PRESENT))
)
_LOT = (tally.c.member_id * sa.bindparam("salt", type_=tally.c.member_id.type)) % LOT_SIZE
_BEST = query(
    _STANDINGS.order_by(tally.c.points.desc(), _LOT, tally.c.member_id).limit(sa.bindparam("most"))
)
_OWN = query(_STANDINGS.where(given(tally, "member_id")))
_AHEAD = query(
    sa.select(sa.func.count())
    .select_from(tally)
    .where(
        given(tally, "group_id", "period"),
        tally.c.points > sa.bindparam("points"),
    )
)
_AHEAD_AND_GONE = query(
    sa.select(sa.func.count())
    .join_from(membership, tally, same(tally, membership, "member_id", "group_id"))
    .where(
        given(membership, "group_id"),
        sa.text(HAS_LEFT),
        given(tally, "period"),
        tally.c.points > sa.bindparam("points"),
    )
)
_TOPICS = query(
    sa.select(topic_tally.c.topic, topic_tally.c.seen, topic_tally.c.correct, topic_tally.c.last_at)
    .where(given(topic_tally, "member_id", "pack"))
    .order_by(topic_tally.c.topic)
)
_TOPICS_IN = query(
    sa.select(
        answer.c.topic,
        sa.func.count(),
        sa.func.sum(answer.c.correct, type_=sa.Integer),
        sa.func.max(answer.c.happened_at),
    )
    .select_from(among(answer, answer.c.group_id))
    .where(given(answer, "member_id", "pack"))
    .group_by(answer.c.topic)
    .order_by(answer.c.topic)
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
    sa.select(answer.c.question_id, sa.func.count())
    .where(given(answer, "member_id", "pack"), answer.c.post_id.is_not(None))
    .group_by(answer.c.question_id)
)
_PRACTISED = query(
    sa.select(practice_question.c.question_id, sa.func.count(), sa.func.max(practice_question.c.id))
    .where(given(practice_question, "member_id", "pack"))
    .group_by(practice_question.c.question_id)
)


class Figures:
    """The counts and leaderboards of ``bot.ports.learning.Learning``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def distribution(self, post_id: int) -> Mapping[Response, int]:
        """Count the answers to a post by what was responded."""
        rows = await self._session.rows(_DISTRIBUTION, {"post_id": post_id})
        return dict(tuple(row) for row in rows)

    async def count_answers(self, post_id: int) -> int:
        """How many have answered."""
        return await self._number(_COUNT_ANSWERS, {"post_id": post_id})

    async def count_acts(self, post_id: int, kind: str) -> int:
        """How many have an act with the key ``<kind>:<post id>``."""
        return await self._number(_COUNT_ACTS, {"key": f"{kind}:{post_id}"})

    async def standings(
        self, group_id: int, period: str, limit: int, member_id: int | None
    ) -> tuple[tuple[Standing, ...], Standing | None]:
        """The best of a period, and the member's own row, None when they have none."""
        board = {"group_id": group_id, "period": period}
        rows = await self._session.rows(_BEST, {**board, "most": limit, "salt": salt_of(period)})
        best: list[Standing] = []
        for place, (who, name, points, answers, correct) in enumerate(rows, start=1):
            rank = best[-1].rank if best and best[-1].points == points else place
            best.append(Standing(rank, who, name, points, answers, correct))
        if member_id is None:
            return tuple(best), None
        own = next((row for row in best if row.member_id == member_id), None)
        return tuple(best), own or await self._own_standing(board, member_id)

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
        """How often the member met each question; those never met are absent."""
        of = {"member_id": member_id, "pack": pack}
        met = {question: Met(times) for question, times in await self._session.rows(_ANSWERED, of)}
        for question, times, last in await self._session.rows(_PRACTISED, of):
            met[question] = Met(times + (met[question].times if question in met else 0), last)
        return met

    async def _number(self, wanted: Query, parameters: Values) -> int:
        ((number,),) = await self._session.rows(wanted, parameters)
        return int(number)

    async def _own_standing(self, board: Values, member_id: int) -> Standing | None:
        row = await self._session.row(_OWN, {**board, "member_id": member_id})
        if row is None:
            return None
        who, name, points, answers, correct = row
        ahead = await self._number(_AHEAD, {**board, "points": points})
        ahead -= await self._number(_AHEAD_AND_GONE, {**board, "points": points})
        return Standing(ahead + 1, who, name, points, answers, correct)
