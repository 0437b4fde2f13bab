"""The daily reminder: asked for, in the member's own time, never a nuisance."""

import datetime as dt
import logging

import pytest

from bot.chat import Forbidden, Gone, Rejected, Transient
from bot.domain.deliveries import DeliveryKind
from bot.domain.model import ZoneChange
from bot.errors import StorageError
from tests.support.deliveries import Dying, worker_of
from tests.support.helpers import facts, quiz_of
from tests.support.people import MONDAY, FakeClock, Room, world_at

pytestmark = pytest.mark.asyncio

OPEN = "Still open today"


def inbox(world, who="ana"):
    return [p for p in world.room.posted if p.only == who and OPEN in p.message.summary]


async def asks(person, at="19:00"):
    await person.uses("/preferences", reminder=at)


async def joins(world, name="Ana", **kind):
    """A member whose day has not counted yet: they joined yesterday, and it is 09:31 in Berlin."""
    person = world.person(name, **kind)
    await person.answers(quiz_of(world))
    await world.passes(days=1)
    return person


def at(world, hour, minute=0):
    """Move to this time of the day in Berlin, where it is winter, and run the scheduler."""
    world.clock.set(world.clock.now().replace(hour=hour - 1, minute=minute))
    return world.run_once()


async def test_who_asked_is_reminded_at_their_time_of_what_is_open(study):
    ana = await joins(study)
    await asks(ana)
    assert ana.sees(
        "I'll message you at 19:00 on days you haven't taken part, if something new is open or your streak "
        "would end."
    )
    await at(study, 18, 59)
    assert inbox(study) == []
    await at(study, 19)
    (reminder,) = inbox(study)
    assert "the question on Variables and the prompt on Data types" in reminder.message.summary
    assert reminder.message.blocks[-1].text.endswith("something new is open or your streak would end.")
    await at(study, 20)
    assert len(inbox(study)) == 1
    await study.passes(days=1)
    assert len(inbox(study)) == 2


async def test_nobody_is_reminded_who_did_not_ask(study):
    await joins(study)
    await at(study, 19)
    await study.days_pass(3)
    assert inbox(study) == []


async def test_a_day_that_counts_already_needs_no_reminder(study):
    ana = await joins(study)
    await asks(ana)
    await ana.uses("/quiz")
    await ana.answers(ana.last)
    await at(study, 19)
    assert inbox(study) == []


async def test_nothing_open_and_no_group_are_no_reason(study):
    ana = await joins(study)
    await ana.presses("Mark done")
    await study.person("Olga", organiser=True).uses("/study schedule", kind="quiz", time="off")
    await study.person("Olga", organiser=True).uses("/study schedule", kind="prompt", time="off")
    await study.days_pass(1)
    await asks(ana)
    await asks(study.person("Ben"))
    await at(study, 19)
    assert inbox(study) == []
    assert inbox(study, "ben") == []


