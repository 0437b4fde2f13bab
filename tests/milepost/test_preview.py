"""The preview follows the files of a pack: what changed is shown, and what is broken is named."""

import asyncio

import pytest
import pytest_asyncio
import yaml

from bot.chat import Text
from bot.domain.refs import ChannelRef, MessageRef
from bot.library import Installed, Library
from content.loader import load_pack
from milepost import preview as previewing
from milepost.preview import Preview, changed_questions, following
from tests.content.conftest import TinyPack

pytestmark = pytest.mark.asyncio
CHANNEL = ChannelRef("playground", "room", "backend")


class Channel:
    """An adapter that keeps what is shown in a channel now."""

    def __init__(self):
        self.shown = []

    async def send(self, channel, message, key, *, again=False):
        self.shown.append(message)
        return MessageRef(channel, str(len(self.shown) - 1))

    async def edit(self, ref, message):
        self.shown[int(ref.id)] = message

    @property
    def words(self):
        texts = [block.markdown for each in self.shown for block in each.blocks if isinstance(block, Text)]
        return "\n".join([*(each.summary for each in self.shown), *texts])


class Shown:
    """A tiny pack and its preview, which looks when it is told to."""

    def __init__(self, folder, question=""):
        self.tiny = TinyPack(folder)
        self.tiny.write()
        self.changes = 0
        pack = load_pack(folder, needs_lock=False)
        self.installed = Installed(Library({pack.info.id: pack}))
        self.channel = Channel()
        self.preview = Preview(folder, self.installed, self.channel, CHANNEL, question, self.changed)

    def changed(self):
        self.changes += 1

    async def saved(self):
        self.tiny.write()
        await self.preview.look()

    @property
    def served(self):
        return self.installed.library.pack("tiny")


@pytest_asyncio.fixture
async def shown(tmp_path):
    shown = Shown(tmp_path / "tiny")
    await shown.preview.show()
    return shown


async def test_a_pack_is_shown_in_figures(shown):
    assert len(shown.channel.shown) == 1
    assert shown.channel.words == "Preview · A tiny pack"


async def test_the_question_that_was_saved_is_served_and_shown_whole(shown):
    shown.tiny.ints[1]["stem"] = "What does this print, and why is that so?"
    await shown.saved()
    assert shown.served.question("ints-3").stem in shown.channel.words
    assert "It is low." in shown.channel.words
    assert "Read the last line." in shown.channel.words
    assert len(shown.channel.shown) == 4
    assert shown.changes == 1


async def test_the_next_save_changes_what_is_shown_and_posts_nothing_more(shown):
    for text in ("It is much too low.", "It is somewhat too low."):
        shown.tiny.question["options"][1]["feedback"] = text
        await shown.saved()
        assert text in shown.channel.words
    assert len(shown.channel.shown) == 4


async def test_a_broken_file_is_named_with_its_line_and_the_old_version_stays(shown, line_in):
    shown.tiny.question["stem"] = "A better question than the one before?"
    await shown.saved()
    shown.tiny.question["stme"] = shown.tiny.question.pop("stem")
    await shown.saved()
    line = line_in(shown.tiny.folder / "questions/ints.yaml", "stme")
    said = shown.channel.shown[0].summary
    assert said == (
        f"1 problem in A tiny pack: questions/ints.yaml:{line}: unknown key 'stme'. Did you mean 'stem'?"
    )
    assert "A better question than the one before?" in shown.channel.words
    assert shown.served.question("ints-2").stem == "A better question than the one before?"
    shown.tiny.question["stem"] = shown.tiny.question.pop("stme")
    await shown.saved()
    assert "problem" not in shown.channel.words


@pytest.fixture
def line_in():
    def find(path, text):
        lines = path.read_text().splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)

    return find


async def test_a_question_that_was_asked_for_stays_though_another_changes(tmp_path):
    shown = Shown(tmp_path / "tiny", "strings-23")
    await shown.preview.show()
    before = shown.channel.shown[1].summary
    shown.tiny.question["stem"] = "Something quite different is asked now?"
    await shown.saved()
    assert shown.channel.shown[1].summary == before


async def test_another_id_needs_another_preview(shown):
    shown.tiny.pack["id"] = "other"
    await shown.saved()
    assert "the id has changed. Start the preview again." in shown.channel.shown[0].summary
    assert shown.served.info.id == "tiny"


async def test_a_look_at_files_that_stayed_reads_nothing(shown, monkeypatch):
    monkeypatch.setattr(previewing, "load_pack", None)
    await shown.preview.look()
    assert shown.changes == 0


async def test_looks_go_on_after_one_that_failed_and_end_with_the_block(shown, monkeypatch, caplog):
    monkeypatch.setattr(previewing, "LOOK_SECONDS", 0.001)
    looks = []
    twice = asyncio.Event()

    async def fails():
        looks.append(None)
        if len(looks) == 2:
            twice.set()
        raise OSError("no such disk")

    monkeypatch.setattr(shown.preview, "look", fails)
    async with following(shown.preview):
        await asyncio.wait_for(twice.wait(), 5)
    before = len(looks)
    await asyncio.sleep(0.02)
    assert len(looks) == before
    assert "the preview could not be renewed" in caplog.text


async def test_new_and_changed_questions_are_found(shown):
    before = shown.served
    shown.tiny.strings.pop()
    shown.tiny.ints.append({**yaml.safe_load(yaml.safe_dump(shown.tiny.question)), "id": "ints-new"})
    await shown.saved()
    assert [each.id for each in changed_questions(before, shown.served)] == ["ints-new"]
