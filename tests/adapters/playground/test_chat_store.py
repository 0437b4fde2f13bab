"""The room: who sees what, and what changed since."""

from __future__ import annotations

import pytest

from adapters.playground.chat_store import ChatStore, Draft
from tests.adapters.playground.fakes import FakeClock, daily_post, question


@pytest.fixture
def room():
    return ChatStore(FakeClock())


def everything(room):
    return [entry for person in ("ana", "ben") for entry in room.since(person, 0)]


def test_a_private_message_is_seen_by_one_person(room):
    entry = room.post(Draft("backend", message=question(), only_for="ana"))
    assert room.visible(entry.id, "ana") == entry
    assert room.visible(entry.id, "ben") is None
    assert room.since("ana", 0) == [entry]
    assert room.since("ben", 0) == []


def test_since_tells_the_latest_state_of_what_changed_in_its_order(room):
    first = room.post(Draft("backend", message=daily_post()))
    second = room.post(Draft("backend", author="ana", text="hi"))
    seen = room.seq
    edited = room.edit(first.id, question())
    assert room.since("ana", seen) == [edited]
    assert room.since("ana", 0) == [second, edited]
    assert edited.edited
    assert edited.id == first.id


def test_an_edit_that_changes_nothing_is_none(room):
    entry = room.post(Draft("backend", message=question()))
    assert room.edit(entry.id, question()) == entry
    assert room.seq == entry.seq


def test_a_key_posts_once(room):
    first = room.post(Draft("backend", message=question(), key="k"))
    assert room.post(Draft("backend", message=daily_post(), key="k")) == first
    assert len(everything(room)) == 2


def test_only_its_owner_dismisses_a_private_message(room):
    entry = room.post(Draft("backend", message=question(), only_for="ana"))
    public = room.post(Draft("backend", message=question()))
    for wrong, person in ((entry, "ben"), (public, "ana")):
        with pytest.raises(LookupError):
            room.dismiss(wrong.id, person)
    room.dismiss(entry.id, "ana")
    assert room.visible(entry.id, "ana") is None
    assert room.since("ana", 0)[-1].gone
    with pytest.raises(LookupError):
        room.edit(entry.id, question())


def test_people_words_cannot_be_edited_by_milepost(room):
    entry = room.post(Draft("backend", author="ana", text="hi"))
    with pytest.raises(LookupError):
        room.edit(entry.id, question())
