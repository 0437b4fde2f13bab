"""Rows that refer to nothing are refused; a change of what is not there changes nothing."""

import dataclasses

import pytest

from bot.domain.model import (
    ChallengeEntry,
    Member,
    Notice,
    PostKind,
    Reminder,
    Submission,
    ZoneChange,
)
from bot.domain.reasons import Fault, NoticeKind
from bot.errors import Conflict
from tests.storage.facts import NOW, act, answer, group, post, practice, schedule, sent, user
from tests.storage.snapshot import everything

pytestmark = pytest.mark.asyncio

NOBODY = NOWHERE = 99
STRANGER = Member(NOBODY, user(NOBODY), NOW)
GONE_GROUP = group(id=NOWHERE, reward_role="r")


def do(call):
    """A unit of one call, which may be one that is awaited."""

    async def run(unit):
        if (coming := call(unit)) is not None and hasattr(coming, "__await__"):
            await coming

    return run


REFERRING = {
    "membership of a group": lambda unit: unit.members.join(NOWHERE, 1, NOW, "Ana"),
    "membership of a member": lambda unit: unit.members.join(1, NOBODY, NOW, "Ana"),
    "zone": lambda unit: unit.members.set_zone(ZoneChange(NOBODY, NOW, "UTC")),
    "schedule": lambda unit: unit.groups.put_schedule(schedule(NOWHERE)),
    "post": lambda unit: unit.posts.add(post(NOWHERE, message=None)),
    "post of a schedule": lambda unit: unit.posts.add(post(1, "x", schedule_id=NOWHERE)),
    "planned post": lambda unit: unit.posts.plan(post(NOWHERE)),
    "answer of a member": lambda unit: unit.learning.add_answer(
        dataclasses.replace(answer(NOBODY), group_id=1, post_id=1)
    ),
    "answer to a post": lambda unit: unit.learning.add_answer(
        dataclasses.replace(answer(1), group_id=1, post_id=NOWHERE)
    ),
    "answer to nothing": lambda unit: unit.learning.add_answer(answer(1)),
    "activity": lambda unit: unit.learning.add_activity(act(1, NOWHERE), ("all",)),
    "streak": lambda unit: unit.learning.put_streak_state(NOBODY, "x"),
    "practice": lambda unit: unit.practice.add(practice(NOBODY)),
    "entry": lambda unit: unit.community.add_entry(ChallengeEntry(NOWHERE, "cli", 1, NOW)),
    "submission": lambda unit: unit.community.add_submission(
        Submission("e", 1, "cli", NOBODY, "url", "much", NOW)
    ),
    "earned reward": lambda unit: unit.rewards.earn(GONE_GROUP, 1, NOW, NOW),
    "notice": lambda unit: unit.notices.add(Notice(0, NOWHERE, "x", NoticeKind.WRITTEN, {}, NOW)),
    "reminder": lambda unit: unit.reminders.put(Reminder(NOBODY, "room", NOW.time(), "UTC")),
}
CHANGING = {
    "name": lambda unit: unit.members.call(1, NOBODY, "y"),
    "profile": lambda unit: unit.members.note_profile(STRANGER, "UTC"),
    "group": lambda unit: unit.groups.save(GONE_GROUP),
    "schedule": lambda unit: unit.groups.put_schedule(schedule(1, PostKind.PROMPT, id=NOWHERE)),
    "post": lambda unit: unit.posts.save(sent(1, "x", id=NOWHERE)),
    "post planned again": lambda unit: unit.posts.replan(sent(1, "x", id=NOWHERE)),
    "change": lambda unit: unit.posts.mark_changed(NOWHERE),
    "fault": lambda unit: unit.posts.note_fault(NOWHERE, Fault.DOWN),
    "closing": lambda unit: unit.posts.note_closing(NOWHERE, NOW),
    "edit": lambda unit: unit.posts.edited(NOWHERE, NOW),
    "notice": lambda unit: unit.notices.delivered(NOWHERE, NOW),
    "reward": lambda unit: unit.rewards.review_all(GONE_GROUP, NOW),
}


async def seed(unit):
    of = await unit.groups.add(group())
    await unit.members.add(user(), NOW)
    await unit.posts.add(sent(of.id))


@pytest.mark.parametrize("call", REFERRING.values(), ids=REFERRING)
async def test_a_row_that_refers_to_nothing_is_a_conflict(database, call):
    await database.run(seed)
    before = await database.read(everything)
    with pytest.raises(Conflict):
        await database.run(do(call))
    assert await database.read(everything) == before


@pytest.mark.parametrize("call", CHANGING.values(), ids=CHANGING)
async def test_a_change_of_what_is_not_there_changes_nothing(database, call):
    await database.run(seed)
    before = await database.read(everything)
    await database.run(do(call))
    assert await database.read(everything) == before
