"""A network to PostgreSQL that falls silent at the worst moment: in a transaction, or behind a commit."""

import asyncio
import datetime as dt
import logging
from contextlib import AsyncExitStack

import asyncpg
import pytest
import pytest_asyncio

from bot.domain.model import PostState
from bot.errors import CommitUnknown, DatabaseBusy
from tests.faults.troubles import BUSY, QUICK, study_at
from tests.support.deliveries import ledger
from tests.support.helpers import QUIZ, quiz_of
from tests.support.partition import network_to
from tests.support.people import MONDAY, world_at

pytestmark = pytest.mark.asyncio

UNKNOWN = (
    "My database stopped answering while it was saving. "
    "It may have been saved anyway. Please try again: an answer only counts once."
)
MANY = 20
"""More commits than there are between a schedule that is due and a post that is written down."""


@pytest_asyncio.fixture
async def network(server_url):
    async with network_to(server_url) as found:
        yield found


@pytest_asyncio.fixture
async def study(network, tmp_path):
    """A Milepost on the other side of the network, with a question a day and one of them asked."""
    async with study_at(tmp_path, network.url, **QUICK) as world:
        await world.passes(minutes=30)
        yield world


@pytest.mark.parametrize("resets", [False, True], ids=["silent", "reset"])
async def test_an_answer_whose_commit_went_unheard_is_kept_and_told_to_who_asks_again(
    network, study, resets
):
    ana = study.person("Ana")
    network.resets, network.next_kept = resets, 0
    await ana.answers(quiz_of(study))
    assert ana.sees(UNKNOWN), ana.shown()
    network.heal()
    await ana.is_delivered_again()
    assert ana.sees("Correct")
    await ana.answers(quiz_of(study), right=False)
    assert ana.sees("You've already answered this one")
    assert await study.problems() == ()
    assert network.connections == 1


async def test_units_that_shared_an_unheard_commit_are_not_run_again(network, study):
    async def count(unit):
        await unit.notes.put("count", str(int(await unit.notes.get("count") or 0) + 1))

    network.resets, network.next_kept = True, 0
    came_of_it = await asyncio.gather(*(study.run(count) for _ in range(5)), return_exceptions=True)
    assert [type(each) for each in came_of_it] == [CommitUnknown] * 5
    assert await study.run(lambda unit: unit.notes.get("count")) == "5"


async def test_a_post_comes_once_whichever_commit_on_its_way_goes_unheard(network, study, caplog):
    caplog.set_level(logging.CRITICAL)
    network.resets = True
    lost = 0
    while lost < MANY:
        study.clock.set(MONDAY + dt.timedelta(days=lost + 1, minutes=30))
        network.next_kept = lost
        await study.application.scheduler.run_once_safely()
        if network.next_kept is not None:
            break
        lost += 1
        for _ in range(2):
            await study.passes(seconds=61)
    network.next_kept = None
    assert 4 <= lost < MANY, "planned, claimed, read, written down"
    posts = await ledger(study)
    assert len(posts) == lost + 2, "one a day"
    assert {post.state for post in posts} == {PostState.SENT, PostState.CLOSED}
    assert len(study.channel_posts(about=QUIZ)) == len(posts)


async def test_who_goes_silent_in_a_transaction_keeps_nobody_else_from_writing_for_long(
    network, study, server_url, tmp_path
):
    elsewhere = {"database_url": server_url, "database_busy_seconds": 10, "room": study.room}

    async def goes_silent(unit):
        await unit.notes.put("a", "b")
        network.hold()

    async with world_at(tmp_path, clock=study.clock, **elsewhere) as other:
        silent = asyncio.create_task(study.run(goes_silent))
        await network.pulse.until(lambda: network.held)
        ben = other.person("Ben")
        async with asyncio.timeout(5):
            await ben.answers(quiz_of(other))
        assert ben.sees("Correct")
        await asyncio.gather(silent, return_exceptions=True)


@pytest.mark.parametrize("others", [0, 2], ids=["alone", "shared"])
async def test_a_silence_amid_units_is_the_databases_fault_and_undoes_them_all(network, study, others):
    async def writes(unit):
        await unit.notes.put("a", "b")

    async def meets_silence(unit):
        network.hold()
        await unit.notes.get("c")

    units = [study.run(each) for each in (*[writes] * others, meets_silence)]
    async with asyncio.timeout(5):
        came_of_it = await asyncio.gather(*units, return_exceptions=True)
    assert [type(each) for each in came_of_it] == [DatabaseBusy] * len(units)
    network.heal()
    assert await study.run(lambda unit: unit.notes.get("a")) is None


async def test_a_silence_leaves_no_connection_behind_on_either_side(network, study, server_url):
    ana = study.person("Ana")
    for _ in range(2):
        network.hold()
        await ana.answers(quiz_of(study))
        assert ana.sees(BUSY)
        network.heal()
    await ana.answers(quiz_of(study))
    assert ana.sees("Correct")
    await network.pulse.until(lambda: network.connections == 1)
    admin = await asyncpg.connect(server_url)
    ours = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    async with asyncio.timeout(5):
        while await admin.fetchval(ours) > 2:
            pass
    await admin.close()


async def test_an_end_is_not_held_up_by_a_silent_network(network, tmp_path):
    async with AsyncExitStack() as ends:
        await ends.enter_async_context(study_at(tmp_path, network.url, **QUICK))
        network.hold()
        async with asyncio.timeout(10):
            await ends.aclose()
