"""Points of questions that have closed, and the windows of time that recaps look back on.

Writers take turns, so the ids of acts and settlements grow in the order in which they are committed. A
window is a range of those ids, not of instants: what arrives late is in the next window, never in none.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.boards import Counted, Scored
from bot.domain.model import ActivityKind, Group, Post, PostKind, Standing
from bot.domain.scoring import LOT_SIZE, period_keys, salt_of
from storage.batch import Repository
from storage.columns import INT
from storage.regrade_tables import regrade
from storage.repositories.members import SHOWN_NAME
from storage.statements import Query, Values, Write, append, given, query, same
from storage.tables import (
    HAS_LEFT,
    IS_PRESENT,
    IS_WAITING_QUIZ,
    NEVER_CAME,
    activity,
    answer,
    member,
    membership,
    post,
    recap_window,
    settlement,
    tally,
)

WAITS = activity.c.periods == sa.literal_column("''")
"""An act that counts on no board when it is written: practice, or an answer to an open question."""

_POST = "post:"
_SETTLE = append(settlement)
_TALLY = ("group_id", "period", "member_id", "points", "answers", "correct")


def _gained(column: sa.Column[Any]) -> sa.ColumnElement[int]:
    """The sum of what a corrected key has added to the answer that an act is, while the post was open."""
    gained = (
        sa.select(sa.cast(sa.func.coalesce(sa.func.sum(column), 0), INT))
        .join_from(regrade, answer, answer.c.id == regrade.c.answer_id)
        .where(given(answer, "post_id"), answer.c.member_id == activity.c.member_id)
    )
    return gained.correlate(activity).scalar_subquery()


_settled = (
    sa.select(
        sa.bindparam("group_id", type_=tally.c.group_id.type),
        sa.bindparam("period", type_=tally.c.period.type),
        activity.c.member_id,
        activity.c.points + _gained(regrade.c.points_gained),
        sa.literal_column("1"),
        sa.type_coerce(activity.c.correct, INT) + _gained(regrade.c.now_correct),
    )
    .where(
        given(activity, "key"),
        WAITS,
        activity.c.correct.is_not(None),
        activity.c.member_id.is_not(None),
    )
    .order_by(activity.c.member_id)
)
_new_tally = insert(tally).from_select(_TALLY, _settled)
_COUNT_SETTLED = Write(
    _new_tally.on_conflict_do_update(
        index_elements=list(tally.primary_key),
        set_={name: tally.c[name] + _new_tally.excluded[name] for name in _TALLY[3:]},
    ),
    tally.name,
)
_SETTLED_ON = query(sa.select(settlement.c.day).where(given(settlement, "post_id")))
_OPEN_KEYS = sa.select(_POST + sa.cast(post.c.id, sa.Text)).where(
    given(post, "group_id"), sa.text(IS_WAITING_QUIZ)
)
_WAITING_POINTS = query(
    sa.select(sa.func.coalesce(sa.func.sum(activity.c.points), 0))
    .join_from(activity, membership, same(activity, membership, "member_id", "group_id"))
    .where(
        given(activity, "member_id"),
        activity.c.key.in_(_OPEN_KEYS),
        WAITS,
        sa.text(IS_PRESENT),
    )
)
_WAITING_GAINS = query(
    sa.select(sa.cast(sa.func.coalesce(sa.func.sum(regrade.c.points_gained), 0), INT))
    .join_from(regrade, answer, answer.c.id == regrade.c.answer_id)
    .join(post, post.c.id == answer.c.post_id)
    .where(given(answer, "member_id", "group_id"), sa.text(IS_WAITING_QUIZ))
)
_ANSWERED_OPEN = query(
    sa.select(SHOWN_NAME, sa.func.count().over())
    .join_from(activity, membership, same(activity, membership, "member_id", "group_id"))
    .join(member, member.c.id == activity.c.member_id)
    # By the keys of the open questions, not through all that the group has ever done.
    .where(
        activity.c.group_id + 0 == sa.bindparam("group_id"),
        activity.c.key.in_(_OPEN_KEYS),
        WAITS,
        sa.text(IS_PRESENT),
    )
    .group_by(membership.c.member_id, membership.c.name, member.c.hidden)
    .order_by(member.c.hidden, sa.func.max(activity.c.id).desc())
    .limit(sa.bindparam("at_most"))
)
_TIED = query(
    sa.select(sa.func.count())
    .join_from(tally, membership, same(tally, membership, "member_id", "group_id"))
    .where(given(tally, "group_id", "period", "points"), sa.text(IS_PRESENT))
)

_WINDOWS = query(
    sa.select(recap_window.c.since, recap_window.c.until)
    .where(given(recap_window, "post_id"))
    .order_by(recap_window.c.id)
)
_NEWEST = query(
    sa.select(recap_window.c.until, recap_window.c.acts_until, recap_window.c.settled_until)
    .where(given(recap_window, "group_id"))
    .order_by(recap_window.c.id.desc())
    .limit(1)
)
_LAST_ACT = query(sa.select(sa.func.coalesce(sa.func.max(activity.c.id), 0)))
_LAST_SETTLEMENT = query(sa.select(sa.func.coalesce(sa.func.max(settlement.c.id), 0)))
_ADD_WINDOW = append(recap_window)
_TAKE_OVER = (
    sa.update(recap_window)
    .where(
        recap_window.c.group_id == sa.bindparam("of_group"),
        recap_window.c.post_id.in_(
            sa.select(post.c.id).where(
                post.c.group_id == sa.bindparam("of_group"),
                post.c.kind == PostKind.RECAP.value,
                sa.text(NEVER_CAME),
            )
        ),
    )
    .values(post_id=sa.bindparam("new_post_id", type_=recap_window.c.post_id.type))
)
_acts_in_window = sa.and_(
    given(recap_window, "post_id"),
    activity.c.group_id == recap_window.c.group_id,
    activity.c.id > recap_window.c.acts_after,
    activity.c.id <= recap_window.c.acts_until,
)
_settled_in_window = sa.and_(
    given(recap_window, "post_id"),
    settlement.c.group_id == recap_window.c.group_id,
    settlement.c.id > recap_window.c.settled_after,
    settlement.c.id <= recap_window.c.settled_until,
)
_KEY_OF_SETTLED = _POST + sa.cast(settlement.c.post_id, sa.Text)
_GAINED = (
    activity.c.member_id,
    activity.c.kind,
    activity.c.key,
    activity.c.points,
    sa.case((activity.c.correct.is_not(None), 1), else_=0).label("answers"),
    sa.func.coalesce(sa.type_coerce(activity.c.correct, INT), 0).label("correct"),
)
# What a corrected key has added to answers is no answer of its own.
_REGRADED: tuple[sa.ColumnElement[Any], ...] = (
    answer.c.member_id,
    sa.literal_column(f"'{ActivityKind.ANSWER}'").label("kind"),
    _KEY_OF_SETTLED,
    regrade.c.points_gained,
    sa.literal_column("0"),
    sa.type_coerce(regrade.c.now_correct, INT),
)
_gains = (
    sa.select(*_GAINED)
    .select_from(recap_window)
    .join(activity, _acts_in_window)
    .where(sa.not_(WAITS))
    .union_all(
        sa.select(*_GAINED)
        .select_from(recap_window)
        .join(settlement, _settled_in_window)
        .join(activity, activity.c.key == _KEY_OF_SETTLED)
        .where(WAITS),
        sa.select(*_REGRADED)
        .select_from(recap_window)
        .join(settlement, _settled_in_window)
        .join(answer, answer.c.post_id == settlement.c.post_id)
        .join(regrade, regrade.c.answer_id == answer.c.id),
    )
    .subquery("gains")
)
# Those who were forgotten count together, as nobody's.
_whose = sa.func.coalesce(_gains.c.member_id, sa.literal_column("0"))
_SCORED = query(
    sa.select(
        _whose,
        sa.cast(sa.func.sum(_gains.c.points), INT),
        sa.cast(sa.func.sum(_gains.c.answers), INT),
        sa.cast(sa.func.sum(_gains.c.correct), INT),
    )
    .group_by(_whose)
    .order_by(_whose)
)
_QUESTIONS = query(
    sa.select(
        _gains.c.key,
        sa.cast(sa.func.sum(_gains.c.answers), INT),
        sa.cast(sa.func.sum(_gains.c.correct), INT),
    )
    .where(_gains.c.kind == ActivityKind.ANSWER.value)
    .group_by(_gains.c.key)
)
_ACTIVE = query(
    sa.select(sa.func.count(activity.c.member_id.distinct()))
    .select_from(recap_window)
    .join(activity, _acts_in_window)
    .join(membership, same(activity, membership, "member_id", "group_id"))
    .where(sa.text(IS_PRESENT))
)


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


class BoardRepository(Repository):
    """Implements ``bot.ports.boards.Boards``."""

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

    def settle(self, post: Post, day: dt.date) -> None:
        """Count the answers to a question in the periods of a local date. A second time is a Conflict."""
        self._session.stage(_SETTLE, {"post_id": post.id, "group_id": post.group_id, "day": day})
        for period in period_keys(day):
            of = {"group_id": post.group_id, "period": period, "key": f"{_POST}{post.id}"}
            self._session.stage(_COUNT_SETTLED, {**of, "post_id": post.id})

    async def settled_on(self, post_id: int) -> dt.date | None:
        """The local date that a question was counted on; None while it has not been."""
        row = await self._session.row(_SETTLED_ON, {"post_id": post_id})
        return None if row is None else row[0]

    async def waiting_points(self, group_id: int, member_id: int) -> int:
        """The member's points for questions of the group that have not been counted yet."""
        of = {"group_id": group_id, "member_id": member_id}
        if not (points := await self._number(_WAITING_POINTS, of)):
            return 0
        return points + await self._number(_WAITING_GAINS, of)

    async def answered_open(self, group_id: int, limit: int) -> tuple[tuple[str, ...], int]:
        """Names of members who answered a question that waits to be counted, newest first, and how many."""
        rows = await self._session.rows(_ANSWERED_OPEN, {"group_id": group_id, "at_most": limit})
        return tuple(name for name, _ in rows), rows[0][1] if rows else 0

    async def tied(self, group_id: int, period: str, points: int) -> int:
        """Count the members with exactly this number of points in a period."""
        of = {"group_id": group_id, "period": period, "points": points}
        ((number,),) = await self._session.rows(_TIED, of)
        return int(number)

    async def seal(self, post: Post, group: Group, now: dt.datetime) -> None:
        """Let a recap look back on everything written down since the window of the last one.

        It also takes over the windows of recaps that never came. A second time does nothing.
        """
        if await self._session.rows(_WINDOWS, {"post_id": post.id}):
            return
        await self._session.now(_TAKE_OVER, recap_window, {"of_group": group.id, "new_post_id": post.id})
        newest = await self._session.row(_NEWEST, {"group_id": group.id})
        since, acts, settled = newest or (group.created_at, 0, 0)
        ((last_act,),) = await self._session.rows(_LAST_ACT)
        ((last_settlement,),) = await self._session.rows(_LAST_SETTLEMENT)
        window = {
            "post_id": post.id,
            "group_id": group.id,
            "since": since,
            "until": max(now, since),
            "acts_after": acts,
            "acts_until": last_act,
            "settled_after": settled,
            "settled_until": last_settlement,
        }
        self._session.stage(_ADD_WINDOW, window)

    async def counted(self, post_id: int) -> Counted | None:
        """Return what was counted in the windows of a recap; None before they are sealed."""
        of = {"post_id": post_id}
        windows = await self._session.rows(_WINDOWS, of)
        if not windows:
            return None
        ((active,),) = await self._session.rows(_ACTIVE, of)
        scored = tuple(Scored(*row) for row in await self._session.rows(_SCORED, of))
        questions = await self._session.rows(_QUESTIONS, of)
        return Counted(
            min(since for since, _ in windows),
            max(until for _, until in windows),
            int(active),
            scored,
            tuple(sorted((int(key.removeprefix(_POST)), *numbers) for key, *numbers in questions)),
        )

    async def _own_standing(self, board: Values, member_id: int) -> Standing | None:
        row = await self._session.row(_OWN, {**board, "member_id": member_id})
        if row is None:
            return None
        who, name, points, answers, correct = row
        ahead = await self._number(_AHEAD, {**board, "points": points})
        ahead -= await self._number(_AHEAD_AND_GONE, {**board, "points": points})
        return Standing(ahead + 1, who, name, points, answers, correct)

    async def _number(self, wanted: Query, parameters: Values) -> int:
        ((number,),) = await self._session.rows(wanted, parameters)
        return int(number)
