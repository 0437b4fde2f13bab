"""Units of work that run at once: each as if it were alone, whole or not at all."""

import asyncio

import pytest

from bot.domain.model import Submission
from bot.errors import Conflict, StorageError, UserError
from bot.ports import Discard
from tests.storage.facts import NOW, user
from tests.storage.units import build_quiz, notes, noting, outcomes

pytestmark = pytest.mark.asyncio


async def test_units_read_what_the_one_before_wrote(database):
    """Twenty at once read a number and write the next: none is lost."""

    async def count(unit):
        number = int(await unit.notes.get("number") or 0) + 1
        await asyncio.sleep(0)
        await unit.notes.put("number", str(number))
        return number

    counted = await asyncio.gather(*(database.run(count) for _ in range(20)))
    assert sorted(counted) == list(range(1, 21))
    assert await database.run(lambda unit: unit.notes.get("number")) == "20"


@pytest.mark.parametrize("reading", [False, True])
@pytest.mark.parametrize("way_out", [UserError("no"), ValueError("bug"), Discard("kept out")])
async def test_a_failing_unit_changes_nothing_for_the_others(database, way_out, reading):
    member = await database.run(lambda unit: unit.members.add(user(), NOW))

    async def fail(unit):
        unit.members.note_profile(member, "UTC")
        await unit.notes.put("b", "x")
        if reading:
            assert await unit.notes.get("b") == "x"
            assert (await unit.members.find(user())).profile_zone == "UTC"
            assert await unit.members.add(user(2), NOW)
        raise way_out

    async def look(unit):
        return await unit.notes.get("b"), await unit.members.find(user()), await unit.members.find(user(2))

    first, failed, seen, last = await outcomes(database, noting("a"), fail, look, noting("c"))
    assert (first, last) == ("a", "c")
    assert failed == "kept out" if isinstance(way_out, Discard) else failed is way_out
    assert seen == (None, member, None)
    assert await notes(database) == ["a", "c"]
    assert await database.run(look) == (None, member, None)


async def test_a_lone_failing_unit_changes_nothing(database):
    async def fail(unit):
        await unit.members.add(user(), NOW)
        await unit.notes.put("a", "x")
        await unit.notes.get("a")
        raise UserError("no")

    assert isinstance((await outcomes(database, fail))[0], UserError)
    assert await notes(database) == []
    assert await database.run(lambda unit: unit.members.find(user())) is None


def shared(who, post, words="…"):
    return Submission("e1", post.group_id, "cli", who.id, "https://example.org", words, NOW)


async def test_a_conflict_of_earlier_units_is_not_blamed_on_the_one_that_reads(database):
    who, prompt = await database.run(build_quiz)

    async def reply(unit):
        unit.community.add_submission(shared(who, prompt))

    async def count(unit):
        return await unit.community.submission(prompt.group_id, "cli", who.id)

    first, second, counted = await outcomes(database, reply, reply, count)
    assert first is None
    assert isinstance(second, Conflict)
    assert counted == shared(who, prompt)


async def test_a_conflict_hits_the_unit_that_caused_it(database):
    """Two units write one fact, and neither knows of the other."""
    who, prompt = await database.run(build_quiz)

    def replying(name):
        async def reply(unit):
            unit.community.add_submission(shared(who, prompt, name))
            return name

        return reply

    found = await outcomes(database, noting("a"), replying("first"), replying("second"), noting("b"))
    assert found[:2] == ["a", "first"]
    assert isinstance(found[2], Conflict)
    assert found[3] == "b"
    assert await notes(database) == ["a", "b"]


@pytest.mark.parametrize("others", [0, 2])
async def test_a_unit_cannot_swallow_the_loss_of_its_own_writes(database, others):
    who, prompt = await database.run(build_quiz)

    async def reply_twice(unit):
        for _ in range(2):
            unit.community.add_submission(shared(who, prompt))
        await unit.community.submission(prompt.group_id, "cli", who.id)

    async def swallow(unit):
        with pytest.raises(Conflict):
            await reply_twice(unit)
        await unit.notes.put("swallowed", "x")
        return "fine"

    found = await outcomes(database, swallow, *(noting(str(n)) for n in range(others)))
    assert isinstance(found[0], Conflict)
    there = await notes(database, ["swallowed", "0", "1"])
    assert found[1:] == there == [str(n) for n in range(others)]


async def test_a_text_that_cannot_be_stored_hurts_its_author_alone(database):
    found = await outcomes(database, noting("a"), noting("b", "\ud800"), noting("c"))
    assert (found[0], found[2]) == ("a", "c")
    assert isinstance(found[1], UnicodeEncodeError | StorageError)
    assert await notes(database) == ["a", "c"]


async def test_a_cancelled_caller_does_not_disturb_the_others(database):
    started, go = asyncio.Event(), asyncio.Event()

    async def slow(unit):
        started.set()
        await go.wait()
        await unit.notes.put("begun", "x")

    begun = asyncio.create_task(database.run(slow))
    await started.wait()
    waiting = asyncio.create_task(database.run(noting("never begun")))
    other = asyncio.create_task(database.run(noting("other")))
    await asyncio.sleep(0)
    begun.cancel()
    waiting.cancel()
    go.set()
    assert await other == "other"
    assert begun.cancelled()
    assert waiting.cancelled()
    there = await notes(database, ["begun", "never begun", "other"])
    assert there == ["begun", "other"], "what was begun is finished"


async def test_a_use_case_cannot_start_another(database):
    async def nest(unit):
        await database.run(noting("inner"))

    with pytest.raises(RuntimeError, match="wait for itself"):
        await database.run(nest)
    assert await database.run(noting("a")) == "a"


async def test_a_unit_of_work_that_is_kept_does_nothing(database):
    kept = []

    async def keep(unit):
        kept.append(unit)

    await database.run(keep)
    with pytest.raises(RuntimeError, match="over"):
        await kept[0].notes.put("a", "x")
    with pytest.raises(RuntimeError, match="over"):
        await kept[0].notes.get("a")


async def test_what_was_accepted_is_finished_at_closing_and_no_more_is_taken(database):
    accepted = [asyncio.create_task(database.run(noting(name))) for name in "abc"]
    await asyncio.sleep(0)
    await database.close()
    assert [task.result() for task in accepted] == ["a", "b", "c"]
    for use in (database.run, database.read):
        with pytest.raises(StorageError, match="closed"):
            await use(noting("d"))
    await database.close()
