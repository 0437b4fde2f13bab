"""The zone database is updated between two runs: what is due follows the new rules.

A real second zone file takes the place of the first, in a folder that ``zoneinfo`` reads.
"""

import dataclasses
import datetime as dt
import zoneinfo
from importlib import resources

import pytest

from bot.chat import UserRef
from bot.domain import calendar
from bot.domain.model import PostKind, PostState
from bot.domain.parsing import zones as zones_read
from bot.services import zone_rules
from tests.support.helpers import quiz_of
from tests.support.people import FakeClock, Room, words, world_at

pytestmark = pytest.mark.asyncio

PLACE = "Europe/Berlin"


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def forget_zones():
    """Clear every cache of time zones, as the start of a new process does."""
    zoneinfo.ZoneInfo.clear_cache()
    for cached in (
        calendar._zone,
        calendar.next_occurrence,
        calendar.day_starts_at,
        zones_read._all_zones,
        zone_rules.fingerprint,
    ):
        cached.cache_clear()


@pytest.fixture
def zones(tmp_path):
    """Puts another zone's file in the place of Berlin's; the other zones are those of the package."""
    source = resources.files("tzdata") / "zoneinfo"
    file = tmp_path / "zones" / PLACE
    file.parent.mkdir(parents=True)

    def become(name):
        file.write_bytes((source / name).read_bytes())
        zoneinfo.reset_tzpath([tmp_path / "zones"])
        forget_zones()

    become(PLACE)
    yield become
    zoneinfo.reset_tzpath()
    forget_zones()


async def quizzes(world):
    posts = await world.run(lambda unit: unit.posts.history(1, PostKind.QUIZ, 50))
    return sorted(posts, key=lambda post: post.due_at)


async def served(world):
    return [
        (post.local_date.day, f"{post.due_at:%d %H:%M}")
        for post in await quizzes(world)
        if post.state in (PostState.SENT, PostState.CLOSED)
    ]


class Life:
    """One group through several runs of Milepost."""

    def __init__(self, folder, start):
        self.folder, self.clock, self.room = folder, FakeClock(utc(start)), Room()

    def run(self):
        return world_at(self.folder, clock=self.clock, room=self.room)


@pytest.mark.parametrize(
    ("becomes", "second", "third"),
    [
        ("Europe/Berlin", "03 08:30", "04 08:30"),
        ("Europe/Helsinki", "03 07:30", "04 07:30"),  # clocks are an hour ahead now
        ("Europe/London", "03 09:30", "04 09:30"),
        ("Asia/Kathmandu", "03 03:45", "04 03:45"),
    ],
)
async def test_half_past_nine_is_half_past_nine_on_the_new_clocks(tmp_path, zones, becomes, second, third):
    life = Life(tmp_path, "2026-03-02T08:00")
    async with life.run() as world:
        await world.founds(zone=PLACE, days="daily")
        await world.passes(minutes=31)
    zones(becomes)
    async with life.run() as world:
        await world.slots_pass(days=2, hours=2)
        assert await served(world) == [(2, "02 08:30"), (3, second), (4, third)]
        assert await world.problems() == ()


