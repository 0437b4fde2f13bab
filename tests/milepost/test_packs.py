"""Packs on the disk: those that are whole are served, and read again when their files change."""

import asyncio
import logging
import shutil
from pathlib import Path

import pytest

from bot.errors import SetupError
from content.checks import write_lock
from content.loader import load_pack
from milepost.packs import PackReader, state_of
from milepost.settings import ProgramSettings
from tests.content.conftest import TinyPack

SHIPPED = ("backend-python", "git-and-shell")


def opened(**settings):
    return PackReader(ProgramSettings(**settings)).installed.library


def told(caplog):
    """Return the errors that were logged, and forget them."""
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    caplog.clear()
    return said


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
    (missing_file.folder / "questions/ints.yaml").unlink()
    library = opened(packs_folder=tmp_path)
    assert list(library.packs) == [*SHIPPED, "whole"]
    said = told(caplog)
    assert all(line.startswith("left out: ") for line in said)
    assert any("wrong-key/pack.yaml:" in line and "licens" in line for line in said)
    assert any("missing-file" in line and "ints" in line for line in said)


def test_a_pack_with_the_id_of_a_shipped_one_is_left_out(tmp_path, caplog):
    lock(a_pack(tmp_path, "backend-python"))
    library = opened(packs_folder=tmp_path)
    assert library.packs["backend-python"].info.title != "A tiny pack"
    [said] = told(caplog)
    assert said.startswith(f"left out: backend-python in {tmp_path} has the id of a pack that ships")
    assert said.endswith("Give it another id in its pack.yaml")


def test_a_folder_of_packs_that_is_not_there_is_told(tmp_path, caplog):
    assert opened(packs_folder=tmp_path / "nowhere").packs
    assert "there is no such folder" in caplog.text


def test_without_any_whole_pack_there_is_nothing_to_start(monkeypatch, tmp_path):
    monkeypatch.setattr("milepost.packs.shipped_packs_folder", lambda: tmp_path)
    with pytest.raises(SetupError, match=r"^No pack can be loaded\. Run: milepost content check$"):
        opened()


class Shelf:
    """A folder with one pack, what is served of it, and how often something else came to be served."""

    def __init__(self, folder):
        self.pack = a_pack(folder, "tiny")
        lock(self.pack)
        self.changes = 0
        self.reader = PackReader(ProgramSettings(packs_folder=folder))
        self.reader.changed = self._changed
        self.installed = self.reader.installed

    def _changed(self):
        self.changes += 1

    @property
    def title(self):
        return self.installed.library.pack("tiny").info.title

    def retitle(self, title):
        self.pack.pack["title"] = title
        self.pack.write()

    async def settle(self):
        """Look as often as it takes to see a change, and that it stands still."""
        await self.reader.look()
        await self.reader.look()


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


@pytest.mark.asyncio
async def test_a_pack_is_read_again_once_its_files_stand_still(shelf):
    before = shelf.installed.library
    shelf.retitle("A tiny pack, once more")
    await shelf.reader.look()
    assert shelf.installed.library is before
    shelf.retitle("A tiny pack, and again")
    await shelf.reader.look()
    assert shelf.installed.library is before
    await shelf.reader.look()
    assert shelf.title == "A tiny pack, and again"
    assert shelf.changes == 1
    assert before.pack("tiny").info.title == "A tiny pack"


@pytest.mark.asyncio
async def test_a_pack_that_is_the_same_is_not_installed_again(shelf):
    before = shelf.installed.library
    (shelf.pack.folder / "pack.yaml").touch()
    await shelf.settle()
    assert shelf.installed.library is before
    assert shelf.changes == 0


