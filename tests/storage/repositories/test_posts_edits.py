"""Messages that are out of date: claimed to be edited, the longest unedited first."""

import datetime as dt

import pytest
import pytest_asyncio

from bot.domain.deliveries import DeliveryKind
from tests.storage.facts import HOUR, NOW, channel, group, sent

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
    """The deliveries of messages that may be edited, now claimed."""

    def edits(at=NOW, limit=10, platforms=HERE):
        return database.run(lambda unit: unit.outbox.claim(DeliveryKind.EDIT, at, LEASE, limit, platforms))

    return edits


def subjects(claimed):
    return [int(each.subject) for each in claimed]


async def change(database, *posts):
    for each in posts:
        await database.run(lambda unit, each=each: unit.posts.mark_changed(each.id))


async def show(database, claimed, again=NOW):
    """Record that a message was edited."""

    async def record(unit):
        unit.posts.edited(int(claimed.subject), again)
        unit.outbox.done(claimed)

    await database.run(record)


async def test_what_is_out_of_date_is_claimed_once_until_its_lease_is_over(database, of, edits):
    one, _same = await add(database, sent(of.id, "1"), sent(of.id, "2"))
    await change(database, one, one)
    assert await edits(platforms={"elsewhere"}) == ()
    assert subjects(await edits()) == [one.id]
    assert await edits() == ()
    assert subjects(await edits(NOW + LEASE)) == [one.id]


async def test_what_was_edited_longest_ago_comes_first(database, of, edits):
    added = await add(database, sent(of.id, "1"), sent(of.id, "2"), sent(of.id, "3"))
    one, two, three = added
    await change(database, *added)
    claimed = {int(each.subject): each for each in await edits()}
    for minutes, each in ((3, one), (1, two), (2, three)):
        await show(database, claimed[each.id], NOW + dt.timedelta(minutes=minutes))
    assert await edits(NOW + HOUR) == (), "all show what there is"
    await change(database, one, two, three)
    assert await edits() == (), "none may be edited again yet"
    assert set(subjects(await edits(NOW + HOUR, limit=2))) == {two.id, three.id}


async def test_what_changes_while_it_is_edited_is_edited_again(database, of, edits):
    (one,) = await add(database, sent(of.id, "1"))
    await change(database, one)
    (first,) = await edits()
    await change(database, one)
    assert await edits() == (), "the lease goes on"
    await show(database, first)
    (second,) = await edits()
    await show(database, second)
    await show(database, first)
    assert await edits(NOW + HOUR) == (), "showing an older state says nothing"


async def test_an_edit_that_failed_waits_for_its_time_whatever_changes(database, of, edits):
    (one,) = await add(database, sent(of.id, "1"))
    await change(database, one)
    (claimed,) = await edits()
    await change(database, one)
    later = NOW + dt.timedelta(minutes=10)

    async def retry(unit):
        assert await unit.outbox.retry(claimed, later, "down")

    await database.run(retry)
    assert await edits(NOW + LEASE) == ()
    assert subjects(await edits(later)) == [one.id]


async def test_what_a_clock_that_was_set_back_left_far_ahead_is_edited_at_once(database, of, edits):
    (one,) = await add(database, sent(of.id, "1"))
    await change(database, one)
    assert subjects(await edits(NOW + HOUR)) == [one.id]
    assert await database.read(lambda unit: unit.posts.work_waits(NOW))
    assert subjects(await edits(NOW)) == [one.id]
