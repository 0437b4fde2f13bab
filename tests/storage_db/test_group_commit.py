"""Units of work that wait together share a transaction, and nothing else."""

import asyncio
import sqlite3

import pytest
from sqlalchemy import text

from bot.domain.records import PostKind, PromptReply
from bot.errors import Conflict, DatabaseFull, StorageError, UserError
from bot.ports import Discard, Expected
from storage import open_database
from tests.storage_db.facts import NOW, dump, group, sent, user

pytestmark = pytest.mark.asyncio


def noting(name, value="x"):
    async def put(unit):
        await unit.notes.put(name, value)
        return name

    return put


async def notes(database):
    async with database.engine.connect() as connection:
        rows = await connection.execute(text("SELECT name FROM note ORDER BY name"))
        return [name for (name,) in rows]


async def outcomes(database, *units):
    return await asyncio.gather(*map(database.run, units), return_exceptions=True)


@pytest.mark.sqlite
async def test_a_unit_is_durable_when_it_is_answered(database, path):
    assert await database.run(noting("a")) == "a"
    assert dump(path)["note"] == [("a", "x")]


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


async def test_waiting_units_share_one_transaction(path):
    database = await open_database(f"sqlite:///{path}", group_size=7)
    sessions = []

    async def look(unit):
        sessions.append(unit.session)

    try:
        await outcomes(database, *[look] * 20)
        assert [sessions.count(each) for each in dict.fromkeys(sessions)] == [7, 7, 6]
        sessions.clear()
        await database.run(look)
        await database.run(look)
        assert sessions[0] is not sessions[1]
    finally:
        await database.close()


@pytest.mark.parametrize("reading", [False, True])
@pytest.mark.parametrize("way_out", [UserError("no"), ValueError("bug"), Discard("kept out")])
async def test_a_failing_unit_changes_nothing_for_the_others(database, way_out, reading):
    member = await database.run(lambda unit: unit.members.add(user(), "Ana", NOW))

    async def fail(unit):
        unit.members.rename(member, "Eve")
        await unit.notes.put("b", "x")
        if reading:
            assert await unit.notes.get("b") == "x"
            assert (await unit.members.find(user())).name == "Eve"
            assert await unit.members.add(user(2), "Mallory", NOW)
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
        await unit.members.add(user(), "Ana", NOW)
        await unit.notes.put("a", "x")
        await unit.notes.get("a")
        raise UserError("no")

    assert isinstance((await outcomes(database, fail))[0], UserError)
    assert await notes(database) == []
    assert await database.run(lambda unit: unit.members.find(user())) is None


async def build_quiz(unit):
    of = await unit.groups.add(group())
    who = await unit.members.add(user(), "Ana", NOW)
    return who, await unit.posts.add(sent(of.id))


async def test_a_conflict_hits_the_unit_that_caused_it(database):
    """Two units write one fact, unknowingly: the flush of their group fails, and each runs alone."""
    who, prompt = await database.run(build_quiz)
    runs = []

    def replying(name):
        async def reply(unit):
            runs.append(name)
            unit.community.add_prompt_reply(PromptReply("e1", prompt.id, who.id, name, NOW))
            return name

        return reply

    found = await outcomes(database, noting("a"), replying("first"), replying("second"), noting("b"))
    assert found[:2] == ["a", "first"]
    assert isinstance(found[2], Conflict)
    assert found[3] == "b"
    assert runs == ["first", "second", "first", "second"]
    assert await notes(database) == ["a", "b"]


async def test_a_conflict_of_earlier_units_is_not_blamed_on_the_one_that_reads(database):
    who, prompt = await database.run(build_quiz)

    async def reply(unit):
        unit.community.add_prompt_reply(PromptReply("e1", prompt.id, who.id, "…", NOW))

    async def count(unit):
        return await unit.community.count_prompt_replies(prompt.id)

    first, second, counted = await outcomes(database, reply, reply, count)
    assert first is None
    assert isinstance(second, Conflict)
    assert counted == 1


@pytest.mark.parametrize("others", [0, 2])
async def test_a_unit_cannot_swallow_the_loss_of_its_own_writes(database, others):
    who, prompt = await database.run(build_quiz)

    async def swallow(unit):
        for _ in range(2):
            unit.community.add_prompt_reply(PromptReply("e1", prompt.id, who.id, "…", NOW))
        with pytest.raises(Conflict):
            await unit.community.count_prompt_replies(prompt.id)
        await unit.notes.put("swallowed", "x")
        return "fine"

    found = await outcomes(database, swallow, *(noting(str(n)) for n in range(others)))
    assert isinstance(found[0], Conflict)
    assert found[1:] == await notes(database) == [str(n) for n in range(others)]


async def test_a_text_that_cannot_be_stored_hurts_its_author_alone(database):
    found = await outcomes(database, noting("a"), noting("b", "\ud800"), noting("c"))
    assert (found[0], found[2]) == ("a", "c")
    assert isinstance(found[1], UnicodeEncodeError | StorageError)
    assert await notes(database) == ["a", "c"]


