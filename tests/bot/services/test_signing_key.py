"""The key of action ids is made once, shared by all processes, and goes wherever the database goes."""

import asyncio
import shutil

import pytest

from bot.services.signing_key import SIGNING, open_signer
from storage import open_database
from tests.support.helpers import quiz_of
from tests.support.people import MONDAY, Room, items_of, world_at

pytestmark = pytest.mark.asyncio


async def test_processes_that_start_at_once_on_an_empty_server_share_one_key(server_url):
    databases = [await open_database(server_url) for _ in range(4)]
    try:
        signers = await asyncio.gather(*(open_signer(database, MONDAY) for database in databases))
        assert len({signer.key for signer in signers}) == 1
        assert {signer.since for signer in signers} == {MONDAY}
        again = await open_signer(databases[0], MONDAY.replace(day=9))
        assert again == signers[0]
    finally:
        for database in databases:
            await database.close()


async def test_a_button_of_one_process_is_pressed_in_another(server_url, tmp_path):
    async with (
        world_at(tmp_path, database_url=server_url) as one,
        world_at(tmp_path, database_url=server_url, clock=one.clock, room=one.room) as other,
    ):
        await one.founds()
        await one.passes(minutes=31)
        await other.person("Ana").answers(quiz_of(one))
        await one.person("Ben").answers(quiz_of(one))
        assert await one.problems() == ()
        assert one.application.signer == other.application.signer


async def test_buttons_outlive_a_restart_and_a_copy_of_the_file(tmp_path):
    room = Room()
    async with world_at(tmp_path, room=room) as world:
        await world.founds()
        await world.passes(minutes=31)
        quiz, clock = quiz_of(world), world.clock
        actions = [item.action for item in items_of(quiz.message)]
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(tmp_path / "milepost.db", copy / "milepost.db")
    for number, folder in enumerate((tmp_path, copy)):
        async with world_at(folder, room=room, clock=clock) as world:
            person = world.person(f"Member {number}")
            await person.forges(actions[0], on=quiz)
            assert not person.sees("no longer works"), person.shown()
            await world.run_once()
            assert [item.action for item in items_of(quiz.message)] == actions
            assert await world.problems() == ()


async def test_every_database_has_a_key_of_its_own_that_nothing_shows(tmp_path, caplog):
    keys = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        async with world_at(tmp_path / name) as world:
            keys.add(world.application.signer.key)
            note = await world.run(lambda unit: unit.notes.get(SIGNING))
            assert note.startswith(world.application.signer.key.hex())
            assert world.application.signer.key.hex() not in repr(world.application.signer)
            assert repr(world.application.signer.key)[2:-1] not in repr(world.application.signer)
    assert len(keys) == 2
    assert not any(key.hex() in caplog.text for key in keys)
    assert all(len(key) == 32 for key in keys)
