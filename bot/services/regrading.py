"""Corrected keys: the answers of a question are graded again when its pack has another key for it.

This is looked at after a start, and when packs were read again. All answers to a question in the posts of
one group are one unit of work, with what the group is told. So a crash between two groups loses nothing:
the key is recorded last, and what was graded by it before is left as it is.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.domain.model import Post, PostState
from bot.domain.regrading import (
    AnswerKey,
    Correction,
    GradedAnswer,
    Regrade,
    corrected,
    key_digest,
    regrade,
)
from bot.errors import is_the_databases
from bot.library import Library
from bot.ports import Database, UnitOfWork
from bot.services.notices import notify_correction
from bot.views.corrections import facts_of
from bot.views.questions import ShownQuestion
from content.model import Pack, Question

log = logging.getLogger(__name__)

PAGE = 500
"""Answers that are looked at together."""

AGAIN_FOR = dt.timedelta(days=1)
"""Time for which a recorded key is not believed: another process may have served the old one meanwhile."""


_OPEN = (PostState.PLANNED, PostState.SENT)


@dataclass(frozen=True, slots=True)
class _Affected:
    """Groups in which a question was answered, with those first whose grades stay; and if practice was."""

    groups: tuple[int, ...]
    practice: bool


_Change = tuple[AnswerKey | None, AnswerKey]
"""The key that is recorded of a question, None for none, and the one that it has now."""


async def regrade_corrected(database: Database, library: Library, now: dt.datetime) -> None:
    """Grade the answers again of each question whose key was corrected; whose it was not costs one look.

    A question that can't be graded is logged, looked at again next time, and keeps no other one waiting.
    """
    for pack in library.packs.values():
        suspects, keys = await _suspects(database, pack, now)
        for question in suspects:
            key = keys.pop(question.id)
            try:
                await _regrade(database, pack, question, key, now)
            except Exception as error:
                if is_the_databases(error):
                    raise
                log.exception("the answers to %s of %s can't be graded again", question.id, pack.info.id)
        if keys:
            await _record(database, pack, [new for _, new in keys.values()])


async def _suspects(
    database: Database, pack: Pack, now: dt.datetime
) -> tuple[list[Question], dict[str, _Change]]:
    """Return the questions whose answers must be looked at, and the keys that must be recorded."""
    recorded = await database.read(lambda unit: unit.regrades.keys(pack.info.id))
    keys: dict[str, _Change] = {}
    for questions in pack.questions.values():
        for question in questions:
            before = recorded.get(question.id)
            key = AnswerKey(question.id, question.rev, key_digest(question), now)
            if _is_new(key, before, pack):
                keys[question.id] = before, key
    if not keys:
        return [], {}
    answered = await database.read(lambda unit: unit.regrades.answered(pack.info.id, list(keys)))
    every = (question for questions in pack.questions.values() for question in questions)
    suspects = [question for question in every if question.id in answered]
    return suspects, {id_: each for id_, each in keys.items() if id_ in answered or _is_unrecorded(each)}


def _is_unrecorded(change: _Change) -> bool:
    before, key = change
    return before is None or before.digest != key.digest


def _is_new(key: AnswerKey, before: AnswerKey | None, pack: Pack) -> bool:
    """Tell whether the answers of a question may have been graded by another key than this one."""
    if before is None:
        return True
    if key.digest == before.digest:
        return key.recorded_at - before.recorded_at < AGAIN_FOR
    if key.rev < before.rev:
        log.warning(
            "%s of %s has rev %s, and its answers were graded by rev %s: they keep their grades",
            key.question_id,
            pack.info.id,
            key.rev,
            before.rev,
        )
    return key.rev >= before.rev


async def _regrade(
    database: Database, pack: Pack, question: Question, change: _Change, now: dt.datetime
) -> None:
    """Grade all answers to a question again, group by group, and record its key at the end."""
    key = change[1]
    affected = await database.read(lambda unit: _look(unit, pack, question, now))
    if affected.groups or affected.practice:
        done: list[Regrade] = []
        for group_id in affected.groups:
            done += await database.run(
                partial(_regrade_in, pack=pack, question=question, key=key, group_id=group_id, now=now)
            )
        if affected.practice:
            done += await _regrade_practice(database, pack, question, now)
        if done:
            _log(pack, change, affected, done)
    if _is_unrecorded(change):
        await _record(database, pack, [key])


def _log(pack: Pack, change: _Change, affected: _Affected, done: Sequence[Regrade]) -> None:
    before, key = change
    log.warning(
        "the key of %s in %s was corrected (rev %s to %s): %s answers have another score, %s of them are "
        "right now; %s groups were asked it",
        key.question_id,
        pack.info.id,
        before.rev if before else "unknown",
        key.rev,
        len(done),
        corrected(done).right,
        len(affected.groups),
    )


async def _record(database: Database, pack: Pack, keys: Sequence[AnswerKey]) -> None:
    async def record(unit: UnitOfWork) -> None:
        unit.regrades.record(pack.info.id, keys)

    await database.run(record)


async def _look(unit: UnitOfWork, pack: Pack, question: Question, now: dt.datetime) -> _Affected:
    """Find where a question was answered; nowhere if no answer gets another score."""
    asked: dict[int, bool] = {}
    practice = False
    after = 0
    while answers := await unit.regrades.answers(pack.info.id, question.id, after, PAGE):
        after = answers[-1].id
        for answer in answers:
            differs = regrade(question, answer, now) is not None
            if answer.post_id is None or answer.group_id is None:
                practice = practice or differs
            else:
                asked[answer.group_id] = asked.get(answer.group_id, False) or differs
    if not practice and not any(asked.values()):
        return _Affected((), practice=False)
    # A crash in between leaves an answer whose grade differs, by which the others are found again.
    return _Affected(tuple(sorted(asked, key=lambda group_id: (asked[group_id], group_id))), practice)


async def _regrade_in(
    unit: UnitOfWork, pack: Pack, question: Question, key: AnswerKey, group_id: int, now: dt.datetime
) -> list[Regrade]:
    """Grade the answers in the posts of a group again, and tell the group."""
    answers = await unit.regrades.answers_in(pack.info.id, question.id, group_id)
    done = await _add(unit, question, answers, now)
    posts = [post for post in [await unit.posts.get(each) for each in sorted(_posts(answers))] if post]
    if not posts or any(post.state in _OPEN for post in posts):
        return done  # what is told now would tell the key of a question that is open: its end will say it
    for post in posts:
        if post.state is PostState.CLOSED:
            await unit.posts.mark_changed(post.id)
    await _tell(unit, pack, question, key, posts[-1], answers, corrected(done), now)
    return done


async def _regrade_practice(
    database: Database, pack: Pack, question: Question, now: dt.datetime
) -> list[Regrade]:
    """Grade the answers in practice again, a page at a time."""
    done: list[Regrade] = []
    after: int | None = 0

    async def page(unit: UnitOfWork) -> tuple[int | None, list[Regrade]]:
        answers = await unit.regrades.answers(pack.info.id, question.id, after or 0, PAGE)
        practised = [answer for answer in answers if answer.post_id is None]
        return (answers[-1].id if answers else None), await _add(unit, question, practised, now)

    while after is not None:
        after, regrades = await database.run(page)
        done += regrades
    return done


async def _add(
    unit: UnitOfWork, question: Question, answers: Sequence[GradedAnswer], now: dt.datetime
) -> list[Regrade]:
    found = [(answer, regrade(question, answer, now)) for answer in answers]
    changed = [(answer, each) for answer, each in found if each is not None]
    settled: Mapping[int, dt.date | None] = {
        post_id: await unit.boards.settled_on(post_id) for post_id in _posts([a for a, _ in changed])
    }
    for answer, each in changed:
        unit.regrades.add(answer, each, settled[answer.post_id] if answer.post_id is not None else None)
    return [each for _, each in changed]


async def _tell(
    unit: UnitOfWork,
    pack: Pack,
    question: Question,
    key: AnswerKey,
    newest: Post,
    answers: Sequence[GradedAnswer],
    correction: Correction,
    now: dt.datetime,
) -> None:
    """Owe the group one sentence for this key, however often this is asked for."""
    group = await unit.groups.get(newest.group_id)
    topic = pack.topic(newest.topic)
    asked = ShownQuestion(
        question, topic.title if topic else newest.topic, newest.seed, "quiz.answer", newest.id
    )
    facts = facts_of(asked, correction, len(answers))
    await notify_correction(unit, group, f"key:{question.id}:{key.digest}", facts, now)


def _posts(answers: Sequence[GradedAnswer]) -> set[int]:
    return {answer.post_id for answer in answers if answer.post_id is not None}
