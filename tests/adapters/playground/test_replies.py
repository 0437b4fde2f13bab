"""Destination of each kind of reply."""

from __future__ import annotations

import pytest

from adapters.playground import channel_ref, user_ref
from adapters.playground.chat_store import ChatStore, Draft
from adapters.playground.replies import apply_reply
from bot.chat import (
    ActionInvoked,
    CommandInvoked,
    FormErrors,
    FormSubmitted,
    Message,
    MessageRef,
    NoReply,
    OpenForm,
    Origin,
    Replace,
    ReplyReceived,
    Send,
    SendDirect,
    Visibility,
)
from tests.adapters.playground.fakes import NOON, NOTE_FORM, FakeClock, daily_post, question

HELLO = Message("Hello", ())
ANSWER = "mp1|quiz.answer|o=1"


@pytest.fixture
def room():
    return ChatStore(FakeClock())


def origin(event="e1", channel="backend", message=None):
    place = channel_ref(channel)
    acted_on = MessageRef(place, message.id) if message else None
    return Origin(event, user_ref("ana"), "Ana", place, NOON, acted_on)


def test_a_private_answer_to_a_command_is_for_its_person(room):
    apply_reply(Send(HELLO), CommandInvoked(origin(), "quiz"), room)
    (entry,) = room.since("ana", 0)
    assert (entry.only_for, entry.by, entry.used) == ("ana", "ana", "quiz")
    assert room.since("ben", 0) == []


def test_a_public_answer_is_for_all_but_stays_private_in_a_direct_conversation(room):
    public = Send(HELLO, Visibility.PUBLIC)
    apply_reply(public, CommandInvoked(origin("e1"), "quiz"), room)
    apply_reply(public, CommandInvoked(origin("e2", "@ana"), "quiz"), room)
    assert [entry.channel for entry in room.since("ben", 0)] == ["backend"]


def test_the_same_event_answers_once(room):
    for _ in range(2):
        apply_reply(Send(HELLO), CommandInvoked(origin(), "quiz"), room)
    assert len(room.since("ana", 0)) == 1


def test_an_answer_to_a_button_refers_to_its_message(room):
    post = room.post(Draft("backend", message=daily_post()))
    apply_reply(Send(HELLO), ActionInvoked(origin(message=post), "a"), room)
    assert room.since("ana", post.seq)[0].reply_to == post.id


def test_replace_changes_the_message_acted_on(room):
    post = room.post(Draft("backend", message=question()))
    apply_reply(Replace(HELLO), ActionInvoked(origin(message=post), ANSWER), room)
    (entry,) = room.since("ben", 0)
    assert (entry.id, entry.message) == (post.id, HELLO)


def test_a_press_changes_no_post_of_all_that_has_no_such_button(room):
    post = room.post(Draft("backend", message=daily_post()))
    apply_reply(Replace(HELLO), ActionInvoked(origin(message=post), "mp1|practice.hint|"), room)
    assert room.since("ben", 0) == [post]
    assert room.since("ana", post.seq)[0].only_for == "ana"


def test_of_two_presses_the_later_changes_nothing_but_the_earlier_may_come_again(room):
    post = room.post(Draft("backend", message=question()))
    first = ActionInvoked(origin("e1", message=post), ANSWER)
    for press, message in (
        (first, HELLO),
        (ActionInvoked(origin("e2", message=post), ANSWER), question("B")),
        (first, HELLO),
    ):
        apply_reply(Replace(message), press, room)
    (entry,) = room.since("ben", 0)
    assert entry.message == HELLO
    room.edit(post.id, daily_post())
    apply_reply(Replace(HELLO), first, room)
    assert room.since("ben", 0)[0].message == daily_post()


def test_a_form_changes_a_message_of_its_own_person_and_none_of_all(room):
    private = room.post(Draft("backend", message=question(), only_for="ana"))
    apply_reply(Replace(HELLO), FormSubmitted(origin(message=private), "f", {}), room)
    assert room.visible(private.id, "ana").message == HELLO
    public = room.post(Draft("backend", message=question()))
    apply_reply(Replace(HELLO), FormSubmitted(origin("e2", message=public), "f", {}), room)
    assert room.since("ben", 0) == [public]


def test_nobody_changes_a_message_of_somebody_else(room):
    theirs = room.post(Draft("backend", message=question(), only_for="ben"))
    apply_reply(Replace(HELLO), ActionInvoked(origin(message=theirs), ANSWER), room)
    assert room.since("ben", 0) == [theirs]


@pytest.mark.parametrize("kind", ["command", "dismissed", "reply"])
def test_replace_with_nothing_to_replace_answers_in_private(room, kind):
    post = room.post(Draft("backend", message=question(), only_for="ana" if kind == "dismissed" else ""))
    if kind == "dismissed":
        room.dismiss(post.id, "ana")
    interaction = {
        "command": CommandInvoked(origin(), "quiz"),
        "dismissed": ActionInvoked(origin(message=post), "a"),
        "reply": ReplyReceived(origin(message=post), "words"),
    }[kind]
    before = room.seq
    apply_reply(Replace(HELLO), interaction, room)
    (entry,) = room.since("ana", before)
    assert (entry.message, entry.only_for) == (HELLO, "ana")


def test_a_direct_message_is_simply_private_here(room):
    apply_reply(SendDirect(HELLO, Message("notice", ())), CommandInvoked(origin(), "quiz"), room)
    assert room.since("ana", 0)[0].message == HELLO
    assert room.since("ben", 0) == []


def test_forms_go_to_the_window_and_leave_no_message(room):
    assert apply_reply(OpenForm(NOTE_FORM), CommandInvoked(origin(), "note"), room).form == NOTE_FORM
    assert apply_reply(NoReply(), CommandInvoked(origin(), "note"), room).form is None
    assert room.seq == 0


def test_a_refused_form_keeps_what_was_typed(room):
    sent = FormSubmitted(origin(), "a", {"title": "bad", "body": "long"})
    answer = apply_reply(FormErrors(NOTE_FORM, {"title": "No."}), sent, room)
    assert [field.value for field in answer.form.fields] == ["bad", "", "", "long"]
    assert answer.errors == {"title": "No."}
