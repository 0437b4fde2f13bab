"""Regrades, and the keys by which all answers have been graded."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa

from bot.domain.regrading import AnswerKey, Correction, GradedAnswer, Regrade
from bot.domain.scoring import period_keys
from storage.batch import Repository
from storage.columns import INT
from storage.portable import KEY, KEYS
from storage.regrade_tables import answer_key, regrade
from storage.statements import (
    AnyRow,
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
from storage.tables import answer as answers
from storage.tables import tally, topic_tally

_KEYS = query(
    sa.select(*columns(answer_key, "question_id rev digest recorded_at")).where(given(answer_key, "pack"))
)
_RECORD = overwrite(answer_key)
_ANSWERED = query(
    sa.select(KEY)
    .select_from(KEYS)
    .where(sa.exists().where(answers.c.question_id == KEY, given(answers, "pack")).correlate(KEYS))
)
_GRADED = columns(answers, "id member_id group_id post_id pack topic response happened_at score")
_ANSWERS = query(
    sa.select(*_GRADED)
    .where(given(answers, "pack", "question_id"), answers.c.id > sa.bindparam("after"))
    .order_by(answers.c.id)
    .limit(sa.bindparam("most"))
)
_ANSWERS_IN = query(
    sa.select(*_GRADED)
    .where(given(answers, "pack", "question_id", "group_id"), answers.c.post_id.is_not(None))
    .order_by(answers.c.id)
)
_SCORES = query(
    sa.select(regrade.c.answer_id, regrade.c.score)
    .select_from(among(regrade, regrade.c.answer_id))
    .order_by(regrade.c.answer_id, regrade.c.number)
)
_ADD = append(regrade)
_COUNT = count_up(tally, sums=("points", "answers", "correct"))
_COUNT_TOPIC = count_up(topic_tally, sums=("seen", "correct"), latest=("last_at",))
_OF_POST = query(
    sa.select(
        regrade.c.answer_id,
        sa.cast(sa.func.sum(regrade.c.points_gained), INT),
        sa.cast(sa.func.sum(regrade.c.now_correct), INT),
    )
    .join_from(regrade, answers, answers.c.id == regrade.c.answer_id)
    .where(given(answers, "post_id"))
    .group_by(regrade.c.answer_id)
)


class RegradeRepository(Repository):
    """Implements ``bot.ports.regrades.Regrades``."""

    async def keys(self, pack: str) -> Mapping[str, AnswerKey]:
        """By question id; questions that were never looked at are absent."""
        return {row[0]: AnswerKey(*row) for row in await self._session.rows(_KEYS, {"pack": pack})}

    def record(self, pack: str, keys: Iterable[AnswerKey]) -> None:
        """Insert or overwrite."""
        for each in keys:
            values: Values = {
                "pack": pack,
                "question_id": each.question_id,
                "rev": each.rev,
                "digest": each.digest,
                "recorded_at": each.recorded_at,
            }
            self._session.stage(_RECORD, values)

    async def answered(self, pack: str, question_ids: Collection[str]) -> frozenset[str]:
        """Return those of the questions that have any answer."""
        rows = await self._session.rows(_ANSWERED, {"pack": pack, **keys(sorted(question_ids))})
        return frozenset(question_id for (question_id,) in rows)

    async def answers(
        self, pack: str, question_id: str, after: int, limit: int
    ) -> tuple[GradedAnswer, ...]:
        """Return the next ones by id, in posts and in practice."""
        of: Values = {"pack": pack, "question_id": question_id, "after": after, "most": limit}
        return await self._graded(await self._session.rows(_ANSWERS, of))

    async def answers_in(self, pack: str, question_id: str, group_id: int) -> tuple[GradedAnswer, ...]:
        """Return all in the posts of a group, by id."""
        of: Values = {"pack": pack, "question_id": question_id, "group_id": group_id}
        return await self._graded(await self._session.rows(_ANSWERS_IN, of))

    def add(self, answer: GradedAnswer, regrade: Regrade, settled_on: dt.date | None) -> None:
        """Append, and count the gains in the topic tally and on the boards of ``settled_on``."""
        values: Values = {
            "answer_id": regrade.answer_id,
            "number": regrade.number,
            "question_rev": regrade.question_rev,
            "score": regrade.score,
            "points_gained": regrade.points_gained,
            "now_correct": regrade.now_correct,
            "at": regrade.at,
        }
        self._session.stage(_ADD, values)
        if answer.member_id is None:
            return  # forgotten: nothing is counted for anybody
        self._count_topic(answer, regrade)
        if settled_on is not None and answer.post_id is not None:
            self._count(answer, regrade, settled_on)

    async def of_post(self, post_id: int) -> Correction | None:
        """Count the answers to a post that have gained something; None if none was regraded."""
        rows = await self._session.rows(_OF_POST, {"post_id": post_id})
        if not rows:
            return None
        return Correction(sum(points > 0 for _, points, _ in rows), sum(right > 0 for *_, right in rows))

    async def _graded(self, rows: Sequence[AnyRow]) -> tuple[GradedAnswer, ...]:
        if not rows:
            return ()
        later: dict[int, list[float]] = defaultdict(list)
        for answer_id, score in await self._session.rows(_SCORES, keys(row[0] for row in rows)):
            later[answer_id].append(score)
        return tuple([_graded(row, later[row[0]]) for row in rows])

    def _count_topic(self, answer: GradedAnswer, regrade: Regrade) -> None:
        if regrade.now_correct:
            of: Values = {"member_id": answer.member_id, "pack": answer.pack, "topic": answer.topic}
            counts = {"seen": 0, "correct": 1, "last_at": answer.happened_at}
            self._session.stage(_COUNT_TOPIC, {**of, **counts})

    def _count(self, answer: GradedAnswer, regrade: Regrade, day: dt.date) -> None:
        counts = {"points": regrade.points_gained, "answers": 0, "correct": int(regrade.now_correct)}
        for period in period_keys(day):
            of = {"group_id": answer.group_id, "period": period, "member_id": answer.member_id}
            self._session.stage(_COUNT, {**of, **counts})


def _graded(row: AnyRow, later: Sequence[float]) -> GradedAnswer:
    number, member_id, group_id, post_id, pack, topic, response, happened_at, score = row
    return GradedAnswer(
        number, member_id, group_id, post_id, pack, topic, response, happened_at, (score, *later)
    )
