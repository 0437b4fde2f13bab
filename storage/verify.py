"""Findings of ``milepost db verify``: is the database whole, does every cache agree with the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from bot.domain.deliveries import DeliveryKind
from bot.domain.regrading import gain
from bot.domain.scoring import period_keys
from bot.errors import BadValue
from bot.ports import UnitOfWork, UseCase
from storage.batch import Batch, Session
from storage.columns import INT, UNREADABLE
from storage.database import SqlDatabase
from storage.engine import is_sqlite, place, plain_errors
from storage.outbox_tables import delivery
from storage.regrade_tables import regrade
from storage.server_shape import what_is_foreign
from storage.shape import shown
from storage.statements import query
from storage.tables import (
    activity,
    answer,
    post,
    schedule,
    settlement,
    streak_state,
    study_group,
    tally,
    topic_tally,
)
from storage.unit_of_work import Unit
from storage.wholeness import what_is_broken

K = TypeVar("K")
T = TypeVar("T")

StreakOf = Callable[[int, UnitOfWork], Awaitable[str]]
Counts = tuple[int, int, int]
Board = tuple[int, str, int]

_BATCH = 100
_LONGEST_REASON = 300


class Run(Protocol):
    """Runs a use case that only reads."""

    async def __call__(self, use_case: UseCase[T]) -> T:
        """Return what the use case returns."""
        ...


_TALLIES = query(sa.select(tally))
_ACTS = query(
    sa.select(
        activity.c.group_id,
        activity.c.periods,
        activity.c.member_id,
        sa.cast(sa.func.sum(activity.c.points), INT),
        sa.func.count(activity.c.correct),
        sa.cast(sa.func.coalesce(sa.func.sum(activity.c.correct), 0), INT),
    )
    .where(activity.c.group_id.is_not(None), activity.c.member_id.is_not(None))
    .group_by(activity.c.group_id, activity.c.periods, activity.c.member_id)
)
_SETTLED = query(
    sa.select(
        settlement.c.group_id,
        settlement.c.day,
        activity.c.member_id,
        sa.cast(sa.func.sum(activity.c.points), INT),
        sa.func.count(activity.c.correct),
        sa.cast(sa.func.coalesce(sa.func.sum(activity.c.correct), 0), INT),
    )
    .join_from(settlement, activity, activity.c.key == "post:" + sa.cast(settlement.c.post_id, sa.Text))
    .where(activity.c.periods == sa.literal_column("''"), activity.c.member_id.is_not(None))
    .group_by(settlement.c.group_id, settlement.c.day, activity.c.member_id)
)
_SETTLED_GAINS = query(
    sa.select(
        settlement.c.group_id,
        settlement.c.day,
        answer.c.member_id,
        sa.cast(sa.func.sum(regrade.c.points_gained), INT),
        sa.literal_column("0"),
        sa.cast(sa.func.sum(regrade.c.now_correct), INT),
    )
    .join_from(settlement, answer, answer.c.post_id == settlement.c.post_id)
    .join(regrade, regrade.c.answer_id == answer.c.id)
    .where(answer.c.member_id.is_not(None))
    .group_by(settlement.c.group_id, settlement.c.day, answer.c.member_id)
)
_TOPICS = query(sa.select(topic_tally))
_ANSWERS = query(
    sa.select(
        answer.c.member_id,
        answer.c.pack,
        answer.c.topic,
        sa.func.count(),
        sa.cast(sa.func.sum(answer.c.correct) + sa.func.count(regrade.c.answer_id), INT),
        sa.func.max(answer.c.happened_at),
    )
    .outerjoin_from(
        answer,
        regrade,
        sa.and_(regrade.c.answer_id == answer.c.id, regrade.c.now_correct == sa.literal_column("1")),
    )
    .where(answer.c.member_id.is_not(None))
    .group_by(answer.c.member_id, answer.c.pack, answer.c.topic)
)
_STREAKS = query(
    sa.select(streak_state.c.member_id, streak_state.c.state)
    .where(streak_state.c.member_id > sa.bindparam("after"))
    .order_by(streak_state.c.member_id)
    .limit(_BATCH)
)


_IS_ON = sa.and_(sa.text("enabled = 1"), study_group.c.paused_at.is_(None))
_AT_ODDS = query(
    sa.select(schedule.c.id, schedule.c.group_id, schedule.c.next_due_at)
    .join_from(schedule, study_group)
    .where(schedule.c.next_due_at.is_not(None) != _IS_ON)
    .order_by(schedule.c.id)
)


_MISGRADED = query(
    sa.select(answer.c.id, answer.c.score, answer.c.correct)
    .where(sa.text("correct <> CASE WHEN score >= 1 THEN 1 ELSE 0 END"))
    .order_by(answer.c.id)
)


_REGRADES = query(
    sa.select(
        regrade.c.answer_id,
        regrade.c.number,
        answer.c.post_id,
        answer.c.score.label("first_score"),
        regrade.c.score,
        regrade.c.points_gained,
        regrade.c.now_correct,
    )
    .join_from(regrade, answer, answer.c.id == regrade.c.answer_id)
    .order_by(regrade.c.answer_id, regrade.c.number)
)


_UNOWED = query(
    sa.select(post.c.id, post.c.group_id)
    .where(
        sa.text("state = 'planned'"),
        ~sa.exists().where(
            delivery.c.kind == sa.literal_column(f"'{DeliveryKind.POST}'"),
            delivery.c.subject == sa.cast(post.c.id, sa.Text()),
        ),
    )
    .order_by(post.c.id)
)


async def verify(database: SqlDatabase, streak_of: StreakOf | None = None) -> tuple[str, ...]:
    """A sentence for each thing that is wrong; empty when all is well. Changes nothing.

    ``streak_of`` replays a member's streak from the facts; without it the streaks are not checked. What
    is damaged is not recounted. On a server one state of it is looked at, and others write meanwhile.
    Raises StorageError when it cannot be read at all.
    """
    if not is_sqlite(database.engine) and (findings := await what_is_foreign(database.engine)):
        return findings
    async with _looking(database) as run:
        findings = await run(_check_whole)
        if findings:
            return findings
        findings = await _recounted(run)
        if streak_of is None:
            return findings
        return findings + await _check_streaks(run, streak_of)


@asynccontextmanager
async def _looking(database: SqlDatabase) -> AsyncIterator[Run]:
    """Open a runner for the check: the one connection of a file, or one lock-free snapshot on a server."""
    if is_sqlite(database.engine):
        yield database.run
        return
    where = place(database.engine)
    with plain_errors(where):
        async with database.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

            async def run(use_case: UseCase[T]) -> T:
                batch = Batch(connection, where)
                unit = Unit(Session(batch, in_turn=True, writes=False))
                return (await batch.run(use_case(unit)))[0]

            yield run


async def _check_whole(unit: UnitOfWork) -> tuple[str, ...]:
    return await what_is_broken(_session(unit))


async def _recounted(run: Run) -> tuple[str, ...]:
    """Tell what one recount cannot read, and go on with the others."""
    findings: list[str] = []
    for recount in _RECOUNTS:
        try:
            findings += await run(recount)
        except BadValue as error:
            findings.append(str(error))
    return tuple(findings)


async def _recount_boards(unit: UnitOfWork) -> tuple[str, ...]:
    session = _session(unit)
    settled = [(group_id, period_keys(day), *rest) for group_id, day, *rest in await session.rows(_SETTLED)]
    gains = [
        (group_id, period_keys(day), *rest) for group_id, day, *rest in await session.rows(_SETTLED_GAINS)
    ]
    written = [(group_id, periods.split(), *rest) for group_id, periods, *rest in await session.rows(_ACTS)]
    boards = _boards((*written, *settled, *gains))
    stored_boards = {(row[0], row[1], row[2]): tuple(row[3:]) for row in await session.rows(_TALLIES)}
    return tuple(_differences("tally (group, period, member)", stored_boards, boards))


async def _recount_topics(unit: UnitOfWork) -> tuple[str, ...]:
    session = _session(unit)
    topics = {tuple(row[:3]): tuple(row[3:]) for row in await session.rows(_ANSWERS)}
    stored_topics = {tuple(row[:3]): tuple(row[3:]) for row in await session.rows(_TOPICS)}
    return tuple(_differences("topic_tally (member, pack, topic)", stored_topics, topics))


async def _look_at_grades(unit: UnitOfWork) -> tuple[str, ...]:
    rows = await _session(unit).rows(_MISGRADED)
    return tuple(
        f"answer {number}: score {score:g}, and correct is {right}" for number, score, right in rows
    )


async def _look_at_regrades(unit: UnitOfWork) -> tuple[str, ...]:
    """Tell what each regrade must have added, and whether none is missing in between."""
    findings = []
    best: dict[int, tuple[int, float]] = {}
    for answer_id, number, post_id, first, score, *stored in await _session(unit).rows(_REGRADES):
        before, earlier = best.get(answer_id, (0, first))
        right = [*gain(earlier, score, in_post=post_id is not None)]
        if stored != right or number != before + 1:
            findings.append(
                f"regrade {number} of answer {answer_id}: stored {stored}, the facts say {right}"
            )
        best[answer_id] = number, max(earlier, score)
    return tuple(findings)


async def _look_at_schedules(unit: UnitOfWork) -> tuple[str, ...]:
    return tuple(_at_odds(*row) for row in await _session(unit).rows(_AT_ODDS))


async def _look_at_posts(unit: UnitOfWork) -> tuple[str, ...]:
    rows = await _session(unit).rows(_UNOWED)
    return tuple(f"post {number} of group {of} is planned, and is never sent" for number, of in rows)


_RECOUNTS = (
    _recount_boards,
    _recount_topics,
    _look_at_schedules,
    _look_at_posts,
    _look_at_grades,
    _look_at_regrades,
)


def _at_odds(schedule_id: int, group_id: int, due: object) -> str:
    what = "is due, and is off or paused" if due else "is on, and is never due"
    return f"schedule {schedule_id} of group {group_id} {what}"


def _boards(rows: Iterable[tuple[Any, ...]]) -> dict[Board, Counts]:
    """The tallies that these sums of acts make: (group, periods, member, points, answers, right ones)."""
    points: Counter[Board] = Counter()
    answers: Counter[Board] = Counter()
    correct: Counter[Board] = Counter()
    for group_id, periods, member_id, *counts in rows:
        for period in periods:
            board = (group_id, period, member_id)
            for counter, count in zip((points, answers, correct), counts, strict=True):
                counter[board] += count
    return {board: (points[board], answers[board], correct[board]) for board in points}


def _differences(name: str, stored: Mapping[K, object], facts: Mapping[K, object]) -> Iterator[str]:
    for key in dict.fromkeys((*facts, *stored)):
        if stored.get(key) != facts.get(key):
            yield f"{name} {key}: stored {stored.get(key)}, the facts say {facts.get(key)}"


async def _check_streaks(run: Run, streak_of: StreakOf) -> tuple[str, ...]:
    """A batch at a time, so that a running bot gets its turns in between."""
    findings: list[str] = []
    after: int | None = 0
    while after is not None:
        after, found = await run(partial(_check_some_streaks, streak_of, after))
        findings += found
    return tuple(findings)


async def _check_some_streaks(
    streak_of: StreakOf, after: int, unit: UnitOfWork
) -> tuple[int | None, list[str]]:
    """The last member of the batch, None when it was empty, and what is wrong in it."""
    rows = await _session(unit).rows(_STREAKS, {"after": after})
    found = []
    for member_id, stored in rows:
        try:
            right = await streak_of(member_id, unit)
        except (BadValue, *UNREADABLE) as error:  # one member's facts keep nobody else's from being checked
            why = f"{type(error).__name__}: {shown(str(error), _LONGEST_REASON)}"
            found.append(f"streak_state of member {member_id}: the facts can't be counted ({why})")
            continue
        if stored != right:
            found.append(f"streak_state of member {member_id}: stored {stored}, the facts say {right}")
    return (rows[-1][0] if rows else None), found


def _session(unit: UnitOfWork) -> Session:
    assert isinstance(unit, Unit), "a SqlDatabase hands out no other"
    return unit.session
