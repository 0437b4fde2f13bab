"""Forgetting on each kind of database: nothing of a person stays, and what others count on does."""

import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.domain.deliveries import Delivery, DeliveryKind
from bot.domain.model import ChallengeEntry, PostKind, Reminder, RestDaysChange, Submission, ZoneChange
from bot.domain.questions import Chosen
from bot.domain.refs import UserRef
from tests.storage.facts import HOUR, NOW, PERIODS, act, answer, group, practice, sent, user

pytestmark = pytest.mark.asyncio

ANA, BEN = user(1), user(2)
LATER = NOW + 24 * HOUR


def file_removal(file, due_at, user=None):
    return Delivery(DeliveryKind.FILE_REMOVAL, "room", "school", file, due_at, {"file": file}, user=user)


def claimed(database, kind, at, platforms=("room",)):
    return database.run(lambda unit: unit.outbox.claim(kind, at, HOUR, 9, platforms))


@pytest_asyncio.fixture
async def scene(database):
    """A group with Ana, who set it up and has left traces everywhere, and Ben: (group, quiz, prompt)."""

    async def build(unit):
        of = await unit.groups.add(
            group(reward_role="stars", reward_days=1, reward_by=ANA.id, mention_by=BEN.id)
        )
        quiz = await unit.posts.add(sent(of.id))
        prompt = await unit.posts.add(sent(of.id, kind=PostKind.PROMPT))
        for number, who in ((1, ANA), (2, BEN)):
            member = await unit.members.add(who, NOW)
            await unit.members.join(of.id, member.id, NOW, f"Name {number}")
            unit.members.set_zone(ZoneChange(member.id, NOW, f"Zone/{number}"))
            unit.members.set_rest_days(RestDaysChange(member.id, NOW, frozenset({number})))
            unit.learning.put_streak_state(member.id, f"streak {number}")
            unit.learning.add_answer(
                answer(member.id, quiz, event_id=f"of {number}", zone=f"Zone/{number}")
            )
            unit.learning.add_activity(act(member.id, of.id, f"post:{quiz.id}"), PERIODS, correct=True)
            unit.learning.add_activity(act(member.id, of.id, f"reply:{prompt.id}"), PERIODS)
            served = await unit.practice.add(practice(member.id, event_id=f"practice of {number}"))
            unit.learning.add_answer(answer(member.id, practice=served, event_id=f"practice of {number}"))
            await unit.community.add_entry(ChallengeEntry(of.id, "cli", member.id, NOW))
            unit.community.add_submission(
                Submission(f"share of {number}", of.id, "cli", member.id, f"link {number}", "words", NOW)
            )
            unit.reminders.put(Reminder(member.id, "room", NOW.time(), "Europe/Berlin", LATER))
            unit.rewards.earn(of, member.id, NOW, LATER)
            unit.organisers.name("room", "school", who.id)
            unit.outbox.enqueue(file_removal(f"file {number}", LATER, who))
        await unit.members.leave(of.id, 1, NOW, by_choice=False)
        await unit.members.come_back(of.id, 1, NOW + HOUR)
        unit.outbox.enqueue(
            Delivery(DeliveryKind.NOTICE, "room", "school", "1", NOW, {"rung": "organiser"}, user=ANA)
        )
        unit.outbox.enqueue(
            Delivery(DeliveryKind.FILE_REMOVAL, "room", "school", "hers", LATER, member_id=1)
        )
        return of, quiz, prompt

    made = await database.run(build)

    # The platform has been told of both rewards, and an organiser could not be told of a problem.
    async def settle(unit):
        for number in (1, 2):
            unit.rewards.delivered(await unit.rewards.get(made[0].id, number, "stars"))

    await database.run(settle)
    return made


async def forget(database, who=ANA, at=LATER):
    return await database.run(lambda unit: unit.persons.forget(who, at))


async def kept(database, who):
    return {each.name for each in await database.read(lambda unit: unit.persons.kept_of(who, 99))}


async def test_every_table_that_holds_something_is_told_of(database, scene):
    assert await kept(database, ANA) >= {
        "member", "account", "membership", "answer", "activity", "submission", "zone_change",
        "rest_days_change", "practice_question", "reminder", "organiser", "study_group", "file_removal",
        "delivery", "reward_by",
    }  # fmt: skip
    assert "study_group" not in await kept(database, BEN)


async def test_only_the_newest_rows_are_told_of_and_that_there_are_more(database, scene):
    (answers,) = [
        each
        for each in await database.read(lambda unit: unit.persons.kept_of(ANA, 1))
        if each.name == "answer"
    ]
    assert (len(answers.rows), answers.more) == (1, True)


async def test_a_stranger_is_no_one_to_forget(database, scene):
    assert await kept(database, user(7)) == set()
    assert not await forget(database, user(7))
    elsewhere = UserRef("room", "another school", ANA.id)
    assert not await forget(database, elsewhere)
    assert await kept(database, ANA)


