"""Each reply of the core reaches those whom it is for, and nobody else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from adapters.contract.app import ScriptedApp, said
from adapters.contract.looking import comes_to_read, reads, received, seen
from adapters.contract.place import Place
from bot.chat import (
    Actions,
    Button,
    Choice,
    Field,
    Form,
    FormErrors,
    FormSubmitted,
    Latency,
    Message,
    NoReply,
    OpenForm,
    Replace,
    ReplyPolicy,
    Send,
    SendDirect,
    Text,
    Visibility,
)

pytestmark = pytest.mark.asyncio

FORM = Form(
    "Share it", "mp1|share|c=1", (Field("link", "A link", "https"), Field("why", "Why", required=False))
)

LETTERS = (Choice("A: One", "A"), Choice("B: Two", "B"), Choice("C: Three", "C"))
CHOOSING = Form(
    "Your answer",
    "mp1|choose|c=1",
    (
        Field("all", "All that apply", "A, C", options=LETTERS, several=True),
        Field("one", "Number 1", "B", options=LETTERS),
        Field("words", "In words", "first\nsecond", long=True),
    ),
)


def post(text: str) -> Message:
    """Return a message with a button."""
    return Message(text, (Text(text), Actions((Button("Go", "mp1|go|n=1"),))))


@pytest.mark.parametrize("pace", [Latency.QUICK, Latency.SLOW])
async def test_a_private_answer_is_seen_by_the_one_who_asked(
    place: Place, app: ScriptedApp, pace: Latency
) -> None:
    ana, ben = place.person("Ana"), place.person("Ben")
    app.replies["quiz"], app.policies["quiz"] = Send(said("For you alone.")), ReplyPolicy(latency=pace)
    await ana.uses("/quiz")
    assert await reads(ana, "For you alone.")
    assert not await reads(ben, "For you alone.")


@pytest.mark.parametrize("pace", [Latency.QUICK, Latency.SLOW])
async def test_a_public_answer_is_seen_by_all(place: Place, app: ScriptedApp, pace: Latency) -> None:
    ana, ben = place.person("Ana"), place.person("Ben")
    app.replies["quiz"] = Send(said("For everybody."), Visibility.PUBLIC)
    app.policies["quiz"] = ReplyPolicy(Visibility.PUBLIC, pace)
    await ana.uses("/quiz")
    assert await reads(ana, "For everybody.")
    assert await reads(ben, "For everybody.")


async def test_a_slow_answer_is_shown_once(place: Place, app: ScriptedApp) -> None:
    ana = place.person("Ana")
    app.replies["quiz"], app.policies["quiz"] = (
        Send(said("After a while.")),
        ReplyPolicy(latency=Latency.SLOW),
    )
    before = len(await seen(ana))
    await ana.uses("/quiz")
    assert len(await seen(ana)) == before + 1


async def test_an_answer_to_a_button_leaves_the_post_as_it_is(place: Place, app: ScriptedApp) -> None:
    ana, ben = place.person("Ana"), place.person("Ben")
    await place.adapter.send(place.channel, post("A question"), "key")
    app.replies["mp1|go|n=1"] = Send(said("Your verdict."))
    await ana.presses("Go")
    assert await reads(ana, "Your verdict.")
    assert not await reads(ben, "Your verdict.")
    assert await reads(ben, "A question")


async def test_a_message_of_ones_own_is_replaced(place: Place, app: ScriptedApp) -> None:
    ana = place.person("Ana")
    app.replies |= {"quiz": Send(post("Without a hint")), "mp1|go|n=1": Replace(post("With a hint"))}
    await ana.uses("/quiz")
    before = len(await seen(ana))
    await ana.presses("Go")
    assert await reads(ana, "With a hint")
    assert not await reads(ana, "Without a hint")
    assert len(await seen(ana)) == before


async def test_a_form_is_opened_and_comes_back_with_what_was_filled_in(
    place: Place, app: ScriptedApp
) -> None:
    ana, ben = place.person("Ana"), place.person("Ben")
    app.replies |= {"quiz": OpenForm(FORM), FORM.action: Send(said("Shared with the group."))}
    app.policies["quiz"] = ReplyPolicy(latency=Latency.OPENS_FORM)
    await ana.uses("/quiz")
    for word in ("Share it", "A link", "https", "Why"):
        assert word in ana.form()
    await ana.sends(link="https://example.org/ä?b=c&d")
    sent = app.seen[-1]
    assert isinstance(sent, FormSubmitted)
    assert (sent.action, sent.values) == (FORM.action, {"link": "https://example.org/ä?b=c&d", "why": ""})
    assert await reads(ana, "Shared with the group.")
    assert not await reads(ben, "Shared with the group.")


@pytest.mark.parametrize(
    ("filled", "all_chosen", "one"),
    [
        ({}, {"A", "C"}, "B"),
        ({"all": ["B"], "one": "C"}, {"B"}, "C"),
        ({"all": ["C", "A", "B"]}, {"A", "B", "C"}, "B"),
    ],
)
async def test_what_is_chosen_in_a_form_comes_back_by_its_values(
    place: Place, app: ScriptedApp, filled: dict[str, Any], all_chosen: set[str], one: str
) -> None:
    ana = place.person("Ana")
    app.replies["quiz"] = OpenForm(CHOOSING)
    app.policies["quiz"] = ReplyPolicy(latency=Latency.OPENS_FORM)
    await ana.uses("/quiz")
    for word in ("All that apply", "Number 1", "In words"):
        assert word in ana.form()
    await ana.sends(**filled)
    sent = app.seen[-1]
    assert isinstance(sent, FormSubmitted)
    assert set(sent.values["all"].split(", ")) == all_chosen
    assert sent.values["one"] == one
    assert sent.values["words"] == "first\nsecond"


async def test_a_form_from_a_button_names_the_message(place: Place, app: ScriptedApp) -> None:
    ana = place.person("Ana")
    ref = await place.adapter.send(place.channel, post("A challenge"), "key")
    app.replies |= {"mp1|go|n=1": OpenForm(FORM), FORM.action: Send(said("Shared with the group."))}
    app.policies["mp1|go|n=1"] = ReplyPolicy(latency=Latency.OPENS_FORM)
    await ana.presses("Go")
    assert "Share it" in ana.form()
    await ana.sends(link="x")
    assert app.seen[-1].origin.message in {None, ref}
    assert await reads(ana, "Shared with the group.")


async def test_a_refused_form_says_what_is_wrong(place: Place, app: ScriptedApp) -> None:
    ana, ben = place.person("Ana"), place.person("Ben")
    app.replies |= {"quiz": OpenForm(FORM), FORM.action: FormErrors(FORM, {"link": "That is no link."})}
    await ana.uses("/quiz")
    await ana.sends(link="x")
    if place.adapter.capabilities.form_errors:
        assert "That is no link." in ana.form()
    else:
        assert await reads(ana, "That is no link.")
    assert not await reads(ben, "That is no link.")


async def test_a_direct_answer_is_seen_by_no_other(place: Place, app: ScriptedApp) -> None:
    ana, ben = place.person("Ana"), place.person("Ben")
    app.replies["quiz"] = SendDirect(said("Between us."), said("I could not write to you."))
    await ana.uses("/quiz")
    assert await reads(ana, "Between us.") or any("Between us." in words for words in await received(ana))
    assert not await reads(ben, "Between us.")
    assert not await reads(ben, "I could not write to you.")


async def test_nothing_to_say_leaves_nothing_for_the_others(place: Place, app: ScriptedApp) -> None:
    ana, ben = place.person("Ana"), place.person("Ben")
    await place.adapter.send(place.channel, post("A question"), "key")
    app.replies |= {"quiz": NoReply(), "mp1|go|n=1": NoReply()}
    before = await seen(ben)
    await ana.uses("/quiz")
    await ana.presses("Go")
    assert await seen(ben) == before
    assert len(app.seen) == 2


async def test_people_are_served_side_by_side(place: Place, app: ScriptedApp) -> None:
    ana = place.person("Ana")
    app.open.clear()
    waits = asyncio.create_task(ana.uses("/quiz"))
    await app.arrived.wait()
    await place.adapter.send(place.channel, said("Meanwhile."), "key")
    app.open.set()
    await waits
    assert await reads(ana, "Meanwhile.")
    await comes_to_read(ana, "Heard.")
