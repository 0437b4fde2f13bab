"""The transcript: what is back after a restart, who may read the file, and what a crash leaves of it."""

from __future__ import annotations

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.playground.chat_store import ChatStore, Draft
from adapters.playground.codec import message_from, plain
from adapters.playground.transcript import Transcript
from bot.chat import Code, Divider, Heading, Link, Message, Picture, SetupError
from tests.adapters.playground.fakes import SVG, FakeClock, daily_post, question


@pytest.fixture
def room():
    return ChatStore(FakeClock())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept" / "room.jsonl"


def open_room(path):
    return ChatStore(FakeClock(), Transcript(path))


def everything(room):
    return [entry for person in ("ana", "ben") for entry in room.since(person, 0)]


def test_everything_is_back_after_a_restart(path):
    room = open_room(path)
    post = room.post(Draft("backend", message=daily_post(), key="k"))
    private = room.post(Draft("backend", message=question(), only_for="ana", by="ana", used="quiz"))
    room.post(Draft("backend", author="ben", text="naïve \u2028 <b>", reply_to=post.id))
    room.edit(post.id, question("B"))
    room.dismiss(private.id, "ana")
    again = open_room(path)  # the first was never closed, as after a kill
    assert everything(again) == everything(room)
    assert (again.epoch, again.seq) == (room.epoch, room.seq)
    assert again.post(Draft("backend", message=daily_post(), key="k")).id == post.id
    room.close()
    again.close()


def test_the_latest_of_a_channel_go_by_when_they_were_posted(path):
    room = open_room(path)
    posts = [room.post(Draft("backend", author="ana", text=str(number))) for number in range(4)]
    private = room.post(Draft("backend", message=question(), only_for="ben"))
    gone = room.post(Draft("backend", message=question(), only_for="ana"))
    room.dismiss(gone.id, "ana")
    room.post(Draft("lounge", author="ana", text="elsewhere"))
    asked = room.post(Draft("backend", message=question()))
    room.post(Draft("backend", author="ana", text="last"))
    room.edit(asked.id, daily_post())
    room.close()
    again = open_room(path)
    for one in (room, again):
        lines = [entry.text for entry in one.latest("ana", "backend", 4)]
        assert lines == ["last", "", "3", "2"]
        assert one.latest("ana", "backend", 9, before=posts[2].number) == [posts[1], posts[0]]
        assert one.latest("ben", "backend", 3)[-1] == private
        assert one.latest("ana", "nowhere", 3) == []
    again.close()


def test_a_new_file_and_its_folder_are_private(path):
    open_room(path).close()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("mode", [0o666, 0o644, 0o620, 0o602])
def test_a_file_that_others_may_read_or_change_is_refused(path, mode):
    path.parent.mkdir()
    path.touch()
    path.chmod(mode)
    with pytest.raises(SetupError, match="isn't this user's alone"):
        Transcript(path)
    assert path.read_bytes() == b""


def test_a_file_of_somebody_else_is_refused(path, monkeypatch):
    path.parent.mkdir()
    path.touch(0o600)
    monkeypatch.setattr("os.getuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(SetupError, match="isn't this user's alone"):
        Transcript(path)


def test_modes_that_were_chosen_are_left_alone(path):
    path.parent.mkdir(mode=0o750)
    path.touch()
    path.chmod(0o640)
    open_room(path).close()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o640, 0o750)


def test_ids_go_on_after_a_restart(path):
    room = open_room(path)
    first = room.post(Draft("backend", text="one", author="ana"))
    room.close()
    again = open_room(path)
    assert again.post(Draft("backend", text="two", author="ana")).id != first.id
    again.close()


def test_a_press_that_changed_a_message_is_known_after_a_restart(path):
    room = open_room(path)
    post = room.post(Draft("backend", message=question()))
    room.edit(post.id, question("B"), "the press")
    room.close()
    again = open_room(path)
    assert again.visible(post.id, "ana").replaced_by == "the press"
    again.close()


def test_a_torn_last_line_is_cut_off(path, caplog):
    room = open_room(path)
    kept = room.post(Draft("backend", message=question()))
    whole = path.read_bytes()
    room.post(Draft("backend", message=daily_post()))
    room.close()
    path.write_bytes(path.read_bytes()[: len(whole) + 40])
    with caplog.at_level(logging.WARNING):
        again = open_room(path)
    assert "torn line" in caplog.text
    assert again.since("ana", 0) == [kept]
    assert path.read_bytes() == whole
    after = again.post(Draft("backend", author="ana", text="on it goes"))
    again.close()
    last = open_room(path)
    assert last.since("ana", 0) == [kept, after]
    last.close()


@given(cut=st.integers(0, 400))
def test_wherever_the_file_is_cut_the_room_opens(cut, tmp_path_factory):
    path = tmp_path_factory.mktemp("cut") / "room.jsonl"
    room = open_room(path)
    for number in range(3):
        room.post(Draft("backend", author="ana", text=str(number)))
    before = room.since("ana", 0)
    room.close()
    path.write_bytes(path.read_bytes()[: -cut or None])
    again = open_room(path)
    found = again.since("ana", 0)
    assert found == before[: len(found)]
    again.close()


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[]",
        b'{"entry": {"id": "m9"}}',
        b'{"entry": {"id": "9", "seq": 9, "at": "2026-03-02", "channel": "backend", "message": null}}',
        b'{"other": 1}',
        b"\xff",
    ],
)
def test_an_unreadable_line_is_told_and_left_out(path, line, caplog):
    room = open_room(path)
    kept = room.post(Draft("backend", author="ana", text="hi"))
    room.close()
    path.write_bytes(path.read_bytes() + line + b"\n")
    again = open_room(path)
    assert "line 3 is unreadable" in caplog.text
    assert again.since("ana", 0) == [kept]
    again.close()


def test_a_full_disk_leaves_no_half_line_and_shows_nothing(path):
    room = open_room(path)
    file = room._transcript._file

    class Full:
        """Takes ten bytes of a line, as a disk does that is nearly full."""

        def __getattr__(self, name):
            return getattr(file, name)

        def write(self, line):
            return file.write(line[:10])

    room._transcript._file = Full()
    before = path.read_bytes()
    with pytest.raises(OSError, match="only a part"):
        room.post(Draft("backend", author="ana", text="hi"))
    assert path.read_bytes() == before
    assert room.since("ana", 0) == []
    room.close()


@pytest.mark.parametrize(
    "message",
    [
        daily_post(),
        question("A"),
        Message("", ()),
        Message("s", (Heading("h"), Divider(), Picture(SVG, "a"), Code("x", ""))),
    ],
)
def test_messages_survive_json(message):
    assert message_from(json.loads(json.dumps(plain(message)))) == message


def test_only_messages_are_read_as_messages():
    with pytest.raises(ValueError, match="no message"):
        message_from(plain(Link("a", "b")))
