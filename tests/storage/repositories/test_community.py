"""Challenges, what was built, and notes."""

import dataclasses

import pytest
import pytest_asyncio

from bot.domain.model import ChallengeEntry, PostKind, Submission
from bot.errors import Conflict
from tests.storage.facts import HOUR, NOW, group, sent, user

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def scene(database):
    """A group, two members and a prompt."""

    async def build(unit):
        of = await unit.groups.add(group())
        members = [await unit.members.add(user(number), NOW) for number in (1, 2)]
        for number, who in enumerate(members, 1):
            await unit.members.join(of.id, who.id, NOW, f"Member {number}")
        return of, members, await unit.posts.add(sent(of.id, kind=PostKind.PROMPT))

    return await database.run(build)


async def test_taking_part_twice_counts_once(database, scene):
    of, (ana, ben), _ = scene
    first = ChallengeEntry(of.id, "cli", ana.id, NOW)

    async def enter(unit):
        await unit.community.add_entry(first)
        await unit.community.add_entry(dataclasses.replace(first, joined_at=NOW + HOUR))
        return (
            await unit.community.entry(of.id, "cli", ana.id),
            await unit.community.entry(of.id, "cli", ben.id),
            await unit.community.count_entries(of.id, "cli"),
            await unit.community.count_entries(of.id, "api"),
        )

    assert await database.run(enter) == (first, None, 1, 0)
    assert await database.run(enter) == (first, None, 1, 0)


async def test_the_newest_submission_of_each_member_counts(database, scene):
    of, (ana, ben), _ = scene

    def built(number, who, challenge="cli"):
        return Submission(
            f"e{number}", of.id, challenge, who.id, f"https://x/{number}", "much", NOW + number * HOUR
        )

    async def submit(unit):
        for each in (built(1, ana), built(2, ben), built(3, ana), built(4, ben, "api")):
            unit.community.add_submission(each)

    await database.run(submit)

    async def shown(limit):
        return await database.run(lambda unit: unit.community.submissions(of.id, "cli", limit))

    async def versions(who, challenge="cli"):
        return await database.run(lambda unit: unit.community.count_versions(of.id, challenge, who.id))

    assert [await versions(ana), await versions(ben), await versions(ben, "api")] == [2, 1, 1]
    assert await versions(ana, "none") == 0
    assert await shown(10) == ((built(3, ana), "Member 1"), (built(2, ben), "Member 2"))
    assert await shown(1) == ((built(3, ana), "Member 1"),)
    assert await database.run(lambda unit: unit.community.submissions(of.id, "none", 9)) == ()
    with pytest.raises(Conflict):
        await database.run(submit)


async def test_a_note_is_overwritten(database):
    async def put(unit):
        before = await unit.notes.get("clock")
        await unit.notes.put("clock", "one")
        await unit.notes.put("clock", "two")
        return before, await unit.notes.get("clock")

    assert await database.run(put) == (None, "two")
    assert await database.run(put) == ("two", "two")