@pytest.mark.parametrize(
    "becomes", ["America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]
)
@pytest.mark.parametrize("hours", [0, 6, 12, 18])
async def test_no_date_comes_twice_and_none_is_dropped(tmp_path, zones, becomes, hours):
    life = Life(tmp_path, "2026-03-02T08:00")
    async with life.run() as world:
        await world.founds(zone=PLACE, days="daily")
        await world.slots_pass(days=2, hours=hours)
    zones(becomes)
    async with life.run() as world:
        await world.slots_pass(days=4)
        days = [post.local_date.day for post in await quizzes(world)]
        assert days == list(range(2, 2 + len(days)))
        assert {post.state for post in await quizzes(world)} <= {PostState.SENT, PostState.CLOSED}


async def test_a_date_that_the_new_rules_leave_out_is_passed_over(tmp_path, zones):
    life = Life(tmp_path, "2011-12-29T02:00")
    async with life.run() as world:
        await world.founds(zone=PLACE, time="12:00", days="daily")
        await world.slots_pass(days=1)  # the 29th has been served, the 30th is next
    zones("Pacific/Apia")  # which has no 30 December 2011
    async with life.run() as world:
        await world.slots_pass(days=2)
        assert [post.local_date.day for post in await quizzes(world)] == [29, 31, 1]


async def test_a_date_that_the_old_rules_left_out_is_served(tmp_path, zones):
    zones("Pacific/Apia")
    life = Life(tmp_path, "2011-12-29T20:00")
    async with life.run() as world:
        await world.founds(zone=PLACE, time="12:00", days="daily")
        await world.slots_pass(hours=6)
        assert [post.local_date.day for post in await quizzes(world)] == [29]
    zones("Pacific/Pago_Pago")  # the same clocks, but for the change of the date line
    async with life.run() as world:
        await world.slots_pass(days=2)
        assert [post.local_date.day for post in await quizzes(world)] == [29, 30, 31]


async def test_what_was_due_by_the_old_rules_alone_does_not_come_too_early(tmp_path, zones):
    life = Life(tmp_path, "2026-03-02T08:00")
    async with life.run() as world:
        await world.founds(zone=PLACE, days="daily")
    zones("Europe/London")
    life.clock.set(utc("2026-03-02T08:40"))
    async with life.run() as world:
        await world.run_once()
        assert await served(world) == []
        await world.slots_pass(hours=2)
        assert await served(world) == [(2, "02 09:30")]


async def test_an_open_question_closes_with_the_next_one(tmp_path, zones):
    life = Life(tmp_path, "2026-03-02T08:00")
    async with life.run() as world:
        await world.founds(zone=PLACE, days="daily")
        await world.passes(minutes=31)
        assert "closes Tue 3 Mar, 09:30" in words(quiz_of(world).message)
    zones("Europe/Helsinki")
    async with life.run() as world:
        await world.passes(minutes=1)
        assert "closes Tue 3 Mar, 09:30" in words(quiz_of(world).message)
        (post,) = await quizzes(world)
        assert post.closes_at == utc("2026-03-03T07:30")


async def test_the_end_of_a_pause_and_a_reminder_follow_too(tmp_path, zones):
    life = Life(tmp_path, "2026-03-02T08:00")
    async with life.run() as world:
        olga = await world.founds(zone=PLACE)
        await olga.uses("/study pause", until="2026-03-05")
        ana = world.person("Ana", zone=PLACE)
        await ana.uses("/preferences")
        await ana.sends(reminder="19:00")
    zones("Europe/Helsinki")
    async with life.run() as world:
        assert (await world.run(lambda unit: unit.groups.get(1))).resume_at == utc("2026-03-04T22:00")
        assert (await world.run(_reminder_of_ana)).due_at == utc("2026-03-02T17:00")


async def _reminder_of_ana(unit):
    return await unit.reminders.find((await unit.members.find(UserRef("room", "w", "ana"))).id)


async def test_streaks_are_counted_anew_by_the_new_rules(tmp_path, zones):
    life = Life(tmp_path, "2026-03-02T08:00")
    async with life.run() as world:
        await world.founds(zone=PLACE)
        await world.passes(minutes=31)
        await world.person("Ana").answers(quiz_of(world))
    zones("Asia/Tokyo")
    async with life.run() as world:
        assert await world.problems() == ()
        await world.passes(days=1)
        ana = world.person("Ana")
        await ana.answers(quiz_of(world))
        assert ana.sees("Streak: 2 days")
        assert await world.problems() == ()


async def test_without_an_update_nothing_is_worked_out_anew(tmp_path, zones, caplog):
    caplog.set_level("INFO")
    life = Life(tmp_path, "2026-03-02T08:00")
    async with life.run() as world:
        await world.founds(zone=PLACE)
        await world.run(_move_by_hand)
    caplog.clear()
    async with life.run() as world:
        assert await world.application.scheduler.next_due_at() == utc("2026-03-02T08:31")
    assert "rules of time zones" not in caplog.text
    zones("Europe/Paris")
    async with life.run() as world:
        assert await world.application.scheduler.next_due_at() == utc("2026-03-02T08:30")
    assert "the rules of time zones are other ones than at the last run" in caplog.text


async def _move_by_hand(unit):
    for schedule in await unit.groups.schedules(1):
        moved = schedule.next_due_at + dt.timedelta(minutes=1)
        await unit.groups.put_schedule(dataclasses.replace(schedule, next_due_at=moved))


async def test_a_zone_that_is_gone_keeps_nobody_from_starting(tmp_path, zones, caplog):
    life = Life(tmp_path, "2026-03-02T08:00")
    async with life.run() as world:
        await world.founds(zone=PLACE)
        await world.founds("gone", zone="Asia/Tokyo")
        await world.run(_lose_the_zone)
    zones("Europe/Helsinki")
    async with life.run() as world:
        assert await world.application.scheduler.next_due_at() == utc("2026-03-02T07:30")
    assert 'of group 2 stays as it is: There is no time zone "Europe/Atlantis"' in caplog.text


async def _lose_the_zone(unit):
    for schedule in await unit.groups.schedules(2):
        await unit.groups.put_schedule(dataclasses.replace(schedule, zone="Europe/Atlantis"))


async def test_a_zone_that_only_the_machine_has_counts_too(zones, tmp_path):
    before = zone_rules.fingerprint()
    source = resources.files("tzdata") / "zoneinfo"
    for name in ("Asia/Tokyo", "Asia/Seoul"):
        (tmp_path / "zones" / "Ours").write_bytes((source / name).read_bytes())
        forget_zones()
        assert zone_rules.fingerprint() != before
        before = zone_rules.fingerprint()
