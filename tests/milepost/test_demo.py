"""The demonstration: a question at once, and a clock that is moved on with every post on the way."""

import datetime as dt

import pytest
import pytest_asyncio

from milepost.demo import DemoClock, found_group
from tests.support.people import MONDAY, FakeClock, Room, World, shipped_library, world_at

pytestmark = pytest.mark.asyncio

QUARTER_PAST = MONDAY.replace(minute=15, second=42)


class Demo:
    """A demonstration on a file, whose clock is ``clock``."""

    def __init__(self, world: World, clock: DemoClock) -> None:
        self.world = world
        self.clock = clock
        self.olga = world.person("Olga", organiser=True)

    async def opens(self) -> None:
        await self.clock.attach(self.world.application.database, self.world.application.scheduler)
        await found_group(
            self.world.application.database,
            "backend-python",
            self.olga.channel,
            self.olga.user,
            self.clock.now(),
        )

    def questions(self):
        return self.world.channel_posts(about="Question of the day")


@pytest_asyncio.fixture
async def demo(tmp_path):
    base = FakeClock(QUARTER_PAST)
    clock = DemoClock(base)
    async with world_at(tmp_path, clock=clock) as world:
        running = Demo(world, clock)
        await running.opens()
        yield running


async def test_the_first_question_is_due_at_once(demo):
    await demo.world.run_once()
    assert len(demo.questions()) == 1


async def test_a_group_that_is_there_stays_as_it_is(demo):
    before = demo.world.dump()
    await found_group(
        demo.world.application.database,
        "backend-python",
        demo.olga.channel,
        demo.olga.user,
        demo.clock.now(),
    )
    assert demo.world.dump() == before


async def test_the_next_post_is_served_one_second_after_it_is_due(demo):
    await demo.world.run_once()
    seen = len(demo.world.channel_posts())
    now = await demo.clock.skip("next")
    assert now == demo.clock.now()
    assert len(demo.world.channel_posts()) > seen
    assert now == (MONDAY + dt.timedelta(days=1)).replace(minute=15, second=1)


async def test_a_week_brings_every_question_on_its_own_day(demo):
    await demo.world.run_once()
    now = await demo.clock.skip("week")
    assert now == QUARTER_PAST + dt.timedelta(weeks=1)
    assert len(demo.questions()) == 8
    assert demo.world.channel_posts(about="The week in review")


async def test_a_day_without_a_post_goes_by_all_the_same(demo):
    await demo.olga.uses("/study pause")
    assert await demo.clock.skip("next") == QUARTER_PAST + dt.timedelta(days=1)
    assert await demo.clock.skip("day") == QUARTER_PAST + dt.timedelta(days=2)
    assert not demo.questions()


async def test_a_restart_goes_on_where_the_clock_was(demo, tmp_path):
    await demo.clock.skip("day")
    await demo.world.application.database.close()
    clock = DemoClock(FakeClock(QUARTER_PAST))
    async with world_at(tmp_path, clock=clock, room=Room(), library=shipped_library()) as world:
        again = Demo(world, clock)
        assert clock.now() == QUARTER_PAST
        await again.opens()
        assert clock.now() == QUARTER_PAST + dt.timedelta(days=1)


async def test_time_never_goes_backwards_even_when_a_post_is_overdue(demo):
    assert await demo.clock.skip("next") >= QUARTER_PAST
    assert len(demo.questions()) == 1


async def test_without_another_clock_it_starts_at_the_machines_time():
    before = dt.datetime.now(dt.UTC)
    assert before <= DemoClock().now() <= dt.datetime.now(dt.UTC)