async def test_a_rest_day_is_left_in_peace(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    await ana.uses("/preferences", rest="tue", reminder="19:00")
    await study.passes(days=1)
    await at(study, 19)
    assert inbox(study) == []
    await study.passes(days=1)
    assert len(inbox(study)) == 1


async def test_a_paused_group_reminds_nobody(study):
    ana = await joins(study)
    await asks(ana)
    await study.person("Olga", organiser=True).uses("/study pause")
    await at(study, 19)
    assert inbox(study) == []


async def test_the_question_can_be_answered_from_the_reminder(study):
    await asks(await joins(study))
    await at(study, 19)
    ana = study.person("Ana", direct=True)
    await ana.presses("Show the question")
    assert ana.sees("Question of the day · Variables")
    question = ana.last
    await ana.answers(question)
    assert ana.sees("Today is done ✓")
    assert await study.problems() == ()
    study.clock.advance(days=1)
    await ana.presses("Show the question", on=inbox(study)[0])
    assert ana.sees("This question is closed.")


async def test_forged_buttons_of_a_reminder_are_refused(study):
    ana = await joins(study)
    for number in ("9999", "x", "1"):
        await ana.acts(f"mp1|reminder.question|p={number}")
        assert ana.sees("This button no longer works")


async def test_the_button_that_ends_reminders_ends_them(study):
    await asks(await joins(study))
    await at(study, 19)
    ana = study.person("Ana", direct=True)
    for _ in range(2):
        await ana.presses("No more reminders")
        assert ana.sees("Reminders are off. Turn them back on in /preferences.")
    await study.days_pass(2)
    assert len(inbox(study)) == 1


async def test_a_changed_time_reminds_no_second_time_on_a_date(study):
    ana = await joins(study)
    await asks(ana)
    await at(study, 19)
    await asks(ana, "21:00")
    await at(study, 21)
    assert study.room.letters == 1
    await study.passes(days=1)
    assert len(inbox(study)) == 2


@pytest.mark.parametrize("typed", ["25:00", "7", "soon", "7pm or 8pm"])
async def test_a_time_that_cannot_be_read_changes_nothing(study, typed):
    ana = await joins(study)
    before = facts(study)
    await asks(ana, typed)
    assert ana.sees("For no reminders, write off.")
    await ana.uses("/preferences")
    await ana.sends(reminder=typed)
    assert ana.errors.keys() == {"reminder"}
    assert facts(study) == before


async def test_the_form_shows_sets_and_ends_it(study):
    ana = await joins(study)
    await ana.uses("/preferences")
    assert ana.sees("Daily reminder, or off: off")
    await ana.sends(reminder="7:30")
    await ana.uses("/preferences")
    assert ana.sees("Daily reminder, or off: 07:30")
    await ana.sends()
    assert ana.sees("Nothing changed.")
    await ana.uses("/preferences")
    await ana.sends(reminder="off")
    assert ana.sees("Reminders are off.")


@pytest.mark.parametrize("error", [Forbidden("closed"), Gone("left")])
async def test_a_closed_inbox_ends_reminders_quietly_and_the_member_is_told(study, caplog, error):
    ana = await joins(study)
    await asks(ana)
    study.room.refuse_direct = error
    with caplog.at_level(logging.INFO):
        await at(study, 19)
        await study.days_pass(2)
    assert [r for r in caplog.records if r.levelno > logging.INFO] == []
    study.room.refuse_direct = None
    await study.days_pass(1)
    assert inbox(study) == inbox(study, "olga") == []
    await ana.uses("/preferences")
    field = ana.form.fields[2]
    assert (field.value, field.placeholder) == ("", "I couldn't message you, so reminders are off.")
    await ana.sends()
    assert ana.sees("I couldn't message you, so reminders are off.")
    await ana.uses("/preferences")
    assert ana.form.fields[2].value == "off"


async def test_a_closed_inbox_can_be_opened_again(study):
    ana = await joins(study)
    await asks(ana)
    study.room.refuse_direct = Forbidden("closed")
    await at(study, 19)
    study.room.refuse_direct = None
    await asks(ana)
    assert ana.sees("I'll message you at 19:00")
    await study.passes(days=1)
    assert len(inbox(study)) == 1


async def test_a_busy_platform_is_tried_again_on_the_same_day(study):
    await asks(await joins(study))
    study.room.refuse_direct = Transient("busy", retry_after=600)
    await at(study, 19)
    study.room.refuse_direct = None
    await study.passes(minutes=9)
    assert inbox(study) == []
    await study.passes(minutes=2)
    assert len(inbox(study)) == 1


async def test_a_busy_platform_is_not_tried_again_on_the_next_day(study):
    await asks(await joins(study), "23:30")
    study.room.refuse_direct = Transient("busy", retry_after=1860)
    await at(study, 23, 30)
    study.room.refuse_direct = None
    await study.passes(minutes=35)
    assert inbox(study) == []
    await study.passes(minutes=-35, days=1)
    assert len(inbox(study)) == 1


async def test_a_message_of_ours_that_is_refused_is_left_out_for_the_day(study):
    await asks(await joins(study))
    study.room.refuse_direct = Rejected("malformed")
    await at(study, 19)
    study.room.refuse_direct = None
    await at(study, 22)
    assert inbox(study) == []
    await study.passes(days=1)
    assert len(inbox(study)) == 1


async def test_after_downtime_a_reminder_comes_on_its_own_day_alone(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        await asks(await joins(world))
        clock = world.clock
    clock.set(clock.now().replace(hour=21))
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.run_once()
        assert len(inbox(world)) == 1
    clock.advance(days=1, hours=10)
    async with world_at(tmp_path, room=room, clock=clock) as world:
        await world.run_once()
        assert len(inbox(world)) == 1
        await world.passes(hours=13)
        assert len(inbox(world)) == 2


async def test_a_reminder_that_cannot_be_made_is_left_out_and_the_others_come(study, caplog):
    await asks(await joins(study))
    await asks(await joins(study, "Ben"))

    async def without_streak(unit):
        unit.members.set_zone(ZoneChange(1, MONDAY + dt.timedelta(hours=3), "Nowhere/Land"))
        unit.learning.put_streak_state(1, "")

    await study.run(without_streak)
    await at(study, 19)
    await at(study, 23)
    assert (len(inbox(study)), len(inbox(study, "ben"))) == (0, 1)
    assert len([r for r in caplog.records if "reminder 1 met a fault of ours" in r.message]) == 1


async def test_a_crash_after_sending_reminds_once(study):
    await asks(await joins(study))
    await at(study, 19)

    async def forget(unit):
        found = await unit.reminders.find(1)
        unit.reminders.put(
            type(found)(1, found.platform, found.at, found.zone, study.clock.now(), dt.date(2026, 3, 3))
        )

    await study.run(forget)
    await study.run_once()
    assert len(inbox(study)) == 1


async def test_a_database_that_is_away_for_longer_than_keys_are_known_reminds_once(study):
    await asks(await joins(study))
    study.clock.set(study.clock.now().replace(hour=18, minute=0))
    away = [True]
    dying = Dying(study.application.database, lambda: away and study.room.letters > 0)
    worker = worker_of(study, dying)
    with pytest.raises(StorageError):
        await worker.deliver_kind(DeliveryKind.REMINDER)
    study.room.by_key.clear()
    study.clock.advance(minutes=10)
    away.clear()
    assert await worker.deliver_kind(DeliveryKind.REMINDER) == 1
    await study.passes(minutes=10)
    assert len(inbox(study)) == 1


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (dt.datetime(2026, 3, 27, 8, tzinfo=dt.UTC), dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)),
        (dt.datetime(2026, 10, 23, 7, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)),
    ],
)
async def test_a_time_that_a_clock_change_skips_or_repeats_comes_once(tmp_path, start, due):
    async with world_at(tmp_path, clock=FakeClock(start)) as world:
        olga = await world.founds(days="daily")
        await asks(olga, "02:30")
        seen = []
        while world.clock.now() < start + dt.timedelta(days=3):
            await world.passes(minutes=30)
            found = await world.run(lambda unit: unit.reminders.find(1))
            seen.append(found.due_at)
        assert due in seen
        assert len(set(seen)) == 4


async def test_a_new_zone_moves_the_reminder(study):
    ana = await joins(study)
    await asks(ana)
    await ana.uses("/preferences", zone="America/New_York")
    await at(study, 19)
    assert inbox(study) == []
    await study.passes(hours=6)
    assert len(inbox(study)) == 1
