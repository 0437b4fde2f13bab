"""Putting Milepost together: the packs that are whole, and a platform that cannot start."""

import asyncio
import logging

import pytest

from bot.errors import SetupError
from bot.handlers import all_routes
from content.checks import write_lock
from content.loader import load_pack
from milepost.bootstrap import build, open_library, ticking
from milepost.settings import ProgramSettings
from tests.content.conftest import TinyPack
from tests.support.people import FakeClock, Room, shipped_library, world_at


def a_pack(folder, name):
    pack = TinyPack(folder / name)
    pack.pack["id"] = name
    return pack


def lock(pack):
    pack.write()
    (pack.folder / "ids.lock").write_text(write_lock(load_pack(pack.folder, needs_lock=False)))


def test_the_packs_that_are_whole_are_served_and_the_others_are_told(tmp_path, caplog):
    lock(a_pack(tmp_path, "whole"))
    wrong_key = a_pack(tmp_path, "wrong-key")
    wrong_key.pack["licens"] = wrong_key.pack.pop("licence")
    wrong_key.write()
    missing_file = a_pack(tmp_path, "missing-file")
    lock(missing_file)
    (missing_file.folder / "prompts/ints.yaml").unlink()
    library = open_library(ProgramSettings(packs_folder=tmp_path))
    assert list(library.packs) == ["backend-python", "whole"]
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert all(line.startswith("left out: ") for line in told)
    assert any("wrong-key/pack.yaml:" in line and "licens" in line for line in told)
    assert any("missing-file" in line and "ints" in line for line in told)


def test_a_pack_with_the_id_of_a_shipped_one_is_left_out(tmp_path, caplog):
    lock(a_pack(tmp_path, "backend-python"))
    library = open_library(ProgramSettings(packs_folder=tmp_path))
    assert library.packs["backend-python"].info.title != "A tiny pack"
    assert "backend-python in" in caplog.text


def test_a_folder_of_packs_that_is_not_there_is_told(tmp_path, caplog):
    assert open_library(ProgramSettings(packs_folder=tmp_path / "nowhere")).packs
    assert "there is no such folder" in caplog.text


def test_without_any_whole_pack_there_is_nothing_to_start(monkeypatch, tmp_path):
    monkeypatch.setattr("milepost.bootstrap.shipped_packs_folder", lambda: tmp_path)
    with pytest.raises(SetupError, match=r"^No pack can be loaded\. Run: milepost content check$"):
        open_library(ProgramSettings())


class Unlucky(Room):
    """A platform that the system lets not start."""

    platform = "unlucky"

    async def start(self, app):
        raise self.error


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("error", "sentence"),
    [(OSError(98, "The port is taken"), "unlucky: The port is taken"), (OSError("No"), "unlucky: No")],
)
async def test_a_platform_that_cannot_start_ends_the_others_in_a_sentence(tmp_path, error, sentence):
    fine, unlucky = Room(), Unlucky(platform="unlucky")
    unlucky.error = error
    settings = ProgramSettings(database_url=f"sqlite:///{tmp_path / 'deep/er/milepost.db'}")
    with pytest.raises(SetupError) as caught:
        async with build(settings, FakeClock(), [fine, unlucky], shipped_library()):
            pass
    assert str(caught.value) == sentence
    assert fine.app is None


@pytest.mark.asyncio
async def test_packs_are_read_when_none_are_given(tmp_path):
    settings = ProgramSettings(database_url=f"sqlite:///{tmp_path / 'milepost.db'}")
    async with build(settings, FakeClock(), [Room()]) as application:
        assert "backend-python" in application.library.packs


@pytest.mark.asyncio
async def test_what_is_due_comes_at_once_and_after_each_interaction(tmp_path):
    room = Watched()
    async with world_at(tmp_path, room=room) as world:
        olga = await world.founds()
        world.clock.advance(minutes=31)
        async with ticking(world.application, 60.0), asyncio.timeout(30):
            await room.question_comes()
            await olga.uses("/study post-now", kind="quiz")
            await room.question_comes()
    assert len(world.channel_posts(about="Question of the day")) == 2


class Watched(Room):
    """A room that tells when something is posted."""

    def __init__(self):
        super().__init__()
        self.came = asyncio.Queue()

    async def send(self, channel, message, key, **again):
        ref = await super().send(channel, message, key, **again)
        self.came.put_nowait(message.summary)
        return ref

    async def question_comes(self):
        while "Question of the day" not in await self.came.get():
            pass


def test_a_name_that_two_features_claim_is_refused_at_the_start():
    twice = all_routes()
    with pytest.raises(ValueError, match=r"declared twice: \[.*'quiz'"):
        twice.include(all_routes())
