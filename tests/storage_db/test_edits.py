"""Messages that are out of date: claimed to be edited, the longest unedited first."""

import dataclasses
import datetime as dt

import pytest
import pytest_asyncio

from bot.domain.model import PostState
from tests.storage_db.facts import HOUR, NOW, channel, group, post, sent

pytestmark = pytest.mark.asyncio

LEASE = dt.timedelta(minutes=5)
HERE = {channel().platform}


@pytest_asyncio.fixture
async def of(database):
    """A group."""
    return await database.run(lambda unit: unit.groups.add(group()))


async def add(database, *posts):
    async def add_all(unit):
        return [await unit.posts.add(each) for each in posts]

    return await database.run(add_all)


@pytest.fixture
def edits(database):
    """The slots of the posts that may be edited, now claimed."""

    async def edits(at=NOW, limit=10, platforms=HERE):
        found = await database.run(lambda unit: unit.posts.claim_edits(at, LEASE, limit, platforms))
        return sorted(each.slot for each in found)

    return edits


async def change(database, *posts):
    for each in posts:
        await database.run(lambda unit, each=each: unit.posts.mark_changed(each.id))


async def test_what_is_out_of_date_is_claimed_once_until_its_lease_is_over(database, of, edits):
    one, _same, planned = await add(database, sent(of.id, "1"), sent(of.id, "2"), post(of.id, "3"))
    await change(database, one, planned)
    assert await edits(platforms={"elsewhere"}) == []
    assert await edits() == ["1"]
    assert await edits() == []
    assert await edits(NOW + LEASE) == ["1"]


async def test_what_was_edited_longest_ago_comes_first(database, of, edits):
    one, two, three = await add(database, sent(of.id, "1"), sent(of.id, "2"), sent(of.id, "3"))
    await change(database, one, two, three)
    for minutes, each in ((3, one), (1, two), (2, three)):
        at = NOW + dt.timedelta(minutes=minutes)
        await database.run(lambda unit, each=each, at=at: unit.posts.mark_shown(each.id, 1, at))
    assert await edits(NOW + HOUR) == [], "all show what there is"
    await change(database, one, two, three)
    assert await edits() == [], "none may be edited again yet"
    assert await edits(NOW + HOUR, limit=2) == ["2", "3"]


async def test_what_changes_while_it_is_edited_is_edited_again(database, of, edits):
    (one,) = await add(database, sent(of.id, "1"))
    await change(database, one, one)
    assert await edits() == ["1"]
    await database.run(lambda unit: unit.posts.mark_shown(one.id, 1, NOW))
    assert await edits() == ["1"]
    await database.run(lambda unit: unit.posts.mark_shown(one.id, 2, NOW))
    await database.run(lambda unit: unit.posts.mark_shown(one.id, 1, NOW))
    assert await edits() == [], "showing an older state says nothing"


async def test_an_edit_that_failed_waits_for_its_time(database, of, edits):
    (one,) = await add(database, sent(of.id, "1"))
    await change(database, one)
    assert await edits() == ["1"]
    later = NOW + dt.timedelta(minutes=10)
    await database.run(lambda unit: unit.posts.edit_later(one.id, later))
    assert await edits(NOW + LEASE) == []
    assert await edits(later) == ["1"]


async def test_what_a_clock_that_was_set_back_left_far_ahead_is_edited_at_once(database, of, edits):
    (one,) = await add(database, sent(of.id, "1"))
    await change(database, one)
    assert await edits(NOW + HOUR) == ["1"]
    assert await edits(NOW) == ["1"]


async def test_a_post_that_is_given_up_is_not_edited(database, of, edits):
    (one,) = await add(database, sent(of.id, "1"))
    await change(database, one)
    await database.run(lambda unit: unit.posts.save(dataclasses.replace(one, state=PostState.FAILED)))
    assert await edits() == []