async def test_the_forgotten_are_gone_and_others_keep_everything(database, scene):
    of, quiz, prompt = scene
    before = await kept(database, BEN)
    assert await forget(database)
    assert await kept(database, ANA) == set()
    assert not await forget(database)
    assert await kept(database, BEN) == before

    async def look(unit):
        return (
            await unit.members.find(ANA),
            await unit.learning.count_answers(quiz.id),
            await unit.learning.distribution(quiz.id),
            await unit.learning.count_acts(prompt.id, "reply"),
            [row.name for row in (await unit.boards.standings(of.id, "all", 9, None))[0]],
            await unit.members.count(of.id),
            await unit.community.count_submissions(of.id, "cli"),
            await unit.community.count_entries(of.id, "cli"),
            await unit.organisers.named("room", "school"),
            (await unit.groups.get(of.id)).organiser.id,
            (await unit.groups.get(of.id)).reward_by,
            (await unit.groups.get(of.id)).mention_by,
            await unit.reminders.find(1),
        )

    expected = (None, 2, {Chosen(("a",)): 2}, 2, ["Name 2"], 1, 1, 1, ("u2",), "", "", "u2", None)
    assert await database.read(look) == expected


async def test_that_somebody_was_forgotten_since_is_known_by_the_fingerprint_alone(database, scene):
    async def since(who, at):
        return await database.read(lambda unit: unit.persons.forgotten_since(who, at))

    assert not await since(ANA, NOW)
    await forget(database)
    assert await since(ANA, LATER)
    assert not await since(ANA, LATER + HOUR)
    assert not await since(BEN, NOW)
    assert not await since(UserRef("room", "another school", ANA.id), NOW)

    async def within_the_unit(unit):
        await unit.persons.forget(BEN, LATER)
        return await unit.persons.forgotten_since(BEN, LATER)

    assert await database.run(within_the_unit)
    await database.run(lambda unit: unit.persons.drop_fingerprints(LATER + HOUR))
    assert not await since(ANA, NOW)


async def test_what_platforms_must_do_is_owed(database, scene):
    await forget(database)
    (due,) = await claimed(database, DeliveryKind.FILE_REMOVAL, LATER - HOUR)
    assert (due.payload, due.user) == ({"file": "file 1"}, None)
    assert await claimed(database, DeliveryKind.ROLE_REMOVAL, LATER, ["elsewhere"]) == ()
    (role,) = await claimed(database, DeliveryKind.ROLE_REMOVAL, LATER)
    assert (role.payload, role.user) == ({"channel": "c1", "role": "stars"}, ANA)


async def test_a_number_is_never_given_twice(database, scene):
    async def again(unit):
        await unit.persons.forget(BEN, LATER)
        return await unit.members.add(BEN, LATER), await unit.members.add(user(3), LATER)

    numbers = [member.id for member in await database.run(again)]
    assert numbers == [3, 4]
    await forget(database, user(3))
    assert (await database.run(lambda unit: unit.members.add(user(4), LATER))).id == 5


async def test_a_hidden_member_counts_without_a_name(database, scene):
    of, _, _ = scene

    async def hide(unit):
        unit.persons.hide(1, hidden=True)
        return (await unit.members.find(ANA)).hidden, await unit.members.name_in(of.id, 1)

    assert await database.run(hide) == (True, "Name 1")

    async def look(unit):
        best, own = await unit.boards.standings(of.id, "all", 9, 1)
        return {row.name for row in best}, own.name, await unit.members.names_in(of.id, [1, 2])

    assert await database.read(look) == ({"", "Name 2"}, "", {1: "", 2: "Name 2"})


async def test_what_is_old_is_found(database, scene):
    of, _, _ = scene

    async def join(unit):
        third = await unit.members.add(user(3), NOW)
        await unit.members.join(of.id, third.id, NOW, "Name 3")

    await database.run(join)

    async def look(unit):
        return (
            list(await unit.persons.idle_since(NOW, 9)),
            list(await unit.persons.idle_since(LATER, 9)),
            list(await unit.persons.only_in(of.id, 1)),
        )

    assert await database.read(look) == ([], [user(3)], [ANA]), "Ana and Ben organise"

    async def drop(unit):
        first = await unit.persons.drop_texts(NOW, 9), await unit.persons.drop_texts(LATER, 1)
        return (*first, await unit.persons.drop_texts(LATER, 9))

    assert await database.run(drop) == (0, 1, 1)
    await forget(database)
    assert await database.run(lambda unit: unit.persons.drop_fingerprints(LATER)) == 0
    assert await database.run(lambda unit: unit.persons.drop_fingerprints(LATER + HOUR)) == 1


async def test_a_group_of_a_place_that_is_gone_is_vacated(database, scene):
    of, _, _ = scene
    await database.run(lambda unit: unit.persons.vacate(of.id))

    async def look(unit):
        return (
            await unit.members.count(of.id),
            await unit.organisers.named("room", "school"),
            (await unit.groups.get(of.id)).organiser.id,
        )

    assert await database.read(look) == (0, (), "")


@pytest.mark.sql
async def test_no_text_of_theirs_is_in_any_table(database, scene):
    await forget(database)

    async def done(unit):
        for kind in DeliveryKind:
            for each in await unit.outbox.claim(kind, LATER, HOUR, 9, ["room"]):
                unit.outbox.done(each)

    await database.run(done)

    def read(connection):
        there = sa.MetaData()
        there.reflect(connection)
        return [repr(row) for table in there.sorted_tables for row in connection.execute(sa.select(table))]

    async with database.engine.connect() as connection:
        rows = await connection.run_sync(read)
    assert any("Name 2" in row for row in rows)
    for trace in ("Name 1", "'u1'", "Zone/1", "link 1", "of 1", "file 1", "streak 1"):
        assert not [row for row in rows if trace in row], trace
