"""A change of time, days or zone on the day itself: the date that is next keeps its post."""

import datetime as dt

import pytest

from bot.chat import Transient
from bot.domain.model import PostKind
from tests.support.people import FakeClock, world_at

pytestmark = pytest.mark.asyncio


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


async def sent_of(world):
    posts = await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 50))
    return sorted((post.local_date.day, f"{post.sent_at:%d %H:%M}") for post in posts if post.sent_at)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # Today's new time is past: it comes when it was to come.
        ({"time": "07:00"}, [(2, "02 09:30"), (3, "03 07:00")]),
        ({"time": "10:00"}, [(2, "02 10:00"), (3, "03 10:00")]),
        ({"zone": "Asia/Tokyo"}, [(2, "02 09:30"), (3, "03 00:30"), (4, "04 00:30")]),
        ({"zone": "America/New_York"}, [(2, "02 14:30"), (3, "03 14:30")]),
        ({"time": "07:00", "days": "tue,wed"}, [(3, "03 07:00")]),
        ({"time": "off"}, []),
    ],
)
async def test_a_change_before_the_post_of_the_day(tmp_path, change, expected):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        await olga.uses("/study schedule", kind="quiz", **change)
        await world.slots_pass(days=1, hours=20)
        assert await sent_of(world) == expected


@pytest.mark.parametrize(
    "change",
    [{"time": "07:00"}, {"time": "23:00"}, {"zone": "Asia/Tokyo"}, {"zone": "America/New_York"}],
)
async def test_a_change_after_the_post_of_the_day_brings_no_second_one(tmp_path, change):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        await world.passes(hours=2)
        await olga.uses("/study schedule", kind="quiz", **change)
        await world.slots_pass(days=2)
        days = [day for day, _ in await sent_of(world)]
        assert days == list(range(2, 2 + len(days)))
        assert len(days) in (2, 3)


async def test_what_keeps_its_old_time_is_let_go_when_the_kind_is_switched_off(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        await olga.uses("/study schedule", kind="quiz", time="07:00")
        await olga.uses("/study schedule", kind="quiz", time="off")
        await world.slots_pass(days=2)
        assert await sent_of(world) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [({"time": "07:00"}, {"days": "tue,wed"}), ({"days": "tue,wed"}, {"time": "07:00"})],
)
async def test_a_weekday_that_is_taken_out_has_no_post_whatever_was_changed_before(tmp_path, first, second):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        await olga.uses("/study schedule", kind="quiz", **first)
        await olga.uses("/study schedule", kind="quiz", **second)
        await world.slots_pass(days=1, hours=20)
        assert await sent_of(world) == [(3, "03 07:00")]


async def test_a_weekday_that_is_put_back_in_time_has_its_post(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        for change in ({"time": "07:00"}, {"days": "tue,wed"}, {"days": "daily"}):
            await olga.uses("/study schedule", kind="quiz", **change)
        await world.slots_pass(days=1, hours=20)
        assert await sent_of(world) == [(2, "02 09:30"), (3, "03 07:00")]


async def test_a_second_change_keeps_the_day_too(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        for at in ("07:00", "06:00", "10:00"):
            await olga.uses("/study schedule", kind="quiz", time=at)
        await world.slots_pass(days=1, hours=20)
        assert await sent_of(world) == [(2, "02 09:30"), (3, "03 10:00")]


LET_GO = [
    (("schedule", {"kind": "quiz", "time": "off"}), ()),
    (("schedule", {"kind": "quiz", "days": "tue"}), (("schedule", {"kind": "quiz", "days": "daily"}),)),
    (("skip", {"add": "2026-03-02"}), (("skip", {"remove": "2026-03-02"}),)),
]


@pytest.mark.parametrize(("let_go", "taken_back"), LET_GO)
@pytest.mark.parametrize("paused", [False, True])
async def test_a_date_that_was_let_go_comes_when_it_is_wanted_again_in_time(
    tmp_path, let_go, taken_back, paused
):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        later = ("schedule", {"kind": "quiz", "time": "15:00"})
        await olga.uses("/study schedule", kind="quiz", time="07:00")  # today's keeps 09:30
        await olga.uses(f"/study {let_go[0]}", **let_go[1])
        await world.slots_pass(hours=2)
        (post,) = await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 50))
        assert post.state == "missed"
        pause, resume = (("pause", {}),) * paused, (("resume", {}),) * paused
        for name, options in (*pause, *taken_back, later, *resume):
            await olga.uses(f"/study {name}", **options)
        await olga.uses("/study status")
        assert olga.sees("next Tue 3 Mar, 15:00; the one for Mon 2 Mar still goes out at 15:00")
        await world.passes(hours=5)
        await world.slots_pass(days=1)
        assert await sent_of(world) == [(2, "02 15:00"), (3, "03 15:00")]
        posts = await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 50))
        assert {f"{post.closes_at:%d %H:%M}" for post in posts} == {"03 15:00", "04 15:00"}


