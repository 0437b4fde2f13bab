"""The ids of buttons, menus and forms: what goes in comes out, and nothing else is taken for one."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat import ActionId, BadActionId, decode, encode
from bot.chat.action_ids import MAX_UNSIGNED, VERSION

routes = st.from_regex(r"[a-z][a-z0-9_]{0,8}(\.[a-z][a-z0-9_]{0,8}){0,2}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
params = st.dictionaries(texts, texts, max_size=4)
pieces = st.sampled_from(
    ["mp1", "mp2", "|", "|", ";", "=", "%", "%7C", "%7c", "%C3%A9", "%ff", "é", "quiz.answer", "p", "12"]
)
almost_ids = st.lists(pieces, max_size=9).map("".join) | st.lists(pieces, max_size=6).map(
    lambda found: f"{VERSION}|quiz.answer|{''.join(found)}"
)


@given(routes, params)
@example("quiz", {"route": "x", "self": "y", "": ""})
def test_whatever_can_be_encoded_comes_back_equal(route, given_params):
    try:
        text = encode(route, **given_params)
    except BadActionId:
        assert sum(map(len, (route, *given_params, *given_params.values()))) > MAX_UNSIGNED // 13
    else:
        assert len(text) <= MAX_UNSIGNED
        assert decode(text) == ActionId(route, given_params)


@given(st.text() | almost_ids | st.text(st.characters(), min_size=90, max_size=102))
@example(f"{VERSION}|quiz|a=%2")
@example(f"{VERSION}|quiz|b=1;a=1")
@example(f"{VERSION}|quiz|a=1;a=1")
@example(f"{VERSION}|quiz|;")
@example(f"{VERSION}|quiz|a=\ud800")
def test_only_what_encode_makes_is_understood(text):
    try:
        found = decode(text)
    except BadActionId:
        return
    assert re.sub(r"\|[\w-]{8}\Z", "", text) == encode(found.route, **found.params)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mp1|quiz.answer",
        "mp1|quiz.answer||",
        "mp2|quiz.answer|p=1",
        "MP1|quiz.answer|p=1",
        "mp1|Quiz|p=1",
        "mp1||p=1",
        "mp1|quiz\n|p=1",
        "mp1|quiz|p",
        "mp1|quiz|p=1=2",
        "mp1|quiz|p=%zz",
        "mp1|quiz|p=%ff",
        "mp1|quiz|p=%7c",
        "mp1|quiz|p=%70",
        "mp1|quiz|p=1;",
        "mp1|quiz|p=a b",
    ],
)
def test_malformed_text_is_refused(text):
    with pytest.raises(BadActionId):
        decode(text)


def test_an_id_may_fill_the_limit_and_not_pass_it():
    room = MAX_UNSIGNED - len(encode("quiz", p=""))
    assert len(encode("quiz", p="x" * room)) == MAX_UNSIGNED
    with pytest.raises(BadActionId, match="92 characters"):
        encode("quiz", p="x" * (room + 1))
    with pytest.raises(BadActionId):
        decode(encode("quiz", p="x" * room) + "x")


@pytest.mark.parametrize("route", ["", "Quiz", "quiz answer", "quiz|answer", "1quiz", ".quiz", "quiz."])
def test_what_is_no_route_name_is_not_encoded(route):
    with pytest.raises(BadActionId, match="no route name"):
        encode(route)


def test_half_a_character_is_not_encoded():
    with pytest.raises(BadActionId):
        encode("quiz", p="\ud800")


def test_values_are_written_as_text_in_the_order_of_their_names():
    assert encode("quiz.answer", p=12, o="a b|c") == "mp1|quiz.answer|o=a%20b%7Cc;p=12"
