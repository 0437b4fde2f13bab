"""Failures of Milepost's code or of the machine: the reply, the log, and the data that is kept."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bot.app import Milepost
from bot.chat import Choice, Command
from bot.handlers import all_routes
from bot.library import Installed, Library
from tests.support.helpers import library_with, quiz_of
from tests.support.people import question_in, world_at

pytestmark = pytest.mark.asyncio


def with_a_broken_command(world):
    """Milepost with a command ``/break``, which writes something and then fails."""
    routes = all_routes()

    @routes.command(Command("break", "Fail"))
    async def fail(turn):
        await turn.unit.notes.put("half", "done")
        raise ZeroDivisionError("the secret of pack <x>")

    @routes.completes("quiz", "topic")
    async def fail_too(completion):
        raise ZeroDivisionError

    world.application = replace(
        world.application,
        app=Milepost(
            world.application.database,
            Installed(world.library),
            world.settings,
            routes,
            world.clock,
            world.application.signer,
        ),
    )


async def test_a_fault_of_ours_is_told_with_a_reference_that_is_logged_once_and_keeps_nothing(
    study, caplog
):
    with_a_broken_command(study)
    ana, before = study.person("Ana"), study.dump()
    await ana.uses("/break")
    reference = re.search(r"give an organiser the reference ([0-9a-f]{8})\.", ana.shown())[1]
    assert ana.sees("Something went wrong on my side. Nothing was saved, so please try again.")
    assert not ana.sees("secret")
    assert ana.reply.visibility == "private"
    assert [reference in record.getMessage() for record in caplog.records] == [True]
    assert "ZeroDivisionError: the secret of pack <x>" in caplog.text
    assert study.dump() == before
    await ana.answers(quiz_of(study))
    assert ana.sees("Correct")


async def test_a_delivery_after_a_fault_is_tried_anew(study):
    with_a_broken_command(study)
    ana = study.person("Ana")
    await ana.uses("/break")
    first = ana.shown()
    await ana.is_delivered_again()
    assert ana.sees("Something went wrong on my side.")
    assert ana.shown() != first


async def test_a_locked_database_is_told_without_its_path_and_the_next_try_works(tmp_path, caplog):
    async with world_at(tmp_path, database_busy_seconds=0.01) as world:
        await world.founds()
        await world.passes(minutes=31)
        ana, before = world.person("Ana"), world.dump()
        with closing(sqlite3.connect(tmp_path / "milepost.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await ana.answers(quiz_of(world))
            other.execute("ROLLBACK")
        assert ana.sees("My database is busy right now.")
        assert "milepost.db" not in ana.shown()
        assert "is locked by another process" in caplog.text
        assert ana.sees("Nothing was saved, so please try again.")
        assert len(caplog.records) == 1
        assert world.dump() == before
        await ana.is_delivered_again()
        assert ana.sees("Correct")


async def test_no_suggestions_come_while_they_fail_and_it_is_logged(study, caplog):
    with_a_broken_command(study)
    assert await study.person("Ana").completes("quiz", "topic", "") == ()
    assert "no suggestions for topic of quiz" in caplog.text


async def test_a_pack_that_is_gone_is_named_and_who_can_bring_it_back(study, tmp_path):
    await study.application.database.close()
    pack = study.library.packs["backend-python"]
    for library in (Library({"other": pack}), Library({})):
        async with world_at(tmp_path, clock=study.clock, room=study.room, library=library) as later:
            ana = later.person("Ana")
            await ana.uses("/roadmap")
            assert ana.sees("This group's roadmap, backend-python, is no longer installed.")
            assert ana.sees("The operator needs to install it again")
            await later.application.database.close()


async def test_a_question_that_left_the_pack_is_told_to_be_gone(study, tmp_path):
    quiz = quiz_of(study)
    await study.application.database.close()
    library = library_with(without=question_in(study, quiz))
    async with world_at(tmp_path, clock=study.clock, room=study.room, library=library) as later:
        ana, before = later.person("Ana"), later.dump()
        await ana.presses("A", on=quiz)
        assert ana.sees("This question was taken out of the roadmap, so it's closed. Use /quiz for another")
        assert later.dump() == before


async def test_suggestions_that_begin_with_what_was_typed_come_first_and_25_at_most(study):
    ana = study.person("Ana")
    every = await ana.completes("study setup", "zone", "")
    assert len(every) == 25
    found = [choice.value for choice in await ana.completes("study setup", "zone", " EUROPE/b ")]
    assert found[0].startswith("Europe/B")
    anywhere = [choice.value for choice in await ana.completes("study setup", "zone", "Au")]
    begins = [value.casefold().startswith("au") for value in anywhere]
    assert begins == sorted(begins, reverse=True)
    assert begins[0]
    assert not begins[-1]


async def test_suggestions_match_the_title_and_the_id_of_the_groups_pack(study):
    ana, topic = study.person("Ana"), study.library.packs["backend-python"].topics[0]
    expected = Choice(topic.title, topic.id)
    assert expected in await ana.completes("quiz", "topic", topic.title.upper())
    assert expected in await ana.completes("quiz", "topic", topic.id)


async def test_suggestions_come_outside_a_group_too(world):
    assert await world.person("Ana", channel="elsewhere").completes("quiz", "topic", "")


@pytest.mark.parametrize(("command", "option"), [("quiz", "colour"), ("dance", "topic"), ("", "")])
async def test_an_option_without_suggestions_has_none(world, command, option):
    assert await world.person("Ana").completes(command, option, "") == ()