@pytest.mark.sqlite
async def test_a_failure_to_commit_reaches_everyone_and_the_next_group_works(database):
    async def limit(pages):
        async with database.engine.connect() as connection:
            await connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    async def ask(unit):
        raise UserError("told before it is certain")

    await limit(1)
    found = await outcomes(database, noting("a"), noting("b", "y" * 100_000), ask)
    assert [type(each) for each in found] == [DatabaseFull] * 3
    assert len(set(map(id, found))) == 3
    await limit(1_000_000)
    assert await outcomes(database, noting("c"), noting("d")) == ["c", "d"]
    assert await notes(database) == ["c", "d"]


@pytest.mark.sqlite
async def test_a_full_database_that_is_met_in_the_middle_of_a_unit_reaches_everyone(database):
    async def fill(unit):
        await unit.notes.put("b", "y" * 100_000)
        with pytest.raises(DatabaseFull):
            await unit.notes.get("b")
        return "swallowed"

    async with database.engine.connect() as connection:
        await connection.execute(text("PRAGMA max_page_count = 1"))
    found = await outcomes(database, noting("a"), fill, noting("c"))
    assert [type(each) for each in found] == [DatabaseFull] * 3
    assert await notes(database) == []


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
    assert await notes(database) == ["begun", "other"], "what was begun is finished"


async def test_closing_finishes_what_was_accepted_and_takes_no_more(path):
    database = await open_database(f"sqlite:///{path}")
    accepted = [asyncio.create_task(database.run(noting(name))) for name in "abc"]
    await asyncio.sleep(0)
    await database.close()
    assert [task.result() for task in accepted] == ["a", "b", "c"]
    with pytest.raises(StorageError, match="closed"):
        await database.run(noting("d"))
    await database.close()
    assert dump(path)["note"] == [(name, "x") for name in "abc"]


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


async def test_a_writer_that_is_stopped_tells_everyone(database):
    started = asyncio.Event()

    async def hang(unit):
        started.set()
        await asyncio.Event().wait()

    waiting = [asyncio.create_task(database.run(each)) for each in (hang, noting("a"))]
    await started.wait()
    late = asyncio.create_task(database.run(noting("b")))
    await asyncio.sleep(0)
    database._commits._writer.cancel()
    found = await asyncio.gather(*waiting, late, return_exceptions=True)
    assert [type(each) for each in found] == [StorageError] * 3
    assert await database.run(noting("c")) == "c"
    assert await notes(database) == ["c"]


async def test_expecting_changes_no_answer(database):
    who, prompt = await database.run(build_quiz)
    everything = Expected("e1", user(), prompt.message.channel, prompt.id)

    async def look(unit):
        return (
            await unit.events.seen("e1"),
            await unit.members.find(user()),
            await unit.members.groups_of(who.id),
            await unit.groups.find(prompt.message.channel),
            await unit.posts.get(prompt.id),
            await unit.learning.answer_to_post(prompt.id, who.id),
            await unit.learning.has_activity(who.id, f"post:{prompt.id}"),
            await unit.learning.streak_state(who.id),
        )

    assert await database.run(look, everything) == await database.run(look)


async def test_everything_expected_is_loaded_before_the_unit_runs(database, monkeypatch):
    """What makes a busy group fast: an answer asks the database nothing while it runs."""
    who, quiz = await database.run(build_quiz)
    today = await database.run(lambda unit: unit.posts.add(sent(quiz.group_id, kind=PostKind.PROMPT)))

    async def look(unit):
        async def refuse(*_):
            raise AssertionError("asked the database")

        monkeypatch.setattr(type(unit.session), "_execute", refuse)
        try:
            await unit.events.seen("e1")
            await unit.members.find(user())
            await unit.members.groups_of(who.id)
            await unit.groups.find(quiz.message.channel)
            await unit.groups.get(quiz.group_id)
            await unit.posts.get(quiz.id)
            await unit.posts.version(quiz.id)
            assert await unit.posts.open_of(quiz.group_id, PostKind.PROMPT) == today
            await unit.learning.has_activity(who.id, f"prompt:{today.id}")
            await unit.learning.answer_to_post(quiz.id, who.id)
            await unit.learning.has_activity(who.id, f"post:{quiz.id}")
            await unit.learning.streak_state(who.id)
        finally:
            monkeypatch.undo()

    await database.run(look, Expected("e1", user(), quiz.message.channel, quiz.id))


async def test_another_program_that_reads_sees_groups_whole(database, path):
    """Two notes of one unit appear together."""

    async def both(unit):
        await unit.notes.put("a", "x")
        await unit.notes.get("a")
        other = sqlite3.connect(path)
        seen = other.execute("SELECT count(*) FROM note").fetchone()
        other.close()
        await unit.notes.put("b", "x")
        return seen

    assert await database.run(both) == (0,)
    assert [row[0] for row in dump(path)["note"]] == ["a", "b"]
