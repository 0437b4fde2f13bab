"""Requests of the page as interactions."""

from __future__ import annotations

import pytest

from adapters.playground import Person, PlaygroundConfig, channel_ref, inbound, user_ref
from adapters.playground.inbound import BadRequest, Body, Chat
from bot.chat import ActionInvoked, CommandInvoked, FormSubmitted, MessageRef, ReplyReceived
from tests.adapters.playground.fakes import COMMANDS, NOON

CONFIG = PlaygroundConfig(token="t")
EVENT = "0b8c0d4e-7a44-4c62-9f3c-1f3a2b1c0d9e"


def body(**parts):
    return Body({"as": "ana", "channel": "backend", "event": EVENT} | parts)


def origin(**parts):
    return inbound.origin_of(body(**parts), CONFIG, NOON)


def test_the_origin_tells_who_where_and_when():
    found = origin(message="m3")
    assert found.user == user_ref("ana")
    assert found.display_name == "Ana"
    assert found.message == MessageRef(channel_ref("backend"), "m3")
    assert found.happened_at == NOON
    assert found.zone == "Europe/Lisbon"
    assert not found.is_admin
    assert found.event_id == f"playground:ana:{EVENT}"


def test_event_ids_of_two_people_never_meet():
    people = (Person("ana", "Ana"), Person("ana-b", "Ana B."))
    config = PlaygroundConfig(token="t", people=people)
    first = inbound.origin_of(body(event=f"b-{EVENT}"), config, NOON)
    second = inbound.origin_of(body(**{"as": "ana-b"}), config, NOON)
    assert first.event_id != second.event_id


def test_an_organiser_has_the_role_and_a_direct_channel_is_direct():
    found = origin(**{"as": "maya", "channel": "@maya"})
    assert found.is_admin
    assert found.channel.direct


@pytest.mark.parametrize(
    "parts",
    [
        {"as": "zed"},
        {"as": 7},
        {"channel": "nowhere"},
        {"channel": "@ben"},
        {"event": ""},
        {"event": "<script>"},
        {"message": ["m1"]},
        {"channel": "x" * 500},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(parts):
    with pytest.raises(BadRequest):
        origin(**parts)


def test_whoever_a_command_names_is_called_by_their_name():
    used = said("/progress ana")
    assert used.args == {"member": "ana"}
    assert used.names == {"member": "Ana"}


def said(text, **parts):
    return inbound.said(body(text=text), origin(**parts), COMMANDS, CONFIG)


def test_typed_text_is_a_command_a_reply_or_chat():
    assert said("/quiz http") == CommandInvoked(origin(), "quiz", {"topic": "http"})
    assert said("Because …", message="m1") == ReplyReceived(origin(message="m1"), "Because …")
    assert said(" hello ") == Chat(origin(), "hello")


def test_control_characters_are_left_out():
    assert said("a\x00b\x1b\r\nc\td").text == "ab\nc\td"


@pytest.mark.parametrize("text", ["", "   \n", None, 5, "x" * 4001, "\u2060\u3164"])
def test_text_that_cannot_be_sent_is_refused(text):
    with pytest.raises(BadRequest):
        said(text)


def test_presses_and_forms():
    where = origin(message="m1")
    assert inbound.pressed(body(action="mp1|a|", choice=["x"]), where) == ActionInvoked(
        where, "mp1|a|", ("x",)
    )
    assert inbound.form_sent(body(action="mp1|f|", values={"title": "T"}), where) == FormSubmitted(
        where, "mp1|f|", {"title": "T"}
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"action": ""},
        {"action": "a", "choice": "not a list"},
        {"action": "a", "choice": [1]},
        {"action": "a", "choice": ["x"] * 51},
    ],
)
def test_malformed_presses_are_refused(parts):
    with pytest.raises(BadRequest):
        inbound.pressed(body(**parts), origin(message="m1"))


@pytest.mark.parametrize("values", [[], {"a": 1}, {"a": "x" * 12_001}, {str(i): "" for i in range(51)}])
def test_malformed_forms_are_refused(values):
    if values == []:
        values = ["no mapping"]
    with pytest.raises(BadRequest):
        inbound.form_sent(body(action="f", values=values), origin())


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"text"', b"\xff", b"[" * 100_000])
def test_only_json_objects_are_read(raw):
    with pytest.raises(BadRequest):
        Body.parse(raw)
