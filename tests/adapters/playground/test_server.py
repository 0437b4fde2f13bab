"""The page's requests, served by a running playground with a fake core."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid

import pytest

from adapters.playground import channel_ref, user_ref
from adapters.playground.config import CAPABILITIES
from bot.chat import ActionInvoked, CommandInvoked, FormSubmitted, Replace, ReplyReceived
from tests.adapters.playground.fakes import NOON, daily_post, question

pytestmark = pytest.mark.asyncio


async def test_a_private_answer_reaches_one_window_and_a_public_one_all(opens):
    ana, ben = await opens("ana"), await opens("ben")
    assert await ana.post("/say", text="/quiz http") == (200, {"form": None})
    await ana.post("/say", text="/announce Hello all")
    assert [entry["line"] for entry in await ben.sees()] == ["Hello all"]
    private, public = await ana.sees()
    assert (private["private"], public["private"]) == (True, False)
    assert "<b><bdi>Ana</bdi></b> used <code>/quiz</code>" in private["html"]


async def test_the_core_is_told_who_did_what(opens, app):
    maya = await opens("maya")
    await maya.post("/say", text='/quiz topic:"http caching"', event="event-0001")
    (used,) = app.seen
    assert isinstance(used, CommandInvoked)
    assert used.args == {"topic": "http caching"}
    assert used.origin.is_admin
    assert used.origin.happened_at == NOON
    assert used.origin.event_id == "playground:maya:event-0001"


async def test_plain_words_are_chat_and_none_of_the_cores_business(opens, app):
    ana, ben = await opens("ana"), await opens("ben")
    await ana.post("/say", text="Hello <b>all</b>")
    (entry,) = await ben.sees()
    assert (entry["name"], entry["line"]) == ("Ana", "Hello <b>all</b>")
    assert "&lt;b&gt;" in entry["html"]
    assert app.seen == []


async def test_a_repeated_request_counts_once(opens):
    ana = await opens("ana")
    for text in ("hello", "/announce once"):
        event = str(uuid.uuid4())
        for _ in range(2):
            await ana.post("/say", text=text, event=event)
    assert [entry["line"] for entry in await ana.sees()] == ["hello", "once"]


async def test_buttons_menus_and_replacement(opens, app, playground):
    ana = await opens("ana")
    post = await playground.send(channel_ref("backend"), daily_post(), "k")
    await ana.post("/press", message=post.id, action="mp1|open|")
    question = (await ana.sees())[-1]
    assert "In reply to" in question["html"]
    await ana.post("/press", message=question["id"], action="mp1|quiz.answer|o=1")
    assert "You chose B." in (await ana.sees())[-1]["html"]
    await ana.post("/press", message=post.id, action="mp1|rate|", choice=["2"])
    assert (await ana.sees())[-1]["line"] == "Rated 2"
    assert [type(seen) for seen in app.seen] == [ActionInvoked] * 3
    assert app.seen[0].origin.message == post


async def test_nobody_presses_what_they_cannot_see(opens, app):
    ana, ben = await opens("ana"), await opens("ben")
    await ana.post("/say", text="/quiz")
    (question,) = await ana.sees()
    for body in (
        {"message": question["id"]},
        {"message": "m999"},
        {"message": question["id"], "as": "ana", "channel": "lounge"},
    ):
        status, answer = await ben.post("/press", action="mp1|quiz.answer|o=1", **body)
        assert (status, answer["error"]) == (404, "That message is no longer here.")
    assert len(app.seen) == 1


STRANGE_PRESSES = [
    {"action": "mp1|quiz.answer|o=1"},
    {"action": "mp1|done|", "choice": ["2"]},
    {"action": "mp1|rate|"},
    {"action": "mp1|rate|", "choice": ["3"]},
    {"action": "mp1|rate|", "choice": ["1", "2"]},
    {"action": "https://www.rfc-editor.org/rfc/rfc9110"},
]


@pytest.mark.parametrize("press", STRANGE_PRESSES)
async def test_only_what_is_on_a_message_can_be_pressed(opens, app, playground, press):
    ana = await opens("ana")
    post = await playground.send(channel_ref("backend"), daily_post(), "k")
    before = await ana.sees()
    status, answer = await ana.post("/press", message=post.id, **press)
    assert (status, "has changed" in answer["error"], "reload" in answer["error"]) == (409, True, True)
    assert app.seen == []
    assert await ana.sees() == before


async def test_a_spent_button_is_refused_but_the_press_that_spent_it_may_be_sent_again(opens, app):
    ana = await opens("ana")
    await ana.post("/say", text="/quiz")
    (asked,) = await ana.sees()
    event = str(uuid.uuid4())
    press = {"message": asked["id"], "action": "mp1|quiz.answer|o=1"}
    for _ in range(2):
        assert await ana.post("/press", event=event, **press) == (200, {"form": None})
    assert (await ana.post("/press", **press))[0] == 409
    other = {"message": asked["id"], "action": "mp1|quiz.answer|o=0"}
    assert (await ana.post("/press", event=event, **other))[0] == 409
    assert len(await ana.sees()) == 1
    assert len(app.seen) == 3


async def test_a_forged_form_changes_no_message_of_all(opens, playground, app, monkeypatch):
    ana, ben = await opens("ana"), await opens("ben")
    post = await playground.send(channel_ref("backend"), daily_post(), "k")

    async def replace_it(interaction, _capabilities):
        return Replace(question("B"))

    monkeypatch.setattr(app, "handle", replace_it)
    form = {"action": "mp1|note|", "values": {"title": "t"}}
    assert (await ana.post("/form", message=post.id, **form))[0] == 200
    assert [entry["line"] for entry in await ben.sees()] == [daily_post().summary]
    assert (await ana.sees())[-1]["private"]


async def test_a_form_is_opened_refused_and_taken(opens, app):
    ana = await opens("ana")
    _, answer = await ana.post("/say", text="/note")
    assert "Write a note" in answer["form"]
    _, answer = await ana.post("/form", action="mp1|note|", values={"title": "bad", "body": "kept"})
    assert "Choose a kinder title." in answer["form"]
    assert "kept</textarea>" in answer["form"]
    _, answer = await ana.post("/form", action="mp1|note|", values={"title": "<i>", "body": ""})
    assert answer == {"form": None}
    assert "Saved <strong>&lt;i&gt;</strong>" in (await ana.sees())[-1]["html"]
    assert isinstance(app.seen[-1], FormSubmitted)


async def test_a_form_outlives_the_message_that_it_came_from(opens, app):
    ana = await opens("ana")
    await ana.post("/say", text="/quiz")
    (question,) = await ana.sees()
    await ana.post("/dismiss", message=question["id"])
    form = {"action": "mp1|note|", "values": {"title": "kept"}}
    assert (await ana.post("/form", message=question["id"], **form))[0] == 200
    assert app.seen[-1].origin.message is None
    assert (await ana.sees())[-1]["line"] == "Saved kept"


async def test_a_written_reply_is_shown_and_told_to_the_core(opens, app, playground):
    ana, ben = await opens("ana"), await opens("ben")
    post = await playground.send(channel_ref("backend"), daily_post(), "k")
    await ana.post("/say", text="Because PUT is idempotent", message=post.id)
    (written,) = app.seen
    assert isinstance(written, ReplyReceived)
    assert (written.text, written.origin.message) == ("Because PUT is idempotent", post)
    assert (await ben.sees())[-1]["line"] == "Because PUT is idempotent"
    assert (await ana.sees())[-1]["line"] == "Noted: Because PUT is idempotent"


async def test_words_of_people_cannot_be_replied_to_as_posts(opens):
    ana = await opens("ana")
    await ana.post("/say", text="hello")
    (chat,) = await ana.sees()
    assert (await ana.post("/say", text="reply", message=chat["id"]))[0] == 404


async def test_a_reply_to_a_message_that_is_gone_says_so(opens, app):
    ana = await opens("ana")
    await ana.post("/say", text="/quiz")
    (asked,) = await ana.sees()
    await ana.post("/dismiss", message=asked["id"])
    answer = await ana.post("/say", text="It is B", message=asked["id"])
    assert answer == (404, {"error": "That message is no longer here."})
    assert len(app.seen) == 1
    assert await ana.sees() == []


async def test_direct_conversations_are_private(opens, playground, app):
    ana, ben = await opens("ana"), await opens("ben")
    await playground.direct(user_ref("ana"), daily_post(), "k")
    await ana.post("/say", text="/announce psst", channel="@ana")
    assert app.seen[0].origin.channel.direct
    assert [entry["channel"] for entry in await ana.sees()] == ["@ana", "@ana"]
    assert await ben.sees() == []
    assert (await ben.post("/say", text="hi", channel="@ana"))[0] == 400


async def test_a_private_message_is_dismissed_by_its_owner(opens):
    ana, ben = await opens("ana"), await opens("ben")
    await ana.post("/say", text="/quiz")
    (question,) = await ana.sees()
    assert (await ben.post("/dismiss", message=question["id"]))[0] == 404
    async with ana.stream() as following:
        await following()
        assert (await ana.post("/dismiss", message=question["id"]))[0] == 200
        assert (await following())[1]["entries"][0]["gone"]
    assert await ana.sees() == []


@pytest.mark.parametrize(
    ("text", "status", "sentence"),
    [
        ("/quizz", 422, "Did you mean /quiz?"),
        ("/announce", 422, "Please add “text”"),
        ("", 400, "Type something to send"),
        ("x" * 5000, 400, "too long"),
    ],
)
async def test_a_mistake_is_told_in_a_sentence(opens, text, status, sentence):
    ana = await opens("ana")
    got, answer = await ana.post("/say", text=text)
    assert got == status
    assert sentence in answer["error"]
    assert await ana.sees() == []


async def test_a_fault_is_logged_once_and_told_with_its_reference(opens, caplog):
    ana = await opens("ana")
    status, answer = await ana.post("/say", text="/broken")
    assert status == 500
    faults = [record for record in caplog.records if record.exc_info]
    assert len(faults) == 1
    assert faults[0].args[0] in answer["error"]
    assert "broke its promise" not in answer["error"]


async def test_the_palette_asks_the_core(opens, app):
    ana = await opens("ana")
    status, offer = await ana.get("/suggest", channel="backend", text="/quiz topic:sq")
    assert status == 200
    assert offer["usage"] == "/quiz [topic]"
    assert offer["suggestions"] == [{"label": "SQL", "detail": "What about.", "insert": "/quiz topic:sql "}]
    assert app.asked == [("quiz", "topic", "sq", channel_ref("backend"))]


@pytest.mark.parametrize(
    "query", [{"channel": "x", "text": "/"}, {"channel": "backend", "text": "/" * 5000}]
)
async def test_the_palette_refuses_what_no_page_asks(opens, query):
    ana = await opens("ana")
    assert (await ana.get("/suggest", **query))[0] == 400


async def test_a_field_of_a_form_asks_the_core_for_suggestions(opens, app):
    ana = await opens("ana")
    asked = {"channel": "backend", "command": "quiz", "option": "topic", "text": "sq"}
    assert await ana.get("/complete", **asked) == (200, {"choices": [{"label": "SQL", "value": "sql"}]})
    assert app.asked == [("quiz", "topic", "sq", channel_ref("backend"))]
    for wrong in ({"channel": "x"}, {"text": "x" * 5000}, {"channel": "@ben"}):
        assert (await ana.get("/complete", **asked | wrong))[0] == 400


async def test_the_demo_clock_moves_on(opens, clock):
    ana = await opens("ana")
    async with ana.stream() as following:
        assert (await following())[1]["now"] == NOON.isoformat()
        status, answer = await ana.post("/clock", step="week")
        later = (NOON + dt.timedelta(days=7)).isoformat()
        assert (status, answer["now"]) == (200, later)
        assert (await following())[1]["now"] == later
    assert (await ana.post("/clock", step="year"))[0] == 400


async def test_a_repeated_request_moves_the_clock_once(opens, clock):
    ana, ben = await opens("ana"), await opens("ben")
    event = str(uuid.uuid4())
    first, second = await asyncio.gather(
        ana.post("/clock", step="week", event=event), ana.post("/clock", step="week", event=event)
    )
    assert first == second == (200, {"now": (NOON + dt.timedelta(days=7)).isoformat()})
    assert clock.time == NOON + dt.timedelta(days=7)
    await ben.post("/clock", step="day", event=event)
    assert clock.time == NOON + dt.timedelta(days=8)
    assert (await ana.post("/clock", step="day", event=""))[0] == 400


async def test_an_unknown_person_becomes_the_first(opens):
    ana = await opens("ana")
    async with ana.session.get(f"{ana.base}/?as=zed", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, "/?as=maya")
    assert (await ana.post("/say", text="hi", **{"as": "zed"}))[0] == 400
    assert (await ana.get("/events", **{"as": "zed"}))[0] == 400


async def test_addresses_that_do_not_exist_are_told(opens):
    ana = await opens("ana")
    assert await ana.get("/nowhere") == (404, {"error": "There's nothing at this address."})
    assert (await ana.get("/say"))[0] == 405


async def test_the_answers_fit_the_capabilities(playground):
    assert playground.capabilities == CAPABILITIES