async def test_a_date_that_was_let_go_stays_so_where_its_time_is_over(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        for at in ("07:00", "off"):
            await olga.uses("/study schedule", kind="quiz", time=at)
        await world.slots_pass(hours=3)
        await olga.uses("/study schedule", kind="quiz", time="10:00")
        await world.slots_pass(days=1)
        assert await sent_of(world) == [(3, "03 10:00")]


async def test_what_may_have_come_before_it_was_let_go_does_not_come_again(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        world.room.refuse_channel["study"] = Transient("no answer")
        await world.slots_pass(hours=1, minutes=31)
        await olga.uses("/study schedule", kind="quiz", time="off")
        world.room.refuse_channel.clear()
        await world.slots_pass(hours=1)
        await olga.uses("/study schedule", kind="quiz", time="15:00")
        await world.passes(hours=5)
        await world.slots_pass(days=1)
        assert await sent_of(world) == [(3, "03 15:00")]


async def test_what_came_by_hand_meanwhile_does_not_come_again(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        for at in ("07:00", "off"):
            await olga.uses("/study schedule", kind="prompt", time=at)
        await world.slots_pass(hours=2)
        await olga.uses("/study post-now", kind="prompt")
        await olga.uses("/study schedule", kind="prompt", time="15:00")
        await world.passes(hours=5)
        await world.slots_pass(days=2)
        posts = await world.run(lambda unit: unit.posts.history(1, PostKind.PROMPT, 50))
        topics = [post.topic for post in posts if post.sent_at]
        assert len(topics) == len(set(topics)) == 2


async def test_the_answer_and_the_status_say_what_keeps_its_old_time(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T08:00"))) as world:
        olga = await world.founds(zone="UTC", days="daily")
        line = "**Question**: 07:00, every day; next Tue 3 Mar, 07:00"
        still = f"{line}; the one for Mon 2 Mar still goes out at 09:30\n"
        await olga.uses("/study schedule", kind="quiz", time="07:00")
        assert olga.sees(still)
        for command in ("/study status", "/study skip"):
            await olga.uses(command)
            assert olga.sees(still)
            assert not olga.sees("waiting to be sent")
        await olga.uses("/study skip", add="2026-03-02")
        assert olga.sees(f"{line}\n")
        await olga.uses("/study status")
        assert olga.sees(f"{line}\n")
        assert olga.sees("Nothing posted yet.")
        await olga.uses("/study skip", remove="2026-03-02")
        await olga.uses("/study pause")
        assert olga.sees("**Question**: 07:00, every day (paused)")
        assert olga.sees("question waiting to be sent because the group was paused")
        await olga.uses("/study resume")
        assert olga.sees(still)
        await world.passes(hours=2)
        await olga.uses("/study status")
        assert olga.sees(f"{line}\n")


async def test_what_keeps_its_old_time_on_another_date_of_the_new_zone_is_said_with_it(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T11:00"))) as world:
        olga = await world.founds(zone="UTC", time="23:00", days="daily")
        await olga.uses("/study zone", zone="Pacific/Auckland")
        assert olga.sees("next Tue 3 Mar, 23:00; the one for Mon 2 Mar still goes out Tue 3 Mar, 12:00")


async def test_a_date_that_was_served_before_an_earlier_one_is_not_served_again(tmp_path):
    async with world_at(tmp_path, clock=FakeClock(utc("2026-03-02T11:00"))) as world:
        olga = await world.founds(zone="UTC", time="23:00", days="daily")
        await olga.uses("/study schedule", kind="quiz", zone="Pacific/Auckland")  # the 2nd keeps 23:00 UTC
        await olga.uses("/study schedule", kind="quiz", time="01:30")  # the 3rd comes at 12:30 UTC
        await world.slots_pass(hours=3)
        assert await sent_of(world) == [(3, "02 12:30")]
        await olga.uses("/study schedule", kind="quiz", time="05:00")
        assert olga.sees("**Question**: 05:00, every day; next Wed 4 Mar, 05:00")
        await world.slots_pass(hours=10)
        assert await sent_of(world) == [(2, "02 23:00"), (3, "02 12:30")]