@pytest.mark.asyncio
async def test_a_broken_version_leaves_the_one_of_before_and_says_where_it_is_broken(shelf, caplog):
    del shelf.pack.pack["licence"]
    shelf.retitle("Broken")
    await shelf.settle()
    assert shelf.title == "A tiny pack"
    said = told(caplog)
    assert any("tiny/pack.yaml" in line and "licence" in line for line in said)
    assert (
        "tiny can't be read as it is now: it is served as it was read last."
        " Fix what is named above; that is read without a restart"
    ) in said
    await shelf.settle()
    assert told(caplog) == []
    (shelf.pack.folder / "pack.yaml").touch()
    await shelf.settle()
    assert told(caplog) == said, "somebody who saved it again learns that it is still broken"
    shelf.pack.pack["licence"] = "CC0-1.0"
    shelf.retitle("Whole again")
    await shelf.settle()
    assert shelf.title == "Whole again"


@pytest.mark.asyncio
async def test_a_pack_whose_folder_is_gone_is_served_until_the_end(shelf, caplog):
    shutil.rmtree(shelf.pack.folder)
    await shelf.settle()
    assert shelf.title == "A tiny pack"
    assert shelf.changes == 0
    [said] = told(caplog)
    assert said.startswith(f"the folder of tiny, {shelf.pack.folder}, is gone: it is served as it was read")
    assert "Put it back before a restart" in said


@pytest.mark.asyncio
async def test_a_folder_that_is_no_pack_is_told_in_one_sentence_and_again_when_it_changes(
    shelf, tmp_path, caplog
):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/todo.txt").write_text("Write a pack.")
    await shelf.settle()
    [said] = told(caplog)
    assert said.startswith("left out: notes/pack.yaml: the file is missing, so the folder isn't a pack. If")
    shelf.retitle("A tiny pack, once more")
    await shelf.settle()
    assert shelf.title == "A tiny pack, once more"
    assert told(caplog) == []
    (tmp_path / "notes/more.txt").write_text("Soon.")
    await shelf.settle()
    assert told(caplog) == [said]


def test_what_the_start_said_is_not_said_again_by_the_first_reading_after_it(tmp_path, caplog):
    (tmp_path / "notes").mkdir()
    shelf = Shelf(tmp_path)
    assert len(told(caplog)) == 1
    shelf.retitle("A tiny pack, once more")
    asyncio.run(shelf.settle())
    assert shelf.title == "A tiny pack, once more"
    assert told(caplog) == []


def test_what_changes_while_milepost_starts_is_read_when_it_stands_still(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.retitle("Changed at the start")
    asyncio.run(shelf.settle())
    assert shelf.title == "Changed at the start"


@pytest.mark.asyncio
async def test_a_pack_whose_id_was_changed_is_another_and_the_old_one_is_served_on(shelf, caplog):
    shelf.pack.pack["id"] = "small"
    lock(shelf.pack)
    await shelf.settle()
    assert {*SHIPPED, "small", "tiny"} == set(shelf.installed.library.packs)
    folder = shelf.pack.folder
    [said] = told(caplog)
    assert said == (
        f"the pack in {folder} has the id small now, which makes it another pack: tiny is served as it was"
        " read last. A restart leaves its groups without a roadmap, unless a pack has the id tiny again"
    )
    lock(a_pack(folder.parent, "newcomer"))
    await shelf.settle()
    assert told(caplog) == []
    shelf.pack.pack["id"] = "tiny"
    shelf.retitle("Back again")
    await shelf.settle()
    assert shelf.title == "Back again"
    [said] = told(caplog)
    assert "has the id tiny now" in said, "groups may have been set up on the other id meanwhile"


@pytest.mark.asyncio
async def test_a_new_pack_is_served_without_a_restart(shelf, tmp_path):
    lock(a_pack(tmp_path, "newcomer"))
    await shelf.settle()
    assert {*SHIPPED, "newcomer", "tiny"} == set(shelf.installed.library.packs)


def test_a_folder_that_is_removed_while_it_is_looked_at_raises_nothing(tmp_path, monkeypatch):
    (tmp_path / "one.yaml").write_text("id: one")

    def removed_meanwhile(folder, _pattern):
        yield folder / "one.yaml"
        raise FileNotFoundError

    monkeypatch.setattr(Path, "rglob", removed_meanwhile)
    [(name, _, size)] = state_of([tmp_path])
    assert (Path(name).name, size) == ("one.yaml", 7)
